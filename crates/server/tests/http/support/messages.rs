//! Building requests, and inspecting responses.

use std::net::SocketAddr;

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header},
};
use serde_json::Value;

/// A POST as a page of this origin would send it.
pub(crate) fn post(path: &str) -> RequestBuilder {
    request(Method::POST, path).header("sec-fetch-site", "same-origin")
}

/// The same for PATCH.
pub(crate) fn patch(path: &str) -> RequestBuilder {
    request(Method::PATCH, path).header("sec-fetch-site", "same-origin")
}

/// The same for DELETE.
pub(crate) fn delete(path: &str) -> RequestBuilder {
    request(Method::DELETE, path).header("sec-fetch-site", "same-origin")
}

/// A plain GET.
pub(crate) fn get(path: &str) -> RequestBuilder {
    request(Method::GET, path)
}

/// A request without any headers.
pub(crate) fn request(method: Method, path: &str) -> RequestBuilder {
    let request = Request::builder().method(method).uri(path).body(Body::empty()).expect("is a request");
    RequestBuilder(request)
}

/// A request being built.
pub(crate) struct RequestBuilder(pub(super) Request<Body>);

impl RequestBuilder {
    pub(crate) fn method(&self) -> &Method {
        self.0.method()
    }

    /// The path without the query.
    pub(crate) fn path(&self) -> &str {
        self.0.uri().path()
    }

    /// Sets the client's address, which is loopback by default.
    pub(crate) fn from(mut self, address: &str) -> Self {
        let peer = SocketAddr::new(address.parse().expect("is an address"), 50_000);
        self.0.extensions_mut().insert(ConnectInfo(peer));
        self
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.0.headers_mut().insert(name, value.parse().expect("is a header"));
        self
    }

    /// Sets a header of arbitrary bytes.
    pub(crate) fn header_value(mut self, name: &'static str, value: HeaderValue) -> Self {
        self.0.headers_mut().insert(name, value);
        self
    }

    pub(crate) fn cookie(self, value: &str) -> Self {
        self.header("cookie", value)
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json").body(body.to_string())
    }

    pub(crate) fn body(mut self, body: impl Into<Body>) -> Self {
        *self.0.body_mut() = body.into();
        self
    }
}

/// A response.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    /// The JSON body.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// Asserts an error in the envelope of the dashboard surface.
    #[track_caller]
    pub(crate) fn assert_error(&self, status: u16, code: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        let json = self.json();
        assert_eq!(json["status"], "error", "{json}");
        assert_eq!(json["code"], code, "{json}");
        assert!(json["message"].as_str().is_some_and(|message| !message.is_empty()), "{json}");
        assert_eq!(json.as_object().map(serde_json::Map::len), Some(4), "{json}");
        assert_eq!(self.headers[header::CACHE_CONTROL], "no-store");
    }

    /// The `data` of a successful response.
    #[track_caller]
    pub(crate) fn data(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text);
        let mut json = self.json();
        assert_eq!((&json["status"], &json["code"]), (&"ok".into(), &Value::Null), "{json}");
        json["data"].take()
    }

    /// The `Set-Cookie` header of the session.
    #[track_caller]
    pub(crate) fn set_cookie(&self) -> &str {
        let of_session = |header: &&str| header.contains("doorstep_session=");
        self.set_cookies().find(of_session).unwrap_or_else(|| panic!("no session in {:?}", self.headers))
    }

    /// The value of the `Cookie` header that a browser sends from now on.
    pub(crate) fn cookie(&self) -> String {
        let pairs: Vec<&str> = self.set_cookies().filter_map(|header| header.split(';').next()).collect();
        pairs.join("; ")
    }

    pub(crate) fn set_cookies(&self) -> impl Iterator<Item = &str> {
        self.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().expect("is ASCII"))
    }
}
