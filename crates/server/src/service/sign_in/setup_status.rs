//! What the sign-in page needs before anyone has signed in.

use doorstep_contract::auth::{Provider, Session, SetupStatus};

use super::SignIn;
use crate::{error::Error, idp::Settings};

/// The part that changes while the server runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Setup {
    /// Whether the initial password is in use.
    pub required: bool,
    /// Whether the client may replace it without signing in.
    pub skips_sign_in: bool,
    /// Whether there is an unused temporary sign-in token.
    pub login_token: bool,
}

impl SignIn<'_> {
    /// The SSO providers.
    #[must_use]
    pub fn providers(self) -> Vec<Provider> {
        self.core.providers.settings().map(Settings::to_wire).collect()
    }

    /// The changing part of the response of `setup-status`. `may_set_up`: whether the client's location permits
    /// setting up the first account without signing in.
    pub async fn setup(self, may_set_up: bool) -> Result<Setup, Error> {
        let required = self.core.store.initial_account().await?.is_some();
        let login_token = self.core.store.has_login_token(self.core.clock.now()).await?;
        Ok(Setup { required, skips_sign_in: may_set_up && required, login_token })
    }

    /// The response of `setup-status`, with the session's user if there is one.
    #[must_use]
    pub fn setup_status(self, session: Option<Session>, setup: Setup) -> SetupStatus {
        SetupStatus {
            signed_in: session.is_some(),
            session,
            setup_required: setup.required,
            temporary_login_token_enabled: setup.login_token,
            password_login_enabled: self.core.policy.password_login,
            // Outdated hashes are replaced silently at the next sign-in.
            password_upgrade_required: false,
            skip_default_password_auth: setup.skips_sign_in,
            providers: self.providers(),
            branding: self.core.branding.clone(),
        }
    }
}
