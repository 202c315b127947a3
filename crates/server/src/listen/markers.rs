//! Markers that connections and the router attach to requests and responses.

/// The largest accepted body, in bytes.
pub const BODY_LIMIT: usize = 64 * 1024;

/// Marks a request that is refused unless it is a health check: on a connection reserved for these because all
/// others are busy, or a large request while too much memory is held.
#[derive(Debug, Clone, Copy)]
pub struct HealthOnly;

/// Marks a response whose bytes are shared by all clients, such as a file's.
#[derive(Debug, Clone, Copy)]
pub struct Shared;

/// The body was not read further, because too much memory is held.
#[derive(Debug, thiserror::Error)]
#[error("too much is held for requests")]
pub struct MemoryExhausted;
