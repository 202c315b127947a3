//! The limits, for surfaces that count before they ask for anything, and for the hourly sweep.

use super::core::{Core, Spent};
use crate::{
    domain::{limits::Whose, quota::Quota},
    error::Error,
};

/// How often something may be done.
#[derive(Debug, Clone, Copy)]
pub struct Limits<'a> {
    core: &'a Core,
}

impl<'a> Limits<'a> {
    pub(super) const fn new(core: &'a Core) -> Self {
        Self { core }
    }

    /// Counts one time.
    ///
    /// # Errors
    /// [`Error::RateLimited`] when it is one too many; that of the database.
    pub async fn spend(self, quota: Quota, whose: Whose<'_>) -> Result<Spent<'a>, Error> {
        self.core.spend(quota, whose).await
    }

    /// Removes what counts for nothing any more.
    pub async fn prune(self) {
        self.core.prune_limits().await;
        self.core.prune_quotas().await;
    }
}
