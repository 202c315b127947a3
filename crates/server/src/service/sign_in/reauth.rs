//! Reauthentication, for operations that require a recent proof of identity.

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

/// A proof of identity.
#[derive(Debug, Clone, Copy)]
pub enum ReauthProof<'a> {
    /// The password. It suffices also with two-factor authentication, because the session began with a code.
    Password(&'a Secret),
    /// A one-time code. Recovery codes are only for signing in.
    Code(&'a Secret),
}

impl SignIn<'_> {
    /// Checks a proof of the signed-in user. The session token is rotated (ASVS 7.2.4).
    ///
    /// # Errors
    /// [`Error::WrongPassword`], [`Error::InvalidCode`]; [`Error::RateLimited`], sharing the sign-in limits;
    /// [`Error::Unauthenticated`] when the session has ended meanwhile; database errors.
    pub async fn reauthenticate(
        self,
        identity: &Identity,
        proof: ReauthProof<'_>,
        context: &ClientContext,
    ) -> Result<SessionToken, Error> {
        let with = match proof {
            ReauthProof::Password(password) => {
                self.check_password(identity, password, context).await?;
                "password"
            }
            ReauthProof::Code(code) => {
                self.check_totp(identity, code, context).await?;
                "code"
            }
        };
        Sessions::new(self.core)
            .renew(identity, with, self.core.clock.now(), context)
            .await?
            .ok_or(Error::Unauthenticated)
    }

    /// Checks the password of the signed-in user.
    ///
    /// # Errors
    /// [`Error::WrongPassword`], [`Error::RateLimited`]; database errors.
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
                    // With two-factor authentication, the password alone does not clear failures, as in a sign-in.
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

    /// Checks a one-time code of the signed-in user.
    async fn check_totp(self, identity: &Identity, code: &Secret, context: &ClientContext) -> Result<(), Error> {
        let account = &identity.account;
        let address = context.visitor.address;
        let right = if matches!(Code::parse(code.reveal()), Some(Code::Recovery(_))) {
            // A recovery code is not tried, so that it is not used up, but counted, so that attempts are limited.
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
