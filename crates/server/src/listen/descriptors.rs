//! The limit of file descriptors: each connection needs one.

use super::Settings;

/// The descriptors that the server needs beside connections: database, listeners, mails, requests to providers.
const OWN: usize = 96;
/// The minimum number of connections.
const FEWEST: usize = 16;

/// Raises the soft limit of descriptors to the hard one, and reduces the number of connections to fit.
#[must_use]
pub fn raise_limit(settings: Settings) -> Settings {
    Settings { max: settings.max.min(descriptors().saturating_sub(OWN).max(FEWEST)), ..settings }
}

#[cfg(unix)]
fn descriptors() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    // If the system refuses, the soft limit remains.
    let current = if setrlimit(Resource::Nofile, raised).is_ok() { raised.current } else { limit.current };
    current.map_or(usize::MAX, |current| usize::try_from(current).unwrap_or(usize::MAX))
}

#[cfg(not(unix))]
fn descriptors() -> usize {
    usize::MAX
}
