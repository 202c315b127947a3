//! Catches panics in handlers: a bug ends one request, not the server.

use std::any::Any;

use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use tracing::error;

/// Logs the message of a panic; clients never see it.
pub(super) fn log(panic: &(dyn Any + Send)) {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    error!(panic = text.unwrap_or("(no text)"), "a handler panicked");
}

/// The response outside of the surfaces.
#[expect(clippy::needless_pass_by_value, reason = "the layer passes it by value")]
pub(super) fn answer(panic: Box<dyn Any + Send>) -> Response {
    log(&*panic);
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}
