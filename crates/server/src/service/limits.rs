//! The sign-in limits: every check of a password or code, whatever the surface, draws from the same buckets.
//!
//! An attempt is [admitted](super::Service::admit), which counts it, then checked, then settled: [`Attempt::succeeded`],
//! [`Attempt::failed`] or [`Attempt::undecided`]. One that is never settled, because its client hung up, stays counted.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use tokio::{
    sync::{Mutex as AsyncMutex, OwnedMutexGuard},
    time::timeout,
};
use tracing::{info, warn};

use super::{Service, passwords::Seat, queue::Party};
use crate::{
    domain::{
        account::{Account, NameKey},
        device::KnownBrowser,
        id::Id,
        limits::{Backoff, Bucket, Key, Whose},
        network::Network,
        secret_key::Purpose,
    },
    error::Error,
    metrics,
    store::Counted,
};

/// How long an attempt waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is tried, and from which browser.
#[derive(Debug, Clone, Copy)]
pub enum Door<'a> {
    /// The account of a user name or email that was typed, if there is one. The bucket is that of the text alone: the same
    /// for unknown names, and another for each of the two names of an account, so that no limit tells that they belong
    /// together.
    Typed(&'a NameKey),
    /// An account that was proved before, by a session or by the first step of a sign-in. It draws from the buckets of both
    /// its names.
    Account(&'a Account),
    /// An account from a browser that has signed in to it before.
    Known(&'a Id, KnownBrowser),
}

impl<'a> Door<'a> {
    /// The door of an account that was proved before.
    pub(super) fn of(account: &'a Account, browser: Option<KnownBrowser>) -> Self {
        browser.map_or(Self::Account(account), |browser| Self::Known(&account.id, browser))
    }
}

/// An attempt whose turn it is, and that no limit refuses. Nothing is counted yet.
#[derive(Debug)]
#[must_use = "it is no attempt before it is counted"]
pub struct Admitted<'a> {
    service: &'a Service,
    keys: Vec<Key>,
    address: IpAddr,
    turns: Vec<OwnedMutexGuard<()>>,
}

/// An attempt that was admitted and counted.
#[derive(Debug)]
pub struct Attempt<'a> {
    service: &'a Service,
    counted: Vec<Counted>,
    _turns: Vec<OwnedMutexGuard<()>>,
}

impl Service {
    /// Admits one attempt and counts it, or says how long to wait.
    ///
    /// A known browser draws from its own bucket alone: neither strangers who guess at the account nor those who share
    /// the owner's address can keep the owner out.
    ///
    /// # Errors
    /// [`Error::RateLimited`], [`Error::Overloaded`], or that of the database.
    pub async fn admit(&self, door: Door<'_>, address: IpAddr) -> Result<Attempt<'_>, Error> {
        self.await_turn(door, address).await?.count().await
    }

    /// The same for an attempt that has a password checked, with a place in the queue for that. Limits are asked first, and
    /// of what is left only as many as there are places reach the database to be counted.
    ///
    /// # Errors
    /// [`Error::RateLimited`], [`Error::Overloaded`], or that of the database.
    pub(super) async fn admit_password(
        &self,
        door: Door<'_>,
        party: &Party,
        address: IpAddr,
    ) -> Result<(Attempt<'_>, Seat), Error> {
        let admitted = self.await_turn(door, address).await?;
        let seat = self.passwords.seat(party)?;
        Ok((admitted.count().await?, seat))
    }

    /// Waits until it is the turn of an attempt on these buckets: otherwise five users of one address who sign in within the
    /// same moment would be counted as failures until they are found to be none, and a sixth refused. What is limited
    /// already neither waits nor writes.
    async fn await_turn(&self, door: Door<'_>, address: IpAddr) -> Result<Admitted<'_>, Error> {
        let keys = self.keys_of(door, address);
        self.refuse_limited(&keys, address).await?;
        let turns = timeout(PATIENCE, async {
            let mut turns = Vec::with_capacity(keys.len());
            // A network is as many addresses that have nothing to do with each other: it takes no turns.
            for key in keys.iter().filter(|key| key.bucket != Bucket::SignInNetwork) {
                turns.push(self.attempts.take(&key.hash).await);
            }
            turns
        });
        let turns = turns.await.map_err(|_| Error::Overloaded)?;
        self.refuse_limited(&keys, address).await?;
        Ok(Admitted { service: self, keys, address, turns })
    }

    /// In the order in which turns are taken, which is the same for all, so that no two wait for each other.
    fn keys_of(&self, door: Door<'_>, address: IpAddr) -> Vec<Key> {
        let mut accounts: Vec<Key> = match door {
            Door::Known(account, browser) => {
                return vec![self.limit_key(Bucket::SignInDevice, Whose::Browser(&browser.message(account)))];
            }
            Door::Typed(name) => vec![self.limit_key(Bucket::SignInAccount, Whose::Typed(name))],
            Door::Account(account) => [&account.username, &account.email]
                .map(|name| self.limit_key(Bucket::SignInAccount, Whose::Typed(&NameKey::new(name))))
                .into(),
        };
        accounts.sort_by(|one, other| one.hash.cmp(&other.hash));
        let around = Network::beside(address).map(|network| (Bucket::SignInNetwork, Whose::Network(network)));
        let addresses = around.into_iter().chain([(Bucket::SignInAddress, Whose::Address(address))]);
        addresses.map(|(bucket, whose)| self.limit_key(bucket, whose)).chain(accounts).collect()
    }

    async fn refuse_limited(&self, keys: &[Key], address: IpAddr) -> Result<(), Error> {
        let now = self.clock.now();
        match self.store.blocked_until(keys, self.policy.sign_in_limit, now).await? {
            Some(until) => Err(self.limited(until, now, address)),
            None => Ok(()),
        }
    }

    /// Counts something that may be done so often, whatever comes of it. `limit` is what monitoring calls it.
    ///
    /// # Errors
    /// [`Error::RateLimited`], or that of the database.
    pub(super) async fn count(
        &self,
        limit: &'static str,
        keys: Vec<Key>,
        backoff: Backoff,
        now: Timestamp,
    ) -> Result<Vec<Counted>, Error> {
        let counted = self.store.count_attempt(keys, backoff, now).await?;
        counted.map_err(|until| {
            self.metrics.limit_hit(limit);
            Error::RateLimited(seconds_until(until, now))
        })
    }

    /// What the sign-in limits answer.
    fn limited(&self, until: Timestamp, now: Timestamp, address: IpAddr) -> Error {
        info!(event = "sign_in_limited", %address);
        self.metrics.limit_hit(metrics::SIGN_IN);
        Error::RateLimited(seconds_until(until, now))
    }

    /// Removes what the buckets have forgotten. It counts for nothing already; this keeps the table small.
    pub async fn prune_limits(&self) {
        if let Err(error) = self.store.prune_limits(self.clock.now()).await {
            warn!(%error, "forgotten failures were not removed");
        }
    }

    pub(super) fn limit_key(&self, bucket: Bucket, whose: Whose<'_>) -> Key {
        Key { bucket, hash: self.secret_keys.subkey(Purpose::LimitKeys).authenticate(&whose.message(bucket.as_str())) }
    }
}

impl<'a> Admitted<'a> {
    /// Counts the attempt as a failure, before it is checked.
    ///
    /// # Errors
    /// [`Error::RateLimited`] when another server has counted meanwhile; that of the database.
    async fn count(self) -> Result<Attempt<'a>, Error> {
        let Self { service, keys, address, turns } = self;
        let now = service.clock.now();
        let counted = service.store.count_attempt(keys, service.policy.sign_in_limit, now).await?;
        let counted = counted.map_err(|until| service.limited(until, now, address))?;
        Ok(Attempt { service, counted, _turns: turns })
    }
}

impl Attempt<'_> {
    /// It was right: what was counted against a known browser is forgotten. Whatever strangers draw from too only gets this
    /// attempt back: of a name, they would see that its user has signed in, and so that there is one; of an address,
    /// an attacker with one account could guess at others for ever.
    pub async fn succeeded(self) {
        for counted in &self.counted {
            let settled = match counted.bucket() {
                Bucket::SignInDevice => self.service.store.forget_failures(counted).await,
                _ => self.service.store.take_back(counted).await,
            };
            if let Err(error) = settled {
                warn!(%error, "a success was counted as a failure");
            }
        }
    }

    /// It was wrong, and stays counted.
    pub fn failed(self) {}

    /// It was not decided: something of ours failed, or a second step is to come.
    pub async fn undecided(self) {
        for counted in &self.counted {
            if let Err(error) = self.service.store.take_back(counted).await {
                warn!(%error, "an attempt that was not decided was counted as a failure");
            }
        }
    }
}

/// Whole seconds, at least one.
pub(super) fn seconds_until(until: Timestamp, now: Timestamp) -> u64 {
    let millis = until.duration_since(now).as_millis().max(1);
    u64::try_from(millis.div_euclid(1000) + i128::from(millis.rem_euclid(1000) > 0)).unwrap_or(1)
}

/// Locks by a key, each held by one at a time; one that is not held takes no room.
#[derive(Debug, Clone, Default)]
pub struct KeyedLocks(Arc<Mutex<HashMap<Vec<u8>, Lock>>>);

type Lock = Arc<AsyncMutex<()>>;

impl KeyedLocks {
    /// Waits for the lock of a key, which is held as long as the guard.
    async fn take(&self, key: &[u8]) -> OwnedMutexGuard<()> {
        let lock = {
            let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            // Those that are neither held nor waited for go, so that the map does not grow.
            locks.retain(|_, lock| Arc::strong_count(lock) > 1);
            Arc::clone(locks.entry(key.to_vec()).or_default())
        };
        lock.lock_owned().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_rounded_up_to_whole_seconds() {
        let now = Timestamp::from_second(1_700_000_000).expect("is a time");
        let in_millis =
            |millis| seconds_until(now.checked_add(jiff::SignedDuration::from_millis(millis)).expect("is"), now);
        assert_eq!([in_millis(-5), in_millis(0), in_millis(1), in_millis(1000), in_millis(1001)], [1, 1, 1, 1, 2]);
    }

    #[tokio::test]
    async fn locks_are_taken_one_after_the_other_and_leave_nothing_behind() {
        let locks = KeyedLocks::default();
        let first = locks.take(b"a").await;
        let mut second = std::pin::pin!(locks.take(b"a"));
        assert!(futures_util::poll!(second.as_mut()).is_pending());
        drop(locks.take(b"b").await);
        drop(first);
        drop(second.await);
        drop(locks.take(b"c").await);
        assert_eq!(locks.0.lock().expect("nobody panicked").len(), 1);
    }
}
