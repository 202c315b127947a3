//! Other identity systems: how they are asked. What follows from their answers is decided in
//! [`service`](crate::service).

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

use self::{http::Http, openid::Discovered};
use crate::domain::{access::Mode, sso::Person};

/// How a provider is set up.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Its name in paths.
    pub name: String,
    /// What it speaks.
    pub driver: Driver,
    /// What people call it.
    pub label: Option<String>,
    /// Its icon: the name of a shape, or where a picture of the operator is served.
    pub icon: Option<String>,
    /// Who we are there.
    pub client_id: String,
    /// How we prove it; `None` for a public client.
    pub client_secret: Option<Secret>,
    /// What is asked for.
    pub scope: Vec<String>,
    /// The claim that names a person for good.
    pub identifier_key: String,
    /// The claim that has the email.
    pub email_key: String,
    /// Whether a user without an account gets one.
    pub allow_registration: bool,
    /// Whether emails that the provider does not say are verified count as verified.
    pub assume_email_verified: bool,
    /// Addresses of other origins that a sign-in may end at.
    pub redirect_allow_list: Vec<Url>,
    /// Whether programs get a cookie too.
    pub mode: Option<Mode>,
    /// Whether it may be used for the device flow's branch of other identity systems.
    pub device_external: bool,
}

/// What a provider speaks.
#[derive(Debug, Clone)]
pub enum Driver {
    /// `OpenID` Connect, found by its issuer.
    OpenId {
        /// To the letter as in its ID tokens.
        issuer: String,
    },
    /// OAuth 2.0, with an endpoint that says who a user is.
    OAuth2(Box<Endpoints>),
}

/// Where to ask what.
#[derive(Debug, Clone)]
pub struct Endpoints {
    /// Where people are sent.
    pub authorize_url: Url,
    /// Where codes are exchanged.
    pub access_url: Url,
    /// Where people are described.
    pub profile_url: Url,
}

/// Why another system did not help.
#[derive(Debug, thiserror::Error)]
pub enum IdpError {
    /// It does not answer, or not now.
    #[error("no answer: {0}")]
    Unavailable(String),
    /// It does not answer in time.
    #[error("no answer in time")]
    Late,
    /// It does not speak as it should, or not with us.
    #[error("it is not set up as it should be: {0}")]
    Misconfigured(String),
    /// What it says can't be believed.
    #[error("what it says can't be believed: {0}")]
    Unbelievable(String),
    /// It says that what we presented counts no more.
    #[error("it takes the grant no more")]
    Revoked,
}

/// What is made up anew for each sign-in.
#[derive(Debug, Clone, Copy)]
pub struct Secrets<'a> {
    /// Names the sign-in (RFC 6749 §10.12).
    pub state: &'a str,
    /// What the ID token must repeat.
    pub nonce: &'a str,
    /// The code verifier (RFC 7636).
    pub verifier: &'a str,
}

/// Who a user is, and how to ask again.
#[derive(Debug)]
pub struct Told {
    /// Who it is.
    pub person: Person,
    /// A refresh token, if it gave one.
    pub refresh_token: Option<Secret>,
}

/// All providers of the configuration.
#[derive(Debug, Clone, Default)]
pub struct Providers {
    providers: Arc<[Provider]>,
    http: Option<Http>,
}

#[derive(Debug)]
struct Provider {
    settings: Settings,
    /// What its discovery document said; kept when there was one.
    discovered: RwLock<Option<Arc<Discovered>>>,
    /// Held by the one that asks for it; when there was last no answer in time.
    late_at: Mutex<Option<Timestamp>>,
}

/// One of them, and how to reach it.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    provider: &'a Provider,
    http: &'a Http,
}

impl Providers {
    /// The providers of these settings.
    ///
    /// # Errors
    /// When the system has no certificates to judge theirs by.
    pub fn new(settings: Vec<Settings>) -> io::Result<Self> {
        let http = if settings.is_empty() { None } else { Some(Http::new()?) };
        let provider = |settings| Provider { settings, discovered: RwLock::new(None), late_at: Mutex::new(None) };
        Ok(Self { providers: settings.into_iter().map(provider).collect(), http })
    }

    /// The provider of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Known<'_>> {
        let provider = self.providers.iter().find(|provider| provider.settings.name == name)?;
        Some(Known { provider, http: self.http.as_ref()? })
    }

    /// How each is set up.
    pub fn settings(&self) -> impl Iterator<Item = &Settings> {
        self.providers.iter().map(|provider| &provider.settings)
    }
}

impl Settings {
    /// The provider as people may see it.
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
    /// How it is set up.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.provider.settings
    }

    /// Where to send a user. `again`: they are to prove anew who they are.
    ///
    /// # Errors
    /// When it can't be found out.
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

    /// Who came back with this code.
    ///
    /// # Errors
    /// When it does not say, or can't be believed.
    pub async fn ask(
        &self,
        redirect: &Url,
        code: &str,
        secrets: Secrets<'_>,
        now: Timestamp,
    ) -> Result<Told, IdpError> {
        match &self.settings().driver {
            Driver::OpenId { issuer } => self.ask_openid(issuer, redirect, code, secrets, now).await,
            Driver::OAuth2(endpoints) => self.ask_oauth2(endpoints, redirect, code, secrets).await,
        }
    }

    /// Whether it still knows a user; a new refresh token, if it gave one.
    ///
    /// # Errors
    /// [`IdpError::Revoked`] when it does not; another when it does not say.
    pub async fn still_knows(&self, refresh_token: &Secret, now: Timestamp) -> Result<Option<Secret>, IdpError> {
        let access_url = match &self.settings().driver {
            Driver::OpenId { issuer } => self.token_endpoint(issuer, now).await?,
            Driver::OAuth2(endpoints) => endpoints.access_url.clone(),
        };
        self.refresh(&access_url, refresh_token).await
    }

    /// Whether the parameter `iss` of an answer names this system (RFC 9207): one that comes must.
    #[must_use]
    pub fn is_issuer(&self, iss: &str) -> bool {
        match &self.settings().driver {
            Driver::OpenId { issuer } => issuer == iss,
            Driver::OAuth2(_) => true,
        }
    }

    /// Where its own session can be ended (`OpenID` Connect RP-Initiated Logout §2), if it offers that.
    pub async fn end_session_url(&self, back: &Url, now: Timestamp) -> Option<Url> {
        match &self.settings().driver {
            Driver::OpenId { issuer } => self.end_session_openid(issuer, back, now).await,
            Driver::OAuth2(_) => None,
        }
    }
}
