//! Error messages: the one place that maps an error to a sentence.

use doorstep_contract::{device::OAuthErrorCode, envelope::ErrorCode, password::Weakness};
use doorstep_locales::{
    Word,
    words::{device, error, reset},
};

use crate::{
    api::ApiError,
    ui::form::{Problem, Refusal},
};

/// Maps an error to a form's refusal; `field` gives the field at fault for a code.
pub(crate) fn blame(field: impl Fn(ErrorCode) -> Option<&'static str>) -> impl Fn(ApiError) -> Refusal {
    move |error| match error {
        ApiError::Limited(seconds) => Refusal::Wait(seconds),
        _ => Refusal::Problem(Problem { sentence: sentence(error), field: error.code().and_then(&field) }),
    }
}

/// Maps a wrong code to this sentence beside the field; other errors to their usual one.
pub(crate) fn blame_code(sentence: Word, field: &'static str) -> impl Fn(ApiError) -> Refusal {
    move |error| match error {
        ApiError::Refused(ErrorCode::InvalidCode) => Problem { sentence, field: Some(field) }.into(),
        error => error.into(),
    }
}

impl From<ApiError> for Refusal {
    fn from(error: ApiError) -> Self {
        blame(|_| None)(error)
    }
}

/// The sentence for an error.
pub(crate) const fn sentence(problem: ApiError) -> Word {
    match problem {
        ApiError::Unreachable => error::UNREACHABLE,
        ApiError::Unintelligible => error::GENERAL,
        ApiError::CookieLost => error::COOKIE_LOST,
        ApiError::Limited(_) | ApiError::Refused(ErrorCode::RateLimited) => error::RATE_LIMITED,
        ApiError::Weak(weakness) => weak(weakness),
        ApiError::Device(code) => match code {
            OAuthErrorCode::BearerAuthDisabled => device::DISABLED,
            OAuthErrorCode::ExpiredOrUnknown | OAuthErrorCode::InvalidUserCode => device::UNKNOWN_CODE,
            _ => error::GENERAL,
        },
        ApiError::Refused(code) => match code {
            ErrorCode::WrongPassword => error::WRONG_PASSWORD,
            ErrorCode::PasswordChangeRequired => error::PASSWORD_CHANGE_REQUIRED,
            ErrorCode::SetupNotAllowed => error::SETUP_NOT_ALLOWED,
            ErrorCode::UsernameTaken => error::USERNAME_TAKEN,
            ErrorCode::UsernameInvalid => error::USERNAME_INVALID,
            ErrorCode::EmailInvalid => error::EMAIL_INVALID,
            ErrorCode::InvalidCredentials => error::INVALID_CREDENTIALS,
            ErrorCode::TemporaryLoginDisabled => error::TEMPORARY_LOGIN_DISABLED,
            ErrorCode::ChallengeExpired => error::CHALLENGE_EXPIRED,
            ErrorCode::InvalidCode => error::INVALID_CODE,
            ErrorCode::InvalidToken => error::INVALID_TOKEN,
            ErrorCode::TokenExpired => reset::EXPIRED,
            ErrorCode::TokenUsed => reset::USED,
            ErrorCode::ReauthRequired => error::REAUTH_REQUIRED,
            ErrorCode::TemporarySession => error::TEMPORARY_SESSION,
            ErrorCode::Forbidden => error::FORBIDDEN,
            ErrorCode::AlreadyEnabled => error::ALREADY_ENABLED,
            ErrorCode::LastIdentity => error::LAST_IDENTITY,
            ErrorCode::TotpRequired => error::TOTP_REQUIRED,
            ErrorCode::CsrfRejected => error::CSRF_REJECTED,
            ErrorCode::Unauthenticated => error::UNAUTHENTICATED,
            ErrorCode::SlugTaken => error::SLUG_TAKEN,
            ErrorCode::ClientInactive => error::CLIENT_INACTIVE,
            ErrorCode::PreviewClientInactive => error::PREVIEW_CLIENT_INACTIVE,
            ErrorCode::NameInvalid => error::NAME_INVALID,
            ErrorCode::SlugInvalid => error::SLUG_INVALID,
            ErrorCode::TextInvalid => error::TEXT_INVALID,
            ErrorCode::ReferenceInvalid => error::REFERENCE_INVALID,
            ErrorCode::ServiceUnavailable => error::SERVICE_UNAVAILABLE,
            ErrorCode::InvalidRequest
            | ErrorCode::Mismatch
            | ErrorCode::PayloadTooLarge
            | ErrorCode::UnsupportedMediaType
            | ErrorCode::NotFound
            | ErrorCode::MethodNotAllowed => error::INVALID_REQUEST,
            ErrorCode::RateLimited | ErrorCode::PasswordPolicy | ErrorCode::InternalError | ErrorCode::Unknown => {
                error::GENERAL
            }
        },
    }
}

/// The sentence for a weak password.
pub(crate) const fn weak(weakness: Weakness) -> Word {
    match weakness {
        Weakness::TooShort => error::TOO_SHORT,
        Weakness::TooLong => error::TOO_LONG,
        Weakness::OwnName => error::OWN_NAME,
        Weakness::Common => error::COMMON,
        Weakness::Unchanged => error::UNCHANGED,
    }
}
