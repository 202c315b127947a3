//! Hashing passwords without hurting the rest: off the async threads, few at once, and with a bounded queue, so that
//! a flood of sign-ins can exhaust neither the processors nor the memory.

use std::{
    num::NonZero,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::spawn_blocking,
};

use crate::{
    domain::{
        password::{PasswordHasher, Verdict},
        random::Random,
    },
    error::Error,
};

/// How many sign-ins may wait for each one that is being checked.
const QUEUE_PER_WORKER: usize = 64;

/// A [`PasswordHasher`] with its limits.
#[derive(Debug, Clone)]
pub struct Passwords {
    hasher: Arc<PasswordHasher>,
    random: Random,
    /// One permit a check that runs: 19 MiB each.
    running: Arc<Semaphore>,
    /// One permit a check that runs or waits.
    admitted: Arc<Semaphore>,
    /// How many were checked.
    checked: Arc<AtomicU64>,
}

impl Passwords {
    /// As many checks at once as there are processors.
    #[must_use]
    pub fn new(hasher: PasswordHasher, random: Random) -> Self {
        let workers = thread::available_parallelism().map_or(1, NonZero::get);
        Self {
            hasher: Arc::new(hasher),
            random,
            running: Arc::new(Semaphore::new(workers)),
            admitted: Arc::new(Semaphore::new(workers * QUEUE_PER_WORKER)),
            checked: Arc::default(),
        }
    }

    /// Checks a password against a stored hash; without one, takes as long and says no.
    ///
    /// # Errors
    /// [`Error::Overloaded`] when too many wait already.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<Verdict, Error> {
        self.checked.fetch_add(1, Ordering::Relaxed);
        self.run(move |hasher, _| hasher.verify(&password, stored.as_deref())).await
    }

    /// How many passwords were checked since the start. Each check is the same work, whatever it finds.
    #[must_use]
    pub fn checked(&self) -> u64 {
        self.checked.load(Ordering::Relaxed)
    }

    /// The hash of a password, as a PHC string.
    ///
    /// # Errors
    /// [`Error::Overloaded`] when too many wait already, [`Error::Hash`] when it can't be made.
    pub async fn hash(&self, password: String) -> Result<String, Error> {
        Ok(self.run(move |hasher, random| hasher.hash(&password, random)).await??)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&PasswordHasher, &Random) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let admitted = Arc::clone(&self.admitted).try_acquire_owned().map_err(|_| Error::Overloaded)?;
        let running = Arc::clone(&self.running).acquire_owned().await.map_err(|_| Error::TaskLost)?;
        let (hasher, random) = (Arc::clone(&self.hasher), self.random.clone());
        // The permits go along: a client that hangs up frees its place only when the work is done.
        spawn_blocking(move || {
            let _permits: (OwnedSemaphorePermit, OwnedSemaphorePermit) = (admitted, running);
            work(&hasher, &random)
        })
        .await
        .map_err(|_| Error::TaskLost)
    }
}
