//! When a GET may have an effect. It changes state only as a navigation of the user (RFC 9110 §9.2.1), and counts
//! against the client's limits only if the client itself made it ([`NotCrossSite`]).
//!
//! A few paths have to begin or end something by GET, because they are links. Mail scanners and link checkers send
//! HEAD, browsers prefetch pages, and other sites can embed a link as an image. None of these may have an effect.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
};

use super::csrf::{Initiator, is_browser};

/// The request is a navigation of the user. All others get a response without any effect.
pub(super) struct Navigation;

impl<S: Sync> FromRequestParts<S> for Navigation {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        if is_user_navigation(&parts.method, &parts.headers) { Ok(Self) } else { Err(without_effect(&parts.method)) }
    }
}

/// The request was made by a page of this origin, by the user or by a program, so it may count against the client's
/// limits. Another site could use them up by embedding the address as an image; such a request is not counted.
pub(super) struct NotCrossSite;

impl<S: Sync> FromRequestParts<S> for NotCrossSite {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        let is_asked =
            is_deliberate(&parts.method, &parts.headers) && Initiator::of(&parts.headers) != Initiator::OtherSite;
        if is_asked { Ok(Self) } else { Err(without_effect(&parts.method)) }
    }
}

/// The response to a request that may have no effect.
fn without_effect(method: &Method) -> Response {
    // A browser discards a failed prefetch, and requests the page again when the user navigates to it.
    let status = if method == Method::HEAD { StatusCode::NO_CONTENT } else { StatusCode::FORBIDDEN };
    (status, [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))]).into_response()
}

/// Whether the user makes the request now: it is neither HEAD nor a prefetch.
pub(super) fn is_deliberate(method: &Method, headers: &HeaderMap) -> bool {
    let ahead =
        |name| headers.get_all(name).iter().any(|purpose| names(purpose, b"prefetch") || names(purpose, b"preview"));
    method != Method::HEAD && !["sec-purpose", "purpose", "x-purpose", "x-moz"].into_iter().any(ahead)
}

/// Whether the request is a navigation. A client that sends no Fetch Metadata is assumed to be navigating.
pub(super) fn is_user_navigation(method: &Method, headers: &HeaderMap) -> bool {
    let is = |name, wanted: &str| headers.get(name).is_none_or(|value| value == wanted);
    is_deliberate(method, headers)
        && (!is_browser(headers) || is("sec-fetch-mode", "navigate"))
        && is("sec-fetch-dest", "document")
}

/// Whether `Purpose` or `Sec-Purpose` contains the purpose, as in `prefetch;prerender`.
fn names(value: &HeaderValue, purpose: &[u8]) -> bool {
    let first = value.as_bytes().split(|byte| matches!(byte, b';' | b',')).next().unwrap_or_default();
    first.trim_ascii().eq_ignore_ascii_case(purpose)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| ((*name).parse().expect("is valid"), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn only_a_navigation_has_an_effect() {
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
            assert_eq!(is_user_navigation(&Method::GET, &headers(pairs)), followed, "{pairs:?}");
            assert!(!is_user_navigation(&Method::HEAD, &headers(pairs)), "{pairs:?}");
        }
        let fetched = headers(&[("sec-fetch-mode", "cors"), ("sec-fetch-dest", "empty")]);
        assert!(is_deliberate(&Method::GET, &fetched) && !is_deliberate(&Method::HEAD, &fetched));
    }
}
