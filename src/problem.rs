//! What went wrong, in words: the one place that turns an error into a sentence.

use doorstep_contract::envelope::ErrorCode;
use doorstep_locales::{Word, words::error};

use crate::api::ApiError;

/// The sentence for an error.
pub(crate) const fn sentence(problem: ApiError) -> Word {
    match problem {
        ApiError::Unreachable => error::UNREACHABLE,
        ApiError::Unintelligible => error::GENERAL,
        ApiError::Refused(code) => match code {
            ErrorCode::InvalidCredentials => error::INVALID_CREDENTIALS,
            ErrorCode::TemporaryLoginDisabled => error::TEMPORARY_LOGIN_DISABLED,
            ErrorCode::ChallengeExpired => error::CHALLENGE_EXPIRED,
            ErrorCode::CsrfRejected => error::CSRF_REJECTED,
            ErrorCode::Unauthenticated => error::UNAUTHENTICATED,
            ErrorCode::ServiceUnavailable => error::SERVICE_UNAVAILABLE,
            ErrorCode::InvalidRequest
            | ErrorCode::PayloadTooLarge
            | ErrorCode::UnsupportedMediaType
            | ErrorCode::NotFound
            | ErrorCode::MethodNotAllowed
            | ErrorCode::InternalError
            | ErrorCode::Unknown => error::GENERAL,
        },
    }
}
