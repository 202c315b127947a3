//! The cookies of the dashboard surface.

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite, time::Duration};
use url::Url;

use crate::domain::{
    id::Id,
    session::{SessionPolicy, SessionToken},
};

const SESSION: &str = "doorstep_session";
const KNOWN_BROWSER: &str = "doorstep_known_";
/// How many accounts one browser is known to; the proofs of more are not looked at.
const MAX_PROOFS: usize = 16;

/// Reads and writes cookies for a server that people find at some URL.
///
/// With an https URL their names begin with `__Host-`, which makes the browser itself insist on Secure, Path=/ and no
/// Domain (ASVS 3.3.1): no sibling host can plant one.
#[derive(Debug, Clone, Copy)]
pub struct Cookies {
    secure: bool,
}

impl Cookies {
    /// For a server that people find at this URL.
    #[must_use]
    pub fn new(public_url: &Url) -> Self {
        Self { secure: public_url.scheme() == "https" }
    }

    /// The token of the browser session; `None` when there is none, or what is there is not a token.
    #[must_use]
    pub fn session(self, headers: &HeaderMap) -> Option<SessionToken> {
        let name = self.name(SESSION);
        pairs(headers).filter(|(found, _)| *found == name).find_map(|(_, value)| SessionToken::parse(value))
    }

    /// The proofs that this browser has signed in before, to whatever account.
    #[must_use]
    pub fn proofs(self, headers: &HeaderMap) -> Vec<String> {
        let prefix = self.name(KNOWN_BROWSER);
        let proofs = pairs(headers).filter(|(found, _)| found.starts_with(&prefix));
        proofs.take(MAX_PROOFS).map(|(_, value)| value.to_owned()).collect()
    }

    /// A `Set-Cookie` that hands the token to the browser for as long as the session may live.
    #[must_use]
    pub fn set_session(self, token: &SessionToken, policy: &SessionPolicy) -> Option<HeaderValue> {
        self.header(SESSION, token.reveal(), Duration::seconds(policy.absolute.as_secs()))
    }

    /// A `Set-Cookie` that makes the browser forget the token.
    #[must_use]
    pub fn clear_session(self) -> Option<HeaderValue> {
        self.header(SESSION, String::new(), Duration::ZERO)
    }

    /// A `Set-Cookie` with the proof that the browser has signed in to an account: one an account, for a year.
    #[must_use]
    pub fn set_proof(self, account: &Id, proof: &str) -> Option<HeaderValue> {
        // The last group of a UUIDv7 is random enough to keep the accounts of one browser apart.
        let suffix = account.as_str().rsplit('-').next().unwrap_or_default();
        self.header(&[KNOWN_BROWSER, suffix].concat(), proof.to_owned(), Duration::days(365))
    }

    fn name(self, name: &str) -> String {
        if self.secure { ["__Host-", name].concat() } else { name.to_owned() }
    }

    fn header(self, name: &str, value: String, max_age: Duration) -> Option<HeaderValue> {
        let cookie = Cookie::build((self.name(name), value))
            .http_only(true)
            .secure(self.secure)
            .same_site(SameSite::Lax)
            .path("/")
            .max_age(max_age);
        HeaderValue::from_str(&cookie.to_string()).ok()
    }
}

/// The value of a cookie that holds no secret and that the page may write: a preference.
pub(super) fn preference<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    pairs(headers).find(|(found, _)| *found == name).map(|(_, value)| value)
}

/// Every cookie of a request; what is not one is passed over.
fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::random::Random;

    fn cookies(url: &str) -> Cookies {
        Cookies::new(&url.parse().expect("is a URL"))
    }

    #[test]
    fn the_cookie_of_an_https_origin_is_bound_to_its_host() {
        let policy = SessionPolicy {
            idle: jiff::SignedDuration::from_hours(1),
            absolute: jiff::SignedDuration::from_secs(3600),
        };
        let token = SessionToken::new(&Random::system()).expect("has bytes");
        let header = cookies("https://login.example.org").set_session(&token, &policy).expect("is a header");
        let text = header.to_str().expect("is ASCII");
        assert_eq!(
            text,
            format!("__Host-doorstep_session={}; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=3600", token.reveal())
        );
    }

    #[test]
    fn a_cookie_is_found_among_others_and_garbage_is_no_cookie() {
        let cookies = cookies("http://127.0.0.1:8080");
        let token = SessionToken::new(&Random::system()).expect("has bytes").reveal();
        let read = |value: &[u8]| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_bytes(value).expect("is a header"));
            cookies.session(&headers).map(|found| found.reveal())
        };
        assert_eq!(read(format!("a=b; doorstep_session={token}; c").as_bytes()), Some(token.clone()));
        // One that somebody planted does not hide the real one.
        assert_eq!(read(format!("doorstep_session=x; doorstep_session={token}").as_bytes()), Some(token.clone()));
        assert_eq!(read(b"doorstep_session=\xff\xfe"), None);
        assert_eq!(read(b"doorstep_session"), None);
        assert_eq!(read(format!("__Host-doorstep_session={token}").as_bytes()), None);
    }

    #[test]
    fn a_browser_brings_the_proofs_of_all_its_accounts() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("doorstep_known_1=a; x=y; doorstep_known_2=b"));
        assert_eq!(cookies("http://127.0.0.1:8080").proofs(&headers), ["a", "b"]);
        assert!(cookies("https://login.example.org").proofs(&headers).is_empty());
        let id = Id::stored("01932f5e-7c1a-7000-8000-0123456789ab".to_owned());
        let header = cookies("http://127.0.0.1:8080").set_proof(&id, "p").expect("is a header");
        let text = header.to_str().expect("is ASCII");
        assert_eq!(text, "doorstep_known_0123456789ab=p; HttpOnly; SameSite=Lax; Path=/; Max-Age=31536000");
    }
}
