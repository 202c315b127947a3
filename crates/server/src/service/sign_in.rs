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
        let browser = login.as_ref().and_then(|login| self.known_browser(&login.account, arrival));
        let door = account.map_or(Door::Nobody(&name), |account| Door::Account(account, browser));
        let address = arrival.visitor.address;
        let attempt = self.admit(door, address).await?;

        // Read again: the password may have changed while this attempt waited for its turn.
        let login = match self.store.find_login(&name).await {
            Ok(login) => login,
            Err(error) => {
                attempt.undecided().await;
                return Err(error.into());
            }
        };
        let stored = login.as_ref().and_then(|login| login.password_hash.clone());
        let verdict = match self.passwords.verify(password.reveal().to_owned(), stored).await {
            Ok(verdict) => verdict,
            Err(error) => {
                attempt.undecided().await;
                return Err(error);
            }
        };
        let login = login.filter(|login| verdict.matches && login.account.status == Status::Active);
        let Some(Login { account, password_hash: Some(hash) }) = login else {
            attempt.failed();
            // The name is not logged: people type their password into the wrong field.
            info!(event = "sign_in_failed", %address, with = "password");
            return Err(Error::InvalidCredentials);
        };
        attempt.succeeded().await;
        let hash = if verdict.outdated { self.hash_anew(&account, hash, password).await } else { hash };
        let signed_in = self.begin_session(account, &hash, BeganWith::Password, browser, arrival).await?;
        info!(event = "sign_in", %address, with = "password", account = %signed_in.identity.account.id);
        Ok(signed_in)
    }

    /// The browser, if it has signed in to this account before.
    pub(super) fn known_browser(&self, account: &Account, arrival: &Arrival) -> Option<KnownBrowser> {
        let since = account.password_changed_at;
        let now = self.clock.now();
        arrival.proofs.iter().find_map(|proof| KnownBrowser::verify(proof, &account.id, since, now, &self.keys))
    }

    /// Begins a session of an account that has proved itself with the password of this hash. The browser's earlier
    /// session ends.
    pub(super) async fn begin_session(
        &self,
        account: Account,
        password_hash: &str,
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
        let begun = self
            .store
            .begin_session(NewSession {
                session: &session,
                token: token.hash(),
                account: &account.id,
                visitor: &arrival.visitor,
                replaces: arrival.earlier.as_ref().map(SessionToken::hash),
                password_hash,
            })
            .await?;
        if !begun {
            return Err(Error::InvalidCredentials);
        }
        let browser = browser.map_or_else(|| KnownBrowser::new(&self.random), Ok)?;
        let proof = browser.proof(&account.id, now, &self.keys);
        Ok(SignedIn { token, proof, identity: Identity { session, account } })
    }

    /// Replaces a hash of weaker parameters while the password is at hand, and gives the one that is stored from now on.
    /// The sign-in does not depend on it.
    async fn hash_anew(&self, account: &Account, old: String, password: &Secret) -> String {
        let renewed = async {
            let new = self.passwords.hash(password.reveal().to_owned()).await?;
            let replaced = self.store.update_password_hash(&account.id, &old, &new).await?;
            Ok::<_, Error>(replaced.then_some(new))
        };
        match renewed.await {
            Ok(Some(new)) => new,
            Ok(None) => old,
            Err(error) => {
                warn!(%error, account = %account.id, "an outdated password hash was not replaced");
                old
            }
        }
    }
}
