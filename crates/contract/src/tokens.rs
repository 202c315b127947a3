//! Requests and answers of the token surface, `/auth/*`, that the app uses: the password reset and the errors.

use crate::{password::Weakness, secret::Secret, words::words};

/// POST [`crate::paths::PASSWORD_REQUEST`]: requests a mail to reset a password. The answer is 204 whether the account
/// exists or not.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasswordRequest {
    /// The email of the account.
    pub email: String,
    /// The page for the mail's link in place of this server's own; it must be allowed by the operator.
    pub reset_url: Option<String>,
}

/// POST [`crate::paths::PASSWORD_RESET`]: sets a new password. The answer is 204, without a session.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasswordReset {
    /// The token of the mail's link.
    pub token: Secret,
    /// The new password.
    pub password: Secret,
}

/// An error of the token surface, in Directus' format.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokenErrors {
    /// Always one.
    pub errors: Vec<TokenError>,
}

/// See [`TokenErrors`].
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokenError {
    /// An explanation in English, for developers.
    pub message: String,
    /// The code, for programs.
    pub extensions: Extensions,
}

/// See [`TokenErrors`].
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Extensions {
    /// The error code.
    pub code: TokenErrorCode,
    /// With [`TokenErrorCode::FailedValidation`] of a password: why it is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub weakness: Option<Weakness>,
}

words! {
    /// Why a request of the token surface was refused.
    pub enum TokenErrorCode {
        /// 400: the body is not JSON or not an object, or a field is missing, of the wrong type, or not allowed.
        InvalidPayload = "INVALID_PAYLOAD",
        /// 400: the new password is too weak.
        FailedValidation = "FAILED_VALIDATION",
        /// 401: wrong email or password, or not a valid token.
        InvalidCredentials = "INVALID_CREDENTIALS",
        /// 401: a verification code is required, or the code is wrong.
        InvalidOtp = "INVALID_OTP",
        /// 401: the token has expired.
        TokenExpired = "TOKEN_EXPIRED",
        /// 403: the token is unknown: mistyped, or replaced by a newer one.
        InvalidToken = "INVALID_TOKEN",
        /// 403: not allowed; for a reset, the token was used already.
        Forbidden = "FORBIDDEN",
        /// 403: no such provider.
        InvalidProvider = "INVALID_PROVIDER",
        /// 404: no such path.
        RouteNotFound = "ROUTE_NOT_FOUND",
        /// 405: the path does not have this method.
        MethodNotAllowed = "METHOD_NOT_ALLOWED",
        /// 413: the body is larger than 64 KiB.
        ContentTooLarge = "CONTENT_TOO_LARGE",
        /// 415: the body is not `application/json`.
        UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE",
        /// 429: too many attempts; `Retry-After` has the seconds to wait.
        RequestsExceeded = "REQUESTS_EXCEEDED",
        /// 503: the server or the identity provider is unavailable.
        ServiceUnavailable = "SERVICE_UNAVAILABLE",
        /// 503: a provider is not configured correctly.
        InvalidProviderConfig = "INVALID_PROVIDER_CONFIG",
        /// 500: an internal error of the server.
        InternalServerError = "INTERNAL_SERVER_ERROR",
    }
    else {
        /// A code of a newer server.
        Unknown = "UNKNOWN"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_app_parses_errors_of_the_server() {
        let extensions = Extensions { code: TokenErrorCode::FailedValidation, weakness: Some(Weakness::TooShort) };
        let errors = TokenErrors { errors: vec![TokenError { message: "m".to_owned(), extensions }] };
        let text = serde_json::to_string(&errors).expect("serializes");
        assert_eq!(
            text,
            r#"{"errors":[{"message":"m","extensions":{"code":"FAILED_VALIDATION","weakness":"too_short"}}]}"#
        );
        assert_eq!(serde_json::from_str::<TokenErrors>(&text).expect("is read"), errors);
    }

    #[test]
    fn the_server_parses_requests_of_the_app() {
        let request = PasswordRequest { email: "ada@example.org".to_owned(), reset_url: None };
        let text = serde_json::to_string(&request).expect("serializes");
        assert_eq!(serde_json::from_str::<PasswordRequest>(&text).expect("is read"), request);
    }
}
