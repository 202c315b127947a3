//! Answers of the dashboard surface: the envelope, and errors in its dialect.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use doorstep_contract::{
    auth::ErrorData,
    envelope::{Envelope, ErrorCode},
};
use serde::Serialize;
use tracing::error;

use crate::{error::Error, store::StoreError};

/// How long a client should wait when the server is overloaded or its database busy, in seconds.
const BUSY_RETRY_AFTER: HeaderValue = HeaderValue::from_static("2");

/// What a handler gives back: data, or an error that becomes its envelope.
pub(super) type Answer<T> = Result<Data<T>, Refusal>;

/// Data in an envelope.
pub(super) struct Data<T>(pub(super) T);

impl<T: Serialize> IntoResponse for Data<T> {
    fn into_response(self) -> Response {
        Json(Envelope::ok(self.0)).into_response()
    }
}

/// An error in an envelope.
pub(super) struct Refusal(Response);

impl<E: Into<Error>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self(self::error(&error.into()))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        self.0
    }
}

/// Renders an error. What is the server's own fault goes to the log, and the client learns only that it happened.
pub(super) fn error(error: &Error) -> Response {
    let (status, code) = status_and_code(error);
    let message = if status.is_server_error() && !matches!(error, Error::Overloaded) {
        error!(%error, "a request failed");
        if status == StatusCode::SERVICE_UNAVAILABLE {
            "the server can't answer now; try again in a moment".to_owned()
        } else {
            "the server failed".to_owned()
        }
    } else {
        error.to_string()
    };
    let data = match error {
        Error::PasswordPolicy(weakness) => Some(ErrorData { weakness: Some(*weakness) }),
        _ => None,
    };
    let envelope = Envelope { data, ..Envelope::error(code, message) };
    let mut response = (status, Json(envelope)).into_response();
    let retry_after = match error {
        Error::RateLimited(seconds) => Some(HeaderValue::from(*seconds)),
        _ if status == StatusCode::SERVICE_UNAVAILABLE => Some(BUSY_RETRY_AFTER),
        _ => None,
    };
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    response
}

fn status_and_code(error: &Error) -> (StatusCode, ErrorCode) {
    match error {
        Error::InvalidRequest(_) => (StatusCode::BAD_REQUEST, ErrorCode::InvalidRequest),
        Error::PayloadTooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::PayloadTooLarge),
        Error::UnsupportedMediaType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, ErrorCode::UnsupportedMediaType),
        Error::NotFound | Error::UnknownUser => (StatusCode::NOT_FOUND, ErrorCode::NotFound),
        Error::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, ErrorCode::MethodNotAllowed),
        Error::CsrfRejected => (StatusCode::FORBIDDEN, ErrorCode::CsrfRejected),
        Error::Unauthenticated => (StatusCode::UNAUTHORIZED, ErrorCode::Unauthenticated),
        Error::InvalidCredentials => (StatusCode::UNAUTHORIZED, ErrorCode::InvalidCredentials),
        Error::WrongPassword => (StatusCode::UNAUTHORIZED, ErrorCode::WrongPassword),
        Error::PasswordChangeRequired => (StatusCode::FORBIDDEN, ErrorCode::PasswordChangeRequired),
        Error::SetupNotAllowed => (StatusCode::FORBIDDEN, ErrorCode::SetupNotAllowed),
        Error::UsernameTaken => (StatusCode::CONFLICT, ErrorCode::UsernameTaken),
        Error::UsernameInvalid => (StatusCode::UNPROCESSABLE_ENTITY, ErrorCode::UsernameInvalid),
        Error::EmailInvalid => (StatusCode::UNPROCESSABLE_ENTITY, ErrorCode::EmailInvalid),
        Error::Mismatch => (StatusCode::UNPROCESSABLE_ENTITY, ErrorCode::Mismatch),
        Error::PasswordPolicy(_) => (StatusCode::UNPROCESSABLE_ENTITY, ErrorCode::PasswordPolicy),
        Error::ChallengeExpired => (StatusCode::UNAUTHORIZED, ErrorCode::ChallengeExpired),
        Error::TemporaryLoginDisabled => (StatusCode::FORBIDDEN, ErrorCode::TemporaryLoginDisabled),
        Error::RateLimited(_) => (StatusCode::TOO_MANY_REQUESTS, ErrorCode::RateLimited),
        Error::Overloaded | Error::Store(StoreError::Unavailable(_)) => {
            (StatusCode::SERVICE_UNAVAILABLE, ErrorCode::ServiceUnavailable)
        }
        Error::Store(_) | Error::Hash(_) | Error::Random(_) | Error::TaskLost => {
            (StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::InternalError)
        }
    }
}
