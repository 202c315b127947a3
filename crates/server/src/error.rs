//! The error type of the server. Each surface renders it in its own format.

use std::borrow::Cow;

use doorstep_contract::{
    device::OAuthErrorCode,
    password::{MAX_BYTES, Weakness},
    secret::Secret,
};

use crate::domain::{password::HashError, random::RandomError};
use crate::store::StoreError;

/// Why a request failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request is malformed; the message explains it to the client.
    #[error("{0}")]
    InvalidRequest(String),
    /// The body exceeds the limit, in bytes.
    #[error("the body is over {0} bytes")]
    PayloadTooLarge(usize),
    /// The `Content-Type` of the body is not JSON.
    #[error("send the body as application/json")]
    UnsupportedMediaType,
    /// There is nothing at this path.
    #[error("there is nothing at this path")]
    NotFound,
    /// The path does not support this method.
    #[error("this method is not allowed at this path")]
    MethodNotAllowed,
    /// There is no provider with this name.
    #[error("there is no such identity provider")]
    UnknownProvider,
    /// The account would have no way to sign in.
    #[error("this is the only way to sign in to this account")]
    LastIdentity,
    /// The request may have been sent by a page of another origin.
    #[error("the request does not come from a page of this origin")]
    CsrfRejected,
    /// There is no live session.
    #[error("there is no active session")]
    Unauthenticated,
    /// Wrong username or password, or the account can't sign in.
    #[error("incorrect username or password")]
    InvalidCredentials,
    /// The password is right, and a code is required; contains the token of the second step.
    #[error("a verification code is required")]
    TotpRequired(Secret),
    /// The password is right, and the request must also contain a code.
    #[error("a verification code is required with the password")]
    CodeRequired,
    /// Password sign-in is disabled.
    #[error("password sign-in is turned off")]
    PasswordLoginDisabled,
    /// The code is mistyped, expired, or was used already.
    #[error("incorrect or already used code")]
    InvalidCode,
    /// Two-factor authentication is enabled already.
    #[error("two-factor authentication is already on")]
    AlreadyEnabled,
    /// A proof of identity is required that is not older than [`crate::domain::session::FRESH`].
    #[error("verify your identity first")]
    ReauthRequired,
    /// A session begun with a temporary token must set a password first.
    #[error("set a new password first")]
    TemporarySession,
    /// Wrong password of the signed-in account.
    #[error("incorrect password")]
    WrongPassword,
    /// The user must choose a new password first.
    #[error("choose a new password first")]
    PasswordChangeRequired,
    /// The account can't be set up this way, or was set up already.
    #[error("setup is already complete")]
    SetupNotAllowed,
    /// No account has this username or email.
    #[error("there is no account with this username or email")]
    UnknownUser,
    /// Another account has this username or email.
    #[error("another account uses this username or email")]
    UsernameTaken,
    /// Not a valid username.
    #[error("a username has letters and digits, and . _ - between them")]
    UsernameInvalid,
    /// Not a valid email.
    #[error("this is not an email address")]
    EmailInvalid,
    /// Not a valid display name.
    #[error("a name is one line of at most {} characters", crate::domain::account::MAX_NAME)]
    NameInvalid,
    /// The account has no permission.
    #[error("only operators may do this")]
    Forbidden,
    /// Not a valid name of a project or a client.
    #[error("a name has 1 to {} characters", crate::domain::project::MAX_NAME)]
    TitleInvalid,
    /// Not a valid slug.
    #[error(
        "a short name (slug) has lowercase letters, digits and single hyphens between them, at most {}, and does not begin with {}",
        crate::domain::client::MAX_SLUG,
        crate::domain::client::PREVIEW_PREFIX
    )]
    SlugInvalid,
    /// Another client has this slug.
    #[error("another client uses this short name (slug)")]
    SlugTaken,
    /// A required text is empty, or a text is too long.
    #[error("{0}")]
    TextInvalid(String),
    /// A referenced object does not exist; the message names it.
    #[error("there is no such {0}")]
    ReferenceInvalid(&'static str),
    /// The client is inactive.
    #[error("this client is deactivated; activate it first")]
    ClientInactive,
    /// The client for previews of this project is inactive.
    #[error("the client that previews of this project use is deactivated; activate it first")]
    PreviewClientInactive,
    /// The token is not valid.
    #[error("incorrect or expired token")]
    InvalidToken,
    /// The token has expired.
    #[error("this token has expired")]
    TokenExpired,
    /// The token was used already.
    #[error("this token was already used")]
    TokenUsed,
    /// Password and confirmation differ.
    #[error("the passwords don't match")]
    Mismatch,
    /// The password is refused by the policy, which requires at least `min_chars` characters.
    #[error("{}", refusal(*weakness, *min_chars))]
    PasswordPolicy {
        /// What is wrong with it.
        weakness: Weakness,
        /// The shortest password, in characters.
        min_chars: usize,
    },
    /// The second step is unknown or has expired.
    #[error("this sign-in has expired; start again")]
    ChallengeExpired,
    /// There is no valid temporary sign-in token.
    #[error("there is no active temporary sign-in token")]
    TemporaryLoginDisabled,
    /// An error of the device flow.
    #[error("{}", .0.as_str())]
    Device(OAuthErrorCode),
    /// Too many attempts; contains the seconds to wait.
    #[error("too many attempts; try again in {0} s")]
    RateLimited(u64),
    /// The server has too many pending requests.
    #[error("too many sign-ins at once; try again in a moment")]
    Overloaded,
    /// A temporary failure of the database; a retry may work.
    #[error(transparent)]
    Unavailable(StoreError),
    /// The database failed.
    #[error(transparent)]
    Store(StoreError),
    /// Hashing a password failed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The random source failed.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// A task panicked; the log has the details.
    #[error("a task panicked before it answered")]
    Panicked,
    /// All worker threads are gone.
    #[error("the worker threads have stopped")]
    WorkersGone,
    /// A value can't be serialized as JSON.
    #[error("a value can't be written as JSON")]
    NotJson,
    /// A sign-in for tokens created none: an internal error.
    #[error("the sign-in created no tokens")]
    NoTokens,
}

fn refusal(weakness: Weakness, min_chars: usize) -> Cow<'static, str> {
    match weakness {
        Weakness::TooShort => format!("the password is too short: use at least {min_chars} characters").into(),
        Weakness::TooLong => format!("the password is too long: use at most {MAX_BYTES} bytes").into(),
        Weakness::OwnName => "the password is based on the username, email, or product name".into(),
        Weakness::Common => "the password is too common".into(),
        Weakness::Unchanged => "this is the current password".into(),
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Text => Self::InvalidRequest(error.to_string()),
            error @ StoreError::Unavailable(_) => Self::Unavailable(error),
            error => Self::Store(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_password_has_its_reason_and_what_to_do() {
        let said = |weakness| Error::PasswordPolicy { weakness, min_chars: 15 }.to_string();
        for (weakness, text) in [
            (Weakness::TooShort, "the password is too short: use at least 15 characters"),
            (Weakness::TooLong, "the password is too long: use at most 1024 bytes"),
            (Weakness::OwnName, "the password is based on the username, email, or product name"),
            (Weakness::Common, "the password is too common"),
            (Weakness::Unchanged, "this is the current password"),
        ] {
            assert_eq!(said(weakness), text);
        }
    }
}
