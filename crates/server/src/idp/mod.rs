//! The protocols of SSO providers. [`service`](crate::service) decides what follows from the results.

mod http;
mod id_token;
mod oauth2;
mod openid;
mod token_endpoint;

use std::{io, sync::Arc};

use doorstep_contract::{auth, secret::Secret};
use jiff::Timestamp;
use tokio::sync::{Mutex, RwLock};
use url::Url;

use self::{http::Http, openid::Discovered, token_endpoint::TokenEndpoint};
use crate::domain::{access::Mode, sso::Person};

/// The settings of a provider.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Its name in paths.
    pub name: String,
    /// Its protocol.
    pub driver: Driver,
    /// Its display name, if configured.
    pub label: Option<String>,
    /// Its icon: the name of a built-in shape, or the path of an image.
    pub icon: Option<String>,
    /// The client id.
    pub client_id: String,
    /// The client secret; `None` for a public client.
    pub client_secret: Option<Secret>,
    /// The requested scopes.
    pub scope: Vec<String>,
    /// The claim with the user's permanent id.
    pub identifier_key: String,
    /// The claim with the email.
    pub email_key: String,
    /// Whether users without an account get one.
    pub allow_registration: bool,
    /// Whether emails count as verified if the provider does not say.
    pub assume_email_verified: bool,
    /// URLs of other origins that a sign-in may return to.
    pub redirect_allow_list: Vec<Url>,
    /// How tokens for programs are delivered, if the start does not specify it.
    pub mode: Option<Mode>,
    /// Whether its users may decide about devices without an account.
    pub device_external: bool,
}

/// The protocol of a provider.
#[derive(Debug, Clone)]
pub enum Driver {
    /// `OpenID` Connect, with discovery by the issuer.
    OpenId {
        /// The issuer, exactly as in its ID tokens.
        issuer: String,
    },
    /// OAuth 2.0, with an endpoint for the user's profile.
    OAuth2(Box<Endpoints>),
}

/// The endpoints of an OAuth 2.0 provider.
#[derive(Debug, Clone)]
pub struct Endpoints {
    /// The authorization endpoint.
    pub authorize_url: Url,
    /// The token endpoint.
    pub access_url: Url,
    /// The endpoint with the user's profile.
    pub profile_url: Url,
}

/// Why a provider failed.
#[derive(Debug, thiserror::Error)]
pub enum IdpError {
    /// It is unavailable.
    #[error("no response: {0}")]
    Unavailable(String),
    /// It did not respond in time.
    #[error("no response in time")]
    Late,
    /// It violates the protocol, or refuses this client.
    #[error("the provider is misconfigured: {0}")]
    Misconfigured(String),
    /// Its statements are not credible.
    #[error("the response is not trustworthy: {0}")]
    Implausible(String),
    /// It reports that the presented credential is not valid any more.
    #[error("the provider no longer accepts the grant")]
    Revoked,
}

/// The random values of a flow.
#[derive(Debug, Clone, Copy)]
pub struct Secrets<'a> {
    /// The state (RFC 6749 §10.12).
    pub state: &'a str,
    /// The nonce, which the ID token must repeat.
    pub nonce: &'a str,
    /// The code verifier (RFC 7636).
    pub verifier: &'a str,
}

/// The result of a flow.
#[derive(Debug)]
pub struct Authenticated {
    /// The user's identity.
    pub person: Person,
    /// The refresh token, if there is one.
    pub refresh_token: Option<Secret>,
    /// Why claims beside the subject may be missing. Only who is not known by the subject is concerned.
    pub user_info_error: Option<IdpError>,
}

/// All configured providers.
#[derive(Debug, Clone, Default)]
pub struct Providers {
    providers: Arc<[Provider]>,
    http: Option<Http>,
}

#[derive(Debug)]
struct Provider {
    settings: Settings,
    /// The cached discovery document.
    discovered: RwLock<Option<Arc<Discovered>>>,
    /// When it last failed to respond in time. Locked while a request loads the document.
    late_at: Mutex<Option<Timestamp>>,
}

/// A provider, with the means to contact it.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    provider: &'a Provider,
    http: &'a Http,
}

impl Providers {
    /// The providers with these settings.
    ///
    /// # Errors
    /// When the system has no certificates.
    pub fn new(settings: Vec<Settings>) -> io::Result<Self> {
        let http = if settings.is_empty() { None } else { Some(Http::new()?) };
        let provider = |settings| Provider { settings, discovered: RwLock::new(None), late_at: Mutex::new(None) };
        Ok(Self { providers: settings.into_iter().map(provider).collect(), http })
    }

    /// The provider with this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Known<'_>> {
        let provider = self.providers.iter().find(|provider| provider.settings.name == name)?;
        Some(Known { provider, http: self.http.as_ref()? })
    }

    /// The settings of all providers.
    pub fn settings(&self) -> impl Iterator<Item = &Settings> {
        self.providers.iter().map(|provider| &provider.settings)
    }
}

impl Settings {
    /// The issuer of its users' identities: that of its ID tokens; without these, its name in paths.
    #[must_use]
    pub fn issuer(&self) -> &str {
        match &self.driver {
            Driver::OpenId { issuer } => issuer,
            Driver::OAuth2(_) => &self.name,
        }
    }

    /// The provider, for users.
    #[must_use]
    pub fn to_wire(&self) -> auth::Provider {
        let driver = match self.driver {
            Driver::OpenId { .. } => "openid",
            Driver::OAuth2(_) => "oauth2",
        };
        auth::Provider {
            name: self.name.clone(),
            driver: driver.to_owned(),
            label: self.label.clone(),
            icon: self.icon.clone(),
        }
    }
}

impl Known<'_> {
    /// Its settings.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.provider.settings
    }

    /// The authorization URL. `again`: the provider must reauthenticate the user.
    ///
    /// # Errors
    /// When discovery fails.
    pub async fn authorize(
        &self,
        redirect: &Url,
        secrets: Secrets<'_>,
        again: bool,
        now: Timestamp,
    ) -> Result<Url, IdpError> {
        match &self.settings().driver {
            Driver::OpenId { issuer } => self.authorize_openid(issuer, redirect, secrets, again, now).await,
            Driver::OAuth2(_) if again => {
                Err(IdpError::Misconfigured("OAuth 2.0 knows no way to prove again who somebody is".to_owned()))
            }
            Driver::OAuth2(endpoints) => Ok(self.authorize_oauth2(&endpoints.authorize_url, redirect, secrets)),
        }
    }

    /// Redeems a code and returns the user's identity.
    ///
    /// # Errors
    /// When the provider fails, or its statements are not credible.
    pub async fn ask(
        &self,
        redirect: &Url,
        code: &str,
        secrets: Secrets<'_>,
        now: Timestamp,
    ) -> Result<Authenticated, IdpError> {
        match &self.settings().driver {
            Driver::OpenId { issuer } => self.ask_openid(issuer, redirect, code, secrets, now).await,
            Driver::OAuth2(endpoints) => self.ask_oauth2(endpoints, redirect, code, secrets).await,
        }
    }

    /// Whether a user is still active, by using the refresh token; returns a new one if there is one.
    ///
    /// # Errors
    /// [`IdpError::Revoked`] when the user is not; otherwise the provider failed.
    pub async fn is_still_active(&self, refresh_token: &Secret, now: Timestamp) -> Result<Option<Secret>, IdpError> {
        let endpoint = match &self.settings().driver {
            Driver::OpenId { issuer } => self.token_endpoint(issuer, now).await?,
            Driver::OAuth2(endpoints) => TokenEndpoint::of(&endpoints.access_url),
        };
        self.refresh(&endpoint, refresh_token).await
    }

    /// Whether the `iss` parameter of a callback names this provider (RFC 9207), if it is present.
    #[must_use]
    pub fn is_issuer(&self, iss: &str) -> bool {
        match &self.settings().driver {
            Driver::OpenId { issuer } => issuer == iss,
            Driver::OAuth2(_) => true,
        }
    }

    /// The URL that ends the session at the provider (`OpenID` Connect RP-Initiated Logout §2), if it supports
    /// that.
    pub async fn end_session_url(&self, back: &Url, now: Timestamp) -> Option<Url> {
        match &self.settings().driver {
            Driver::OpenId { issuer } => self.end_session_openid(issuer, back, now).await,
            Driver::OAuth2(_) => None,
        }
    }
}
