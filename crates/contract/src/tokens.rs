//! What the app reads of the token surface, `/auth/*`: its errors, and the password reset that it speaks there.

use crate::{password::Weakness, secret::Secret, words::words};

/// POST [`crate::paths::PASSWORD_REQUEST`]: asks for a mail that resets a password. The answer is 204 whoever asks for
/// whom.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasswordRequest {
    /// The email of the account.
    pub email: String,
    /// Where the link in the mail leads instead of this server's own page; only what the operator has allowed.
    pub reset_url: Option<String>,
}

/// POST [`crate::paths::PASSWORD_RESET`]: chooses a new password. The answer is 204; it signs nobody in.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasswordReset {
    /// The token from the mail's link.
    pub token: Secret,
    /// The new password.
    pub password: Secret,
}

/// An error of the token surface, in the Directus dialect.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokenErrors {
    /// One, always.
    pub errors: Vec<TokenError>,
}

/// See [`TokenErrors`].
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokenError {
    /// English prose for people who read raw answers.
    pub message: String,
    /// What programs decide by.
    pub extensions: Extensions,
}

/// See [`TokenErrors`].
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Extensions {
    /// Which error it is.
    pub code: TokenErrorCode,
    /// With [`TokenErrorCode::FailedValidation`] of a password: what is wrong with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub weakness: Option<Weakness>,
}

words! {
    /// Why a request of the token surface was refused.
    pub enum TokenErrorCode {
        /// 400: the body is not JSON, not an object, or a field is missing, of the wrong type, or not allowed.
        InvalidPayload = "INVALID_PAYLOAD",
        /// 400: the new password is too easily guessed.
        FailedValidation = "FAILED_VALIDATION",
        /// 401: email and password do not belong together, or the token opens nothing.
        InvalidCredentials = "INVALID_CREDENTIALS",
        /// 401: a one-time code is wanted, or the one that came is wrong.
        InvalidOtp = "INVALID_OTP",
        /// 401: the token was good until a while ago.
        TokenExpired = "TOKEN_EXPIRED",
        /// 403: the token is unknown: mistyped, or a newer one took its place.
        InvalidToken = "INVALID_TOKEN",
        /// 403: not allowed; of a reset: the token has been used.
        Forbidden = "FORBIDDEN",
        /// 403: there is no such way to sign in.
        InvalidProvider = "INVALID_PROVIDER",
        /// 404: there is nothing at this path.
        RouteNotFound = "ROUTE_NOT_FOUND",
        /// 405: the path is right, the method is not.
        MethodNotAllowed = "METHOD_NOT_ALLOWED",
        /// 413: the body is over 64 KiB.
        ContentTooLarge = "CONTENT_TOO_LARGE",
        /// 415: a body that is not `application/json`.
        UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE",
        /// 429: too many attempts; the header `Retry-After` says how many seconds to wait.
        RequestsExceeded = "REQUESTS_EXCEEDED",
        /// 503: the server, or the identity system that it asks, can't answer now.
        ServiceUnavailable = "SERVICE_UNAVAILABLE",
        /// 503: a provider is not set up as it should be.
        InvalidProviderConfig = "INVALID_PROVIDER_CONFIG",
        /// 500: a fault of the server.
        InternalServerError = "INTERNAL_SERVER_ERROR",
    }
    else {
        /// A code of a newer server than this program knows.
        Unknown = "UNKNOWN"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_app_reads_the_errors_that_the_server_writes() {
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
    fn the_server_reads_what_the_app_writes() {
        let request = PasswordRequest { email: "ada@example.org".to_owned(), reset_url: None };
        let text = serde_json::to_string(&request).expect("serializes");
        assert_eq!(serde_json::from_str::<PasswordRequest>(&text).expect("is read"), request);
    }
}
