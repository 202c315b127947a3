//! Responses of the token surface: `{"data":…}` or empty, and errors as Directus formats them.

use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use doorstep_contract::tokens::{Extensions, TokenError, TokenErrorCode, TokenErrors};
use serde::Serialize;
use serde_json::json;

use crate::{
    error::Error,
    http::dialect::{self, Dialect, message, retry_after},
};

/// The result of a handler: data, or an error.
pub(super) type Answer<T> = Result<Data<T>, Refusal>;

/// `{"data":…}`.
pub(super) struct Data<T>(pub(super) T);

impl<T: Serialize> IntoResponse for Data<T> {
    fn into_response(self) -> Response {
        Json(json!({ "data": self.0 })).into_response()
    }
}

/// An error of this surface.
pub(super) type Refusal = dialect::Refusal<Directus>;

/// How this surface renders errors.
pub(super) struct Directus;

impl Dialect for Directus {
    fn error(error: &Error) -> Response {
        self::error(error)
    }
}

/// Renders an error.
pub(super) fn error(error: &Error) -> Response {
    let (status, errors) = describe(error);
    let mut response = (status, Json(errors)).into_response();
    if let Some(seconds) = retry_after(error, status) {
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    response
}

/// The status and the body of an error.
pub(super) fn describe(error: &Error) -> (StatusCode, TokenErrors) {
    let (status, code) = status_and_code(error);
    let message = message(error, status);
    let weakness = match error {
        Error::PasswordPolicy { weakness, .. } => Some(*weakness),
        _ => None,
    };
    (status, TokenErrors { errors: vec![TokenError { message, extensions: Extensions { code, weakness } }] })
}

pub(super) fn status_and_code(error: &Error) -> (StatusCode, TokenErrorCode) {
    match error {
        Error::InvalidRequest(_)
        | Error::NameInvalid
        | Error::TitleInvalid
        | Error::SlugInvalid
        | Error::SlugTaken
        | Error::TextInvalid(_)
        | Error::ReferenceInvalid(_)
        | Error::ClientInactive
        | Error::PreviewClientInactive
        | Error::UsernameInvalid
        | Error::EmailInvalid
        | Error::UsernameTaken
        | Error::Mismatch
        | Error::AlreadyEnabled
        | Error::LastIdentity => (StatusCode::BAD_REQUEST, TokenErrorCode::InvalidPayload),
        Error::PasswordPolicy { .. } => (StatusCode::BAD_REQUEST, TokenErrorCode::FailedValidation),
        Error::PayloadTooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, TokenErrorCode::ContentTooLarge),
        Error::UnsupportedMediaType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, TokenErrorCode::UnsupportedMediaType),
        Error::NotFound => (StatusCode::NOT_FOUND, TokenErrorCode::RouteNotFound),
        Error::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, TokenErrorCode::MethodNotAllowed),
        Error::Unauthenticated | Error::InvalidCredentials | Error::WrongPassword | Error::UnknownUser => {
            (StatusCode::UNAUTHORIZED, TokenErrorCode::InvalidCredentials)
        }
        Error::TotpRequired(_) | Error::CodeRequired | Error::InvalidCode | Error::ChallengeExpired => {
            (StatusCode::UNAUTHORIZED, TokenErrorCode::InvalidOtp)
        }
        Error::TokenExpired => (StatusCode::UNAUTHORIZED, TokenErrorCode::TokenExpired),
        Error::InvalidToken => (StatusCode::FORBIDDEN, TokenErrorCode::InvalidToken),
        Error::CsrfRejected
        | Error::Forbidden
        | Error::TokenUsed
        | Error::ReauthRequired
        | Error::TemporarySession
        | Error::TemporaryLoginDisabled
        | Error::PasswordChangeRequired
        | Error::SetupNotAllowed
        | Error::Device(_) => (StatusCode::FORBIDDEN, TokenErrorCode::Forbidden),
        Error::UnknownProvider | Error::PasswordLoginDisabled => {
            (StatusCode::FORBIDDEN, TokenErrorCode::InvalidProvider)
        }
        Error::RateLimited(_) => (StatusCode::TOO_MANY_REQUESTS, TokenErrorCode::RequestsExceeded),
        Error::Overloaded | Error::Unavailable(_) => {
            (StatusCode::SERVICE_UNAVAILABLE, TokenErrorCode::ServiceUnavailable)
        }
        Error::Store(_)
        | Error::Hash(_)
        | Error::Random(_)
        | Error::Panicked
        | Error::WorkersGone
        | Error::NotJson
        | Error::NoTokens => (StatusCode::INTERNAL_SERVER_ERROR, TokenErrorCode::InternalServerError),
    }
}
