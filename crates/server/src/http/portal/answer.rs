//! Responses of the portal: plain JSON, and errors as `{"error": CODE}`.

use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use doorstep_contract::portal::{PortalError, PortalErrorCode};
use tracing::error;

use crate::{
    error::Error,
    http::dialect::{self, Dialect, retry_after},
};

/// The result of a handler: data, or an error.
pub(super) type Answer<T> = Result<Json<T>, Refusal>;

/// An error of this surface.
pub(super) type Refusal = dialect::Refusal<Bare>;

/// How this surface renders errors.
pub(super) struct Bare;

impl Dialect for Bare {
    fn error(error: &Error) -> Response {
        render(error)
    }
}

/// Renders an error.
pub(super) fn render(error: &Error) -> Response {
    let (status, code) = status_and_code(error);
    if status.is_server_error() {
        error!(%error, "a request failed");
    }
    let mut response = (status, Json(PortalError { error: code })).into_response();
    if let Some(seconds) = retry_after(error, status) {
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    response
}

pub(super) fn status_and_code(error: &Error) -> (StatusCode, PortalErrorCode) {
    match error {
        Error::Unauthenticated => (StatusCode::UNAUTHORIZED, PortalErrorCode::AccessRequired),
        Error::InvalidRequest(_) => (StatusCode::BAD_REQUEST, PortalErrorCode::InvalidRequest),
        Error::PayloadTooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, PortalErrorCode::PayloadTooLarge),
        Error::UnsupportedMediaType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, PortalErrorCode::UnsupportedMediaType),
        Error::NotFound => (StatusCode::NOT_FOUND, PortalErrorCode::NotFound),
        Error::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, PortalErrorCode::MethodNotAllowed),
        Error::CsrfRejected => (StatusCode::FORBIDDEN, PortalErrorCode::CsrfRejected),
        Error::RateLimited(_) => (StatusCode::TOO_MANY_REQUESTS, PortalErrorCode::RateLimited),
        Error::Overloaded | Error::Unavailable(_) => {
            (StatusCode::SERVICE_UNAVAILABLE, PortalErrorCode::ServiceUnavailable)
        }
        // No endpoint of this surface returns the remaining errors.
        _ => (StatusCode::INTERNAL_SERVER_ERROR, PortalErrorCode::InternalError),
    }
}
