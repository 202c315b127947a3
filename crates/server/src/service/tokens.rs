//! Tokens of the token surface: refreshing, revoking and authenticating them. A sign-in creates them
//! ([`Purpose::Tokens`](super::sign_in::Purpose)).

use std::net::IpAddr;

use doorstep_contract::{auth::BeganWith, secret::Secret};
use jiff::Timestamp;
use tracing::warn;

use crate::{
    domain::{
        access::{self, EXPIRED_MEMORY, Issued, Mode, RefreshToken},
        audit::Event,
        limits::Whose,
        quota::Quota,
        secret_key,
        session::{TokenHash, Visitor},
    },
    error::Error,
    service::{
        core::{ClientContext, Core, Identity},
        provider::ProviderLogin,
        sessions::{Sessions, SignedIn},
        sign_in::{Credentials, Purpose, SignIn},
    },
    store::{Rotated, Rotation},
};

/// Access and refresh tokens.
#[derive(Debug, Clone, Copy)]
pub struct Tokens<'a> {
    core: &'a Core,
}

impl<'a> Tokens<'a> {
    pub(super) const fn new(core: &'a Core) -> Self {
        Self { core }
    }
}

impl Tokens<'_> {
    /// Signs in for tokens, with email or username and password, and a code if two-factor authentication is on.
    ///
    /// # Errors
    /// As [`SignIn::with_password`].
    pub async fn sign_in(
        self,
        name: String,
        password: Secret,
        code: Option<Secret>,
        mode: Mode,
        context: &ClientContext,
    ) -> Result<SignedIn, Error> {
        let credentials = Credentials { name, password, code, trust: false, purpose: Purpose::Tokens(mode) };
        SignIn::new(self.core).with_password(&credentials, context).await
    }

    /// Exchanges a refresh token for new tokens, once.
    ///
    /// In session mode, a second use within seconds returns the same tokens again, for concurrent tabs; in other
    /// modes it is refused without consequences. A later reuse ends the session: the token was probably stolen (RFC
    /// 9700 §4.14.2).
    ///
    /// # Errors
    /// [`Error::InvalidCredentials`]; [`Error::RateLimited`]; database errors.
    pub async fn refresh(self, tokens: &[&str], mode: Mode, visitor: &Visitor) -> Result<Issued, Error> {
        let address = visitor.address;
        self.core.spend(Quota::Refresh, Whose::Address(address)).await?.keep();
        let hash = self.one_to_refresh(tokens).await?.ok_or(Error::InvalidCredentials)?;
        let now = self.core.clock.now();
        let (session, account) = self.core.store.find_refresh(hash).await?.ok_or(Error::InvalidCredentials)?;
        if !self.core.policy.sessions.is_live(&session, now) {
            return Err(Error::InvalidCredentials);
        }
        if session.began_with == BeganWith::Sso && !ProviderLogin::new(self.core).agrees(&session, &account).await? {
            return Err(Error::InvalidCredentials);
        }
        let issued = Issued::new(mode, &self.core.random)?;
        let successor = match mode {
            Mode::Session => {
                let purpose = secret_key::Purpose::SuccessorTokens;
                Some(self.core.secret_keys.seal(
                    purpose,
                    hash.as_bytes(),
                    issued.refresh.as_bytes(),
                    &self.core.random,
                )?)
            }
            Mode::Json | Mode::Cookie => None,
        };
        let reused = self.core.event_of(Event::RefreshTokenReused, &account, Some(address))?;
        let reused = reused.with("session_id", session.id.as_str());
        let rotation =
            Rotation { token: hash, issued: issued.to_store(now), successor: successor.as_deref(), reused: &reused };
        match self.core.store.rotate_refresh_token(&rotation, now).await? {
            Rotated::Done => Ok(issued),
            Rotated::Again(Some(sealed)) if mode == Mode::Session => {
                let plain = self.core.secret_keys.open(secret_key::Purpose::SuccessorTokens, hash.as_bytes(), &sealed);
                let refresh = plain.and_then(|plain| RefreshToken::from_bytes(&plain));
                Ok(Issued { mode, access: None, refresh: refresh.ok_or(Error::InvalidCredentials)? })
            }
            Rotated::Reused => {
                reused.log();
                Err(Error::InvalidCredentials)
            }
            Rotated::Again(_) | Rotated::Gone => Err(Error::InvalidCredentials),
        }
    }

    /// The first of several refresh tokens that is still valid, so that an old one beside it ends nothing;
    /// otherwise the first.
    async fn one_to_refresh(self, tokens: &[&str]) -> Result<Option<TokenHash>, Error> {
        let hashes: Vec<_> = tokens.iter().filter_map(|token| Some(RefreshToken::parse(token)?.hash())).collect();
        if let [_, _, ..] = hashes.as_slice() {
            for hash in &hashes {
                if self.core.store.is_refresh_unused(*hash, self.core.clock.now()).await? {
                    return Ok(Some(*hash));
                }
            }
        }
        Ok(hashes.first().copied())
    }

    /// Ends the sessions of these tokens; invalid tokens are ignored.
    ///
    /// # Errors
    /// When the database fails: some sessions may still be live.
    pub async fn end(self, tokens: &[&str], address: IpAddr) -> Result<(), Error> {
        for hash in tokens.iter().filter_map(|token| access::presented(token)) {
            let found = match self.core.store.find_refresh(hash).await? {
                Some(found) => Some(found),
                None => self.core.store.find_access(hash).await?.map(|(session, account, _)| (session, account)),
            };
            if let Some((session, account)) = found {
                Sessions::new(self.core).sign_out(&session, &account, address).await?;
            }
        }
        Ok(())
    }

    /// The session and account of the first valid access token.
    ///
    /// # Errors
    /// [`Error::TokenExpired`] when one has expired; [`Error::InvalidCredentials`] when none is valid; database
    /// errors.
    pub async fn identify(self, tokens: &[&str]) -> Result<Identity, Error> {
        let mut refused = Error::InvalidCredentials;
        for token in tokens {
            match self.open_access(token).await {
                Err(Error::TokenExpired) => refused = Error::TokenExpired,
                Err(Error::InvalidCredentials) => {}
                answer => return answer,
            }
        }
        Err(refused)
    }

    /// Looks up a token together with its session (ASVS 7.4.1).
    async fn open_access(self, token: &str) -> Result<Identity, Error> {
        let hash = access::presented(token).ok_or(Error::InvalidCredentials)?;
        let found = self.core.store.find_access(hash).await?;
        let (session, account, until) = found.ok_or(Error::InvalidCredentials)?;
        let now = self.core.clock.now();
        if now >= until {
            return Err(Error::TokenExpired);
        }
        Sessions::new(self.core).seen(session, account, hash, now).await?.ok_or(Error::InvalidCredentials)
    }

    /// Removes expired tokens, which have no effect any more, to keep the tables small.
    pub async fn prune(self) {
        let now: Timestamp = self.core.clock.now();
        if let Err(error) = self.core.store.prune_tokens(EXPIRED_MEMORY, now).await {
            warn!(%error, "expired tokens were not removed");
        }
    }
}
