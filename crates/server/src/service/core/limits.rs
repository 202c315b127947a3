//! The sign-in limits: every check of a password or code, whatever the surface, draws from the same buckets.
//!
//! An attempt is [admitted](Core::admit), which counts it, then checked, then settled: [`Attempt::succeeded`],
//! [`Attempt::failed`] or [`Attempt::undecided`]. One that is never settled, because its client hung up, stays counted.

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

/// What is tried, and from which browser.
#[derive(Debug, Clone, Copy)]
pub enum AttemptSubject<'a> {
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

impl<'a> AttemptSubject<'a> {
    /// An account that was proved before, from this browser if it is known.
    pub(in crate::service) fn of(account: &'a Account, browser: Option<KnownBrowser>) -> Self {
        browser.map_or(Self::Account(account), |browser| Self::Known(&account.id, browser))
    }
}

/// An attempt whose turn it is, and that no limit refuses. Nothing is counted yet.
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
    /// A known browser draws from its own bucket alone: neither strangers who guess at the account nor those who share
    /// the owner's address can keep the owner out.
    ///
    /// # Errors
    /// [`Error::RateLimited`], [`Error::Overloaded`], or that of the database.
    pub async fn admit(&self, subject: AttemptSubject<'_>, address: IpAddr) -> Result<Attempt<'_>, Error> {
        self.await_turn(subject, address).await?.count().await
    }

    /// The same for an attempt that has a password checked, with a place in the queue for that. Limits are asked first, and
    /// of what is left only as many as there are places reach the database to be counted.
    ///
    /// # Errors
    /// [`Error::RateLimited`], [`Error::Overloaded`], or that of the database.
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

    /// Waits until it is the turn of an attempt on these buckets: otherwise five users of one address who sign in within the
    /// same moment would be counted as failures until they are found to be none, and a sixth refused. What is limited
    /// already neither waits nor writes.
    async fn await_turn(&self, subject: AttemptSubject<'_>, address: IpAddr) -> Result<Admitted<'_>, Error> {
        let keys = self.keys_of(subject, address);
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
        Ok(Admitted { core: self, keys, address, turns })
    }

    /// In the order in which turns are taken, which is the same for all, so that no two wait for each other.
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

    /// Counts something that may be done so often, whatever comes of it. `limit` is what monitoring calls it.
    ///
    /// # Errors
    /// [`Error::RateLimited`], or that of the database.
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

    pub(in crate::service) fn limit_key(&self, bucket: Bucket, whose: Whose<'_>) -> Key {
        Key { bucket, hash: self.secret_keys.subkey(Purpose::LimitKeys).authenticate(&whose.message(bucket.as_str())) }
    }
}

impl<'a> Admitted<'a> {
    /// Counts the attempt as a failure, before it is checked.
    ///
    /// # Errors
    /// [`Error::RateLimited`] when another server has counted meanwhile; that of the database.
    async fn count(self) -> Result<Attempt<'a>, Error> {
        let Self { core, keys, address, turns } = self;
        let now = core.clock.now();
        let counted = core.store.count_attempt(keys, core.policy.sign_in_limit, now).await?;
        let counted = counted.map_err(|until| core.limited(until, now, address))?;
        Ok(Attempt { core, counted, _turns: turns })
    }
}

impl Attempt<'_> {
    /// It was right: what was counted against a known browser is forgotten. Whatever strangers draw from too only gets this
    /// attempt back: of a name, they would see that its user has signed in, and so that there is one; of an address,
    /// an attacker with one account could guess at others for ever.
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

    /// It was wrong, and stays counted.
    pub fn failed(self) {
        drop(self);
    }

    /// It was not decided: something of ours failed, or a second step is to come.
    pub async fn undecided(self) {
        for counted in &self.counted {
            if let Err(error) = self.core.store.take_back(counted).await {
                warn!(%error, "an attempt that was not decided was counted as a failure");
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
            |millis| seconds_until(now.checked_add(jiff::SignedDuration::from_millis(millis)).expect("is"), now);
        assert_eq!([in_millis(-5), in_millis(0), in_millis(1), in_millis(1000), in_millis(1001)], [1, 1, 1, 1, 2]);
    }
}
