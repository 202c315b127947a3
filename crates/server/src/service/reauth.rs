//! Proving again who is signed in, for what needs a fresh proof.

use doorstep_contract::secret::Secret;
use tracing::info;

use super::{Service, limits::Door, sessions::Identity, sign_in::Arrival};
use crate::{domain::session::SessionToken, error::Error};

impl Service {
    /// Checks the password of whoever is signed in. The session gets a new token, and the old one is dead (ASVS 7.2.4).
    ///
    /// # Errors
    /// [`Error::WrongPassword`], [`Error::RateLimited`]: it draws from the same buckets as a sign-in;
    /// [`Error::Unauthenticated`] when the session ended meanwhile; that of the database.
    pub async fn prove_again(
        &self,
        identity: &Identity,
        password: &Secret,
        arrival: &Arrival,
    ) -> Result<SessionToken, Error> {
        let account = &identity.account.id;
        let address = arrival.visitor.address;
        let attempt =
            self.admit(Door::Account(account, self.known_browser(&identity.account, arrival)), address).await?;
        let checked = async {
            let stored = self.store.password_hash(account).await?;
            self.passwords.verify(password.reveal().to_owned(), stored).await
        };
        match checked.await {
            Ok(verdict) if verdict.matches => attempt.succeeded().await,
            Ok(_) => {
                attempt.failed();
                info!(event = "reauth_failed", %address, %account);
                return Err(Error::WrongPassword);
            }
            Err(error) => {
                attempt.undecided().await;
                return Err(error);
            }
        }
        let token = SessionToken::new(&self.random)?;
        if !self.store.renew_session(&identity.session.id, token.hash(), self.clock.now()).await? {
            return Err(Error::Unauthenticated);
        }
        info!(event = "reauth", %address, %account);
        Ok(token)
    }
}
