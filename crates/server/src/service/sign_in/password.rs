//! Signing in with a password, and a code if two-factor authentication is on.
//!
//! ```text
//! name -> account, known browser -> core/limits.rs: admitted -> passwords/queue.rs: a place -> counted
//!      -> passwords/: checked -> second step -> settled as a failure or a success -> sessions/begin.rs
//! ```

use doorstep_contract::{auth::BeganWith, secret::Secret};
use tracing::warn;

use super::{Factor, SignIn};
use crate::{
    domain::{
        access::Mode,
        account::{Account, NameKey, Status},
        id::Id,
        known_browser::AccountCookie,
    },
    error::Error,
    service::{
        core::{AttemptSubject, ClientContext},
        passwords::{Party, Seat},
        sessions::{NewSessionSpec, SessionOrigin, Sessions, SignedIn},
    },
    store::{Login, Proof},
};

/// The credentials of a sign-in with a password.
#[derive(Debug)]
pub struct Credentials {
    /// Username or email.
    pub name: String,
    /// The password.
    pub password: Secret,
    /// A one-time or recovery code, if one was sent along.
    pub code: Option<Secret>,
    /// Whether to trust this browser after a correct one-time code.
    pub trust: bool,
    /// The kind of sign-in.
    pub purpose: Purpose,
}

/// What a sign-in creates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A session cookie. If a code is missing, a second step follows.
    Browser,
    /// Tokens. If a code is missing, the sign-in is refused.
    Tokens(Mode),
}

impl Purpose {
    const fn mode(self) -> Option<Mode> {
        match self {
            Self::Browser => None,
            Self::Tokens(mode) => Some(mode),
        }
    }
}

impl SignIn<'_> {
    /// Signs in with username or email and password, and a code when two-factor authentication is on and the
    /// browser is not trusted.
    ///
    /// An unknown name, a wrong password, a suspended account and an account without a password get the same
    /// response after the same work (ASVS 6.3.8).
    ///
    /// # Errors
    /// [`Error::InvalidCredentials`], [`Error::TotpRequired`] or [`Error::CodeRequired`], [`Error::InvalidCode`],
    /// [`Error::RateLimited`], [`Error::Overloaded`], [`Error::PasswordLoginDisabled`], database errors.
    pub async fn with_password(self, credentials: &Credentials, context: &ClientContext) -> Result<SignedIn, Error> {
        if !self.core.policy.password_login {
            return Err(Error::PasswordLoginDisabled);
        }
        let name = NameKey::new(&credentials.name);
        let login = self.core.store.find_login(&name).await?;
        let browser = login.as_ref().and_then(|login| self.core.known_browser(&login.account, context));
        let known = login.as_ref().map(|login| &login.account.id).zip(browser);
        let address = context.visitor.address;
        let (subject, party) = match known {
            Some((account, browser)) => (AttemptSubject::Known(account, browser), Party::Friend(account.clone())),
            None => (AttemptSubject::Typed(&name), Party::Stranger(address)),
        };
        let (attempt, seat) = self.core.admit_password(subject, &party, address).await?;

        let (account, hash) = match self.verified(&name, &credentials.password, &seat).await {
            Ok(Some(verified)) => verified,
            Ok(None) => {
                attempt.failed();
                self.core.sign_in_failed(login.as_ref().map(|login| &login.account), "password", address).await;
                return Err(Error::InvalidCredentials);
            }
            Err(error) => {
                attempt.undecided().await;
                return Err(error);
            }
        };
        let second = match self.second_step(&account, &hash, credentials, context).await {
            Ok(second) => second,
            Err(Error::InvalidCode) => {
                attempt.failed();
                self.core.sign_in_failed(Some(&account), "code", address).await;
                return Err(Error::InvalidCode);
            }
            // The password alone does not clear failures: an attacker who has it could guess codes without limit by
            // signing in in between.
            Err(error) => {
                attempt.undecided().await;
                return Err(error);
            }
        };
        attempt.succeeded().await;
        let began_with = second.began_with();
        let new = NewSessionSpec {
            proof: match &second {
                SecondStep::NotRequired => Proof::Password(&hash),
                SecondStep::Trusted(device) => Proof::TrustedDevice(&hash, device),
                SecondStep::Code(_) => Proof::PasswordAndMore(&hash),
            },
            // After a recovery code the user is about to replace the authenticator, so the browser is not trusted.
            trust: credentials.trust && began_with == BeganWith::Totp,
            tokens: credentials.purpose.mode(),
            ..NewSessionSpec::new(SessionOrigin::now(began_with), Proof::Password(&hash))
        };
        Sessions::new(self.core).begin(account, new, browser, context).await
    }

    /// The account with this name and its password hash, if the password is right and the account active. A hash
    /// with outdated parameters is replaced.
    async fn verified(
        self,
        name: &NameKey,
        password: &Secret,
        seat: &Seat,
    ) -> Result<Option<(Account, String)>, Error> {
        // Read again: the password may have changed while the attempt waited for its turn.
        let login = self.core.store.find_login(name).await?;
        let stored = login.as_ref().and_then(|login| login.password_hash.clone());
        let verdict = self.core.passwords.verify(seat, password.reveal().to_owned(), stored).await?;
        let login = login.filter(|login| verdict.matches && login.account.status == Status::Active);
        let Some(Login { account, password_hash: Some(hash) }) = login else {
            return Ok(None);
        };
        let hash = if verdict.outdated { self.rehash(&account, hash, password, seat).await } else { hash };
        Ok(Some((account, hash)))
    }

    /// The second step, after the password was right.
    async fn second_step(
        self,
        account: &Account,
        password_hash: &str,
        credentials: &Credentials,
        context: &ClientContext,
    ) -> Result<SecondStep, Error> {
        if !account.totp_enabled {
            return Ok(SecondStep::NotRequired);
        }
        if let Some(code) = &credentials.code {
            let factor = self.check_code(account, code, context).await?;
            return factor.map(SecondStep::Code).ok_or(Error::InvalidCode);
        }
        if let Some(device) = self.trusted_device(account, context).await? {
            return Ok(SecondStep::Trusted(device));
        }
        if credentials.purpose != Purpose::Browser {
            return Err(Error::CodeRequired);
        }
        Err(Error::TotpRequired(self.issue_challenge(account, password_hash).await?.to_wire()))
    }

    /// Replaces a hash with outdated parameters while the password is available, and returns the stored one. A
    /// failure does not affect the sign-in.
    async fn rehash(self, account: &Account, old: String, password: &Secret, seat: &Seat) -> String {
        let renewed = async {
            let new = self.core.passwords.hash(seat, password.reveal().to_owned()).await?;
            let replaced = self.core.store.update_password_hash(&account.id, &old, &new).await?;
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

    /// The account's trusted browser, if this is one.
    async fn trusted_device(self, account: &Account, context: &ClientContext) -> Result<Option<Id>, Error> {
        let now = self.core.clock.now();
        for token in AccountCookie::of(&context.trusted, &account.id) {
            if let Some(device) = self.core.store.find_trusted_device(&account.id, token.hash(), now).await? {
                return Ok(Some(device));
            }
        }
        Ok(None)
    }
}

/// The result of the second step.
enum SecondStep {
    NotRequired,
    Trusted(Id),
    Code(Factor),
}

impl SecondStep {
    const fn began_with(&self) -> BeganWith {
        match self {
            Self::NotRequired | Self::Trusted(_) => BeganWith::Password,
            Self::Code(factor) => factor.began_with(),
        }
    }
}
