//! Runs changes that must complete even if the client disconnects.

use tokio::spawn;
use tracing::Instrument as _;

use crate::{error::Error, service};

/// Runs a change to its end. When a client disconnects, its request's future is dropped, and a sign-out that waits
/// for the database would leave the session open. Meant for changes that end something; a request that the client
/// waits for and can repeat, such as a sign-in, is better dropped.
///
/// # Errors
/// The error of the change; [`Error::Panicked`] when it panicked.
pub(super) async fn run_to_end<T: Send + 'static>(
    change: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    spawn(service::bounded(change).in_current_span()).await.map_err(|_| Error::Panicked)?
}

#[cfg(test)]
mod tests {
    use tokio::{
        sync::oneshot,
        time::{Duration, timeout},
    };

    use super::*;

    #[tokio::test]
    async fn a_change_completes_when_its_caller_is_dropped() {
        let (go_on, may_go_on) = oneshot::channel::<()>();
        let (done, is_done) = oneshot::channel();
        let change = run_to_end(async move {
            may_go_on.await.map_err(|_| Error::Panicked)?;
            done.send(()).map_err(|()| Error::Panicked)
        });
        assert!(timeout(Duration::from_millis(1), change).await.is_err(), "the timeout drops it");
        go_on.send(()).unwrap();
        is_done.await.unwrap();
    }
}
