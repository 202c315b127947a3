//! Hashing passwords without affecting other requests: on separate threads, with a bounded and fair queue, so that
//! a flood of sign-ins exhausts neither CPU nor memory and does not lock out known users.

mod hashing;
mod queue;

use std::{
    fmt,
    num::NonZero,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use doorstep_contract::password::Weakness;

pub use self::queue::{Party, Seat};
use self::{hashing::Workers, queue::Queue};
use crate::{
    domain::{
        password::{Memory, PasswordHasher, Verdict},
        password_policy::PasswordPolicy,
        random::Random,
        typed,
    },
    error::Error,
    metrics::Hashing,
};

/// The number of queue places per worker for strangers, and as many for friends.
const PLACES_PER_WORKER: usize = 64;
/// The maximum number of workers, however many processors there are: each holds 19 MiB while it is busy.
const MAX_WORKERS: usize = 4;

/// A [`PasswordHasher`] with worker threads and a queue.
#[derive(Debug, Clone)]
pub struct Passwords {
    hasher: Arc<PasswordHasher>,
    random: Random,
    workers: Workers,
    queue: Queue,
    /// The number of passwords checked.
    checked: Arc<AtomicU64>,
}

/// A new password.
#[derive(Clone)]
pub struct Chosen {
    /// The text.
    pub password: String,
    /// The names of its user, which must not be the password.
    pub names: Vec<String>,
    /// The hash of the previous password, which must differ.
    pub before: Option<String>,
}

impl fmt::Debug for Chosen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Chosen([redacted])")
    }
}

impl Passwords {
    /// One worker per processor, and at most four.
    #[must_use]
    pub fn new(hasher: PasswordHasher, random: Random) -> Self {
        let workers = thread::available_parallelism().map_or(1, NonZero::get).min(MAX_WORKERS);
        Self {
            hasher: Arc::new(hasher),
            random,
            workers: Workers::start(workers),
            queue: Queue::new(workers, workers * PLACES_PER_WORKER),
            checked: Arc::default(),
        }
    }

    /// A place in the queue, for the work that follows. Check limits before.
    ///
    /// # Errors
    /// [`Error::Overloaded`] when the queue is full.
    pub fn seat(&self, party: &Party) -> Result<Seat, Error> {
        self.queue.seat(party)
    }

    /// Checks a password against a stored hash; without a hash, takes as long and reports a mismatch.
    ///
    /// The password is normalized first ([`typed::password`]). A stored hash may predate that: where normalizing
    /// changes the text, the unchanged text is tried as well, for every account, and a hash that matches only that
    /// is outdated.
    ///
    /// # Errors
    /// [`Error::Overloaded`] when it waits too long.
    pub async fn verify(&self, seat: &Seat, password: String, stored: Option<String>) -> Result<Verdict, Error> {
        self.checked.fetch_add(1, Ordering::Relaxed);
        self.run(seat, move |hasher, _, memory| check(hasher, memory, &password, stored.as_deref())).await
    }

    /// The number of passwords checked since the start. Every check takes the same work, whatever its result.
    #[must_use]
    pub fn checked(&self) -> u64 {
        self.checked.load(Ordering::Relaxed)
    }

    /// The current state of the queue.
    #[must_use]
    pub fn hashing(&self) -> Hashing {
        self.queue.hashing()
    }

    /// Hashes a password, as a PHC string.
    ///
    /// # Errors
    /// [`Error::Overloaded`] when it waits too long, [`Error::Hash`] when hashing fails.
    pub async fn hash(&self, seat: &Seat, password: String) -> Result<String, Error> {
        Ok(self
            .run(seat, move |hasher, random, memory| hasher.hash(&typed::password(&password), random, memory))
            .await??)
    }

    /// The hash of a random password, which disables signing in with a password.
    ///
    /// # Errors
    /// [`Error::Hash`] when hashing fails.
    pub fn unusable(&self) -> Result<String, Error> {
        Ok(self.hasher.unusable(&self.random)?)
    }

    /// Checks a new password against the policy and hashes it. Estimating its strength takes as long as hashing it,
    /// so both are done by a worker.
    ///
    /// # Errors
    /// [`Error::PasswordPolicy`]; as [`hash`](Self::hash).
    pub async fn choose(&self, seat: &Seat, policy: PasswordPolicy, chosen: Chosen) -> Result<String, Error> {
        let choose = move |hasher: &PasswordHasher, random: &Random, memory: &mut Memory| {
            let Chosen { password, names, before } = &chosen;
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let refused = |weakness| Error::PasswordPolicy { weakness, min_chars: policy.min_chars };
            policy.check(password, &names).map_err(refused)?;
            if before.is_some() && check(hasher, memory, password, before.as_deref()).matches {
                return Err(refused(Weakness::Unchanged));
            }
            Ok(hasher.hash(&typed::password(password), random, memory)?)
        };
        self.run(seat, choose).await?
    }

    async fn run<T: Send + 'static>(
        &self,
        seat: &Seat,
        work: impl FnOnce(&PasswordHasher, &Random, &mut Memory) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let turn = seat.turn().await?;
        let (hasher, random) = (Arc::clone(&self.hasher), self.random.clone());
        // The job holds its turn: if the client disconnects, the next job still waits until this one is done.
        let job = move |memory: &mut Memory| {
            let _turn = turn;
            work(&hasher, &random, memory)
        };
        self.workers.run(job).await
    }
}

/// The check of [`Passwords::verify`].
fn check(hasher: &PasswordHasher, memory: &mut Memory, password: &str, stored: Option<&str>) -> Verdict {
    let read = typed::password(password);
    let verdict = hasher.verify(&read, stored, memory);
    if verdict.matches || read == password {
        return verdict;
    }
    Verdict { outdated: true, ..hasher.verify(password, stored, memory) }
}
