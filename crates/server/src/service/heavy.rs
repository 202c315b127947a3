//! CPU-bound work that would block an async thread for too long: QR codes, exports. Password hashing has its own
//! threads ([`passwords`](super::passwords)).

use tokio::{sync::Semaphore, task::spawn_blocking};

use crate::error::Error;

/// The number of concurrent jobs; others wait.
static PLACES: Semaphore = Semaphore::const_new(2);

/// Runs a job on a blocking thread, together with at most one other.
///
/// # Errors
/// [`Error::Panicked`] when it panicked.
pub async fn heavy<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    let place = PLACES.acquire().await.map_err(|_| Error::WorkersGone)?;
    // The job holds the permit itself: if the client disconnects, the next job still waits until this one is done.
    let done = spawn_blocking(move || {
        let _place = place;
        work()
    });
    done.await.map_err(|_| Error::Panicked)
}
