//! Quotas: a number of requests within a window, then 429 until the next window begins.
//!
//! A request is counted before it is carried out, so that concurrent requests can't exceed the quota. Where only
//! failures count, [`Spent::give_back`] undoes the count of a success.

use tracing::{info, warn};

use super::{Core, limits::seconds_until};
use crate::{
    domain::{
        limits::{NETWORK_ALLOWANCE, Whose},
        network::Network,
        quota::Quota,
        secret_key::Purpose,
    },
    error::Error,
    store::QuotaKey,
};

/// A counted request.
#[derive(Debug)]
#[must_use = "one that does not count is given back"]
pub struct Spent<'a> {
    core: &'a Core,
    keys: Vec<QuotaKey>,
}

impl Core {
    /// Counts a request. An IPv6 address also counts against its network, whose quota is a multiple.
    ///
    /// # Errors
    /// [`Error::RateLimited`] over the quota; database errors.
    pub async fn spend(&self, quota: Quota, whose: Whose<'_>) -> Result<Spent<'_>, Error> {
        let times = self.policy.quotas.times(quota);
        let around = match whose {
            Whose::Address(address) => Network::beside(address),
            _ => None,
        };
        let around = around.map(|network| (Whose::Network(network), times.saturating_mul(NETWORK_ALLOWANCE)));
        let mut spent = Spent { core: self, keys: Vec::new() };
        for (whose, times) in [(whose, times)].into_iter().chain(around) {
            let hash = self.secret_keys.subkey(Purpose::LimitKeys).authenticate(&whose.message(quota.as_str()));
            let key = QuotaKey { quota, hash };
            let now = self.clock.now();
            if let Err(until) = self.store.count_use(&key, times, now).await? {
                info!(event = "rate_limited", quota = quota.as_str());
                self.metrics.limit_hit(quota.as_str());
                spent.give_back().await;
                return Err(Error::RateLimited(seconds_until(until, now)));
            }
            spent.keys.push(key);
        }
        Ok(spent)
    }

    /// Removes windows that have ended, which have no effect any more, to keep the table small.
    pub async fn prune_quotas(&self) {
        if let Err(error) = self.store.prune_quotas(self.clock.now()).await {
            warn!(%error, "expired quotas were not removed");
        }
    }
}

impl Spent<'_> {
    /// Keeps the count.
    pub fn keep(self) {
        drop(self);
    }

    /// Undoes the count.
    pub async fn give_back(self) {
        for key in &self.keys {
            if let Err(error) = self.core.store.take_back_use(key).await {
                warn!(%error, "a count was not undone");
            }
        }
    }
}
