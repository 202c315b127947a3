//! Which pages may send a write (ASVS 3.5.1): only those of this origin.
//!
//! `Sec-Fetch-Site` decides when the browser sends it; otherwise `Origin` must be the public one. A request with
//! neither is a program or a very old browser: [`Unmarked`] says whether a surface takes it.

use axum::http::{HeaderMap, HeaderValue, Method, header};
use url::Url;

use crate::error::Error;

/// What to do with a write that says nothing of where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unmarked {
    /// A surface that cookies open: refuse.
    Refused,
    /// A surface that programs use without a cookie: take it. There is nothing that a page could use without asking.
    Taken,
}

/// Checks a request.
///
/// # Errors
/// [`Error::CsrfRejected`] when it may have been sent by a page of another origin.
pub fn check(method: &Method, headers: &HeaderMap, public_url: &Url, unmarked: Unmarked) -> Result<(), Error> {
    if method.is_safe() {
        return Ok(());
    }
    let allowed = match (headers.get("sec-fetch-site"), headers.get(header::ORIGIN)) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => origin.to_str().is_ok_and(|origin| origin == public_url.origin().ascii_serialization()),
        (None, None) => match unmarked {
            Unmarked::Refused => false,
            Unmarked::Taken => true,
        },
    };
    if allowed { Ok(()) } else { Err(Error::CsrfRejected) }
}

/// Which site led a browser here, by its own word (Fetch Metadata).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LedBy {
    /// This one.
    OurPage,
    /// None: the user typed the address, has a bookmark of it, or opened a link outside of the browser, as in a mail.
    User,
    /// Another one.
    Another,
    /// It does not say, as over plain http.
    Unsaid,
}

impl LedBy {
    /// What the headers of a request say.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        match headers.get("sec-fetch-site").map(HeaderValue::as_bytes) {
            Some(b"same-origin") => Self::OurPage,
            Some(b"none") => Self::User,
            Some(_) => Self::Another,
            None => Self::Unsaid,
        }
    }
}

/// Whether a browser says that it is one (Fetch Metadata). The `fetch` of Node.js sends a mode alone; browsers name the site and the
/// destination beside it.
#[must_use]
pub fn is_browser(headers: &HeaderMap) -> bool {
    headers.contains_key("sec-fetch-dest") || headers.contains_key("sec-fetch-site")
}

/// Whether a browser goes there to show what comes, so that its person reads it (Fetch Metadata).
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
        check(&Method::POST, &headers, &url, Unmarked::Refused).is_ok()
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
    fn where_no_cookie_opens_anything_a_program_need_not_say_where_it_is() {
        let url = "https://login.example.org".parse().expect("is a URL");
        let mut headers = HeaderMap::new();
        assert!(check(&Method::POST, &headers, &url, Unmarked::Taken).is_ok());
        headers.insert("sec-fetch-site", "cross-site".parse().expect("is a header"));
        assert!(check(&Method::POST, &headers, &url, Unmarked::Taken).is_err());
    }

    #[test]
    fn reads_are_not_checked() {
        let mut headers = HeaderMap::new();
        headers.insert("sec-fetch-site", "cross-site".parse().expect("is a header"));
        let url = "https://login.example.org".parse().expect("is a URL");
        assert!(check(&Method::GET, &headers, &url, Unmarked::Refused).is_ok());
    }
}
