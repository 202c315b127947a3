//! What may come of a GET: it changes something only as the navigation of a user (RFC 9110 §9.2.1), and counts against a limit
//! of the visitor's only where the visitor asked for it ([`Asked`]).
//!
//! A few paths have to begin or end something with a GET, because they are links. Mail scanners and link checkers ask for
//! the head of a link, browsers fetch pages ahead that may never be shown, and pages of others embed links as pictures.
//! None of these is the user.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
};

use super::csrf::{LedBy, is_browser};

/// The user went there, to be shown what comes. Any other request is answered without a change.
pub(super) struct Followed;

impl<S: Sync> FromRequestParts<S> for Followed {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        if is_followed(&parts.method, &parts.headers) { Ok(Self) } else { Err(without_effect(&parts.method)) }
    }
}

/// A page of this origin asks, the user does, or a program: what comes may count against the visitor's limits. A page of
/// another site could use them up by pictures of this address; such a request is answered without a count.
pub(super) struct Asked;

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        let is_asked = is_asked_for(&parts.method, &parts.headers) && LedBy::of(&parts.headers) != LedBy::Another;
        if is_asked { Ok(Self) } else { Err(without_effect(&parts.method)) }
    }
}

/// The answer to what is not the user's.
fn without_effect(method: &Method) -> Response {
    // A browser throws away what it fetched ahead when that failed, and asks again when the user goes there.
    let status = if method == Method::HEAD { StatusCode::NO_CONTENT } else { StatusCode::FORBIDDEN };
    (status, [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))]).into_response()
}

/// Whether the user asks for it now, by whatever kind of request: not for its head alone, and not ahead of time.
pub(super) fn is_asked_for(method: &Method, headers: &HeaderMap) -> bool {
    let ahead =
        |name| headers.get_all(name).iter().any(|purpose| names(purpose, b"prefetch") || names(purpose, b"preview"));
    method != Method::HEAD && !["sec-purpose", "purpose", "x-purpose", "x-moz"].into_iter().any(ahead)
}

/// Whether the user goes there. A client that is no browser is taken at its word.
pub(super) fn is_followed(method: &Method, headers: &HeaderMap) -> bool {
    let is = |name, wanted: &str| headers.get(name).is_none_or(|value| value == wanted);
    is_asked_for(method, headers)
        && (!is_browser(headers) || is("sec-fetch-mode", "navigate"))
        && is("sec-fetch-dest", "document")
}

/// `prefetch`, and `prefetch;prerender`.
fn names(value: &HeaderValue, purpose: &[u8]) -> bool {
    let first = value.as_bytes().split(|byte| matches!(byte, b';' | b',')).next().unwrap_or_default();
    first.trim_ascii().eq_ignore_ascii_case(purpose)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| ((*name).parse().expect("is one"), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn only_a_navigation_is_followed() {
        for (pairs, followed) in [
            (&[][..], true),
            (&[("sec-fetch-mode", "cors")], true),
            (&[("sec-fetch-mode", "no-cors"), ("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")], true),
            (&[("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")], false),
            (&[("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")], false),
            (&[("sec-fetch-mode", "cors"), ("sec-fetch-dest", "empty")], false),
            (&[("sec-fetch-mode", "navigate"), ("sec-purpose", "prefetch;prerender")], false),
            (&[("sec-purpose", "prefetch")], false),
            (&[("purpose", "Prefetch")], false),
            (&[("x-moz", "prefetch")], false),
        ] {
            assert_eq!(is_followed(&Method::GET, &headers(pairs)), followed, "{pairs:?}");
            assert!(!is_followed(&Method::HEAD, &headers(pairs)), "{pairs:?}");
        }
        let fetched = headers(&[("sec-fetch-mode", "cors"), ("sec-fetch-dest", "empty")]);
        assert!(is_asked_for(&Method::GET, &fetched) && !is_asked_for(&Method::HEAD, &fetched));
    }
}
