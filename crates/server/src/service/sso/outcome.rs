//! What comes of coming back from a provider.

use doorstep_contract::{device::SsoError, sso::SsoReason};
use tracing::error;

use crate::{
    domain::{session::SessionToken, token::Token},
    error::Error,
    service::sessions::SignedIn,
};

/// What comes of it.
#[derive(Debug)]
pub enum SsoOutcome {
    /// The user is signed in.
    SignedIn(Box<SignedIn>),
    /// The user is to enter a one-time code: what the second step names the sign-in by.
    CodeWanted(Token),
    /// The signed-in user has proved their identity again: the token that opens the session from now on.
    Proved(SessionToken),
    /// The identity is the account's.
    Linked,
    /// The user may decide about a device, with this grant; or why not.
    ForDevice(Result<String, SsoError>),
}

/// A reason to tell, or a fault of ours.
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
            // The account was suspended, or its identity removed, while it came back.
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
