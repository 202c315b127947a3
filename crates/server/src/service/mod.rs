//! What can be done, whatever surface asks for it: the rules of [`domain`](crate::domain) joined with the
//! [`store`](crate::store). No HTTP here: a caller hands in plain values and gets plain values or an
//! [`Error`](crate::error::Error).

mod account_edit;
pub mod accounts;
mod audit;
mod begin_session;
mod builder;
mod client_links;
mod clients;
mod delivery;
mod demo;
pub mod device;
pub mod email_revert;
pub mod first_start;
mod hashing;
pub mod heavy;
mod identities;
pub mod limits;
pub mod login_token;
mod mails;
mod moment;
mod password_reset;
mod passwords;
mod portal;
mod project_members;
mod project_updates;
mod projects;
pub mod queue;
pub mod quotas;
pub mod reauth;
pub mod second_factor;
mod session_list;
pub mod sessions;
mod setup;
pub mod setup_status;
pub mod sign_in;
pub mod sso;
pub mod sso_arrival;
pub mod tokens;
mod totp;
mod trusted_devices;
pub mod workspaces;

use std::path::Path;

use doorstep_contract::auth::Branding;
use jiff::Timestamp;
use url::Url;

pub use account_edit::Edited;
pub use builder::ServiceBuilder;
pub use device::Polls;
pub use limits::KeyedLocks;
pub use mails::Bell;
pub use passwords::Passwords;

use crate::{
    domain::{clock::Clock, id::Id, policy::Policy, random::Random, secret_key::SecretKeys},
    error::Error,
    idp::Providers,
    metrics::Metrics,
    store::{BackupError, Store},
};

/// Everything that can be done. A clone is the same service.
#[derive(Debug, Clone)]
pub struct Service {
    store: Store,
    clock: Clock,
    random: Random,
    passwords: Passwords,
    secret_keys: SecretKeys,
    policy: Policy,
    /// Attempts on the same bucket take turns, each with its lock.
    attempts: KeyedLocks,
    /// The polls of devices that wait.
    polls: Polls,
    branding: Branding,
    support: Option<String>,
    public_url: Url,
    providers: Providers,
    /// Rung when a mail waits to be delivered.
    mail_bell: Bell,
    metrics: Metrics,
}

impl Service {
    /// What the operator has decided.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// How this installation presents itself.
    #[must_use]
    pub const fn branding(&self) -> &Branding {
        &self.branding
    }

    /// The other identity systems.
    #[must_use]
    pub const fn idp(&self) -> &Providers {
        &self.providers
    }

    /// Hashing, with its limits.
    #[must_use]
    pub const fn passwords(&self) -> &Passwords {
        &self.passwords
    }

    /// What is counted for monitoring.
    #[must_use]
    pub const fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Rung when a mail waits to be delivered.
    #[must_use]
    pub const fn mail_bell(&self) -> &Bell {
        &self.mail_bell
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A new id.
    ///
    /// # Errors
    /// When there are no random bytes.
    pub fn new_id(&self) -> Result<Id, Error> {
        Ok(Id::new(&self.clock, &self.random)?)
    }

    /// Whether the database can be read and written.
    ///
    /// # Errors
    /// When it can't.
    pub async fn check_database(&self) -> Result<(), Error> {
        Ok(self.store.check(self.clock.now()).await?)
    }

    /// Copies the database into a new file; its size in bytes.
    ///
    /// # Errors
    /// As [`BackupError`] says.
    pub async fn back_up(&self, file: &Path) -> Result<u64, BackupError> {
        self.store.copy_to(file).await
    }

    /// Closes the database. Nothing can be done any more.
    pub async fn close(&self) {
        self.store.close().await;
    }
}
