//! The identity system that signs assertions: to it with a signed state, back with a signed assertion.
//!
//! Three things keep a stranger's assertion from being used here: the browser that comes back must be the one that went
//! (its binding cookie holds a hash of the nonce and the user code), each nonce works once, and each envelope is for one
//! audience and one key.

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

/// The key that the other system has too.
const SHARED: &str = "doorstep-shared-v1";
const STATE: Use = Use { kid: SHARED, audience: "api.sso.state_envelope", life: SignedDuration::from_mins(15) };
const ASSERTION: Use =
    Use { kid: SHARED, audience: "api.device_flow.external_subject_assertion", life: SignedDuration::from_mins(5) };

/// For how long a browser may be at the other system.
pub const BINDING_LIFE: SignedDuration = SignedDuration::from_mins(15);
/// Where the other system sends the browser back to.
pub const CALLBACK: &str = "/v1/device/sso-complete";

/// A browser that is about to go to another system.
#[derive(Debug)]
pub enum Initiated {
    /// To the one that signs assertions.
    System {
        /// Where to.
        location: Url,
        /// What its cookie holds meanwhile.
        binding: String,
    },
    /// To a provider.
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
    /// Sends a browser to the other system, or else to a provider (the first, when none is named), for a device that
    /// waits. `origin` is where people find this server.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none; `invalid_user_code`, `sso_initiate_failed`; [`Error::RateLimited`]; that of
    /// the database.
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
        let pending = self.look_for_pending(user_code, visitor.address).await?;
        let code = pending.and_then(|_| UserCode::parse(user_code));
        let code = code.ok_or(Error::Device(OAuthErrorCode::InvalidUserCode))?;
        if let Some(known) = known {
            return Ok(Initiated::Provider(self.leave_for_device(&known, &code).await?));
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

    /// Takes the other system's word for who came back, and gives the grant for their browser's cookie.
    ///
    /// # Errors
    /// Why it is not taken, in the word that the page gets.
    pub async fn sso_complete(self, assertion: &str, bindings: &[&str], origin: &str) -> Result<String, SsoError> {
        let failed = |error: Error| {
            error!(%error, "somebody could not come back from another identity system");
            SsoError::SsoFailed
        };
        let result = self.take_assertion(assertion, bindings, origin).await.map_err(failed)?;
        if let Err(reason) = result {
            info!(event = "device_sso_refused", reason = reason.as_str());
        }
        result
    }

    async fn take_assertion(self, text: &str, bound: &[&str], origin: &str) -> Result<Result<String, SsoError>, Error> {
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

/// What the browser that goes keeps, to be known again.
fn binding(nonce: &str, code: &UserCode) -> String {
    URL_SAFE_NO_PAD.encode(nonce_hash(code.letters(), nonce))
}
