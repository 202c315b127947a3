//! Content that could not be loaded.

use doorstep_contract::envelope::ErrorCode;
use doorstep_locales::{Word, words::list as words};

use crate::{api::ApiError, problem::sentence};

/// The message for content that could not be loaded. It is shown with a button to try again, and a lost connection has
/// a separate notice (`widgets/connection_notice.rs`): it repeats neither.
pub(crate) const fn not_loaded(error: ApiError) -> Word {
    match error {
        ApiError::Unreachable | ApiError::Unintelligible | ApiError::Refused(ErrorCode::ServiceUnavailable) => {
            words::NOT_LOADED
        }
        ApiError::Refused(_)
        | ApiError::Limited(_)
        | ApiError::Weak(_)
        | ApiError::Device(_)
        | ApiError::CookieLost => sentence(error),
    }
}

/// Whether the same request may succeed later. Missing permissions will not change.
pub(crate) const fn can_be_tried_again(error: ApiError) -> bool {
    !matches!(error, ApiError::Refused(ErrorCode::Forbidden | ErrorCode::TemporarySession | ErrorCode::AlreadyEnabled))
}
