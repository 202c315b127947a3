//! What a connection and the router tell each other of a request and its answer.

/// The largest accepted body, in bytes.
pub const BODY_LIMIT: usize = 64 * 1024;

/// Marks a request for which there is no room unless it is a health check: on a connection that is there for those alone, because
/// the server is at work for all others, or a large one while too much is held.
#[derive(Debug, Clone, Copy)]
pub struct HealthOnly;

/// Marks an answer whose bytes are those of the file itself, which all clients share.
#[derive(Debug, Clone, Copy)]
pub struct Shared;

/// A body is not read on, because too much is held for requests.
#[derive(Debug, thiserror::Error)]
#[error("too much is held for requests")]
pub struct TooMuchHeld;
