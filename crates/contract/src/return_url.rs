//! Return URLs: where to go after signing in, from an untrusted query parameter.
//!
//! An open redirect makes a sign-in page an accomplice of phishing (ASVS 3.7.2), and so does a path of this origin that
//! has side effects: signing in would trigger them. So this is the only parser for return URLs, used by the app and the
//! server. It accepts pages of the app ([`ClientRoute`]), in a form so plain that no two URL parsers can disagree about
//! it. Everything else becomes the home page.

use std::fmt;

use crate::route::ClientRoute;

/// The maximum length of a return URL, in bytes.
pub const MAX_LENGTH: usize = 2048;

/// The query parameter for a return URL.
pub const PARAMETER: &str = "redirect";

/// A page of the app, with an optional query: `/projects?page=2`.
///
/// Its path is that of a [`ClientRoute`]: it begins with exactly one slash, has no empty, `.` or `..` segment, and
/// contains only letters, digits and `-`. So it can't refer to another origin (`//host`, `/\host`, `https:`), hide one
/// by an encoding (`/%2fhost`), carry credentials (`user@host`), or refer to an endpoint (`/auth/login/okta`,
/// `/portal/enter/x`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnUrl(String);

impl ReturnUrl {
    /// Parses untrusted text, already decoded from the query. `None` if it is not the plain address of a page.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > MAX_LENGTH {
            return None;
        }
        let (path, query) = match text.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (text, None),
        };
        // Returning to the sign-in page would be a loop.
        let is_page = ClientRoute::parse(path).is_some_and(|route| route != ClientRoute::Login);
        (is_page && path.starts_with('/') && query.is_none_or(is_plain_query)).then(|| Self(text.to_owned()))
    }

    /// As [`parse`](Self::parse), with the home page for everything refused.
    #[must_use]
    pub fn parse_or_home(text: Option<&str>) -> Self {
        text.and_then(Self::parse).unwrap_or_default()
    }

    /// The text, for a `Location` header or the router.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.0.split_once('?').map_or(self.0.as_str(), |(path, _)| path)
    }

    /// The sign-in page with this return URL: `/login?redirect=%2Fprojects`. For the home page just `/login`.
    #[must_use]
    pub fn via_login(&self) -> String {
        let login = ClientRoute::Login.path();
        if *self == Self::default() { login.to_owned() } else { format!("{login}?{PARAMETER}={}", self.encoded()) }
    }

    /// The text as the value of a query parameter.
    #[must_use]
    pub fn encoded(&self) -> String {
        encode_query_value(&self.0)
    }
}

impl From<ClientRoute> for ReturnUrl {
    /// A page; the home page in place of the sign-in page.
    fn from(route: ClientRoute) -> Self {
        Self::parse_or_home(Some(&route.address()))
    }
}

impl Default for ReturnUrl {
    /// The home page.
    fn default() -> Self {
        Self(ClientRoute::Home.path().to_owned())
    }
}

impl fmt::Display for ReturnUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The characters of a query (RFC 3986 §3.4), including percent escapes.
fn is_plain_query(query: &str) -> bool {
    query.bytes().all(|byte| is_unreserved(byte) || b"!$&'()*+,;=:@/?%".contains(&byte))
}

/// Unreserved characters (RFC 3986 §2.3).
fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

fn encode_query_value(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |nibble: u8| char::from(HEX.get(usize::from(nibble)).copied().unwrap_or(b'0'));
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if is_unreserved(byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One hostile text per line; `\t`, `\n`, `\r`, `\0` and `\u{…}` are escapes. The browser tests read the same file.
    const HOSTILE: &str = include_str!("../tests/hostile_return_urls.txt");

    fn unescape(line: &str) -> String {
        line.replace(r"\t", "\t").replace(r"\n", "\n").replace(r"\r", "\r").replace(r"\0", "\0")
    }

    #[test]
    fn hostile_return_urls_become_the_home_page() {
        let mut seen = 0;
        for line in HOSTILE.lines().filter(|line| !line.starts_with('#')) {
            let text = unescape(line);
            assert_eq!(ReturnUrl::parse(&text), None, "{line}");
            assert_eq!(ReturnUrl::parse_or_home(Some(&text)).as_str(), "/", "{line}");
            seen += 1;
        }
        assert!(seen > 60, "the corpus has shrunk to {seen} lines");
    }

    #[test]
    fn pages_of_the_app_are_kept_unchanged() {
        for text in [
            "/",
            "/projects",
            "/projects/",
            "/projects?page=2&q=a%2Fb",
            "/device?user_code=BCDF-GHJK",
            "/projects/01932f5e-7c1a-7000-8000-000000000000",
            "/account/security",
            "/clients/01932f5e-7c1a-7000-8000-000000000000?q=x",
            "/audit?event=signed_in",
            "/portal",
            "/?",
        ] {
            let parsed = ReturnUrl::parse(text).unwrap_or_else(|| panic!("{text} is refused"));
            assert_eq!(parsed.as_str(), text);
        }
    }

    #[test]
    fn other_paths_are_no_return_urls() {
        for path in ["/nowhere", "/auth/login/okta", "/healthz", "/assets/app.js", "/projects/x", "/portal/enter/x"] {
            assert_eq!(ReturnUrl::parse(path), None, "{path}");
        }
        assert_eq!(ReturnUrl::from(ClientRoute::Projects).as_str(), "/projects");
        assert_eq!(ReturnUrl::from(ClientRoute::Login), ReturnUrl::default());
    }

    #[test]
    fn the_sign_in_page_is_no_return_url() {
        for text in ["/login", "/login/", "/login?redirect=%2F"] {
            assert_eq!(ReturnUrl::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_return_url_survives_the_sign_in_page() {
        let url = ReturnUrl::parse("/device?user_code=BCDF-GHJK").expect("is plain");
        assert_eq!(url.via_login(), "/login?redirect=%2Fdevice%3Fuser_code%3DBCDF-GHJK");
        assert_eq!(ReturnUrl::default().via_login(), "/login");
    }

    #[test]
    fn a_return_url_has_a_maximum_length() {
        let longest = format!("/?{}", "a".repeat(MAX_LENGTH - 2));
        assert!(ReturnUrl::parse(&longest).is_some());
        assert_eq!(ReturnUrl::parse(&format!("{longest}a")), None);
    }
}
