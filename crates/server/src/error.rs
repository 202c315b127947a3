//! The one error of the server. Each surface renders it in its own dialect.

use doorstep_contract::password::Weakness;

use crate::{
    domain::{password::HashError, random::RandomError},
    store::StoreError,
};

/// Why a request was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request can't be read; the text tells its sender why.
    #[error("{0}")]
    InvalidRequest(String),
    /// The body is over the limit.
    #[error("the body is over {0} bytes")]
    PayloadTooLarge(usize),
    /// The body is not JSON by its own word.
    #[error("the body must be sent as application/json")]
    UnsupportedMediaType,
    /// There is nothing at this path.
    #[error("there is nothing at this path")]
    NotFound,
    /// There is something at this path, but not for this method.
    #[error("this path does not take this method")]
    MethodNotAllowed,
    /// The request was not sent by a page of this origin.
    #[error("the request does not come from a page of this origin")]
    CsrfRejected,
    /// There is no live session.
    #[error("there is no session, or it has ended")]
    Unauthenticated,
    /// User name and password do not belong together, for whatever reason.
    #[error("user name and password do not match")]
    InvalidCredentials,
    /// Not the password of this account.
    #[error("that is not the password of this account")]
    WrongPassword,
    /// The session may do nothing else before its person has chosen a new password.
    #[error("choose a new password first")]
    PasswordChangeRequired,
    /// No account can be set up this way, or not any more.
    #[error("there is nothing to set up")]
    SetupNotAllowed,
    /// There is no account with this user name or email.
    #[error("there is no account with this user name or email")]
    UnknownUser,
    /// Another account has this user name or email.
    #[error("another account has this user name or email")]
    UsernameTaken,
    /// Not a user name.
    #[error("a user name has letters and digits, and . _ - between them")]
    UsernameInvalid,
    /// Not an email address.
    #[error("that is not an email address")]
    EmailInvalid,
    /// Password and confirmation differ.
    #[error("password and confirmation differ")]
    Mismatch,
    /// The password is too easily guessed.
    #[error("the password is too easily guessed: {}", .0.as_str())]
    PasswordPolicy(Weakness),
    /// The sign-in that this second step belongs to is not known, or too old.
    #[error("this sign-in has expired; start again")]
    ChallengeExpired,
    /// There is no temporary login token to sign in with.
    #[error("there is no temporary login token in force")]
    TemporaryLoginDisabled,
    /// Too many failures; so many seconds to wait.
    #[error("too many attempts; try again in {0} s")]
    RateLimited(u64),
    /// More sign-ins are waiting than the server takes on.
    #[error("too many sign-ins at once; try again in a moment")]
    Overloaded,
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A password could not be hashed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// There are no random bytes.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// A task of the server ended before it answered.
    #[error("a task ended before it answered")]
    TaskLost,
}
