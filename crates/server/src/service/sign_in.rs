//! Signing in with a password.

use doorstep_contract::{auth::BeganWith, secret::Secret};
use tracing::{info, warn};

use super::{Service, limits::Door, sessions::Identity};
use crate::{
    domain::{
        account::{Account, NameKey, Status},
        device::KnownBrowser,
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
    /// Proofs that the browser has signed in before, to whatever account.
    pub proofs: Vec<String>,
}

/// What comes of a sign-in.
#[derive(Debug)]
pub struct SignedIn {
    /// The token of the session that began.
    pub token: SessionToken,
    /// The proof that this browser has signed in to the account, for the next time.
    pub proof: String,
    /// Who it is.
    pub identity: Identity,
}

impl Service {
    /// Signs in with user name (or email) and password.
    ///
    /// An unknown name, a wrong password, a suspended account and one without a password are one answer, after the
    /// same work (ASVS 6.3.8).
    ///
    /// # Errors
    /// [`Error::InvalidCredentials`], [`Error::RateLimited`], [`Error::Overloaded`], or that of the database.
    pub async fn sign_in_with_password(
        &self,
        name: &str,
        password: &Secret,
        arrival: &Arrival,
    ) -> Result<SignedIn, Error> {
        let name = NameKey::new(name);
        let login = self.store.find_login(&name).await?;
        let account = login.as_ref().map(|login| &login.account.id);
        let browser = account.and_then(|account| self.known_browser(account, arrival));
        let door = account.map_or(Door::Nobody(&name), |account| Door::Account(account, browser));
        let address = arrival.visitor.address;
        let attempt = self.admit(door, address).await?;

        let stored = login.as_ref().and_then(|login| login.password_hash.clone());
        let verdict = match self.passwords.verify(password.reveal().to_owned(), stored).await {
            Ok(verdict) => verdict,
            Err(error) => {
                attempt.undecided().await;
                return Err(error);
            }
        };
        let Some(login) = login.filter(|login| verdict.matches && login.account.status == Status::Active) else {
            attempt.failed();
            // The name is not logged: people type their password into the wrong field.
            info!(event = "sign_in_failed", %address, with = "password");
            return Err(Error::InvalidCredentials);
        };
        attempt.succeeded().await;
        if verdict.outdated {
            self.hash_anew(&login, password).await;
        }
        let signed_in = self.begin_session(login.account, BeganWith::Password, browser, arrival).await?;
        info!(event = "sign_in", %address, with = "password", account = %signed_in.identity.account.id);
        Ok(signed_in)
    }

    /// The browser, if it has signed in to this account before.
    pub(super) fn known_browser(&self, account: &Id, arrival: &Arrival) -> Option<KnownBrowser> {
        arrival.proofs.iter().find_map(|proof| KnownBrowser::verify(proof, account, &self.keys))
    }

    /// Begins a session of an account that has proved itself. The browser's earlier session ends.
    pub(super) async fn begin_session(
        &self,
        account: Account,
        began_with: BeganWith,
        browser: Option<KnownBrowser>,
        arrival: &Arrival,
    ) -> Result<SignedIn, Error> {
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
        let browser = browser.map_or_else(|| KnownBrowser::new(&self.random), Ok)?;
        let proof = browser.proof(&account.id, &self.keys);
        Ok(SignedIn { token, proof, identity: Identity { session, account } })
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
