//! Programs that use the token surface: `let tokens = server.tokens("ada").await;`.

use axum::http::{Method, StatusCode, header};
use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, RequestBuilder, Server, get, request};

/// The tokens of a sign-in in json mode.
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
}

/// A request as a program sends it: without `Origin` and Fetch Metadata.
pub(crate) fn send(path: &str, body: &Value) -> RequestBuilder {
    request(Method::POST, path).json(body)
}

/// Requests the account of an access token.
pub(crate) fn me(access: &str) -> RequestBuilder {
    get("/users/me").header("authorization", &format!("Bearer {access}"))
}

impl Server {
    /// Signs a program in.
    pub(crate) async fn tokens(&self, username: &str) -> Tokens {
        let body = json!({ "email": format!("{username}@example.org"), "password": PASSWORD });
        Tokens::of(&self.send(send("/auth/login", &body)).await)
    }
}

impl Tokens {
    pub(crate) fn of(answer: &Answer) -> Self {
        let data = answer.tokens_data();
        let text = |key: &str| data[key].as_str().unwrap_or_else(|| panic!("no {key} in {data}")).to_owned();
        Self { access: text("access_token"), refresh: text("refresh_token") }
    }
}

impl Answer {
    /// The `data` of a successful response of the token surface.
    #[track_caller]
    pub(crate) fn tokens_data(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text);
        assert_eq!(self.headers[header::CACHE_CONTROL], "no-store");
        self.json()["data"].take()
    }

    /// Asserts an empty response.
    #[track_caller]
    pub(crate) fn assert_nothing(&self) {
        assert_eq!((self.status, self.text.as_str()), (StatusCode::NO_CONTENT, ""));
    }

    /// Asserts an error of the token surface.
    #[track_caller]
    pub(crate) fn assert_refused(&self, status: u16, code: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        let json = self.json();
        assert_eq!(json["errors"][0]["extensions"]["code"], code, "{json}");
        assert!(json["errors"][0]["message"].as_str().is_some_and(|message| !message.is_empty()), "{json}");
        assert_eq!(json.as_object().map(serde_json::Map::len), Some(1), "{json}");
        assert_eq!(self.headers[header::CACHE_CONTROL], "no-store");
        assert_eq!(self.status == StatusCode::TOO_MANY_REQUESTS, self.headers.contains_key(header::RETRY_AFTER));
    }

    /// The value of a cookie that was set.
    #[track_caller]
    pub(crate) fn cookie_value(&self, name: &str) -> String {
        let found = self.set_cookies().find_map(|cookie| cookie.split(';').next()?.strip_prefix(&format!("{name}=")));
        found.unwrap_or_else(|| panic!("no {name} in {:?}", self.headers)).to_owned()
    }
}
