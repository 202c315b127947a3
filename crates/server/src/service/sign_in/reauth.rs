//! Proving again who is signed in, for what needs a fresh proof.

use doorstep_contract::secret::Secret;

use super::{Factor, SignIn};
use crate::{
    domain::{second_factor::Code, session::SessionToken},
    error::Error,
    service::{
        core::{AttemptSubject, ClientContext, Identity},
        passwords::Party,
        sessions::Sessions,
    },
};

/// What a user proves again with who they are.
#[derive(Debug, Clone, Copy)]
pub enum Again<'a> {
    /// The password. It is enough, also for an account with one-time codes: the session has seen one.
    Password(&'a Secret),
    /// A one-time code; a recovery code is for those who can't sign in.
    Code(&'a Secret),
}

impl SignIn<'_> {
    /// Checks a proof of the user who is signed in. The session gets a new token, and the old one is dead (ASVS 7.2.4).
    ///
    /// # Errors
    /// [`Error::WrongPassword`], [`Error::InvalidCode`], [`Error::RateLimited`]: it draws from the same buckets as a
    /// sign-in; [`Error::Unauthenticated`] when the session ended meanwhile; that of the database.
    pub async fn prove_again(
        self,
        identity: &Identity,
        proof: Again<'_>,
        context: &ClientContext,
    ) -> Result<SessionToken, Error> {
        let with = match proof {
            Again::Password(password) => {
                self.check_password(identity, password, context).await?;
                "password"
            }
            Again::Code(code) => {
                self.check_totp(identity, code, context).await?;
                "code"
            }
        };
        Sessions::new(self.core)
            .renew(identity, with, self.core.clock.now(), context)
            .await?
            .ok_or(Error::Unauthenticated)
    }

    /// Whether this is the password of the user who is signed in.
    ///
    /// # Errors
    /// [`Error::WrongPassword`], [`Error::RateLimited`]; that of the database.
    pub(in crate::service) async fn check_password(
        self,
        identity: &Identity,
        password: &Secret,
        context: &ClientContext,
    ) -> Result<(), Error> {
        let account = &identity.account;
        let address = context.visitor.address;
        let subject = AttemptSubject::of(account, self.core.known_browser(account, context));
        let (attempt, seat) = self.core.admit_password(subject, &Party::Friend(account.id.clone()), address).await?;
        let checked = async {
            let stored = self.core.store.password_hash(&account.id).await?;
            self.core.passwords.verify(&seat, password.reveal().to_owned(), stored).await
        };
        match checked.await {
            Ok(verdict) if verdict.matches => {
                if account.totp_enabled {
                    // Where a code is wanted too, the password alone clears nothing, as at the sign-in.
                    attempt.undecided().await;
                } else {
                    attempt.succeeded().await;
                }
                Ok(())
            }
            Ok(_) => {
                attempt.failed();
                self.core.reauth_failed(account, "password", address).await;
                Err(Error::WrongPassword)
            }
            Err(error) => {
                attempt.undecided().await;
                Err(error)
            }
        }
    }

    /// Whether this is a one-time code of the user who is signed in.
    async fn check_totp(self, identity: &Identity, code: &Secret, context: &ClientContext) -> Result<(), Error> {
        let account = &identity.account;
        let address = context.visitor.address;
        let right = if matches!(Code::parse(code.reveal()), Some(Code::Recovery(_))) {
            // Not looked at, so that it stays good for a sign-in; counted, so that the attempts are bounded.
            self.core
                .admit(AttemptSubject::of(account, self.core.known_browser(account, context)), address)
                .await?
                .failed();
            self.core.reauth_failed(account, "code", address).await;
            false
        } else {
            self.check_code_of(account, code, context).await? == Some(Factor::Totp)
        };
        if right { Ok(()) } else { Err(Error::InvalidCode) }
    }
}
