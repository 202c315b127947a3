//! What a person needs to know before signing in.

use doorstep_contract::auth::{Provider, Session, SetupStatus};

use super::SignIn;
use crate::{error::Error, idp::Settings};

/// What of it changes while the server runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Setup {
    /// Whether the password of the first start is in force.
    pub required: bool,
    /// Whether the client may change that without signing in.
    pub skips_sign_in: bool,
    /// Whether a temporary login token waits to be used.
    pub login_token: bool,
}

impl SignIn<'_> {
    /// The ways to sign in through other identity systems.
    #[must_use]
    pub fn providers(self) -> Vec<Provider> {
        self.core.providers.settings().map(Settings::to_wire).collect()
    }

    /// What of the answer of `setup-status` changes. `may_set_up`: whether the one who asks is where the first account may be
    /// set up without signing in.
    pub async fn setup(self, may_set_up: bool) -> Result<Setup, Error> {
        let required = self.core.store.initial_account().await?.is_some();
        let login_token = self.core.store.has_login_token(self.core.clock.now()).await?;
        Ok(Setup { required, skips_sign_in: may_set_up && required, login_token })
    }

    /// The answer of `setup-status` for the user of this session.
    #[must_use]
    pub fn setup_status(self, session: Option<Session>, setup: Setup) -> SetupStatus {
        SetupStatus {
            signed_in: session.is_some(),
            session,
            setup_required: setup.required,
            temporary_login_token_enabled: setup.login_token,
            password_login_enabled: self.core.policy.password_login,
            // Stored hashes are brought up to date by the next sign-in, unseen.
            password_upgrade_required: false,
            skip_default_password_auth: setup.skips_sign_in,
            providers: self.providers(),
            branding: self.core.branding.clone(),
        }
    }
}
