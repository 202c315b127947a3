//! The outcomes of an SSO flow.

use doorstep_contract::{device::SsoError, sso::SsoReason};
use tracing::error;

use crate::{
    domain::{session::SessionToken, token::Token},
    error::Error,
    service::sessions::SignedIn,
};

/// The outcome of an SSO flow.
#[derive(Debug)]
pub enum SsoOutcome {
    /// The user is signed in.
    SignedIn(Box<SignedIn>),
    /// A one-time code is required: the token of the challenge.
    CodeWanted(Token),
    /// The user was reauthenticated: the rotated session token.
    Proved(SessionToken),
    /// The identity was linked to the account.
    Linked,
    /// SSO for a device: the approval grant, or the reason why there is none.
    ForDevice(Result<String, SsoError>),
}

/// A reason to show to the user, or an internal error.
pub(super) enum SsoFailure {
    Reason(SsoReason),
    Error(Error),
}

impl<E: Into<Error>> From<E> for SsoFailure {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

impl SsoFailure {
    pub(super) fn reason(self) -> SsoReason {
        match self {
            Self::Reason(reason) => reason,
            // The account was suspended, or its identity unlinked, meanwhile.
            Self::Error(Error::InvalidCredentials) => SsoReason::InvalidCredentials,
            Self::Error(error) => {
                error!(%error, "a sign-in through a provider failed");
                match error {
                    Error::Overloaded | Error::Unavailable(_) => SsoReason::ServiceUnavailable,
                    _ => SsoReason::UnknownException,
                }
            }
        }
    }
}
