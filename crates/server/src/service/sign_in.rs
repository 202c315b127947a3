//! Signing in with a password.

use doorstep_contract::{auth::BeganWith, secret::Secret};
use tracing::{info, warn};

use super::{Service, sessions::Identity};
use crate::{
    domain::{
        account::{Account, NameKey, Status},
        id::Id,
        session::{Session, SessionToken, Visitor},
    },
    error::Error,
    store::{Login, NewSession},
};

/// What came along with a sign-in, whatever the way.
#[derive(Debug)]
pub struct Arrival {
    /// Who is asking.
    pub visitor: Visitor,
    /// The session that the browser had before, to be replaced (ASVS 7.2.4).
    pub earlier: Option<SessionToken>,
}

impl Service {
    /// Signs in with user name (or email) and password.
    ///
    /// An unknown name, a wrong password, a suspended account and one without a password are one answer, after the
    /// same work (ASVS 6.3.8).
    ///
    /// # Errors
    /// [`Error::InvalidCredentials`], [`Error::Overloaded`], or that of the database.
    pub async fn sign_in_with_password(
        &self,
        name: &str,
        password: &Secret,
        arrival: &Arrival,
    ) -> Result<(SessionToken, Identity), Error> {
        let login = self.store.find_login(&NameKey::new(name)).await?;
        let stored = login.as_ref().and_then(|login| login.password_hash.clone());
        let verdict = self.passwords.verify(password.reveal().to_owned(), stored).await?;
        let address = arrival.visitor.address;
        let Some(login) = login.filter(|login| verdict.matches && login.account.status == Status::Active) else {
            // The name is not logged: people type their password into the wrong field.
            info!(event = "sign_in_failed", %address, with = "password");
            return Err(Error::InvalidCredentials);
        };
        if verdict.outdated {
            self.hash_anew(&login, password).await;
        }
        let signed_in = self.begin_session(login.account, BeganWith::Password, arrival).await?;
        info!(event = "sign_in", %address, with = "password", account = %signed_in.1.account.id);
        Ok(signed_in)
    }

    /// Begins a session of an account that has proved itself. The browser's earlier session ends.
    async fn begin_session(
        &self,
        account: Account,
        began_with: BeganWith,
        arrival: &Arrival,
    ) -> Result<(SessionToken, Identity), Error> {
        let token = SessionToken::new(&self.random)?;
        let now = self.clock.now();
        let session = Session {
            id: Id::new(&self.clock, &self.random)?,
            began_with,
            created_at: now,
            proved_at: now,
            last_seen_at: now,
        };
        self.store
            .begin_session(NewSession {
                session: &session,
                token: token.hash(),
                account: &account.id,
                visitor: &arrival.visitor,
                replaces: arrival.earlier.as_ref().map(SessionToken::hash),
            })
            .await?;
        Ok((token, Identity { session, account }))
    }

    /// Replaces a hash of weaker parameters while the password is at hand. The sign-in does not depend on it.
    async fn hash_anew(&self, login: &Login, password: &Secret) {
        let Some(old) = &login.password_hash else {
            return;
        };
        let renewed = match self.passwords.hash(password.reveal().to_owned()).await {
            Ok(new) => self.store.update_password_hash(&login.account.id, old, &new).await.map_err(Error::from),
            Err(error) => Err(error),
        };
        if let Err(error) = renewed {
            warn!(%error, account = %login.account.id, "an outdated password hash was not replaced");
        }
    }
}
