//! The typed client: one function an endpoint, one [`ApiError`] for all of them.

pub(crate) mod auth;
pub(crate) mod connection;

use doorstep_contract::{
    auth::ErrorData,
    envelope::{Envelope, ErrorCode},
    password::Weakness,
};
use gloo_net::http::{Method, RequestBuilder};
use miniserde::{Deserialize, Serialize, json};
use web_sys::AbortSignal;

/// Why an endpoint did not give what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ApiError {
    /// No answer came: the network or the server is down. The same request may work later.
    Unreachable,
    /// The server said no.
    Refused(ErrorCode),
    /// Too many attempts; so many seconds to wait.
    Limited(u32),
    /// The server does not take this password.
    Weak(Weakness),
    /// Something answered that does not speak our language, such as a proxy.
    Unintelligible,
}

async fn get<T: Deserialize>(path: &str) -> Result<T, ApiError> {
    read(&send(Method::GET, path, None).await?)
}

async fn post<T: Deserialize>(path: &str, body: Option<&impl Serialize>) -> Result<T, ApiError> {
    read(&send(Method::POST, path, body.map(json::to_string)).await?)
}

/// How long an answer may take, in milliseconds. A request that hangs is one that can be tried again.
const PATIENCE: u32 = 20_000;

/// The text of a successful answer. Not generic, so that it is in the bundle once.
async fn send(method: Method, path: &str, body: Option<String>) -> Result<String, ApiError> {
    let answer = exchange(method, path, body).await;
    connection::note(answer != Err(ApiError::Unreachable));
    answer
}

async fn exchange(method: Method, path: &str, body: Option<String>) -> Result<String, ApiError> {
    let patience = AbortSignal::timeout_with_u32(PATIENCE);
    let request = RequestBuilder::new(path).method(method).abort_signal(Some(&patience));
    let request = match body {
        Some(body) => request.header("content-type", "application/json").body(body),
        None => request.build(),
    };
    let response = request.map_err(|_| ApiError::Unintelligible)?.send().await.map_err(|_| ApiError::Unreachable)?;
    let text = response.text().await.map_err(|_| ApiError::Unreachable)?;
    if response.ok() {
        Ok(text)
    } else {
        Err(refusal(response.status(), &text, response.headers().get("retry-after").as_deref()))
    }
}

fn read<T: Deserialize>(text: &str) -> Result<T, ApiError> {
    let envelope: Envelope<T> = json::from_str(text).map_err(|_| ApiError::Unintelligible)?;
    envelope.data.ok_or(ApiError::Unintelligible)
}

fn refusal(status: u16, text: &str, retry_after: Option<&str>) -> ApiError {
    let Ok(Envelope { code: Some(code), data, .. }) = json::from_str::<Envelope<ErrorData>>(text) else {
        // A proxy speaks for a server that does not answer.
        return if matches!(status, 502..=504) { ApiError::Unreachable } else { ApiError::Unintelligible };
    };
    let seconds = retry_after.and_then(|seconds| seconds.parse().ok());
    match (code, seconds, data.and_then(|data| data.weakness)) {
        (ErrorCode::RateLimited, Some(seconds), _) => ApiError::Limited(seconds),
        (ErrorCode::PasswordPolicy, _, Some(weakness)) => ApiError::Weak(weakness),
        _ => ApiError::Refused(code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_of_an_error_decides() {
        let text = r#"{"status":"error","message":"no","code":"invalid_credentials","data":null}"#;
        assert_eq!(refusal(400, text, None), ApiError::Refused(ErrorCode::InvalidCredentials));
        let text = r#"{"status":"error","message":"no","code":"totp_required","data":{"challenge":"x"}}"#;
        assert_eq!(refusal(400, text, None), ApiError::Refused(ErrorCode::Unknown));
    }

    #[test]
    fn a_limit_says_how_long_and_a_policy_says_why() {
        let text = r#"{"status":"error","message":"no","code":"rate_limited","data":null}"#;
        assert_eq!(refusal(400, text, Some("42")), ApiError::Limited(42));
        assert_eq!(refusal(400, text, Some("soon")), ApiError::Refused(ErrorCode::RateLimited));
        let text = r#"{"status":"error","message":"no","code":"password_policy","data":{"weakness":"common"}}"#;
        assert_eq!(refusal(400, text, None), ApiError::Weak(Weakness::Common));
    }

    #[test]
    fn the_page_of_a_proxy_is_not_understood() {
        assert_eq!(refusal(502, "<html>Bad Gateway</html>", None), ApiError::Unreachable);
        assert_eq!(refusal(403, "<html>Forbidden</html>", None), ApiError::Unintelligible);
        assert_eq!(read::<u8>("<html>"), Err(ApiError::Unintelligible));
        assert_eq!(
            read::<u8>(r#"{"status":"ok","message":null,"code":null,"data":null}"#),
            Err(ApiError::Unintelligible)
        );
    }
}
