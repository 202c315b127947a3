//! Signing in through another identity system: out to it. How people come back is in [`super::sso_arrival`].
//!
//! The browser leaves with a state, and keeps, sealed in a cookie of its own, what must come back with it. So the server
//! remembers only which states have come back, two tabs may start at once, and a state from elsewhere opens nothing (RFC 9700
//! §2.1, §4.7).

use std::net::IpAddr;

use doorstep_contract::{route::ClientRoute, sso::SsoReason};
use tracing::warn;
use url::Url;

use super::{Service, quotas::Whose, sessions::Identity};
use crate::{
    domain::{
        access::Mode,
        quota::Quota,
        secret_key::Purpose,
        sso::{Begun, Destination, Intent},
        token::Token,
    },
    error::Error,
    idp::{IdpError, Known, Secrets},
};

/// What the start asks for, as it came.
#[derive(Debug, Default, Clone, Copy)]
pub struct Wish<'a> {
    /// Where to go in the end.
    pub redirect: Option<&'a str>,
    /// How programs get their tokens.
    pub mode: Option<&'a str>,
    /// Whether to prove again who is signed in.
    pub reauth: bool,
    /// Whether another site has led the browser here.
    pub from_elsewhere: bool,
}

/// A way out.
#[derive(Debug)]
pub struct Out {
    /// Where to.
    pub location: Url,
    /// Names it.
    pub state: String,
    /// What the browser keeps.
    pub sealed: Vec<u8>,
}

/// An identity may be added.
#[derive(Debug)]
pub struct Link<'a> {
    /// The provider that knows it.
    pub known: Known<'a>,
    destination: Destination,
}

/// It failed: why, and where the person can go on.
#[derive(Debug)]
pub struct Failed {
    /// Why.
    pub reason: SsoReason,
    /// For a `Location` header.
    pub location: String,
}

impl Service {
    /// Sends somebody to a provider; the inner `Err` where they learn why not.
    ///
    /// # Errors
    /// [`Error::UnknownProvider`]; [`Error::InvalidRequest`] when the way may not end there; that of randomness.
    pub async fn leave(
        &self,
        provider: &str,
        wish: Wish<'_>,
        identity: Option<&Identity>,
        address: IpAddr,
    ) -> Result<Result<Out, Failed>, Error> {
        let known = self.providers.find(provider).ok_or(Error::UnknownProvider)?;
        let destination = destination(wish.redirect, ClientRoute::Home, &known)?;
        let mode = match wish.mode {
            Some("json") => None,
            Some(word) => Some(Mode::parse(word).ok_or_else(|| Error::InvalidRequest("`mode` is unknown".to_owned()))?),
            None => known.settings().mode,
        };
        let intent = match (wish.reauth, identity) {
            (false, _) => Intent::SignIn,
            (true, Some(identity)) if !identity.account.password_is_initial => {
                let intent = Intent::Reauth(identity.session.id.to_string());
                // A proof is renewed because its person wants something here, not because another site does.
                if wish.from_elsewhere {
                    return Ok(Err(Failed::new(&destination, &intent, SsoReason::ReauthRequired)));
                }
                intent
            }
            // There is nobody to prove anything: signing in comes first.
            (true, _) => return Ok(Err(Failed::new(&destination, &Intent::SignIn, SsoReason::InvalidCredentials))),
        };
        self.spend(Quota::SsoStart, Whose::Address(address)).await?.keep();
        let out = self.depart(&known, destination.clone(), mode, intent.clone()).await?;
        Ok(out.map_err(|reason| Failed::new(&destination, &intent, reason)))
    }

    /// Sends the person of a session to a provider, to add their identity there to their account; the inner `Err` where
    /// they learn why not.
    ///
    /// # Errors
    /// As [`leave`](Self::leave), and those of [`may_link`](Self::may_link).
    pub async fn begin_link(
        &self,
        provider: &str,
        redirect: Option<&str>,
        identity: &Identity,
        address: IpAddr,
    ) -> Result<Result<Out, Failed>, Error> {
        let link = self.may_link(provider, redirect, identity)?;
        let intent = Intent::Link(identity.session.id.to_string());
        self.spend(Quota::SsoStart, Whose::Address(address)).await?.keep();
        let out = self.depart(&link.known, link.destination.clone(), None, intent.clone()).await?;
        Ok(out.map_err(|reason| Failed::new(&link.destination, &intent, reason)))
    }

    /// Whether the person of a session may begin that. Nothing is changed by asking.
    ///
    /// # Errors
    /// [`Error::UnknownProvider`]; [`Error::InvalidRequest`] when it may not end there; [`Error::TemporarySession`];
    /// [`Error::ReauthRequired`].
    pub fn may_link(&self, provider: &str, redirect: Option<&str>, identity: &Identity) -> Result<Link<'_>, Error> {
        let known = self.providers.find(provider).ok_or(Error::UnknownProvider)?;
        let destination = destination(redirect, ClientRoute::AccountIdentities, &known)?;
        identity.require_lasting()?;
        self.require_fresh(identity)?;
        Ok(Link { known, destination })
    }

    /// The way out, and what the browser is to keep meanwhile.
    ///
    /// # Errors
    /// That of randomness; the inner one when the provider gives no way.
    pub(super) async fn depart(
        &self,
        known: &Known<'_>,
        destination: Destination,
        mode: Option<Mode>,
        intent: Intent,
    ) -> Result<Result<Out, SsoReason>, Error> {
        let provider = known.settings().name.as_str();
        let state = [intent.prefix(), &Token::new(&self.random)?.reveal()].concat();
        let (nonce, verifier) = (Token::new(&self.random)?.reveal(), Token::new(&self.random)?.reveal());
        let secrets = Secrets { state: &state, nonce: &nonce, verifier: &verifier };
        let again = matches!(intent, Intent::Reauth(_));
        let location = match known.authorize(&self.callback(provider), secrets, again, self.clock.now()).await {
            Ok(location) => location,
            Err(error) => {
                let reason = reason_of(&error);
                warn!(event = "sso_failed", provider, reason = reason.as_str(), error = ?error.to_string());
                return Ok(Err(reason));
            }
        };
        let begun = Begun {
            provider: provider.to_owned(),
            nonce,
            verifier,
            destination,
            mode: mode.map(|mode| mode.as_str().to_owned()),
            intent,
            at: self.clock.now().as_millisecond(),
        };
        let plain = serde_json::to_vec(&begun).map_err(|_| Error::TaskLost)?;
        let sealed = self.secret_keys.seal(Purpose::SsoStates, state.as_bytes(), &plain, &self.random)?;
        Ok(Ok(Out { location, state, sealed }))
    }

    /// Where providers send people back to: from the public URL, never from `Host` (RFC 9700 §2.1).
    pub(super) fn callback(&self, provider: &str) -> Url {
        let mut url = self.public_url.clone();
        url.set_path(&format!("/auth/login/{provider}/callback"));
        url
    }
}

impl Failed {
    /// Where the person can go on.
    #[must_use]
    pub fn new(destination: &Destination, intent: &Intent, reason: SsoReason) -> Self {
        Self { reason, location: destination.failed(intent, reason) }
    }
}

fn destination(wished: Option<&str>, otherwise: ClientRoute, known: &Known<'_>) -> Result<Destination, Error> {
    let text = wished.unwrap_or(otherwise.path());
    let destination = Destination::parse(text, &known.settings().redirect_allow_list);
    destination.ok_or_else(|| Error::InvalidRequest("`redirect` is not an address to return to".to_owned()))
}

/// What to tell the person. What exactly is wrong is for the log.
pub(super) const fn reason_of(error: &IdpError) -> SsoReason {
    match error {
        IdpError::Unavailable(_) | IdpError::Late => SsoReason::ServiceUnavailable,
        IdpError::Misconfigured(_) => SsoReason::InvalidProvider,
        IdpError::Unbelievable(_) | IdpError::Revoked => SsoReason::InvalidCredentials,
    }
}
