//! Content that could not be loaded.

use doorstep_contract::envelope::ErrorCode;
use doorstep_locales::{
    Word,
    words::{list as words, role},
};
use leptos::prelude::*;

use crate::{
    api::{
        ApiError,
        connection::{Connection, connection},
    },
    problem::sentence,
};

/// The message for content that could not be loaded. It is shown with a button to try again, and a lost connection has
/// a separate notice (`widgets/connection_notice.rs`): it repeats neither.
pub(crate) const fn not_loaded(error: ApiError) -> Word {
    match error {
        ApiError::Unreachable | ApiError::Unintelligible | ApiError::Refused(ErrorCode::ServiceUnavailable) => {
            words::NOT_LOADED
        }
        ApiError::Refused(ErrorCode::Forbidden) => role::OPERATORS_ONLY,
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

/// Calls `again` when the server is reachable again, if the content was not loaded because it was not.
pub(crate) fn retry_when_reachable(error: impl Fn() -> Option<ApiError> + 'static, again: impl Fn() + 'static) {
    let connection = connection();
    Effect::new(move |_| {
        if connection.get() == Connection::Back && untrack(&error) == Some(ApiError::Unreachable) {
            again();
        }
    });
}
