//! Responses of the device surface: plain JSON, and OAuth errors (RFC 6749 §5.2).

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use doorstep_contract::device::{OAuthError, OAuthErrorCode};

use crate::{
    error::Error,
    http::dialect::{self, Dialect, message, retry_after},
};

/// The `WWW-Authenticate` header for a missing or invalid token (RFC 6750 §3).
const CHALLENGE: HeaderValue = HeaderValue::from_static("Bearer error=\"invalid_token\"");
/// The same for a token whose scope is too narrow.
const TOO_NARROW: HeaderValue = HeaderValue::from_static("Bearer error=\"insufficient_scope\", scope=\"full\"");

/// The result of a handler: data, or an OAuth error.
pub(super) type Answer<T> = Result<Json<T>, Refusal>;

/// An OAuth error.
pub(super) type Refusal = dialect::Refusal<OAuth>;

/// How this surface renders errors.
pub(super) struct OAuth;

impl Dialect for OAuth {
    fn error(error: &Error) -> Response {
        self::error(error)
    }
}

/// Renders an error.
pub(super) fn error(error: &Error) -> Response {
    let (status, code) = status_and_code(error);
    let description = match error {
        Error::Device(code) => describe(*code).to_owned(),
        _ => message(error, status),
    };
    let mut response = (status, Json(OAuthError { error: code, error_description: description })).into_response();
    let headers = response.headers_mut();
    if let Some(seconds) = retry_after(error, status) {
        headers.insert(header::RETRY_AFTER, seconds);
    }
    match error {
        Error::Device(OAuthErrorCode::InvalidToken) => headers.insert(header::WWW_AUTHENTICATE, CHALLENGE),
        Error::Device(OAuthErrorCode::InsufficientScope) => headers.insert(header::WWW_AUTHENTICATE, TOO_NARROW),
        _ => None,
    };
    response
}

pub(super) fn status_and_code(error: &Error) -> (StatusCode, OAuthErrorCode) {
    match error {
        Error::InvalidRequest(_) => (StatusCode::BAD_REQUEST, OAuthErrorCode::InvalidRequest),
        Error::PayloadTooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, OAuthErrorCode::PayloadTooLarge),
        Error::UnsupportedMediaType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, OAuthErrorCode::UnsupportedMediaType),
        Error::NotFound => (StatusCode::NOT_FOUND, OAuthErrorCode::NotFound),
        Error::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, OAuthErrorCode::MethodNotAllowed),
        Error::CsrfRejected => (StatusCode::FORBIDDEN, OAuthErrorCode::AccessDenied),
        Error::Unauthenticated => (StatusCode::UNAUTHORIZED, OAuthErrorCode::Unauthenticated),
        Error::ReauthRequired => (StatusCode::FORBIDDEN, OAuthErrorCode::ReauthRequired),
        Error::TemporarySession => (StatusCode::FORBIDDEN, OAuthErrorCode::TemporarySession),
        Error::PasswordChangeRequired => (StatusCode::FORBIDDEN, OAuthErrorCode::PasswordChangeRequired),
        Error::RateLimited(_) => (StatusCode::TOO_MANY_REQUESTS, OAuthErrorCode::RateLimited),
        Error::Device(code) => (status(*code), *code),
        Error::Overloaded | Error::Unavailable(_) => {
            (StatusCode::SERVICE_UNAVAILABLE, OAuthErrorCode::TemporarilyUnavailable)
        }
        // No endpoint of this surface returns the remaining errors.
        _ => (StatusCode::INTERNAL_SERVER_ERROR, OAuthErrorCode::ServerError),
    }
}

fn status(code: OAuthErrorCode) -> StatusCode {
    use OAuthErrorCode as Code;
    match code {
        Code::Unauthenticated
        | Code::InvalidToken
        | Code::NoSession
        | Code::InvalidSession
        | Code::SessionAlreadyConsumed => StatusCode::UNAUTHORIZED,
        Code::CsrfMismatch
        | Code::InsufficientScope
        | Code::ReauthRequired
        | Code::TemporarySession
        | Code::PasswordChangeRequired => StatusCode::FORBIDDEN,
        Code::ExpiredOrUnknown | Code::NotFound => StatusCode::NOT_FOUND,
        Code::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        Code::AlreadyResolved | Code::ApproveInProgress | Code::StateLost | Code::UserCodeNotPending => {
            StatusCode::CONFLICT
        }
        Code::PayloadTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Code::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Code::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        Code::SsoInitiateFailed => StatusCode::BAD_GATEWAY,
        Code::BearerAuthDisabled | Code::TemporarilyUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        Code::ServerError | Code::Unknown => StatusCode::INTERNAL_SERVER_ERROR,
        Code::InvalidRequest
        | Code::InvalidScope
        | Code::UnsupportedClient
        | Code::InvalidClient
        | Code::AuthorizationPending
        | Code::SlowDown
        | Code::ExpiredToken
        | Code::AccessDenied
        | Code::InvalidGrant
        | Code::UnsupportedGrantType
        | Code::InvalidUserCode
        | Code::UserCodeMismatch => StatusCode::BAD_REQUEST,
    }
}

/// The `error_description`, for developers who read raw responses.
const fn describe(code: OAuthErrorCode) -> &'static str {
    use OAuthErrorCode as Code;
    match code {
        Code::InvalidScope => "unknown scope; use full or apps:run",
        Code::UnsupportedClient | Code::InvalidClient => "unknown client; an operator can add it",
        Code::AuthorizationPending => "the request is not approved yet",
        Code::SlowDown => "too fast; wait 5 seconds longer between requests",
        Code::ExpiredToken => "the device code is unknown, expired, or already used",
        Code::AccessDenied => "the request was denied",
        Code::InvalidGrant => "the device code belongs to another client",
        Code::UnsupportedGrantType => "the grant type must be urn:ietf:params:oauth:grant-type:device_code",
        Code::InvalidToken => "the token is missing, expired, or not accepted here",
        Code::InsufficientScope => "the scope of the token does not cover this",
        Code::ExpiredOrUnknown => "the device code is unknown or expired",
        Code::AlreadyResolved | Code::SessionAlreadyConsumed => "the request was already approved or denied",
        Code::StateLost => "the request no longer exists",
        Code::InvalidUserCode => "this is not an active device code",
        Code::SsoInitiateFailed => "the identity provider can't be reached",
        Code::NoSession | Code::InvalidSession => "single sign-on was not completed, or has expired",
        Code::CsrfMismatch => "the CSRF token does not match",
        Code::UserCodeMismatch => "the device code is not the one that single sign-on started with",
        Code::UserCodeNotPending => "the device code has expired, or was already approved or denied",
        Code::BearerAuthDisabled => "device authorization is turned off",
        Code::TemporarilyUnavailable => "the server is unavailable; try again in a moment",
        Code::ServerError => "the server failed",
        // The remaining codes are self-explanatory.
        _ => code.as_str(),
    }
}
