//! The typed HTTP client: one function for each endpoint, one [`ApiError`] for all of them.

pub(crate) mod account;
pub(crate) mod audit;
pub(crate) mod auth;
pub(crate) mod clients;
pub(crate) mod connection;
pub(crate) mod device;
pub(crate) mod json;
pub(crate) mod portal;
pub(crate) mod projects;
pub(crate) mod reauth;
pub(crate) mod tokens;

use std::{future::Future, pin::Pin};

use self::reauth::PendingRequest;
use doorstep_contract::{
    auth::ErrorData,
    device::{OAuthError, OAuthErrorCode},
    envelope::{Envelope, ErrorCode},
    password::Weakness,
};
use gloo_net::http::Request;
use leptos::prelude::Update as _;
use serde::{Serialize, de::DeserializeOwned};
use web_sys::{AbortSignal, Headers, RequestInit, js_sys::Reflect, wasm_bindgen::JsValue};

/// Why a request failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ApiError {
    /// No answer: the network or the server is down. The same request may succeed later.
    Unreachable,
    /// The server refused the request.
    Refused(ErrorCode),
    /// Too many attempts; the seconds to wait.
    Limited(u32),
    /// The server refused the password as too weak.
    Weak(Weakness),
    /// The device surface refused the request.
    Device(OAuthErrorCode),
    /// The answer is not Doorstep's, but for instance a proxy's.
    Unintelligible,
    /// The sign-in succeeded, but the browser did not send the session cookie back.
    CookieLost,
}

impl ApiError {
    /// The code of the refusal.
    pub(crate) const fn code(self) -> Option<ErrorCode> {
        match self {
            Self::Refused(code) => Some(code),
            Self::Limited(_) => Some(ErrorCode::RateLimited),
            Self::Weak(_) => Some(ErrorCode::PasswordPolicy),
            Self::Unreachable | Self::Unintelligible | Self::CookieLost | Self::Device(_) => None,
        }
    }
}

/// An HTTP method (RFC 9110 §9.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Method {
    Get,
    Post,
    Patch,
    Delete,
}

impl Method {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// The future of an answer. Boxed, because generic code would be compiled again for each future type.
pub(crate) type Coming<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>>>>;

/// Boxes the future of an answer.
pub(crate) fn coming<T>(answer: impl Future<Output = Result<T, ApiError>> + 'static) -> Coming<T> {
    Box::pin(answer)
}

async fn get<T: DeserializeOwned>(path: &str) -> Result<T, ApiError> {
    read(&send(Method::Get, path, None).await?)
}

async fn delete<T: DeserializeOwned>(path: &str) -> Result<T, ApiError> {
    read(&send(Method::Delete, path, None).await?)
}

async fn post<T: DeserializeOwned>(path: &str, body: Option<&impl Serialize>) -> Result<T, ApiError> {
    read(&send(Method::Post, path, body.map(json::to_string)).await?)
}

async fn patch<T: DeserializeOwned>(path: &str, body: &impl Serialize) -> Result<T, ApiError> {
    read(&send(Method::Patch, path, Some(json::to_string(body))).await?)
}

/// The timeout of a request, in milliseconds.
const TIMEOUT_MS: u32 = 20_000;

/// The body of a successful answer, after re-authentication if the server requires it. Not generic, so that it is in
/// the bundle once.
async fn send(method: Method, path: &str, body: Option<String>) -> Result<String, ApiError> {
    match exchange(method, path, body.clone()).await?.accept() {
        Err(ApiError::Refused(ErrorCode::ReauthRequired))
            if reauth::is_verified(PendingRequest { method, path }).await =>
        {
            exchange(method, path, body).await?.accept()
        }
        answer => answer,
    }
}

/// An HTTP response.
struct Answer {
    status: u16,
    text: String,
    retry_after: Option<String>,
}

impl Answer {
    const fn is_success(&self) -> bool {
        matches!(self.status, 200..=299)
    }

    fn accept(self) -> Result<String, ApiError> {
        if self.is_success() {
            return Ok(self.text);
        }
        let refusal = self.refusal();
        if refusal == ApiError::Refused(ErrorCode::Unauthenticated) {
            connection::unauthenticated_count().update(|count| *count = count.wrapping_add(1));
        }
        Err(refusal)
    }

    /// The data of a refusal, beside its code.
    fn error_data(&self) -> Option<ErrorData> {
        json::from_str::<Envelope<ErrorData>>(&self.text)?.data
    }

    fn refusal(&self) -> ApiError {
        let (code, data) = match json::from_str::<Envelope<ErrorData>>(&self.text) {
            Some(Envelope { code: Some(code), data, .. }) => (code, data),
            _ => match json::from_str::<OAuthError>(&self.text).map(|refusal| dashboard_code(refusal.error)) {
                Some(Ok(code)) => (code, None),
                Some(Err(code)) => return ApiError::Device(code),
                None => return self.foreign_error(),
            },
        };
        match (code, self.seconds(), data.and_then(|data| data.weakness)) {
            (ErrorCode::RateLimited, Some(seconds), _) => ApiError::Limited(seconds),
            (ErrorCode::PasswordPolicy, _, Some(weakness)) => ApiError::Weak(weakness),
            _ => ApiError::Refused(code),
        }
    }

    /// The error for a body that is not Doorstep's: a proxy answers in place of a server that is down.
    const fn foreign_error(&self) -> ApiError {
        if matches!(self.status, 502..=504) { ApiError::Unreachable } else { ApiError::Unintelligible }
    }

    /// The seconds of `Retry-After`.
    fn seconds(&self) -> Option<u32> {
        self.retry_after.as_ref()?.parse().ok()
    }
}

/// The equivalent code of the dashboard surface; otherwise the code of the device surface.
fn dashboard_code(code: OAuthErrorCode) -> Result<ErrorCode, OAuthErrorCode> {
    Ok(match code {
        OAuthErrorCode::RateLimited => ErrorCode::RateLimited,
        OAuthErrorCode::Unauthenticated => ErrorCode::Unauthenticated,
        OAuthErrorCode::ReauthRequired => ErrorCode::ReauthRequired,
        OAuthErrorCode::TemporarySession => ErrorCode::TemporarySession,
        OAuthErrorCode::PasswordChangeRequired => ErrorCode::PasswordChangeRequired,
        OAuthErrorCode::AccessDenied => ErrorCode::CsrfRejected,
        OAuthErrorCode::TemporarilyUnavailable => ErrorCode::ServiceUnavailable,
        OAuthErrorCode::ServerError => ErrorCode::InternalError,
        code => return Err(code),
    })
}

/// Options that few requests need.
#[derive(Default)]
struct Options<'a> {
    /// An additional header.
    header: Option<(&'static str, &'a str)>,
    /// Whether the browser completes the request even if the page is closed (Fetch, `keepalive`).
    keepalive: bool,
}

/// Sends a request, and records whether it was answered.
async fn exchange(method: Method, path: &str, body: Option<String>) -> Result<Answer, ApiError> {
    exchange_with(method, path, body, Options::default()).await
}

/// The same for a request that must complete even if the page is closed.
async fn exchange_keepalive(path: &str) -> Result<Answer, ApiError> {
    exchange_with(Method::Post, path, None, Options { keepalive: true, ..Options::default() }).await
}

async fn exchange_with(
    method: Method,
    path: &str,
    body: Option<String>,
    options: Options<'_>,
) -> Result<Answer, ApiError> {
    let answer = fetch(method, path, body, options).await;
    connection::note(!matches!(answer, Err(ApiError::Unreachable)));
    answer
}

async fn fetch(method: Method, path: &str, body: Option<String>, options: Options<'_>) -> Result<Answer, ApiError> {
    let request = request(method, path, body, &options).map_err(|_| ApiError::Unintelligible)?;
    let response = request.send().await.map_err(|_| ApiError::Unreachable)?;
    let text = response.text().await.map_err(|_| ApiError::Unreachable)?;
    Ok(Answer { status: response.status(), text, retry_after: response.headers().get("retry-after") })
}

/// Not by gloo-net's builder, which has no `keepalive` and parses the query of each address.
fn request(method: Method, path: &str, body: Option<String>, options: &Options<'_>) -> Result<Request, JsValue> {
    let headers = Headers::new()?;
    if let Some((name, value)) = options.header {
        headers.set(name, value)?;
    }
    let request = RequestInit::new();
    if let Some(body) = body {
        headers.set("content-type", "application/json")?;
        request.set_body(&body.into());
    }
    request.set_method(method.as_str());
    request.set_headers(&headers);
    request.set_signal(Some(&AbortSignal::timeout_with_u32(TIMEOUT_MS)));
    if options.keepalive {
        // web-sys has no setter for it.
        Reflect::set(&request, &"keepalive".into(), &true.into())?;
    }
    web_sys::Request::new_with_str_and_init(path, &request).map(Request::from)
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, ApiError> {
    let envelope: Envelope<T> = json::from_str(text).ok_or(ApiError::Unintelligible)?;
    envelope.data.ok_or(ApiError::Unintelligible)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(status: u16, text: &str, retry_after: Option<&str>) -> ApiError {
        Answer { status, text: text.to_owned(), retry_after: retry_after.map(str::to_owned) }.refusal()
    }

    #[test]
    fn the_error_code_decides() {
        let text = r#"{"status":"error","message":"no","code":"invalid_credentials","data":null}"#;
        assert_eq!(refusal(400, text, None), ApiError::Refused(ErrorCode::InvalidCredentials));
        let text = r#"{"status":"error","message":"no","code":"of_the_future","data":{"x":"y"}}"#;
        assert_eq!(refusal(400, text, None), ApiError::Refused(ErrorCode::Unknown));
    }

    #[test]
    fn limits_have_seconds_and_weak_passwords_a_reason() {
        let text = r#"{"status":"error","message":"no","code":"rate_limited","data":null}"#;
        assert_eq!(refusal(400, text, Some("42")), ApiError::Limited(42));
        assert_eq!(refusal(400, text, Some("soon")), ApiError::Refused(ErrorCode::RateLimited));
        let text = r#"{"status":"error","message":"no","code":"password_policy","data":{"weakness":"common"}}"#;
        assert_eq!(refusal(400, text, None), ApiError::Weak(Weakness::Common));
    }

    #[test]
    fn oauth_errors_are_parsed_too() {
        let text = r#"{"error":"already_resolved","error_description":"late"}"#;
        assert_eq!(refusal(409, text, None), ApiError::Device(OAuthErrorCode::AlreadyResolved));
        let text = r#"{"error":"reauth_required","error_description":"who"}"#;
        assert_eq!(refusal(403, text, None), ApiError::Refused(ErrorCode::ReauthRequired));
        let text = r#"{"error":"rate_limited","error_description":"slow"}"#;
        assert_eq!(refusal(429, text, Some("7")), ApiError::Limited(7));
    }

    #[test]
    fn a_page_of_a_proxy_is_unintelligible() {
        assert_eq!(refusal(502, "<html>Bad Gateway</html>", None), ApiError::Unreachable);
        assert_eq!(refusal(403, "<html>Forbidden</html>", None), ApiError::Unintelligible);
        assert_eq!(read::<u8>("<html>"), Err(ApiError::Unintelligible));
        assert_eq!(
            read::<u8>(r#"{"status":"ok","message":null,"code":null,"data":null}"#),
            Err(ApiError::Unintelligible)
        );
    }
}
