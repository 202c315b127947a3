//! What a service is made of: the only place where one is put together.

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

/// What a [`Service`] is made of. Whatever is not handed in has its default.
#[derive(Debug, Clone)]
pub struct ServiceBuilder {
    /// The database.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// Chance.
    pub random: Random,
    /// The server's secrets.
    pub secret_keys: SecretKeys,
    /// What the operator has decided.
    pub policy: Policy,
    /// How this installation presents itself.
    pub branding: Branding,
    /// Where users find help, an absolute URL; mails name it.
    pub support: Option<String>,
    /// Where users find the server: where links in mails lead.
    pub public_url: Url,
    /// Other identity systems.
    pub providers: Providers,
}

impl ServiceBuilder {
    /// A service over this database with the clock and the random source of the system.
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

    /// Makes the service. It starts with nothing in memory.
    ///
    /// # Errors
    /// When there are no random bytes.
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
