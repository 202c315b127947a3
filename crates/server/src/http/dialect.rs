//! What every surface has in common: errors in its own dialect, writes from pages of this origin alone, answers that
//! no cache keeps, a net under panics.

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
    csrf::{self, Unmarked},
    panics,
};
use crate::error::Error;

/// How long a client should wait when the server is overloaded or its database busy, in seconds.
pub(super) const BUSY_RETRY_AFTER: HeaderValue = HeaderValue::from_static("2");

/// How a surface tells errors.
pub(super) trait Dialect: 'static {
    /// The whole answer.
    fn error(error: &Error) -> Response;
}

/// An error, told in a dialect.
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

/// What people read. What is the server's own fault goes to the log, and the client learns only that it happened.
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

/// When to try again, if that may help.
pub(super) fn retry_after(error: &Error, status: StatusCode) -> Option<HeaderValue> {
    match error {
        Error::RateLimited(seconds) => Some(HeaderValue::from(*seconds)),
        // Not now and not later: the operator has said so.
        Error::Device(_) => None,
        _ if status == StatusCode::SERVICE_UNAVAILABLE => Some(BUSY_RETRY_AFTER),
        _ => None,
    }
}

/// The net.
pub(super) fn catch_panics<D: Dialect>() -> CatchPanicLayer<fn(Box<dyn Any + Send>) -> Response> {
    CatchPanicLayer::custom(|panic: Box<dyn Any + Send>| {
        panics::log(&*panic);
        D::error(&Error::Panicked)
    })
}

/// Around every endpoint: no page of another origin writes, and no cache keeps an answer.
pub(super) async fn guard<D: Dialect>(public_url: &Url, unmarked: Unmarked, request: Request, next: Next) -> Response {
    let mut response = match csrf::check(request.method(), request.headers(), public_url, unmarked) {
        Ok(()) => next.run(request).await,
        Err(error) => {
            warn!(event = "csrf_rejected");
            D::error(&error)
        }
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
