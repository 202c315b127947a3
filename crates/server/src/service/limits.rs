//! The sign-in limits: every check of a password or code, whatever the surface, draws from the same buckets.
//!
//! An attempt is [admitted](super::Service::admit), which counts it, then checked, then settled: [`Attempt::succeeded`],
//! [`Attempt::failed`] or [`Attempt::undecided`]. One that is never settled, because its client hung up, stays counted.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};
use tracing::{info, warn};

use super::Service;
use crate::{
    domain::{
        account::NameKey,
        device::KnownBrowser,
        id::Id,
        limits::{Backoff, Bucket, Key},
        secret_key::Purpose,
    },
    error::Error,
    store::Counted,
};

/// Whose door is knocked at.
#[derive(Debug, Clone, Copy)]
pub enum Door<'a> {
    /// An account, from a browser that has signed in to it before or not.
    Account(&'a Id, Option<KnownBrowser>),
    /// A name that is no account. It has a bucket like any other, so that nobody can tell.
    Nobody(&'a NameKey),
}

/// An attempt that was admitted and counted.
#[derive(Debug)]
pub struct Attempt<'a> {
    service: &'a Service,
    counted: Vec<Counted>,
    _turns: Vec<OwnedMutexGuard<()>>,
}

impl Service {
    /// Admits one attempt, or says how long to wait.
    ///
    /// A known browser draws from its own bucket alone: neither strangers who guess at the account nor those who share
    /// the owner's address can keep the owner out.
    ///
    /// # Errors
    /// [`Error::RateLimited`], or that of the database.
    pub async fn admit(&self, door: Door<'_>, address: IpAddr) -> Result<Attempt<'_>, Error> {
        let keys = match door {
            Door::Account(account, Some(browser)) => {
                vec![self.limit_key(Bucket::SignInDevice, &browser.message(account))]
            }
            Door::Account(account, None) => vec![
                self.limit_key(Bucket::SignInAddress, &network(address)),
                self.limit_key(Bucket::SignInAccount, account.as_str().as_bytes()),
            ],
            Door::Nobody(name) => vec![
                self.limit_key(Bucket::SignInAddress, &network(address)),
                self.limit_key(Bucket::SignInAccount, name.as_str().as_bytes()),
            ],
        };
        // Attempts on the same bucket take turns: otherwise five people of one address who sign in within the same
        // moment would be counted as failures until they are found to be none, and a sixth turned away.
        let mut turns = Vec::with_capacity(keys.len());
        for key in &keys {
            turns.push(self.turns.take(&key.hash).await);
        }
        let now = self.clock.now();
        match self.count(keys, self.sign_in_limit, now).await {
            Ok(counted) => Ok(Attempt { service: self, counted, _turns: turns }),
            Err(error) => {
                if matches!(error, Error::RateLimited(_)) {
                    info!(event = "sign_in_limited", %address);
                }
                Err(error)
            }
        }
    }

    /// Counts something that may be done so often, whatever comes of it.
    ///
    /// # Errors
    /// [`Error::RateLimited`], or that of the database.
    pub(super) async fn count(&self, keys: Vec<Key>, backoff: Backoff, now: Timestamp) -> Result<Vec<Counted>, Error> {
        let counted = self.store.count_attempt(keys, backoff, now).await?;
        counted.map_err(|until| Error::RateLimited(seconds_until(until, now)))
    }

    /// Removes what the buckets have forgotten. It counts for nothing already; this keeps the table small.
    pub async fn prune_limits(&self) {
        if let Err(error) = self.store.prune_limits(self.clock.now()).await {
            warn!(%error, "forgotten failures were not removed");
        }
    }

    pub(super) fn limit_key(&self, bucket: Bucket, name: &[u8]) -> Key {
        let message = [bucket.as_str().as_bytes(), b":", name].concat();
        Key { bucket, hash: self.keys.subkey(Purpose::LimitKeys).authenticate(&message) }
    }
}

impl Attempt<'_> {
    /// It was right: what was counted against the account is forgotten. An address only gets this attempt back:
    /// otherwise whoever has one account could guess at others for ever.
    pub async fn succeeded(self) {
        for counted in &self.counted {
            let settled = match counted.bucket() {
                Bucket::SignInAccount | Bucket::SignInDevice => self.service.store.forget_failures(counted).await,
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

/// What counts as one address: an IPv4 address, or an IPv6 network of 64 bits, which is what one customer gets.
pub(super) fn network(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().into_iter().take(8).collect(),
    }
}

/// Turns: one at a time for each name.
#[derive(Debug, Clone, Default)]
pub struct Turns(Arc<Mutex<HashMap<Vec<u8>, Turn>>>);

/// Held by whose turn it is.
type Turn = Arc<AsyncMutex<()>>;

impl Turns {
    /// Waits for one's turn, which lasts as long as the guard.
    async fn take(&self, name: &[u8]) -> OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            // Those that nobody holds or waits for go, so that the map does not grow.
            turns.retain(|_, turn| Arc::strong_count(turn) > 1);
            Arc::clone(turns.entry(name.to_vec()).or_default())
        };
        turn.lock_owned().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_customer_is_one_address() {
        let network = |text: &str| network(text.parse().expect("is an address"));
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
    }

    #[test]
    fn a_wait_is_rounded_up_to_whole_seconds() {
        let now = Timestamp::from_second(1_700_000_000).expect("is a time");
        let in_millis =
            |millis| seconds_until(now.checked_add(jiff::SignedDuration::from_millis(millis)).expect("is"), now);
        assert_eq!([in_millis(-5), in_millis(0), in_millis(1), in_millis(1000), in_millis(1001)], [1, 1, 1, 1, 2]);
    }

    #[tokio::test]
    async fn turns_are_taken_one_after_the_other_and_leave_nothing_behind() {
        let turns = Turns::default();
        let first = turns.take(b"a").await;
        let mut second = std::pin::pin!(turns.take(b"a"));
        assert!(futures_util::poll!(second.as_mut()).is_pending());
        drop(turns.take(b"b").await);
        drop(first);
        drop(second.await);
        drop(turns.take(b"c").await);
        assert_eq!(turns.0.lock().expect("nobody panicked").len(), 1);
    }
}
