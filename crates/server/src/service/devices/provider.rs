//! Users of an SSO provider decide about a device without an account here. They authenticate as for a sign-in
//! ([`crate::service::sso`]) and get an approval grant, as with a signed assertion.

use doorstep_contract::{
    device::{OAuthErrorCode, SsoError},
    route::ClientRoute,
    user_code::UserCode,
};
use jiff::Timestamp;
use tracing::info;

use super::{Devices, nonce_hash};
use crate::{
    domain::{
        device_token::External,
        sso::{Begun, Destination, Intent, STATE_LIFE, for_device},
    },
    error::Error,
    idp::{Authenticated, Known, Settings},
    service::provider::{ProviderLogin, ProviderRedirect, reason_of},
};

impl<'a> Devices<'a> {
    /// The providers whose users may decide about devices.
    pub(super) fn providers(self) -> impl Iterator<Item = &'a Settings> {
        self.core.providers.settings().filter(|settings| settings.device_external)
    }

    /// Whether users without an account may decide about devices.
    #[must_use]
    pub fn sso_users_may_decide(self) -> bool {
        self.core.policy.devices.external.is_some() || self.providers().next().is_some()
    }

    /// The provider with this name; without a name, the first.
    pub(super) fn provider(self, name: Option<&str>) -> Result<Known<'a>, Error> {
        let settings = self.providers().find(|settings| name.is_none_or(|name| settings.name == name));
        settings.and_then(|settings| self.core.providers.find(&settings.name)).ok_or(Error::NotFound)
    }

    /// The display name of the provider with this issuer.
    pub(super) fn provider_name(self, issuer: &str) -> Option<String> {
        let settings = self.providers().find(|settings| settings.issuer() == issuer)?;
        Some(settings.to_wire().display_name())
    }

    /// Begins SSO at a provider, for the device with this code.
    pub(super) async fn begin_for_device(self, known: &Known<'_>, code: &UserCode) -> Result<ProviderRedirect, Error> {
        let destination = Destination::Here(ClientRoute::Device.path().to_owned());
        let out = ProviderLogin::new(self.core).begin(known, destination, None, Intent::Device(code.shown())).await?;
        out.map_err(|_| Error::Device(OAuthErrorCode::SsoInitiateFailed))
    }

    /// Finishes SSO for a device: the approval grant for the browser's cookie, or the reason why there is none.
    ///
    /// # Errors
    /// When device sign-in is disabled; database errors.
    pub(in crate::service) async fn finish_for_device(
        self,
        told: Authenticated,
        code: &str,
        begun: &Begun,
        started: Timestamp,
    ) -> Result<Result<String, SsoError>, Error> {
        self.require_enabled()?;
        let known = self.provider(Some(&begun.provider))?;
        let granted = self.grant_person(&known, told, code, &begun.nonce, started).await?;
        Ok(granted.map_err(|(reason, why)| {
            info!(event = "device_sso_refused", provider = begun.provider, reason = reason.as_str(), why);
            reason
        }))
    }

    /// The inner error has what the log says of it.
    async fn grant_person(
        self,
        known: &Known<'_>,
        told: Authenticated,
        code: &str,
        nonce: &str,
        started: Timestamp,
    ) -> Result<Result<String, (SsoError, String)>, Error> {
        let Authenticated { person, user_info_error, .. } = told;
        // A user with a linked account must sign in, whatever email the provider states.
        if self.core.store.find_identity(&person.issuer, &person.subject).await?.is_some() {
            return Ok(Err((SsoError::EmailBelongsToAccount, "the identity is linked".to_owned())));
        }
        // The email is displayed to identify the user, so an unverified one, which they could choose, is not
        // accepted.
        let email = match (person.verified_email(&known.settings().email_key), user_info_error) {
            (Ok(email), _) => email.to_owned(),
            (Err(_), Some(error)) => return Ok(Err((for_device(reason_of(&error)), error.to_string()))),
            (Err(why), None) => return Ok(Err((SsoError::InvalidSsoAssertion, why))),
        };
        let Some(code) = UserCode::parse(code) else {
            return Ok(Err((SsoError::InvalidSsoAssertion, "the user code".to_owned())));
        };
        let (issuer, subject) = (person.issuer, person.subject);
        let until = started.checked_add(STATE_LIFE).unwrap_or(Timestamp::MAX);
        let origin = self.core.public_url.origin().ascii_serialization();
        let once = nonce_hash("provider", nonce);
        let granted = self.grant_approval(External { email, issuer, subject }, &code, (&once, until), &origin).await?;
        Ok(granted.map_err(|reason| (reason, reason.as_str().to_owned())))
    }
}
