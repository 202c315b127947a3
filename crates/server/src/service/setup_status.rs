//! What a person needs to know before signing in.

use doorstep_contract::auth::{Session, SetupStatus};

use super::Service;
use crate::error::Error;

impl Service {
    /// The answer of `setup-status` for somebody with this session.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn setup_status(&self, session: Option<Session>) -> Result<SetupStatus, Error> {
        Ok(SetupStatus {
            signed_in: session.is_some(),
            session,
            setup_required: self.store.initial_password_in_force().await?,
            temporary_login_token_enabled: false,
            password_login_enabled: true,
            // Stored hashes are brought up to date by the next sign-in, unseen.
            password_upgrade_required: false,
            skip_default_password_auth: false,
            providers: Vec::new(),
            branding: self.branding.clone(),
        })
    }
}
