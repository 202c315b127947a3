//! Beginning a session after any kind of authentication.

use doorstep_contract::{auth::BeganWith, secret::Secret};
use doorstep_locales::Language;
use jiff::Timestamp;
use tracing::warn;

use super::Sessions;
use crate::{
    domain::{
        access::{Issued, Mode},
        account::Account,
        audit::{Entry, Event},
        id::Id,
        known_browser::KnownBrowser,
        limits::Whose,
        mail::Notice,
        quota::Quota,
        second_factor::TRUST_LIFE,
        session::{Session, SessionToken},
        token::Token,
    },
    error::Error,
    service::{
        core::{ClientContext, Identity},
        provider::ProviderLogin,
    },
    store::{NewSession, NewTrustedDevice, Proof, SealedMail},
};

/// The result of a sign-in.
#[derive(Debug)]
pub struct SignedIn {
    /// The token of the new session.
    pub token: SessionToken,
    /// The known-browser proof for the account.
    pub proof: String,
    /// The token of a newly trusted browser.
    pub trusted: Option<Token>,
    /// Access and refresh tokens, when they were requested.
    pub tokens: Option<Issued>,
    /// The session and its account.
    pub identity: Identity,
}

impl Sessions<'_> {
    /// Begins a session of an authenticated account. The browser's earlier session ends.
    pub(in crate::service) async fn begin(
        self,
        account: Account,
        new: NewSessionSpec<'_>,
        browser: Option<KnownBrowser>,
        context: &ClientContext,
    ) -> Result<SignedIn, Error> {
        let token = SessionToken::new(&self.core.random)?;
        let trusted = if new.trust { Some(Token::new(&self.core.random)?) } else { None };
        let tokens = new.tokens.map(|mode| Issued::new(mode, &self.core.random)).transpose()?;
        let now = self.core.clock.now();
        let session = Session {
            id: Id::new(&self.core.clock, &self.core.random)?,
            began_with: new.began.with,
            created_at: new.began.at.unwrap_or(now),
            proved_at: now,
            last_seen_at: now,
        };
        let trusts = match &trusted {
            Some(token) => Some(NewTrustedDevice {
                id: Id::new(&self.core.clock, &self.core.random)?,
                token: token.hash(),
                expires_at: now.checked_add(TRUST_LIFE).unwrap_or(now),
            }),
            None => None,
        };
        let address = context.visitor.address;
        let mut entries = Vec::new();
        if !new.goes_on {
            let entry = self.core.own_event(Event::SignedIn, &account, address)?;
            let entry = entry.with("with", session.began_with.as_str()).with("session_id", session.id.as_str());
            entries.push(match (new.proof, new.provider) {
                (Proof::TrustedDevice(_, device), _) => entry.with("trusted_device_id", device.as_str()),
                (_, Some((identity, _))) => entry.with("identity_id", identity.as_str()),
                _ => entry,
            });
        }
        let mut notices = Vec::new();
        if session.is_temporary() && !new.goes_on {
            notices.push(self.core.write_notice(&account, Notice::TemporaryTokenUsed, context)?);
        }
        if let Some(device) = &trusts {
            let notice = Notice::BrowserTrusted(device.expires_at);
            notices.push(self.core.write_notice(&account, notice, context)?);
            let entry = self.core.own_event(Event::TrustedDeviceAdded, &account, address)?;
            entries.push(entry.with("trusted_device_id", device.id.as_str()));
        }
        let new_browser = self.new_browser_notice(&account, &session, &new, browser, context).await?;
        let provider_token = match new.provider {
            Some((_, Some(token))) => Some(ProviderLogin::new(self.core).seal_token(&session.id, token)?),
            _ => None,
        };
        let begun = self
            .core
            .store
            .begin_session(NewSession {
                session: &session,
                token: token.hash(),
                account: &account.id,
                visitor: &context.visitor,
                replaces: context.earlier.iter().map(SessionToken::hash).collect(),
                proof: new.proof,
                trusts,
                tokens: tokens.as_ref().map(|tokens| tokens.to_store(now)),
                provider: new.provider.map(|(identity, _)| (identity, provider_token.as_deref())),
                entries: &entries,
                notices: &notices,
                new_browser: new_browser.as_ref(),
            })
            .await?;
        if !begun {
            return Err(new.proof.void());
        }
        entries.iter().for_each(Entry::log);
        if !new.goes_on {
            self.core.metrics.signed_in(session.began_with);
        }
        if !notices.is_empty() || new_browser.is_some() {
            self.core.mail_bell.ring();
        }
        let account = self.store_language(account, context.language).await;
        let browser = browser.map_or_else(|| KnownBrowser::new(&self.core.random), Ok)?;
        let proof = browser.proof(&account.id, now, &self.core.secret_keys);
        let identity = Identity { session, account, opened_with: token.hash() };
        Ok(SignedIn { token, proof, trusted, tokens, identity })
    }

    /// The mail about a sign-in from an unknown browser or program; the store omits it for known ones. An account
    /// gets only a few per day, so that many sign-ins do not cause many mails.
    async fn new_browser_notice(
        self,
        account: &Account,
        session: &Session,
        new: &NewSessionSpec<'_>,
        browser: Option<KnownBrowser>,
        context: &ClientContext,
    ) -> Result<Option<SealedMail>, Error> {
        // A temporary token has its own mail.
        let has_another_mail = new.goes_on || session.is_temporary();
        let is_known = browser.is_some() || matches!(new.proof, Proof::TrustedDevice(..));
        if has_another_mail || is_known {
            return Ok(None);
        }
        match self.core.spend(Quota::NewBrowserMail, Whose::Id(account.id.as_str())).await {
            Ok(spent) => spent.keep(),
            Err(Error::RateLimited(_)) => return Ok(None),
            Err(error) => return Err(error),
        }
        Ok(Some(self.core.write_notice(account, Notice::SignedInFromNewBrowser, context)?))
    }

    /// Stores the language of the sign-in for mails. A failure does not affect the sign-in.
    async fn store_language(self, account: Account, language: Option<Language>) -> Account {
        let Some(language) = language.filter(|language| account.language != Some(*language)) else {
            return account;
        };
        if let Err(error) = self.core.store.store_language(&account.id, language.tag()).await {
            warn!(%error, account = %account.id, "the language of a sign-in was not stored");
            return account;
        }
        Account { language: Some(language), ..account }
    }
}

/// The parameters of a new session.
#[derive(Debug, Clone, Copy)]
pub(in crate::service) struct NewSessionSpec<'a> {
    pub(in crate::service) began: SessionOrigin,
    pub(in crate::service) proof: Proof<'a>,
    /// Whether to trust the browser.
    pub(in crate::service) trust: bool,
    /// Whether to create tokens for the session, and how they are delivered.
    pub(in crate::service) tokens: Option<Mode>,
    /// The SSO identity of the sign-in, and the provider's refresh token.
    pub(in crate::service) provider: Option<(&'a Id, Option<&'a Secret>)>,
    /// Whether it replaces a session that ends with it, without a sign-in.
    pub(in crate::service) goes_on: bool,
}

impl<'a> NewSessionSpec<'a> {
    pub(in crate::service) const fn new(began: SessionOrigin, proof: Proof<'a>) -> Self {
        Self { began, proof, trust: false, tokens: None, provider: None, goes_on: false }
    }
}

/// The kind of authentication, and its time: now, unless the session replaces another.
#[derive(Debug, Clone, Copy)]
pub(in crate::service) struct SessionOrigin {
    pub(in crate::service) with: BeganWith,
    pub(in crate::service) at: Option<Timestamp>,
}

impl SessionOrigin {
    pub(in crate::service) const fn now(with: BeganWith) -> Self {
        Self { with, at: None }
    }
}

impl Proof<'_> {
    /// The error when the proof is not valid any more.
    const fn void(self) -> Error {
        match self {
            Self::Password(_)
            | Self::PasswordAndMore(_)
            | Self::TrustedDevice(..)
            | Self::Identity(_)
            | Self::IdentityAndMore(_) => Error::InvalidCredentials,
            Self::Challenge(_) => Error::ChallengeExpired,
            Self::LoginToken(_) => Error::TokenUsed,
        }
    }
}
