//! Hashing passwords without hurting the rest: on threads of their own, few at once, and with a bounded queue, so that
//! a flood of sign-ins can exhaust neither the processors nor the memory.

use std::{
    num::NonZero,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::hashing::Workers;
use crate::{
    domain::{
        password::{Memory, PasswordHasher, Verdict},
        random::Random,
        typed,
    },
    error::Error,
};

/// How many sign-ins may wait for each one that is being checked.
const QUEUE_PER_WORKER: usize = 64;
/// How many are checked at once, however many processors there are: each holds 19 MiB for good.
const MAX_WORKERS: usize = 4;

/// A [`PasswordHasher`] with its limits.
#[derive(Debug, Clone)]
pub struct Passwords {
    hasher: Arc<PasswordHasher>,
    random: Random,
    workers: Workers,
    /// One permit a check that runs or waits.
    admitted: Arc<Semaphore>,
    /// How many were checked.
    checked: Arc<AtomicU64>,
}

impl Passwords {
    /// As many checks at once as there are processors, and at most four.
    #[must_use]
    pub fn new(hasher: PasswordHasher, random: Random) -> Self {
        let workers = thread::available_parallelism().map_or(1, NonZero::get).min(MAX_WORKERS);
        Self {
            hasher: Arc::new(hasher),
            random,
            workers: Workers::start(workers),
            admitted: Arc::new(Semaphore::new(workers * QUEUE_PER_WORKER)),
            checked: Arc::default(),
        }
    }

    /// Checks a password against a stored hash; without one, takes as long and says no.
    ///
    /// What is typed is read first ([`typed::password`]). A hash may be older than that: where that changes the text, it is
    /// tried as it came too, whatever the account, and a hash that fits only so is outdated.
    ///
    /// # Errors
    /// [`Error::Overloaded`] when too many wait already.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<Verdict, Error> {
        self.checked.fetch_add(1, Ordering::Relaxed);
        self.run(move |hasher, _, memory| {
            let (read, stored) = (typed::password(&password), stored.as_deref());
            let verdict = hasher.verify(&read, stored, memory);
            if verdict.matches || read == password {
                return verdict;
            }
            Verdict { outdated: true, ..hasher.verify(&password, stored, memory) }
        })
        .await
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
        Ok(self.run(move |hasher, random, memory| hasher.hash(&typed::password(&password), random, memory)).await??)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&PasswordHasher, &Random, &mut Memory) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let admitted = Arc::clone(&self.admitted).try_acquire_owned().map_err(|_| Error::Overloaded)?;
        let (hasher, random) = (Arc::clone(&self.hasher), self.random.clone());
        // The permit goes along: a client that hangs up frees its place only when its turn has come.
        let job = move |memory: &mut Memory| {
            let _place: OwnedSemaphorePermit = admitted;
            work(&hasher, &random, memory)
        };
        self.workers.run(job).await
    }
}
