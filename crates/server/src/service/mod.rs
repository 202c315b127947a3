//! What can be done, whatever surface asks for it: the rules of [`domain`](crate::domain) joined with the
//! [`store`]. No HTTP here: a caller hands in plain values and gets plain values or an
//! [`Error`].
//!
//! A surface asks an area of the [`Service`] (`state.service.sign_in().with_password(…)`), and each area is a folder or file
//! here. An area is a view of the one [`Core`](core), which has the database, the time, chance, secrets and policy, and with
//! them what every area needs: limits to draw from, events to write down, mails to seal. Areas reach one another by their
//! functions alone, and in one direction, which `cargo xtask tidy` keeps (`xtask/src/tidy/rooms.rs`):
//!
//! ```text
//! serve.rs, operate.rs -> builder.rs -> Service -> an area -> core -> domain, store, idp
//!
//! sign_in ──> sessions, accounts         how users prove who they are
//! sessions ─> provider, projects         what begins then, lives and ends
//! tokens ───> sign_in, sessions, provider
//! sso ──────> sign_in, sessions, devices, provider
//! account ──> sign_in, sessions          what users do with their own account
//! devices ──> provider                   programs without a browser, which a user authorizes
//! portal ───> sessions                   what clients see
//! projects ─> accounts
//! accounts (of an operator's commands), clients, audit, mails (delivery), provider (to it and back), limits, demo
//! ```
//!
//! What takes the processor for long has threads of its own: `passwords` hashes behind a fair queue, [`heavy`] draws and writes.

mod account;
mod accounts;
mod audit;
mod builder;
mod clients;
mod core;
mod demo;
pub mod devices;
pub mod heavy;
mod mails;
pub mod passwords;
mod portal;
pub mod projects;
mod provider;
mod sessions;
pub mod sign_in;
pub mod sso;
mod tokens;

use std::{path::Path, sync::Arc};

use doorstep_contract::auth::Branding;
use jiff::Timestamp;
use tracing::warn;

use self::core::Core;
pub use self::{
    account::{Edited, EmailRevert, OwnAccount, Restored},
    accounts::{Accounts, FirstStart, Wanted},
    audit::AuditLog,
    builder::ServiceBuilder,
    clients::Clients,
    core::{Bell, ClientContext, Identity},
    demo::Demo,
    devices::Devices,
    mails::MailQueue,
    passwords::Passwords,
    portal::Portal,
    projects::Projects,
    sessions::{Sessions, SignedIn},
    sign_in::SignIn,
    sso::Sso,
    tokens::Tokens,
};
use crate::{
    domain::{id::Id, policy::Policy},
    error::Error,
    idp::Providers,
    metrics::{Metrics, Moment},
    store::{self, BackupError},
};

/// Does what a request asks for, with a bound on the time that the database takes for all of it.
pub async fn bounded<T>(request: impl Future<Output = T>) -> T {
    store::bounded(request).await
}

/// Everything that can be done. A clone is the same service.
#[derive(Debug, Clone)]
pub struct Service {
    core: Arc<Core>,
}

impl Service {
    /// Signing in, and proving again who is signed in.
    #[must_use]
    pub fn sign_in(&self) -> SignIn<'_> {
        SignIn::new(&self.core)
    }

    /// Sessions.
    #[must_use]
    pub fn sessions(&self) -> Sessions<'_> {
        Sessions::new(&self.core)
    }

    /// What users do with their own account.
    #[must_use]
    pub fn account(&self) -> OwnAccount<'_> {
        OwnAccount::new(&self.core)
    }

    /// What an operator does with accounts.
    #[must_use]
    pub fn accounts(&self) -> Accounts<'_> {
        Accounts::new(&self.core)
    }

    /// Signing in through identity providers.
    #[must_use]
    pub fn sso(&self) -> Sso<'_> {
        Sso::new(&self.core)
    }

    /// The tokens of programs.
    #[must_use]
    pub fn tokens(&self) -> Tokens<'_> {
        Tokens::new(&self.core)
    }

    /// Devices.
    #[must_use]
    pub fn devices(&self) -> Devices<'_> {
        Devices::new(&self.core)
    }

    /// Projects.
    #[must_use]
    pub fn projects(&self) -> Projects<'_> {
        Projects::new(&self.core)
    }

    /// Clients.
    #[must_use]
    pub fn clients(&self) -> Clients<'_> {
        Clients::new(&self.core)
    }

    /// The portal of the clients.
    #[must_use]
    pub fn portal(&self) -> Portal<'_> {
        Portal::new(&self.core)
    }

    /// The audit log.
    #[must_use]
    pub fn audit(&self) -> AuditLog<'_> {
        AuditLog::new(&self.core)
    }

    /// The mails that wait.
    #[must_use]
    pub fn mails(&self) -> MailQueue<'_> {
        MailQueue::new(&self.core)
    }

    /// Samples for an empty database.
    #[must_use]
    pub fn demo(&self) -> Demo<'_> {
        Demo::new(&self.core)
    }

    /// Removes what is over, in all areas. It opens nothing already; this keeps the tables small.
    pub async fn prune(&self) {
        self.sessions().prune().await;
        self.core.prune_limits().await;
        self.core.prune_quotas().await;
        self.account().prune_email_changes().await;
        self.account().prune_email_reverts().await;
        self.sign_in().prune_second_factors().await;
        self.sign_in().prune_login_tokens().await;
        self.devices().prune().await;
        self.tokens().prune().await;
        self.account().prune_password_resets().await;
        self.audit().prune().await;
    }

    /// How it is at the moment, for monitoring, which nothing keeps count of. A database that does not answer leaves out what
    /// it alone knows, and nothing else.
    pub async fn moment(&self) -> Moment {
        let Core { store, passwords, .. } = &*self.core;
        let waiting = store.count_mails().await.inspect_err(|error| warn!(%error, "mails were not counted"));
        Moment { mails_waiting: waiting.ok(), hashing: passwords.hashing(), database: store.times() }
    }

    /// What the operator has decided.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.core.policy
    }

    /// How this installation presents itself.
    #[must_use]
    pub fn branding(&self) -> &Branding {
        &self.core.branding
    }

    /// The other identity systems.
    #[must_use]
    pub fn providers(&self) -> &Providers {
        &self.core.providers
    }

    /// Hashing, with its limits.
    #[must_use]
    pub fn passwords(&self) -> &Passwords {
        &self.core.passwords
    }

    /// What is counted for monitoring.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.core.metrics
    }

    /// Rung when a mail waits to be delivered.
    #[must_use]
    pub fn mail_bell(&self) -> &Bell {
        &self.core.mail_bell
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.core.clock.now()
    }

    /// Goes by the clock of the database, as all servers over it do.
    ///
    /// # Errors
    /// When the database does not answer; then nothing changes.
    pub async fn follow_clock(&self) -> Result<(), Error> {
        let clock = &self.core.clock;
        if let Some(ahead) = self.core.store.clock_ahead(clock).await?
            && clock.follow(ahead)
        {
            warn!(
                ahead_ms = ahead.as_millis(),
                "goes by the clock of the database, which is ahead of this machine's by so much"
            );
        }
        Ok(())
    }

    /// A new id.
    ///
    /// # Errors
    /// When there are no random bytes.
    pub fn new_id(&self) -> Result<Id, Error> {
        Ok(Id::new(&self.core.clock, &self.core.random)?)
    }

    /// Whether the database can be read and written.
    ///
    /// # Errors
    /// When it can't.
    pub async fn check_database(&self) -> Result<(), Error> {
        Ok(self.core.store.check(self.core.clock.now()).await?)
    }

    /// Copies the database into a new file; its size in bytes.
    ///
    /// # Errors
    /// As [`BackupError`] says.
    pub async fn back_up(&self, file: &Path) -> Result<u64, BackupError> {
        self.core.store.copy_to(file).await
    }

    /// Closes the database. Nothing can be done any more.
    pub async fn close(&self) {
        self.core.store.close().await;
    }
}
