//! Quotas: so many times within a window, then 429 until the next one begins.
//!
//! A request is counted before it is carried out, so that requests at once can't exceed the quota. Where only failures
//! count, [`Spent::give_back`] takes back what was none.

use std::net::IpAddr;

use tracing::{info, warn};

use super::{
    Service,
    limits::{network, seconds_until},
};
use crate::{
    domain::{id::Id, quota::Quota, secret_key::Purpose},
    error::Error,
    store::QuotaKey,
};

/// Whose quota it is.
#[derive(Debug, Clone, Copy)]
pub enum Whose<'a> {
    /// Everybody's at one address: an IPv4 address, or an IPv6 network of 64 bits.
    Address(IpAddr),
    /// That of an account, a session or a token.
    Id(&'a Id),
    /// That of whoever is named so elsewhere.
    Name(&'a str),
}

/// One time, counted.
#[derive(Debug)]
#[must_use = "one that does not count is given back"]
pub struct Spent<'a> {
    service: &'a Service,
    key: QuotaKey,
}

impl Service {
    /// Counts one time.
    ///
    /// # Errors
    /// [`Error::RateLimited`] when it is one too many; that of the database.
    pub async fn spend(&self, quota: Quota, whose: Whose<'_>) -> Result<Spent<'_>, Error> {
        let name = match whose {
            Whose::Address(address) => network(address),
            Whose::Id(id) => id.as_str().as_bytes().to_vec(),
            Whose::Name(name) => name.as_bytes().to_vec(),
        };
        let message = [quota.as_str().as_bytes(), b":", &name].concat();
        let key = QuotaKey { quota, hash: self.keys.subkey(Purpose::LimitKeys).authenticate(&message) };
        let now = self.clock.now();
        match self.store.count_use(&key, self.quotas.times(quota), now).await? {
            Ok(()) => Ok(Spent { service: self, key }),
            Err(until) => {
                info!(event = "rate_limited", quota = quota.as_str());
                Err(Error::RateLimited(seconds_until(until, now)))
            }
        }
    }

    /// Removes the windows that have ended. They count for nothing already; this keeps the table small.
    pub async fn prune_quotas(&self) {
        if let Err(error) = self.store.prune_quotas(self.clock.now()).await {
            warn!(%error, "quotas of the past were not removed");
        }
    }
}

impl Spent<'_> {
    /// It counts.
    pub fn keep(self) {}

    /// It does not count after all.
    pub async fn give_back(self) {
        if let Err(error) = self.service.store.take_back_use(&self.key).await {
            warn!(%error, "what does not count stays counted");
        }
    }
}
