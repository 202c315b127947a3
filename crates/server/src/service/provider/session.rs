//! Sessions that began by SSO keep the provider's refresh token, and check it regularly.

use doorstep_contract::secret::Secret;
use jiff::Timestamp;
use tracing::warn;

use super::ProviderLogin;
use crate::{
    domain::{account::Account, audit::Event, id::Id, secret_key::Purpose, session::Session, sso::CHECK_EVERY},
    error::Error,
    idp::IdpError,
    store::DueCheck,
};

impl ProviderLogin<'_> {
    /// Asks the provider of a session, when it is due, whether its user is still active; `false` when not, and then
    /// the session has ended. An unavailable provider ends nothing.
    pub(in crate::service) async fn agrees(self, session: &Session, account: &Account) -> Result<bool, Error> {
        let now = self.core.clock.now();
        let before = now.checked_sub(CHECK_EVERY).unwrap_or(Timestamp::MIN);
        let Some(DueCheck { provider, refresh_token }) =
            self.core.store.claim_provider_check(&session.id, before, now).await?
        else {
            return Ok(true);
        };
        let plain = self.core.secret_keys.open(Purpose::ProviderTokens, session.id.as_str().as_bytes(), &refresh_token);
        let token = plain.and_then(|plain| String::from_utf8(plain).ok()).map(Secret::new);
        let (Some(known), Some(token)) = (self.core.providers.find(&provider), token) else {
            // The provider's settings or the secret key are gone, so the provider was not asked.
            return Ok(true);
        };
        match known.is_still_active(&token, now).await {
            Ok(Some(new)) => {
                self.core.store.renew_provider_token(&session.id, &self.seal_token(&session.id, &new)?).await?;
                Ok(true)
            }
            Ok(None) => Ok(true),
            Err(IdpError::Revoked) => {
                let entry = self.core.event_of(Event::SessionEnded, account, None)?;
                let entry = entry.with("which", "one").with("session_id", session.id.as_str()).with("by", provider);
                if self.core.store.end_session_of(&account.id, &session.id, &entry).await?.is_some() {
                    entry.log();
                }
                Ok(false)
            }
            Err(error) => {
                warn!(event = "provider_unavailable", provider, error = ?error.to_string());
                Ok(true)
            }
        }
    }

    /// Seals a provider's refresh token for a session.
    pub(in crate::service) fn seal_token(self, session: &Id, token: &Secret) -> Result<Vec<u8>, Error> {
        let place = session.as_str().as_bytes();
        Ok(self.core.secret_keys.seal(Purpose::ProviderTokens, place, token.reveal().as_bytes(), &self.core.random)?)
    }
}
