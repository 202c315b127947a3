//! Work that takes the processor for longer than a request should hold an async thread: pictures, long lists as files.
//! Hashing and weighing passwords is [`passwords`](super::passwords)' own.

use tokio::{sync::Semaphore, task::spawn_blocking};

use crate::error::Error;

/// How much of it is done at once; the rest waits.
static PLACES: Semaphore = Semaphore::const_new(2);

/// Does it on another thread, with few others at once.
///
/// # Errors
/// [`Error::Panicked`] when it panicked.
pub async fn heavy<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    let place = PLACES.acquire().await.map_err(|_| Error::WorkersGone)?;
    // The place goes along: also when the client hangs up, the next one comes only when the work is done.
    let done = spawn_blocking(move || {
        let _place = place;
        work()
    });
    done.await.map_err(|_| Error::Panicked)
}
