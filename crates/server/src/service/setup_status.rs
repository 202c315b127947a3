//! What a person needs to know before signing in.

use doorstep_contract::auth::{Provider, Session, SetupStatus};

use super::Service;
use crate::{error::Error, idp::Settings};

impl Service {
    /// The ways to sign in through other identity systems.
    #[must_use]
    pub fn providers(&self) -> Vec<Provider> {
        self.idp.settings().map(Settings::to_wire).collect()
    }

    /// The answer of `setup-status` for somebody with this session. `may_set_up`: whether they are where the first
    /// account may be set up without signing in.
    pub async fn setup_status(&self, session: Option<Session>, may_set_up: bool) -> Result<SetupStatus, Error> {
        let setup_required = self.store.initial_account().await?.is_some();
        Ok(SetupStatus {
            signed_in: session.is_some(),
            session,
            setup_required,
            temporary_login_token_enabled: self.store.has_login_token(self.clock.now()).await?,
            password_login_enabled: self.password_login,
            // Stored hashes are brought up to date by the next sign-in, unseen.
            password_upgrade_required: false,
            skip_default_password_auth: may_set_up && setup_required,
            providers: self.providers(),
            branding: self.branding.clone(),
        })
    }
}
