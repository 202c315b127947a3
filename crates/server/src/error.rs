//! The one error of the server. Each surface renders it in its own dialect.

use doorstep_contract::{device::OAuthErrorCode, password::Weakness, secret::Secret};

use crate::domain::{password::HashError, random::RandomError};
use crate::store::StoreError;

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
    #[error("send the body as application/json")]
    UnsupportedMediaType,
    /// There is nothing at this path.
    #[error("there is nothing at this path")]
    NotFound,
    /// There is something at this path, but not for this method.
    #[error("this method is not allowed at this path")]
    MethodNotAllowed,
    /// There is no such way to sign in.
    #[error("there is no such identity provider")]
    UnknownProvider,
    /// It is the last way in.
    #[error("this is the only way to sign in to this account")]
    LastIdentity,
    /// The request was not sent by a page of this origin.
    #[error("the request does not come from a page of this origin")]
    CsrfRejected,
    /// There is no live session.
    #[error("there is no active session")]
    Unauthenticated,
    /// User name and password do not belong together, for whatever reason.
    #[error("incorrect username or password")]
    InvalidCredentials,
    /// The password is right, and a code is wanted: what the second step names this sign-in by.
    #[error("a verification code is required")]
    TotpRequired(Secret),
    /// The password is right, and a code must come along.
    #[error("a verification code is required with the password")]
    CodeRequired,
    /// Password sign-in is off here.
    #[error("password sign-in is turned off")]
    PasswordLoginDisabled,
    /// Not a code that is good now: mistyped, expired, or used already.
    #[error("incorrect or already used code")]
    InvalidCode,
    /// One-time codes are on already.
    #[error("two-factor authentication is already on")]
    AlreadyEnabled,
    /// This needs a proof of who is asking that is not older than [`crate::domain::session::FRESH`].
    #[error("verify your identity first")]
    ReauthRequired,
    /// The session of a temporary token may not do this before a password has been set.
    #[error("set a new password first")]
    TemporarySession,
    /// Not the password of this account.
    #[error("incorrect password")]
    WrongPassword,
    /// The session may do nothing else before its person has chosen a new password.
    #[error("choose a new password first")]
    PasswordChangeRequired,
    /// No account can be set up this way, or not any more.
    #[error("setup is already complete")]
    SetupNotAllowed,
    /// There is no account with this user name or email.
    #[error("there is no account with this username or email")]
    UnknownUser,
    /// Another account has this user name or email.
    #[error("another account uses this username or email")]
    UsernameTaken,
    /// Not a user name.
    #[error("a username has letters and digits, and . _ - between them")]
    UsernameInvalid,
    /// Not an email address.
    #[error("this is not an email address")]
    EmailInvalid,
    /// Not what to call a person.
    #[error("a name is one line of at most {} characters", crate::domain::account::MAX_NAME)]
    NameInvalid,
    /// The account may not do this.
    #[error("only operators may do this")]
    Forbidden,
    /// Not the name of a project or a client.
    #[error("a name has 1 to {} characters", crate::domain::project::MAX_NAME)]
    TitleInvalid,
    /// Not a slug that may be chosen.
    #[error(
        "a slug has lowercase letters, digits and single hyphens between them, at most {}, and does not begin with {}",
        crate::domain::client::MAX_SLUG,
        crate::domain::client::PREVIEW_PREFIX
    )]
    SlugInvalid,
    /// Another client has this slug.
    #[error("another client uses this slug")]
    SlugTaken,
    /// A text is empty where there must be one, or too long.
    #[error("{0}")]
    TextInvalid(String),
    /// What the request refers to is not there; the text says what.
    #[error("there is no such {0}")]
    ReferenceInvalid(&'static str),
    /// The client is deactivated.
    #[error("this client is deactivated; activate it first")]
    ClientInactive,
    /// The client that previews of this project use was deactivated.
    #[error("the client that previews of this project use is deactivated; activate it first")]
    PreviewClientInactive,
    /// Not a token that is in force.
    #[error("incorrect or expired token")]
    InvalidToken,
    /// The token counts no more.
    #[error("this token has expired")]
    TokenExpired,
    /// The token counts once, and has been used.
    #[error("this token was already used")]
    TokenUsed,
    /// Password and confirmation differ.
    #[error("the passwords don't match")]
    Mismatch,
    /// The password is too easily guessed.
    #[error("the password is too easily guessed: {}", .0.as_str())]
    PasswordPolicy(Weakness),
    /// The sign-in that this second step belongs to is not known, or too old.
    #[error("this sign-in has expired; start again")]
    ChallengeExpired,
    /// There is no temporary login token to sign in with.
    #[error("there is no active temporary sign-in token")]
    TemporaryLoginDisabled,
    /// The device surface says no.
    #[error("{}", .0.as_str())]
    Device(OAuthErrorCode),
    /// Too many failures; so many seconds to wait.
    #[error("too many attempts; try again in {0} s")]
    RateLimited(u64),
    /// More sign-ins are waiting than the server takes on.
    #[error("too many sign-ins at once; try again in a moment")]
    Overloaded,
    /// The database can't answer now. The same request may work later.
    #[error(transparent)]
    Unavailable(StoreError),
    /// The database failed.
    #[error(transparent)]
    Store(StoreError),
    /// A password could not be hashed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// There are no random bytes.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// A task panicked; the log says where.
    #[error("a task panicked before it answered")]
    Panicked,
    /// There is no thread left that could do the work.
    #[error("the threads that do this have ended")]
    WorkersGone,
    /// What is to be stored or sent can't be written as JSON.
    #[error("a value can't be written as JSON")]
    NotJson,
    /// A sign-in for tokens has made none.
    #[error("a sign-in for tokens has made none")]
    NoTokens,
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
