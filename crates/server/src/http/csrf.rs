//! Protection against cross-site request forgery (ASVS 3.5.1): only pages of this origin may send writes.
//!
//! `Sec-Fetch-Site` decides when the browser sends it; otherwise `Origin` must equal the public origin. A request
//! with neither comes from a program or a very old browser: [`MissingOrigin`] states whether a surface accepts it.

use axum::http::{HeaderMap, HeaderValue, Method, header};
use url::Url;

use crate::error::Error;

/// How to treat a write that has neither `Sec-Fetch-Site` nor `Origin`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingOrigin {
    /// Refuse it: the surface authenticates by cookie.
    Refused,
    /// Accept it: the surface is for programs and authenticates without a cookie, so a page has nothing to abuse.
    Accepted,
}

/// Checks the origin of a request.
///
/// # Errors
/// [`Error::CsrfRejected`] when a page of another origin may have sent it.
pub fn check(
    method: &Method,
    headers: &HeaderMap,
    public_url: &Url,
    missing_origin: MissingOrigin,
) -> Result<(), Error> {
    if method.is_safe() {
        return Ok(());
    }
    let allowed = match (headers.get("sec-fetch-site"), headers.get(header::ORIGIN)) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => origin.to_str().is_ok_and(|origin| origin == public_url.origin().ascii_serialization()),
        (None, None) => match missing_origin {
            MissingOrigin::Refused => false,
            MissingOrigin::Accepted => true,
        },
    };
    if allowed { Ok(()) } else { Err(Error::CsrfRejected) }
}

/// Which site initiated a navigation, by `Sec-Fetch-Site` (Fetch Metadata).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Initiator {
    /// This site.
    ThisSite,
    /// No site: the user typed the address, used a bookmark, or opened a link outside the browser, as in a mail.
    User,
    /// Another site.
    OtherSite,
    /// The header is missing, as over plain http.
    Unknown,
}

impl Initiator {
    /// Reads the headers of a request.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        match headers.get("sec-fetch-site").map(HeaderValue::as_bytes) {
            Some(b"same-origin") => Self::ThisSite,
            Some(b"none") => Self::User,
            Some(_) => Self::OtherSite,
            None => Self::Unknown,
        }
    }
}

/// Whether the client is a browser, by Fetch Metadata. The `fetch` of Node.js sends `Sec-Fetch-Mode` alone;
/// browsers also send the site and the destination.
#[must_use]
pub fn is_browser(headers: &HeaderMap) -> bool {
    headers.contains_key("sec-fetch-dest") || headers.contains_key("sec-fetch-site")
}

/// Whether the request is a top-level navigation of a browser (Fetch Metadata).
#[must_use]
pub fn is_navigation(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-mode").is_some_and(|mode| mode == "navigate")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_post(pairs: &[(&'static str, &str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().expect("is a header"));
        }
        let url = "https://login.example.org".parse().expect("is a URL");
        check(&Method::POST, &headers, &url, MissingOrigin::Refused).is_ok()
    }

    #[test]
    fn writes_of_this_origin_pass_and_all_others_are_refused() {
        for (pairs, passes) in [
            (&[("sec-fetch-site", "same-origin")][..], true),
            (&[("origin", "https://login.example.org")], true),
            (&[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")], true),
            (&[("sec-fetch-site", "same-site"), ("origin", "https://login.example.org")], false),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "none")], false),
            (&[("origin", "null")], false),
            (&[("origin", "https://sub.login.example.org")], false),
            (&[("origin", "https://login.example.org.evil.example")], false),
            (&[("origin", "http://login.example.org")], false),
            (&[("origin", "https://login.example.org:8443")], false),
            (&[("origin", "")], false),
            (&[], false),
        ] {
            assert_eq!(check_post(pairs), passes, "{pairs:?}");
        }
    }

    #[test]
    fn without_cookies_a_program_need_not_send_an_origin() {
        let url = "https://login.example.org".parse().expect("is a URL");
        let mut headers = HeaderMap::new();
        assert!(check(&Method::POST, &headers, &url, MissingOrigin::Accepted).is_ok());
        headers.insert("sec-fetch-site", "cross-site".parse().expect("is a header"));
        assert!(check(&Method::POST, &headers, &url, MissingOrigin::Accepted).is_err());
    }

    #[test]
    fn reads_are_not_checked() {
        let mut headers = HeaderMap::new();
        headers.insert("sec-fetch-site", "cross-site".parse().expect("is a header"));
        let url = "https://login.example.org".parse().expect("is a URL");
        assert!(check(&Method::GET, &headers, &url, MissingOrigin::Refused).is_ok());
    }
}
