//! SSO by signed assertions: the browser goes to the identity system with a signed state and returns with a signed
//! assertion.
//!
//! Three measures prevent an assertion from being used by another browser or twice: the browser that returns must
//! be the one that left (its binding cookie holds a hash of the nonce and the user code), each nonce works once,
//! and each envelope is for one audience and one key.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use doorstep_contract::{
    device::{OAuthErrorCode, SsoError},
    user_code::UserCode,
};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use tracing::{error, info};
use url::Url;

use super::{Devices, nonce_hash};
use crate::{
    domain::{
        device_token::External,
        jws::{self, Use},
        limits::Whose,
        quota::Quota,
        session::Visitor,
    },
    error::Error,
    service::provider::ProviderRedirect,
};

/// The key shared with the identity system.
const SHARED: &str = "doorstep-shared-v1";
const STATE: Use = Use { kid: SHARED, audience: "api.sso.state_envelope", life: SignedDuration::from_mins(15) };
const ASSERTION: Use =
    Use { kid: SHARED, audience: "api.device_flow.external_subject_assertion", life: SignedDuration::from_mins(5) };

/// How long a browser may take to return.
pub const BINDING_LIFE: SignedDuration = SignedDuration::from_mins(15);
/// The path to which the identity system sends the browser back.
pub const CALLBACK: &str = "/v1/device/sso-complete";

/// A browser that is about to leave for authentication.
#[derive(Debug)]
pub enum Initiated {
    /// For the identity system that signs assertions.
    System {
        /// The URL to redirect to.
        location: Url,
        /// The value of the binding cookie.
        binding: String,
    },
    /// For an SSO provider.
    Provider(ProviderRedirect),
}

#[derive(Serialize)]
struct State {
    intent: &'static str,
    user_code: String,
    nonce: String,
    idp_callback_url: String,
}

#[derive(Deserialize)]
struct Assertion {
    email: String,
    issuer: String,
    user_code: String,
    nonce: String,
}

impl Devices<'_> {
    /// Begins SSO for a pending device: with the assertion-based identity system, or else with the named provider,
    /// by default the first. `origin` is the public origin.
    ///
    /// # Errors
    /// [`Error::NotFound`] without one; `invalid_user_code`, `sso_initiate_failed`; [`Error::RateLimited`];
    /// database errors.
    pub async fn sso_initiate(
        self,
        user_code: &str,
        provider: Option<&str>,
        origin: &str,
        visitor: &Visitor,
    ) -> Result<Initiated, Error> {
        let known = match self.core.policy.devices.external {
            Some(_) => None,
            None => Some(self.provider(provider)?),
        };
        self.core.spend(Quota::DeviceSsoInitiate, Whose::Address(visitor.address)).await?.keep();
        let pending = self.find_pending_counted(user_code, visitor.address).await?;
        let code = pending.and_then(|_| UserCode::parse(user_code));
        let code = code.ok_or(Error::Device(OAuthErrorCode::InvalidUserCode))?;
        if let Some(known) = known {
            return Ok(Initiated::Provider(self.begin_for_device(&known, &code).await?));
        }
        let external = self.core.policy.devices.external.as_ref().ok_or(Error::NotFound)?;
        let nonce = self.random_text()?;
        let state = State {
            intent: "device_flow",
            user_code: code.shown(),
            nonce: nonce.clone(),
            idp_callback_url: format!("{origin}{CALLBACK}"),
        };
        let state = jws::sign(STATE, &external.key, state, self.core.clock.now())
            .map_err(|_| Error::Device(OAuthErrorCode::SsoInitiateFailed))?;
        let mut location = external.acs_url.clone();
        location.query_pairs_mut().append_pair("state", &state);
        Ok(Initiated::System { location, binding: binding(&nonce, &code) })
    }

    /// Verifies an assertion and returns the approval grant for the browser's cookie.
    ///
    /// # Errors
    /// The reason for the refusal, as the page shows it.
    pub async fn sso_complete(self, assertion: &str, bindings: &[&str], origin: &str) -> Result<String, SsoError> {
        let failed = |error: Error| {
            error!(%error, "an SSO assertion could not be processed");
            SsoError::SsoFailed
        };
        let result = self.verify_assertion(assertion, bindings, origin).await.map_err(failed)?;
        if let Err(reason) = result {
            info!(event = "device_sso_refused", reason = reason.as_str());
        }
        result
    }

    async fn verify_assertion(
        self,
        text: &str,
        bound: &[&str],
        origin: &str,
    ) -> Result<Result<String, SsoError>, Error> {
        let external = self.core.policy.devices.external.as_ref().ok_or(Error::NotFound)?;
        let now = self.core.clock.now();
        let refused = Ok(Err(SsoError::InvalidSsoAssertion));
        let Some((said, expires_at)) = jws::verify::<Assertion, _>(text, ASSERTION, [external.key.clone()], now) else {
            return refused;
        };
        let Some(code) = UserCode::parse(&said.user_code) else {
            return refused;
        };
        if !bound.contains(&binding(&said.nonce, &code).as_str()) {
            return refused;
        }
        let once = nonce_hash("assertion", &said.nonce);
        self.grant_approval(External::by_email(said.email, said.issuer), &code, (&once, expires_at), origin).await
    }
}

/// The value of the binding cookie.
fn binding(nonce: &str, code: &UserCode) -> String {
    URL_SAFE_NO_PAD.encode(nonce_hash(code.letters(), nonce))
}
