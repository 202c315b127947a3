//! Builds a service.

use std::sync::Arc;

use doorstep_contract::auth::Branding;
use url::Url;

use super::{
    Service,
    core::{Bell, Core, KeyedLocks, Polls},
    passwords::Passwords,
};
use crate::{
    domain::{clock::Clock, password::PasswordHasher, policy::Policy, random::Random, secret_key::SecretKeys},
    error::Error,
    idp::Providers,
    metrics::Metrics,
    store::Store,
};

/// The parts of a [`Service`]. Those not set have a default.
#[derive(Debug, Clone)]
pub struct ServiceBuilder {
    /// The database.
    pub store: Store,
    /// The clock.
    pub clock: Clock,
    /// The random source.
    pub random: Random,
    /// The server's secrets.
    pub secret_keys: SecretKeys,
    /// The operator's settings.
    pub policy: Policy,
    /// The installation's branding.
    pub branding: Branding,
    /// The URL of the support page, absolute; included in mails.
    pub support: Option<String>,
    /// The public URL, which links in mails use.
    pub public_url: Url,
    /// The SSO providers.
    pub providers: Providers,
}

impl ServiceBuilder {
    /// A service with this database, the system's clock and random source.
    #[must_use]
    pub fn new(store: Store, secret_keys: SecretKeys, public_url: Url) -> Self {
        Self {
            store,
            clock: Clock::system(),
            random: Random::system(),
            secret_keys,
            policy: Policy::default(),
            branding: Branding { name: "Doorstep".to_owned(), ..Branding::default() },
            support: None,
            public_url,
            providers: Providers::default(),
        }
    }

    /// Builds the service.
    ///
    /// # Errors
    /// When the random source fails.
    pub fn build(self) -> Result<Service, Error> {
        let hasher = PasswordHasher::new(&self.random)?;
        let core = Core {
            passwords: Passwords::new(hasher, self.random.clone()),
            store: self.store,
            clock: self.clock,
            random: self.random,
            secret_keys: self.secret_keys,
            policy: self.policy,
            attempts: KeyedLocks::default(),
            polls: Polls::default(),
            branding: self.branding,
            support: self.support,
            public_url: self.public_url,
            providers: self.providers,
            mail_bell: Bell::default(),
            metrics: Metrics::default(),
        };
        Ok(Service { core: Arc::new(core) })
    }
}
