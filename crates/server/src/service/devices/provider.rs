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
        sso::{Begun, Destination, Intent, Person, STATE_LIFE},
    },
    error::Error,
    idp::{Known, Settings},
    service::provider::{ProviderLogin, ProviderRedirect},
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
        person: Person,
        code: &str,
        begun: &Begun,
        started: Timestamp,
    ) -> Result<Result<String, SsoError>, Error> {
        self.require_enabled()?;
        self.provider(Some(&begun.provider))?;
        let granted = self.grant_person(person, code, &begun.nonce, started).await?;
        if let Err(reason) = granted {
            info!(event = "device_sso_refused", provider = begun.provider, reason = reason.as_str());
        }
        Ok(granted)
    }

    async fn grant_person(
        self,
        person: Person,
        code: &str,
        nonce: &str,
        started: Timestamp,
    ) -> Result<Result<String, SsoError>, Error> {
        // The email is displayed to identify the user, so an unverified one, which they could choose, is not
        // accepted.
        let email = person.verified_email().map(ToOwned::to_owned);
        let Person { issuer, subject, .. } = person;
        let (Some(email), Some(code)) = (email, UserCode::parse(code)) else {
            return Ok(Err(SsoError::InvalidSsoAssertion));
        };
        // A user with a linked account must sign in, whatever email the provider states.
        if self.core.store.find_identity(&issuer, &subject).await?.is_some() {
            return Ok(Err(SsoError::EmailBelongsToAccount));
        }
        let until = started.checked_add(STATE_LIFE).unwrap_or(Timestamp::MAX);
        let origin = self.core.public_url.origin().ascii_serialization();
        let once = nonce_hash("provider", nonce);
        self.grant_approval(External { email, issuer, subject }, &code, (&once, until), &origin).await
    }
}
