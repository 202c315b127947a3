//! What went wrong, in words: the one place that turns an error into a sentence.

use doorstep_contract::{envelope::ErrorCode, password::Weakness};
use doorstep_locales::{Word, words::error};

use crate::api::ApiError;

/// The sentence for an error.
pub(crate) const fn sentence(problem: ApiError) -> Word {
    match problem {
        ApiError::Unreachable => error::UNREACHABLE,
        ApiError::Unintelligible => error::GENERAL,
        ApiError::Limited(_) | ApiError::Refused(ErrorCode::RateLimited) => error::RATE_LIMITED,
        ApiError::Weak(weakness) => weak(weakness),
        ApiError::Refused(code) => match code {
            ErrorCode::WrongPassword => error::WRONG_PASSWORD,
            ErrorCode::PasswordChangeRequired => error::PASSWORD_CHANGE_REQUIRED,
            ErrorCode::SetupNotAllowed => error::SETUP_NOT_ALLOWED,
            ErrorCode::UsernameTaken => error::USERNAME_TAKEN,
            ErrorCode::UsernameInvalid => error::USERNAME_INVALID,
            ErrorCode::EmailInvalid => error::EMAIL_INVALID,
            ErrorCode::Mismatch => error::MISMATCH,
            ErrorCode::InvalidCredentials => error::INVALID_CREDENTIALS,
            ErrorCode::TemporaryLoginDisabled => error::TEMPORARY_LOGIN_DISABLED,
            ErrorCode::ChallengeExpired => error::CHALLENGE_EXPIRED,
            ErrorCode::CsrfRejected => error::CSRF_REJECTED,
            ErrorCode::Unauthenticated => error::UNAUTHENTICATED,
            ErrorCode::ServiceUnavailable => error::SERVICE_UNAVAILABLE,
            ErrorCode::RateLimited
            | ErrorCode::PasswordPolicy
            | ErrorCode::InvalidRequest
            | ErrorCode::PayloadTooLarge
            | ErrorCode::UnsupportedMediaType
            | ErrorCode::NotFound
            | ErrorCode::MethodNotAllowed
            | ErrorCode::InternalError
            | ErrorCode::Unknown => error::GENERAL,
        },
    }
}

/// The sentence for a password that is not taken.
pub(crate) const fn weak(weakness: Weakness) -> Word {
    match weakness {
        Weakness::TooShort => error::TOO_SHORT,
        Weakness::TooLong => error::TOO_LONG,
        Weakness::OwnName => error::OWN_NAME,
        Weakness::Common => error::COMMON,
        Weakness::Unchanged => error::UNCHANGED,
    }
}
