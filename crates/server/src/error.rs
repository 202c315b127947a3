//! The one error of the server. Each surface renders it in its own dialect.

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
    /// The sign-in that this second step belongs to is not known, or too old.
    #[error("this sign-in has expired; start again")]
    ChallengeExpired,
    /// There is no temporary login token to sign in with.
    #[error("there is no temporary login token in force")]
    TemporaryLoginDisabled,
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
