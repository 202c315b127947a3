//! People of a configured provider decide about a device, without an account here. They go out and come back as for a
//! sign-in ([`crate::service::sso`]), and get the grant that a signed assertion gives.

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
    /// The providers whose people may decide.
    pub(super) fn providers(self) -> impl Iterator<Item = &'a Settings> {
        self.core.providers.settings().filter(|settings| settings.device_external)
    }

    /// Whether anybody may decide who has no account here.
    #[must_use]
    pub fn others_may_decide(self) -> bool {
        self.core.policy.devices.external.is_some() || self.providers().next().is_some()
    }

    /// The provider of this name; without a name the first.
    pub(super) fn provider(self, name: Option<&str>) -> Result<Known<'a>, Error> {
        let settings = self.providers().find(|settings| name.is_none_or(|name| settings.name == name));
        settings.and_then(|settings| self.core.providers.find(&settings.name)).ok_or(Error::NotFound)
    }

    /// Sends a browser to a provider, for the device with this code.
    pub(super) async fn leave_for_device(self, known: &Known<'_>, code: &UserCode) -> Result<ProviderRedirect, Error> {
        let destination = Destination::Here(ClientRoute::Device.path().to_owned());
        let out = ProviderLogin::new(self.core).begin(known, destination, None, Intent::Device(code.shown())).await?;
        out.map_err(|_| Error::Device(OAuthErrorCode::SsoInitiateFailed))
    }

    /// Takes in a user who came back from a provider for a device: the grant for their browser's cookie, or why there is
    /// none.
    ///
    /// # Errors
    /// When devices are not let in (any more); that of the database.
    pub(in crate::service) async fn come_back_for_device(
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
        // An email that its provider does not vouch for would be a name to choose: it is what people are shown.
        let email = person.verified_email().map(ToOwned::to_owned);
        let Person { issuer, subject, .. } = person;
        let (Some(email), Some(code)) = (email, UserCode::parse(code)) else {
            return Ok(Err(SsoError::InvalidSsoAssertion));
        };
        // Its person signs in, whatever email the provider tells of them.
        if self.core.store.find_identity(&issuer, &subject).await?.is_some() {
            return Ok(Err(SsoError::EmailBelongsToAccount));
        }
        let until = started.checked_add(STATE_LIFE).unwrap_or(Timestamp::MAX);
        let origin = self.core.public_url.origin().ascii_serialization();
        let once = nonce_hash("provider", nonce);
        self.grant_approval(External { email, issuer, subject }, &code, (&once, until), &origin).await
    }
}
