//! Answers that lead elsewhere.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};

use super::set_cookies::SetCookies;

/// RFC 9110 §15.4.3, for what was read.
pub(super) fn found(location: &str, cookies: impl IntoIterator<Item = HeaderValue>) -> Response {
    elsewhere(StatusCode::FOUND, location, cookies)
}

/// RFC 9110 §15.4.4, for what was written: a reload does not write it again.
pub(super) fn see_other(location: &str, cookies: impl IntoIterator<Item = HeaderValue>) -> Response {
    elsewhere(StatusCode::SEE_OTHER, location, cookies)
}

/// RFC 9110 §15.4.9, for another spelling of an address. No cache keeps it: the address may have a code in it.
pub(super) fn permanent(location: &str) -> Response {
    let mut response = elsewhere(StatusCode::PERMANENT_REDIRECT, location, []);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn elsewhere(status: StatusCode, location: &str, cookies: impl IntoIterator<Item = HeaderValue>) -> Response {
    // What may be gone to is ASCII: a URL, or a path of this origin.
    let location = HeaderValue::from_str(location).unwrap_or(HeaderValue::from_static("/"));
    (status, SetCookies::of(cookies), [(header::LOCATION, location)]).into_response()
}
