//! The sign-in limits: every check of a password or code, on all surfaces, shares the same buckets.
//!
//! An attempt is [admitted](Core::admit), which counts it, then checked, then settled: [`Attempt::succeeded`],
//! [`Attempt::failed`] or [`Attempt::undecided`]. An attempt that is never settled, because its client
//! disconnected, stays counted.

use std::{net::IpAddr, time::Duration};

use jiff::Timestamp;
use tokio::{sync::OwnedMutexGuard, time::timeout};
use tracing::{info, warn};

use super::Core;
use crate::{
    domain::{
        account::{Account, NameKey},
        id::Id,
        known_browser::KnownBrowser,
        limits::{Backoff, Bucket, Key, Whose},
        network::Network,
        secret_key::Purpose,
    },
    error::Error,
    metrics,
    service::passwords::{Party, Seat},
    store::Counted,
};

/// How long an attempt waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// The account that an attempt is for, and the browser that makes it.
#[derive(Debug, Clone, Copy)]
pub enum AttemptSubject<'a> {
    /// A username or email as it was typed. Its bucket depends on the text alone: it is the same for unknown names,
    /// and each of the two names of an account has its own, so that limits do not reveal that they belong together.
    Typed(&'a NameKey),
    /// An account that is authenticated already, by a session or the first step of a sign-in. Uses the buckets of
    /// both its names.
    Account(&'a Account),
    /// An account, from a browser that signed in to it before.
    Known(&'a Id, KnownBrowser),
}

impl<'a> AttemptSubject<'a> {
    /// An authenticated account, from this browser if it is known.
    pub(in crate::service) fn of(account: &'a Account, browser: Option<KnownBrowser>) -> Self {
        browser.map_or(Self::Account(account), |browser| Self::Known(&account.id, browser))
    }
}

/// An attempt that has its turn and is within all limits. It is not counted yet.
#[derive(Debug)]
#[must_use = "it is no attempt before it is counted"]
pub struct Admitted<'a> {
    core: &'a Core,
    keys: Vec<Key>,
    address: IpAddr,
    turns: Vec<OwnedMutexGuard<()>>,
}

/// An attempt that was admitted and counted.
#[derive(Debug)]
pub struct Attempt<'a> {
    core: &'a Core,
    counted: Vec<Counted>,
    _turns: Vec<OwnedMutexGuard<()>>,
}

impl Core {
    /// Admits one attempt and counts it, or says how long to wait.
    ///
    /// A known browser has its own bucket: neither attackers who guess the account's password nor others at the
    /// same address can lock its user out.
    ///
    /// # Errors
    /// [`Error::RateLimited`], [`Error::Overloaded`], database errors.
    pub async fn admit(&self, subject: AttemptSubject<'_>, address: IpAddr) -> Result<Attempt<'_>, Error> {
        self.await_turn(subject, address).await?.count().await
    }

    /// The same for an attempt that checks a password, with a place in the hashing queue. Limits are checked first,
    /// and only as many attempts as the queue has places for are counted in the database.
    ///
    /// # Errors
    /// [`Error::RateLimited`], [`Error::Overloaded`], database errors.
    pub(in crate::service) async fn admit_password(
        &self,
        subject: AttemptSubject<'_>,
        party: &Party,
        address: IpAddr,
    ) -> Result<(Attempt<'_>, Seat), Error> {
        let admitted = self.await_turn(subject, address).await?;
        let seat = self.passwords.seat(party)?;
        Ok((admitted.count().await?, seat))
    }

    /// Waits for the attempt's turn on its buckets: otherwise, if five users at one address signed in at the same
    /// moment, they would count as failures until they are settled, and a sixth would be refused. An attempt over a
    /// limit is refused without waiting or writing.
    async fn await_turn(&self, subject: AttemptSubject<'_>, address: IpAddr) -> Result<Admitted<'_>, Error> {
        let keys = self.keys_of(subject, address);
        self.refuse_limited(&keys, address).await?;
        let turns = timeout(PATIENCE, async {
            let mut turns = Vec::with_capacity(keys.len());
            // A network has many unrelated addresses, so its attempts do not wait for each other.
            for key in keys.iter().filter(|key| key.bucket != Bucket::SignInNetwork) {
                turns.push(self.attempts.take(&key.hash).await);
            }
            turns
        });
        let turns = turns.await.map_err(|_| Error::Overloaded)?;
        self.refuse_limited(&keys, address).await?;
        Ok(Admitted { core: self, keys, address, turns })
    }

    /// In the order in which locks are taken, which is the same for all attempts to prevent deadlocks.
    fn keys_of(&self, subject: AttemptSubject<'_>, address: IpAddr) -> Vec<Key> {
        let mut accounts: Vec<Key> = match subject {
            AttemptSubject::Known(account, browser) => {
                return vec![self.limit_key(Bucket::SignInDevice, Whose::Browser(&browser.message(account)))];
            }
            AttemptSubject::Typed(name) => vec![self.limit_key(Bucket::SignInAccount, Whose::Typed(name))],
            AttemptSubject::Account(account) => [&account.username, &account.email]
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

    /// Counts an action against a limit, whatever its result. `limit` is its name in the metrics.
    ///
    /// # Errors
    /// [`Error::RateLimited`]; database errors.
    pub(in crate::service) async fn count(
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

    /// The error for an attempt over the sign-in limits.
    fn limited(&self, until: Timestamp, now: Timestamp, address: IpAddr) -> Error {
        info!(event = "sign_in_limited", %address);
        self.metrics.limit_hit(metrics::SIGN_IN);
        Error::RateLimited(seconds_until(until, now))
    }

    /// Removes expired counts, which have no effect any more, to keep the table small.
    pub async fn prune_limits(&self) {
        if let Err(error) = self.store.prune_limits(self.clock.now()).await {
            warn!(%error, "expired failures were not removed");
        }
    }

    pub(in crate::service) fn limit_key(&self, bucket: Bucket, whose: Whose<'_>) -> Key {
        Key { bucket, hash: self.secret_keys.subkey(Purpose::LimitKeys).authenticate(&whose.message(bucket.as_str())) }
    }
}

impl<'a> Admitted<'a> {
    /// Counts the attempt as a failure, before the check.
    ///
    /// # Errors
    /// [`Error::RateLimited`] when another server counted one meanwhile; database errors.
    async fn count(self) -> Result<Attempt<'a>, Error> {
        let Self { core, keys, address, turns } = self;
        let now = core.clock.now();
        let counted = core.store.count_attempt(keys, core.policy.sign_in_limit, now).await?;
        let counted = counted.map_err(|until| core.limited(until, now, address))?;
        Ok(Attempt { core, counted, _turns: turns })
    }
}

impl Attempt<'_> {
    /// The attempt succeeded. A known browser's failures are cleared. In shared buckets only this attempt is given
    /// back: clearing a name's bucket would reveal that a user signed in, and clearing an address's would let an
    /// attacker with one account guess at others without limit.
    pub async fn succeeded(self) {
        for counted in &self.counted {
            let settled = match counted.bucket() {
                Bucket::SignInDevice => self.core.store.forget_failures(counted).await,
                _ => self.core.store.take_back(counted).await,
            };
            if let Err(error) = settled {
                warn!(%error, "a success was counted as a failure");
            }
        }
    }

    /// The attempt failed, and stays counted.
    pub fn failed(self) {
        drop(self);
    }

    /// The attempt was not decided, because of an internal error or a pending second step; it is given back.
    pub async fn undecided(self) {
        for counted in &self.counted {
            if let Err(error) = self.core.store.take_back(counted).await {
                warn!(%error, "an undecided attempt was counted as a failure");
            }
        }
    }
}

/// Whole seconds, at least one.
pub(in crate::service) fn seconds_until(until: Timestamp, now: Timestamp) -> u64 {
    let millis = until.duration_since(now).as_millis().max(1);
    u64::try_from(millis.div_euclid(1000) + i128::from(millis.rem_euclid(1000) > 0)).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_rounded_up_to_whole_seconds() {
        let now = Timestamp::from_second(1_700_000_000).expect("is a time");
        let in_millis =
            |millis| seconds_until(now.checked_add(jiff::SignedDuration::from_millis(millis)).expect("exists"), now);
        assert_eq!([in_millis(-5), in_millis(0), in_millis(1), in_millis(1000), in_millis(1001)], [1, 1, 1, 1, 2]);
    }
}
