//! Changes that must not stop half-way when the caller closes the connection.

use tokio::spawn;
use tracing::Instrument as _;

use crate::{error::Error, service};

/// Does it, also when the caller leaves meanwhile: the future of a request is dropped with its connection, and a log-out that
/// waits for the database would then leave the session open. For changes that end something; what a caller waits for and can
/// ask again, such as a sign-in, is better dropped.
///
/// # Errors
/// What the change says; [`Error::Panicked`] when it panicked.
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
    async fn a_change_goes_on_when_its_caller_is_dropped() {
        let (go_on, may_go_on) = oneshot::channel::<()>();
        let (done, is_done) = oneshot::channel();
        let change = run_to_end(async move {
            may_go_on.await.map_err(|_| Error::Panicked)?;
            done.send(()).map_err(|()| Error::Panicked)
        });
        assert!(timeout(Duration::from_millis(1), change).await.is_err(), "it waits, and is dropped");
        go_on.send(()).unwrap();
        is_done.await.unwrap();
    }
}
