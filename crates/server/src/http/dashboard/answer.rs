//! Responses of the dashboard surface: data and errors in the envelope.

use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use doorstep_contract::{
    auth::ErrorData,
    envelope::{Envelope, ErrorCode},
};
use serde::Serialize;

use crate::{
    error::Error,
    http::dialect::{self, Dialect, message, retry_after},
};

/// The result of a handler: data, or an error.
pub(super) type Answer<T> = Result<Data<T>, Refusal>;

/// Data, wrapped in the envelope.
pub(super) struct Data<T>(pub(super) T);

impl<T: Serialize> IntoResponse for Data<T> {
    fn into_response(self) -> Response {
        Json(Envelope::ok(self.0)).into_response()
    }
}

/// An error, wrapped in the envelope.
pub(super) type Refusal = dialect::Refusal<Enveloped>;

/// How this surface renders errors.
pub(super) struct Enveloped;

impl Dialect for Enveloped {
    fn error(error: &Error) -> Response {
        self::error(error)
    }
}

/// Renders an error.
pub(super) fn error(error: &Error) -> Response {
    let (status, code) = status_and_code(error);
    let data = match error {
        Error::PasswordPolicy { weakness, .. } => Some(ErrorData { weakness: Some(*weakness), ..ErrorData::default() }),
        Error::TotpRequired(challenge) => {
            Some(ErrorData { totp_required: Some(true), challenge: Some(challenge.clone()), ..ErrorData::default() })
        }
        _ => None,
    };
    let envelope = Envelope { data, ..Envelope::error(code, message(error, status)) };
    let mut response = (status, Json(envelope)).into_response();
    if let Some(seconds) = retry_after(error, status) {
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    response
}

pub(super) fn status_and_code(error: &Error) -> (StatusCode, ErrorCode) {
    match error {
        Error::InvalidRequest(_) | Error::NameInvalid | Error::Device(_) => {
            (StatusCode::BAD_REQUEST, ErrorCode::InvalidRequest)
        }
        Error::PayloadTooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::PayloadTooLarge),
        Error::UnsupportedMediaType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, ErrorCode::UnsupportedMediaType),
        Error::NotFound | Error::UnknownUser | Error::UnknownProvider => (StatusCode::NOT_FOUND, ErrorCode::NotFound),
        Error::TitleInvalid => (StatusCode::UNPROCESSABLE_ENTITY, ErrorCode::NameInvalid),
        Error::SlugInvalid => (StatusCode::UNPROCESSABLE_ENTITY, ErrorCode::SlugInvalid),
        Error::TextInvalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, ErrorCode::TextInvalid),
        Error::ReferenceInvalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, ErrorCode::ReferenceInvalid),
        Error::SlugTaken => (StatusCode::CONFLICT, ErrorCode::SlugTaken),
        Error::ClientInactive => (StatusCode::CONFLICT, ErrorCode::ClientInactive),
        Error::PreviewClientInactive => (StatusCode::CONFLICT, ErrorCode::PreviewClientInactive),
        Error::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, ErrorCode::MethodNotAllowed),
        Error::CsrfRejected => (StatusCode::FORBIDDEN, ErrorCode::CsrfRejected),
        Error::Unauthenticated => (StatusCode::UNAUTHORIZED, ErrorCode::Unauthenticated),
        Error::InvalidCredentials => (StatusCode::UNAUTHORIZED, ErrorCode::InvalidCredentials),
        Error::ReauthRequired => (StatusCode::FORBIDDEN, ErrorCode::ReauthRequired),
        Error::TemporarySession => (StatusCode::FORBIDDEN, ErrorCode::TemporarySession),
        Error::TotpRequired(_) | Error::CodeRequired => (StatusCode::UNAUTHORIZED, ErrorCode::TotpRequired),
        Error::Forbidden | Error::PasswordLoginDisabled => (StatusCode::FORBIDDEN, ErrorCode::Forbidden),
        Error::InvalidCode => (StatusCode::UNAUTHORIZED, ErrorCode::InvalidCode),
        Error::LastIdentity => (StatusCode::CONFLICT, ErrorCode::LastIdentity),
        Error::AlreadyEnabled => (StatusCode::CONFLICT, ErrorCode::AlreadyEnabled),
        Error::InvalidToken => (StatusCode::UNAUTHORIZED, ErrorCode::InvalidToken),
        Error::TokenExpired => (StatusCode::UNAUTHORIZED, ErrorCode::TokenExpired),
        Error::TokenUsed => (StatusCode::UNAUTHORIZED, ErrorCode::TokenUsed),
        Error::WrongPassword => (StatusCode::UNAUTHORIZED, ErrorCode::WrongPassword),
        Error::PasswordChangeRequired => (StatusCode::FORBIDDEN, ErrorCode::PasswordChangeRequired),
        Error::SetupNotAllowed => (StatusCode::FORBIDDEN, ErrorCode::SetupNotAllowed),
        Error::UsernameTaken => (StatusCode::CONFLICT, ErrorCode::UsernameTaken),
        Error::UsernameInvalid => (StatusCode::UNPROCESSABLE_ENTITY, ErrorCode::UsernameInvalid),
        Error::EmailInvalid => (StatusCode::UNPROCESSABLE_ENTITY, ErrorCode::EmailInvalid),
        Error::Mismatch => (StatusCode::UNPROCESSABLE_ENTITY, ErrorCode::Mismatch),
        Error::PasswordPolicy { .. } => (StatusCode::UNPROCESSABLE_ENTITY, ErrorCode::PasswordPolicy),
        Error::ChallengeExpired => (StatusCode::UNAUTHORIZED, ErrorCode::ChallengeExpired),
        Error::TemporaryLoginDisabled => (StatusCode::FORBIDDEN, ErrorCode::TemporaryLoginDisabled),
        Error::RateLimited(_) => (StatusCode::TOO_MANY_REQUESTS, ErrorCode::RateLimited),
        Error::Overloaded | Error::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, ErrorCode::ServiceUnavailable),
        Error::Store(_)
        | Error::Hash(_)
        | Error::Random(_)
        | Error::Panicked
        | Error::WorkersGone
        | Error::NotJson
        | Error::NoTokens => (StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::InternalError),
    }
}
