//! Hashing passwords without hurting the rest: on threads of their own, few at once, and with a bounded, fair queue, so
//! that a flood of sign-ins exhausts neither the processors nor the memory, and keeps out no user whom the server knows.

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

/// How many strangers may wait for each check that is made at once, and as many friends.
const PLACES_PER_WORKER: usize = 64;
/// How many are checked at once, however many processors there are: each holds 19 MiB while there is work.
const MAX_WORKERS: usize = 4;

/// A [`PasswordHasher`] with its limits.
#[derive(Debug, Clone)]
pub struct Passwords {
    hasher: Arc<PasswordHasher>,
    random: Random,
    workers: Workers,
    queue: Queue,
    /// How many were checked.
    checked: Arc<AtomicU64>,
}

/// A new password.
#[derive(Clone)]
pub struct Chosen {
    /// The text.
    pub password: String,
    /// What its user is called, which makes no good password.
    pub names: Vec<String>,
    /// The hash of the password that it must differ from.
    pub before: Option<String>,
}

impl fmt::Debug for Chosen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Chosen([redacted])")
    }
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
            queue: Queue::new(workers, workers * PLACES_PER_WORKER),
            checked: Arc::default(),
        }
    }

    /// A place in the queue, for the work that follows. Limits are asked before.
    ///
    /// # Errors
    /// [`Error::Overloaded`] when there is none.
    pub fn seat(&self, party: &Party) -> Result<Seat, Error> {
        self.queue.seat(party)
    }

    /// Checks a password against a stored hash; without one, takes as long and says no.
    ///
    /// What is typed is read first ([`typed::password`]). A hash may be older than that: where that changes the text, it is
    /// tried as it came too, whatever the account, and a hash that fits only so is outdated.
    ///
    /// # Errors
    /// [`Error::Overloaded`] when its turn does not come in time.
    pub async fn verify(&self, seat: &Seat, password: String, stored: Option<String>) -> Result<Verdict, Error> {
        self.checked.fetch_add(1, Ordering::Relaxed);
        self.run(seat, move |hasher, _, memory| check(hasher, memory, &password, stored.as_deref())).await
    }

    /// How many passwords were checked since the start. Each check is the same work, whatever it finds.
    #[must_use]
    pub fn checked(&self) -> u64 {
        self.checked.load(Ordering::Relaxed)
    }

    /// What goes on at the moment.
    #[must_use]
    pub fn hashing(&self) -> Hashing {
        self.queue.hashing()
    }

    /// The hash of a password, as a PHC string.
    ///
    /// # Errors
    /// [`Error::Overloaded`] when its turn does not come in time, [`Error::Hash`] when it can't be made.
    pub async fn hash(&self, seat: &Seat, password: String) -> Result<String, Error> {
        Ok(self
            .run(seat, move |hasher, random, memory| hasher.hash(&typed::password(&password), random, memory))
            .await??)
    }

    /// What stands in place of the hash of a password that is to open nothing any more.
    ///
    /// # Errors
    /// [`Error::Hash`] when it can't be made.
    pub fn unusable(&self) -> Result<String, Error> {
        Ok(self.hasher.unusable(&self.random)?)
    }

    /// The hash of a new password that keeps the policy. Weighing it takes as long as hashing it, so it is done here.
    ///
    /// # Errors
    /// [`Error::PasswordPolicy`]; as [`hash`](Self::hash).
    pub async fn choose(&self, seat: &Seat, policy: PasswordPolicy, chosen: Chosen) -> Result<String, Error> {
        let choose = move |hasher: &PasswordHasher, random: &Random, memory: &mut Memory| {
            let Chosen { password, names, before } = &chosen;
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            policy.check(password, &names).map_err(Error::PasswordPolicy)?;
            if before.is_some() && check(hasher, memory, password, before.as_deref()).matches {
                return Err(Error::PasswordPolicy(Weakness::Unchanged));
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
        // The turn goes along: also when the client hangs up, the next one comes only when the work is done.
        let job = move |memory: &mut Memory| {
            let _turn = turn;
            work(&hasher, &random, memory)
        };
        self.workers.run(job).await
    }
}

/// What [`Passwords::verify`] does.
fn check(hasher: &PasswordHasher, memory: &mut Memory, password: &str, stored: Option<&str>) -> Verdict {
    let read = typed::password(password);
    let verdict = hasher.verify(&read, stored, memory);
    if verdict.matches || read == password {
        return verdict;
    }
    Verdict { outdated: true, ..hasher.verify(password, stored, memory) }
}
