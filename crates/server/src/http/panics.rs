//! A net under the handlers: a fault of ours ends one request, not the server.

use std::any::Any;

use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use tracing::error;

/// Writes the text of a panic to the log; clients never see it.
pub(super) fn log(panic: &(dyn Any + Send)) {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    error!(panic = text.unwrap_or("(no text)"), "a handler panicked");
}

/// The answer where no surface has one of its own.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands it over")]
pub(super) fn answer(panic: Box<dyn Any + Send>) -> Response {
    log(&*panic);
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}
