//! The session cookie.

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite, time::Duration};
use url::Url;

use crate::domain::session::{SessionPolicy, SessionToken};

/// The cookie of the browser session.
///
/// With an https public URL its name begins with `__Host-`, which makes the browser itself insist on Secure, Path=/
/// and no Domain (ASVS 3.3.1): no sibling host can plant one.
#[derive(Debug, Clone, Copy)]
pub struct SessionCookie {
    secure: bool,
}

impl SessionCookie {
    /// The cookie for a server that people find at this URL.
    #[must_use]
    pub fn new(public_url: &Url) -> Self {
        Self { secure: public_url.scheme() == "https" }
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        if self.secure { "__Host-doorstep_session" } else { "doorstep_session" }
    }

    /// The token in a request; `None` when there is none, or what is there is not a token.
    #[must_use]
    pub fn read(self, headers: &HeaderMap) -> Option<SessionToken> {
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(name, _)| *name == self.name())
            .find_map(|(_, value)| SessionToken::parse(value))
    }

    /// A `Set-Cookie` that hands the token to the browser for as long as the session may live.
    #[must_use]
    pub fn set(self, token: &SessionToken, policy: &SessionPolicy) -> Option<HeaderValue> {
        self.header(token.reveal(), Duration::seconds(policy.absolute.as_secs()))
    }

    /// A `Set-Cookie` that makes the browser forget the token.
    #[must_use]
    pub fn clear(self) -> Option<HeaderValue> {
        self.header(String::new(), Duration::ZERO)
    }

    fn header(self, value: String, max_age: Duration) -> Option<HeaderValue> {
        let cookie = Cookie::build((self.name(), value))
            .http_only(true)
            .secure(self.secure)
            .same_site(SameSite::Lax)
            .path("/")
            .max_age(max_age);
        HeaderValue::from_str(&cookie.to_string()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::random::Random;

    fn cookie(url: &str) -> SessionCookie {
        SessionCookie::new(&url.parse().expect("is a URL"))
    }

    #[test]
    fn the_cookie_of_an_https_origin_is_bound_to_its_host() {
        let policy = SessionPolicy {
            idle: jiff::SignedDuration::from_hours(1),
            absolute: jiff::SignedDuration::from_secs(3600),
        };
        let token = SessionToken::new(&Random::system()).expect("has bytes");
        let header = cookie("https://login.example.org").set(&token, &policy).expect("is a header");
        let text = header.to_str().expect("is ASCII");
        assert_eq!(
            text,
            format!("__Host-doorstep_session={}; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=3600", token.reveal())
        );
    }

    #[test]
    fn a_cookie_is_found_among_others_and_garbage_is_no_cookie() {
        let cookie = cookie("http://127.0.0.1:8080");
        let token = SessionToken::new(&Random::system()).expect("has bytes").reveal();
        let read = |value: &[u8]| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_bytes(value).expect("is a header"));
            cookie.read(&headers).map(|found| found.reveal())
        };
        assert_eq!(read(format!("a=b; doorstep_session={token}; c").as_bytes()), Some(token.clone()));
        // One that somebody planted does not hide the real one.
        assert_eq!(read(format!("doorstep_session=x; doorstep_session={token}").as_bytes()), Some(token.clone()));
        assert_eq!(read(b"doorstep_session=\xff\xfe"), None);
        assert_eq!(read(b"doorstep_session"), None);
        assert_eq!(read(format!("__Host-doorstep_session={token}").as_bytes()), None);
    }
}
