//! The use cases, independent of any surface: the rules of [`domain`](crate::domain) together with the [`store`].
//! There is no HTTP here: callers pass plain values and get plain values or an [`Error`].
//!
//! A surface calls an area of the [`Service`] (`state.service.sign_in().with_password(…)`); each area is a folder
//! or file here. An area is a view of the one [`Core`](core), which has the database, clock, random source, secrets
//! and policy, and what all areas need: limits, audit events, mails. Areas call each other's functions in one
//! direction only, which `cargo xtask tidy` enforces (`xtask/src/tidy/layers.rs`):
//!
//! ```text
//! serve.rs, operate.rs -> builder.rs -> Service -> an area -> core -> domain, store, idp
//!
//! sign_in ──> sessions, accounts         authenticating users
//! sessions ─> provider, projects         browser sessions
//! tokens ───> sign_in, sessions, provider
//! sso ──────> sign_in, sessions, devices, provider
//! account ──> sign_in, sessions          what users do with their own account
//! devices ──> provider                   programs that a user authorizes
//! portal ───> sessions                   what clients see
//! projects ─> accounts
//! accounts (of an operator's commands), clients, audit, mails (delivery), provider (redirects to it), limits, demo
//! ```
//!
//! CPU-bound work has its own threads: `passwords` hashes behind a fair queue, [`heavy`] draws QR codes and writes
//! exports.

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

/// Runs a request with a limit on the total time of its database calls.
pub async fn bounded<T>(request: impl Future<Output = T>) -> T {
    store::bounded(request).await
}

/// All use cases. Clones share their state.
#[derive(Debug, Clone)]
pub struct Service {
    core: Arc<Core>,
}

impl Service {
    /// Signing in, and reauthentication.
    #[must_use]
    pub fn sign_in(&self) -> SignIn<'_> {
        SignIn::new(&self.core)
    }

    /// Sessions.
    #[must_use]
    pub fn sessions(&self) -> Sessions<'_> {
        Sessions::new(&self.core)
    }

    /// The account of the signed-in user.
    #[must_use]
    pub fn account(&self) -> OwnAccount<'_> {
        OwnAccount::new(&self.core)
    }

    /// Accounts, as operators manage them.
    #[must_use]
    pub fn accounts(&self) -> Accounts<'_> {
        Accounts::new(&self.core)
    }

    /// Signing in through identity providers.
    #[must_use]
    pub fn sso(&self) -> Sso<'_> {
        Sso::new(&self.core)
    }

    /// Access and refresh tokens.
    #[must_use]
    pub fn tokens(&self) -> Tokens<'_> {
        Tokens::new(&self.core)
    }

    /// The device flow.
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

    /// The clients' portal.
    #[must_use]
    pub fn portal(&self) -> Portal<'_> {
        Portal::new(&self.core)
    }

    /// The audit log.
    #[must_use]
    pub fn audit(&self) -> AuditLog<'_> {
        AuditLog::new(&self.core)
    }

    /// The mail queue.
    #[must_use]
    pub fn mails(&self) -> MailQueue<'_> {
        MailQueue::new(&self.core)
    }

    /// Sample data for an empty database.
    #[must_use]
    pub fn demo(&self) -> Demo<'_> {
        Demo::new(&self.core)
    }

    /// Removes expired rows of all areas. They have no effect any more; this keeps the tables small.
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

    /// The gauges for monitoring, which are measured when they are read. When the database fails, its gauges are
    /// missing.
    pub async fn moment(&self) -> Moment {
        let Core { store, passwords, .. } = &*self.core;
        let waiting = store.count_mails().await.inspect_err(|error| warn!(%error, "mails were not counted"));
        Moment { mails_waiting: waiting.ok(), hashing: passwords.hashing(), database: store.times() }
    }

    /// The operator's settings.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.core.policy
    }

    /// The installation's branding.
    #[must_use]
    pub fn branding(&self) -> &Branding {
        &self.core.branding
    }

    /// The SSO providers.
    #[must_use]
    pub fn providers(&self) -> &Providers {
        &self.core.providers
    }

    /// Password hashing, with its queue.
    #[must_use]
    pub fn passwords(&self) -> &Passwords {
        &self.core.passwords
    }

    /// The counters for monitoring.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.core.metrics
    }

    /// Rung when a mail was queued.
    #[must_use]
    pub fn mail_bell(&self) -> &Bell {
        &self.core.mail_bell
    }

    /// The current time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.core.clock.now()
    }

    /// Adopts the clock of the database, which all servers share.
    ///
    /// # Errors
    /// When the database fails; then nothing changes.
    pub async fn follow_clock(&self) -> Result<(), Error> {
        let clock = &self.core.clock;
        if let Some(ahead) = self.core.store.clock_ahead(clock).await?
            && clock.follow(ahead)
        {
            warn!(
                ahead_ms = ahead.as_millis(),
                "following the clock of the database, which is ahead of this machine's"
            );
        }
        Ok(())
    }

    /// A new id.
    ///
    /// # Errors
    /// When the random source fails.
    pub fn new_id(&self) -> Result<Id, Error> {
        Ok(Id::new(&self.core.clock, &self.core.random)?)
    }

    /// Checks that the database can be read and written.
    ///
    /// # Errors
    /// When it cannot.
    pub async fn check_database(&self) -> Result<(), Error> {
        Ok(self.core.store.check(self.core.clock.now()).await?)
    }

    /// Copies the database into a new file and returns its size in bytes.
    ///
    /// # Errors
    /// See [`BackupError`].
    pub async fn back_up(&self, file: &Path) -> Result<u64, BackupError> {
        self.core.store.copy_to(file).await
    }

    /// Closes the database. Afterwards every use case fails.
    pub async fn close(&self) {
        self.core.store.close().await;
    }
}
