//! What all surfaces share: rendering errors in the surface's own format, the origin check, `no-store`, and turning
//! panics into errors.

use std::{any::Any, marker::PhantomData};

use axum::{
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tower_http::catch_panic::CatchPanicLayer;
use tracing::{error, warn};
use url::Url;

use super::{
    csrf::{self, MissingOrigin},
    panics,
};
use crate::error::Error;

/// How long a client should wait when the server is overloaded or its database busy, in seconds.
pub(super) const BUSY_RETRY_AFTER: HeaderValue = HeaderValue::from_static("2");

/// How a surface renders errors.
pub(super) trait Dialect: 'static {
    /// The complete response.
    fn error(error: &Error) -> Response;
}

/// An error, rendered for a surface.
pub(super) struct Refusal<D>(Response, PhantomData<D>);

impl<E: Into<Error>, D: Dialect> From<E> for Refusal<D> {
    fn from(error: E) -> Self {
        Self(D::error(&error.into()), PhantomData)
    }
}

impl<D> IntoResponse for Refusal<D> {
    fn into_response(self) -> Response {
        self.0
    }
}

/// The message for users. Details of internal errors are logged, and the client gets a generic message.
pub(super) fn message(error: &Error, status: StatusCode) -> String {
    if !status.is_server_error() || matches!(error, Error::Overloaded) {
        return error.to_string();
    }
    error!(%error, "a request failed");
    let told = match status {
        StatusCode::SERVICE_UNAVAILABLE => "the server is unavailable; try again in a moment",
        _ => "the server failed",
    };
    told.to_owned()
}

/// The value of `Retry-After`, where trying again later can help.
pub(super) fn retry_after(error: &Error, status: StatusCode) -> Option<HeaderValue> {
    match error {
        Error::RateLimited(seconds) => Some(HeaderValue::from(*seconds)),
        // Disabled by configuration: trying again does not help.
        Error::Device(_) => None,
        _ if status == StatusCode::SERVICE_UNAVAILABLE => Some(BUSY_RETRY_AFTER),
        _ => None,
    }
}

/// Turns a panic into an error response of the surface.
pub(super) fn catch_panics<D: Dialect>() -> CatchPanicLayer<fn(Box<dyn Any + Send>) -> Response> {
    CatchPanicLayer::custom(|panic: Box<dyn Any + Send>| {
        panics::log(&*panic);
        D::error(&Error::Panicked)
    })
}

/// Middleware of all endpoints: the origin check, and `Cache-Control: no-store`.
pub(super) async fn guard<D: Dialect>(
    public_url: &Url,
    missing_origin: MissingOrigin,
    request: Request,
    next: Next,
) -> Response {
    let mut response = match csrf::check(request.method(), request.headers(), public_url, missing_origin) {
        Ok(()) => next.run(request).await,
        Err(error) => {
            warn!(event = "csrf_rejected");
            D::error(&error)
        }
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
