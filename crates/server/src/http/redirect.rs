//! Redirects.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};

use super::set_cookies::SetCookies;

/// 302 (RFC 9110 §15.4.3), after a GET.
pub(super) fn found(location: &str, cookies: impl IntoIterator<Item = HeaderValue>) -> Response {
    elsewhere(StatusCode::FOUND, location, cookies)
}

/// 303 (RFC 9110 §15.4.4), after a POST: a reload does not send it again.
pub(super) fn see_other(location: &str, cookies: impl IntoIterator<Item = HeaderValue>) -> Response {
    elsewhere(StatusCode::SEE_OTHER, location, cookies)
}

/// 308 (RFC 9110 §15.4.9), to the canonical path. Not cached: the URL may contain a code.
pub(super) fn permanent(location: &str) -> Response {
    let mut response = elsewhere(StatusCode::PERMANENT_REDIRECT, location, []);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn elsewhere(status: StatusCode, location: &str, cookies: impl IntoIterator<Item = HeaderValue>) -> Response {
    // Locations are serialized URLs or paths of this origin, so they are ASCII.
    let location = HeaderValue::from_str(location).unwrap_or(HeaderValue::from_static("/"));
    (status, SetCookies::of(cookies), [(header::LOCATION, location)]).into_response()
}
