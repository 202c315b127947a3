//! Redirecting a browser to an SSO provider and recognizing its return.
//!
//! The browser leaves with a state, and keeps in a sealed cookie what the callback must match. So the server only
//! stores which states were used, two tabs can begin at once, and a forged state is refused (RFC 9700 §2.1, §4.7).

mod session;

use doorstep_contract::sso::SsoReason;
use tracing::warn;
use url::Url;

use crate::{
    domain::{
        access::Mode,
        secret_key::Purpose,
        sso::{Begun, Destination, Intent},
        token::Token,
    },
    error::Error,
    idp::{IdpError, Known, Secrets},
    service::core::Core,
};

/// A redirect to a provider.
#[derive(Debug)]
pub struct ProviderRedirect {
    /// The provider's authorization URL.
    pub location: Url,
    /// The state, which also names the cookie.
    pub state: String,
    /// The sealed content of the cookie.
    pub sealed: Vec<u8>,
}

/// Redirects to SSO providers.
#[derive(Debug, Clone, Copy)]
pub struct ProviderLogin<'a> {
    core: &'a Core,
}

impl<'a> ProviderLogin<'a> {
    pub(in crate::service) const fn new(core: &'a Core) -> Self {
        Self { core }
    }
}

impl ProviderLogin<'_> {
    /// A redirect to a provider, with the cookie's content.
    ///
    /// # Errors
    /// When the random source fails; the inner error when the provider is unavailable.
    pub(in crate::service) async fn begin(
        self,
        known: &Known<'_>,
        destination: Destination,
        mode: Option<Mode>,
        intent: Intent,
    ) -> Result<Result<ProviderRedirect, SsoReason>, Error> {
        let provider = known.settings().name.as_str();
        let state = [intent.prefix(), &Token::new(&self.core.random)?.reveal()].concat();
        let (nonce, verifier) = (Token::new(&self.core.random)?.reveal(), Token::new(&self.core.random)?.reveal());
        let secrets = Secrets { state: &state, nonce: &nonce, verifier: &verifier };
        let again = matches!(intent, Intent::Reauth(_));
        let location = match known.authorize(&self.callback(provider), secrets, again, self.core.clock.now()).await {
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
            at: self.core.clock.now().as_millisecond(),
        };
        let plain = serde_json::to_vec(&begun).map_err(|_| Error::NotJson)?;
        let sealed = self.core.secret_keys.seal(Purpose::SsoStates, state.as_bytes(), &plain, &self.core.random)?;
        Ok(Ok(ProviderRedirect { location, state, sealed }))
    }

    /// The callback URL, from the public URL and never from `Host` (RFC 9700 §2.1).
    pub(in crate::service) fn callback(self, provider: &str) -> Url {
        let mut url = self.core.public_url.clone();
        url.set_path(&format!("/auth/login/{provider}/callback"));
        url
    }
}

/// The reason shown to the user; details are only logged.
pub(in crate::service) const fn reason_of(error: &IdpError) -> SsoReason {
    match error {
        IdpError::Unavailable(_) | IdpError::Late => SsoReason::ServiceUnavailable,
        IdpError::Misconfigured(_) => SsoReason::InvalidProvider,
        IdpError::Implausible(_) | IdpError::Revoked => SsoReason::InvalidCredentials,
    }
}
