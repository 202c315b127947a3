//! The token surface, as far as a browser uses it: password resets. Answers have no body, errors are in Directus'
//! format.

use doorstep_contract::{
    envelope::ErrorCode,
    paths,
    tokens::{PasswordRequest, PasswordReset, TokenError, TokenErrorCode, TokenErrors},
};
use serde::Serialize;

use super::{ApiError, Method, exchange, json};

/// Requests a mail with a link to reset the password.
pub(crate) async fn request_reset(request: &PasswordRequest) -> Result<(), ApiError> {
    post(paths::PASSWORD_REQUEST, request).await
}

/// Sets a new password with the token of that mail.
pub(crate) async fn reset(request: &PasswordReset) -> Result<(), ApiError> {
    post(paths::PASSWORD_RESET, request).await
}

async fn post(path: &str, body: &impl Serialize) -> Result<(), ApiError> {
    let answer = exchange(Method::Post, path, Some(json::to_string(body))).await?;
    match json::from_str::<TokenErrors>(&answer.text).and_then(|refusal| refusal.errors.into_iter().next()) {
        Some(error) => Err(to_api_error(&error, answer.retry_after.as_deref())),
        None => answer.accept().map(|_| ()),
    }
}

/// The equivalent error of the dashboard surface.
fn to_api_error(error: &TokenError, retry_after: Option<&str>) -> ApiError {
    let seconds = retry_after.and_then(|seconds| seconds.parse().ok());
    ApiError::Refused(match (error.extensions.code, error.extensions.weakness, seconds) {
        (TokenErrorCode::FailedValidation, Some(weakness), _) => return ApiError::Weak(weakness),
        (TokenErrorCode::RequestsExceeded, _, Some(seconds)) => return ApiError::Limited(seconds),
        (TokenErrorCode::RequestsExceeded, ..) => ErrorCode::RateLimited,
        (TokenErrorCode::TokenExpired, ..) => ErrorCode::TokenExpired,
        (TokenErrorCode::InvalidToken, ..) => ErrorCode::InvalidToken,
        (TokenErrorCode::Forbidden, ..) => ErrorCode::TokenUsed,
        (TokenErrorCode::ServiceUnavailable, ..) => ErrorCode::ServiceUnavailable,
        (TokenErrorCode::InvalidPayload, ..) => ErrorCode::EmailInvalid,
        _ => ErrorCode::InternalError,
    })
}

#[cfg(test)]
mod tests {
    use doorstep_contract::{password::Weakness, tokens::Extensions};

    use super::*;

    #[test]
    fn each_error_of_a_link_keeps_its_code() {
        let told = |code, weakness| {
            to_api_error(&TokenError { message: String::new(), extensions: Extensions { code, weakness } }, Some("9"))
        };
        assert_eq!(told(TokenErrorCode::TokenExpired, None), ApiError::Refused(ErrorCode::TokenExpired));
        assert_eq!(told(TokenErrorCode::InvalidToken, None), ApiError::Refused(ErrorCode::InvalidToken));
        assert_eq!(told(TokenErrorCode::Forbidden, None), ApiError::Refused(ErrorCode::TokenUsed));
        assert_eq!(told(TokenErrorCode::RequestsExceeded, None), ApiError::Limited(9));
        let weak = told(TokenErrorCode::FailedValidation, Some(Weakness::Common));
        assert_eq!(weak, ApiError::Weak(Weakness::Common));
    }
}
