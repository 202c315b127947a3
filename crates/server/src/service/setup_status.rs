//! What a person needs to know before signing in.

use doorstep_contract::auth::{Session, SetupStatus};

use super::Service;
use crate::error::Error;

impl Service {
    /// The answer of `setup-status` for somebody with this session. `may_set_up`: whether they are where the first
    /// account may be set up without signing in.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn setup_status(&self, session: Option<Session>, may_set_up: bool) -> Result<SetupStatus, Error> {
        let setup_required = self.store.initial_account().await?.is_some();
        Ok(SetupStatus {
            signed_in: session.is_some(),
            session,
            setup_required,
            temporary_login_token_enabled: false,
            password_login_enabled: true,
            // Stored hashes are brought up to date by the next sign-in, unseen.
            password_upgrade_required: false,
            skip_default_password_auth: may_set_up && setup_required,
            providers: Vec::new(),
            branding: self.branding.clone(),
        })
    }
}
