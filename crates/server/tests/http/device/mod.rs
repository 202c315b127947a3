//! The device surface: `/v1/oauth/device`, `/openapi/v1`, `/console/api/oauth/device`, `/oauth/token`.

mod approve;
mod audit;
mod basic;
mod catalog;
mod code;
mod context;
mod every_path;
mod lookup;
mod me;
mod metadata;
mod sessions;
mod sso;
mod token;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

pub(crate) use sso::provider::came_back_from_provider;

use crate::support::{Answer, RequestBuilder, Server, get, post, request};

/// Where the app uses the flow.
pub(crate) const MOUNT: &str = "/v1/oauth/device";

/// The codes of a device.
#[derive(Clone)]
pub(crate) struct Codes {
    device_code: String,
    user_code: String,
}

/// A POST of a program, without an origin.
pub(crate) fn program(path: &str, body: &Value) -> RequestBuilder {
    request(Method::POST, path).json(body)
}

/// Creates a device request.
pub(crate) async fn ask(server: &Server) -> Codes {
    ask_with(server, &json!({ "client_id": "difyctl" })).await
}

async fn ask_with(server: &Server, body: &Value) -> Codes {
    codes(&server.send(program(&format!("{MOUNT}/code"), body)).await)
}

#[track_caller]
fn codes(answer: &Answer) -> Codes {
    let json = answer.ok();
    let text = |key: &str| json[key].as_str().expect("is text").to_owned();
    Codes { device_code: text("device_code"), user_code: text("user_code") }
}

/// A poll for the token.
pub(crate) fn poll(codes: &Codes) -> RequestBuilder {
    let body = json!({ "client_id": "difyctl", "device_code": codes.device_code });
    program(&format!("{MOUNT}/token"), &body)
}

/// Approves a device request.
fn approve(cookie: &str, codes: &Codes) -> RequestBuilder {
    decide("approve", cookie, codes)
}

fn deny(cookie: &str, codes: &Codes) -> RequestBuilder {
    decide("deny", cookie, codes)
}

fn decide(what: &str, cookie: &str, codes: &Codes) -> RequestBuilder {
    let path = format!("/console/api/oauth/device/{what}");
    post(&path).cookie(cookie).json(&json!({ "user_code": codes.user_code }))
}

/// Performs the whole flow and returns the token response.
async fn authorize(server: &Server, cookie: &str, body: &Value) -> Value {
    let codes = ask_with(server, body).await;
    server.send(approve(cookie, &codes)).await.ok();
    server.send(poll(&codes)).await.ok()
}

/// Performs the whole flow and returns the token.
pub(crate) async fn token(server: &Server, cookie: &str) -> String {
    let answer = authorize(server, cookie, &json!({ "client_id": "difyctl" })).await;
    answer["access_token"].as_str().expect("is text").to_owned()
}

/// Requests the owner of a token.
pub(crate) fn me(token: &str) -> RequestBuilder {
    get("/v1/me").header("authorization", &format!("Bearer {token}"))
}

async fn is_live(server: &Server, token: &str) -> bool {
    match server.send(me(token)).await {
        answer if answer.status == StatusCode::OK => true,
        answer => {
            answer.refused(401, "invalid_token");
            false
        }
    }
}

impl Answer {
    /// The JSON of a successful response.
    #[track_caller]
    fn ok(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text);
        assert_eq!(self.headers["cache-control"], "no-store");
        self.json()
    }

    /// Asserts an OAuth error.
    #[track_caller]
    fn refused(&self, status: u16, error: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        let json = self.json();
        assert_eq!(json["error"], error, "{json}");
        assert!(json["error_description"].as_str().is_some_and(|text| !text.is_empty()), "{json}");
        assert_eq!(json.as_object().map(serde_json::Map::len), Some(2), "{json}");
        assert_eq!(self.headers["cache-control"], "no-store");
        assert_eq!(self.headers.contains_key("retry-after"), matches!(status, 429), "{json}");
    }
}
