//! Signing in through another identity system: out to it. How people come back is in [`super::sso_arrival`].
//!
//! The browser leaves with a state, and keeps, sealed in a cookie of its own, what must come back with it. So the server
//! remembers nothing, two tabs may start at once, and a state from elsewhere opens nothing (RFC 9700 §2.1, §4.7).

use doorstep_contract::{route::ClientRoute, sso::SsoReason};
use tracing::warn;
use url::Url;

use super::{Service, sessions::Identity};
use crate::{
    domain::{
        access::Mode,
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
    /// Whether to add the identity to the account that is signed in.
    pub link: bool,
    /// Whether it is a navigation that no page of this origin began.
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
    ) -> Result<Result<Out, Failed>, Error> {
        let known = self.idp.find(provider).ok_or(Error::UnknownProvider)?;
        let destination = destination(wish, &known)?;
        let mode = match wish.mode {
            Some("json") => None,
            Some(word) => Some(Mode::parse(word).ok_or_else(|| Error::InvalidRequest("`mode` is unknown".to_owned()))?),
            None => known.settings().mode,
        };
        let intent = match self.intent(wish, identity) {
            Ok(intent) => intent,
            Err((intent, reason)) => return Ok(Err(Failed::new(&destination, &intent, reason))),
        };
        let out = self.depart(&known, destination.clone(), mode, intent.clone()).await?;
        Ok(out.map_err(|reason| Failed::new(&destination, &intent, reason)))
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
        let location = match known.authorize(&self.callback(provider), secrets, again).await {
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
        let sealed = self.keys.seal(Purpose::SsoStates, state.as_bytes(), &plain, &self.random)?;
        Ok(Ok(Out { location, state, sealed }))
    }

    /// What for, if whoever asks may.
    fn intent(&self, wish: Wish<'_>, identity: Option<&Identity>) -> Result<Intent, (Intent, SsoReason)> {
        let session = identity.map(|identity| identity.session.id.to_string()).unwrap_or_default();
        let intent = match (wish.link, wish.reauth) {
            (true, _) => Intent::Link(session),
            (false, true) => Intent::Reauth(session),
            (false, false) => return Ok(Intent::SignIn),
        };
        let Some(identity) = identity.filter(|identity| !identity.account.password_is_initial) else {
            // There is nobody to prove anything, or to add something to: signing in comes first.
            let reason = if wish.link { SsoReason::ReauthRequired } else { SsoReason::InvalidCredentials };
            return Err((Intent::SignIn, reason));
        };
        // What changes an account begins on a page of ours: elsewhere, somebody else may have signed in there before.
        let may_link = !wish.from_elsewhere && !identity.session.is_temporary() && self.require_fresh(identity).is_ok();
        match intent {
            Intent::Link(_) if !may_link => Err((intent, SsoReason::ReauthRequired)),
            intent => Ok(intent),
        }
    }

    /// Where providers send people back to: from the public URL, never from `Host` (RFC 9700 §2.1).
    pub(super) fn callback(&self, provider: &str) -> Url {
        let mut url = self.public_url.clone();
        url.set_path(&format!("/auth/login/{provider}/callback"));
        url
    }
}

impl Failed {
    pub(super) fn new(destination: &Destination, intent: &Intent, reason: SsoReason) -> Self {
        Self { reason, location: destination.failed(intent, reason) }
    }
}

fn destination(wish: Wish<'_>, known: &Known<'_>) -> Result<Destination, Error> {
    let home = if wish.link { "/account/identities" } else { ClientRoute::Home.path() };
    let text = wish.redirect.unwrap_or(home);
    let destination = Destination::parse(text, &known.settings().redirect_allow_list);
    destination.ok_or_else(|| Error::InvalidRequest("`redirect` is not an address to return to".to_owned()))
}

/// What to tell the person. What exactly is wrong is for the log.
pub(super) const fn reason_of(error: &IdpError) -> SsoReason {
    match error {
        IdpError::Unavailable(_) => SsoReason::ServiceUnavailable,
        IdpError::Misconfigured(_) => SsoReason::InvalidProvider,
        IdpError::Unbelievable(_) | IdpError::Revoked => SsoReason::InvalidCredentials,
    }
}
