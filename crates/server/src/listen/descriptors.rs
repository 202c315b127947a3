//! How many descriptors the process may have: a connection is one.

use super::Settings;

/// What the server needs beside connections: the database, its listener, mails, requests to providers.
const OWN: usize = 96;
/// Fewer connections are no server.
const FEWEST: usize = 16;

/// Raises the soft limit of descriptors to the hard one, and keeps the connections within it.
#[must_use]
pub fn raise_limit(settings: Settings) -> Settings {
    Settings { max: settings.max.min(descriptors().saturating_sub(OWN).max(FEWEST)), ..settings }
}

#[cfg(unix)]
fn descriptors() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    // Where the system refuses, the soft limit stays.
    let current = if setrlimit(Resource::Nofile, raised).is_ok() { raised.current } else { limit.current };
    current.map_or(usize::MAX, |current| usize::try_from(current).unwrap_or(usize::MAX))
}

#[cfg(not(unix))]
fn descriptors() -> usize {
    usize::MAX
}
