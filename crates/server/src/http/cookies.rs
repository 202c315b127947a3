//! The cookies of the dashboard surface.

use axum::http::{HeaderMap, HeaderValue, header};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use cookie::{Cookie, SameSite, time::Duration};
use url::Url;

use crate::domain::{
    access::{Issued, Mode, REFRESH_LIFE},
    id::Id,
    second_factor::{CHALLENGE_LIFE, TRUST_LIFE},
    session::{SessionPolicy, SessionToken},
    sso::{FOR_DEVICE, STATE_LIFE},
    token::Token,
};

const SESSION: &str = "doorstep_session";
const KNOWN_BROWSER: &str = "doorstep_known_";
const TRUSTED_DEVICE: &str = "doorstep_trusted_";
/// The names that Directus gives them.
const REFRESH_TOKEN: &str = "directus_refresh_token";
const SESSION_TOKEN: &str = "directus_session_token";
/// While the browser is at another identity system, and where that is wanted.
const SSO_STATE: &str = "doorstep_sso_";
const SSO_PATH: &str = "/auth/login";
/// A sign-in through one that waits for a one-time code.
const CHALLENGE: &str = "doorstep_challenge";
/// Where the token of a trusted browser is wanted, and sent.
const TRUSTED_PATH: &str = "/api/auth";
/// How many accounts one browser is known to or trusted by; the cookies of more are not looked at.
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
        let name = [KNOWN_BROWSER, suffix(account)].concat();
        self.header(&name, proof.to_owned(), Duration::days(365))
    }

    /// The tokens of a browser that is trusted, by whatever account.
    #[must_use]
    pub fn trusted(self, headers: &HeaderMap) -> Vec<Token> {
        let prefix = self.narrow_name(TRUSTED_DEVICE);
        let tokens = pairs(headers).filter(|(found, _)| found.starts_with(&prefix));
        tokens.take(MAX_PROOFS).filter_map(|(_, value)| Token::parse(value)).collect()
    }

    /// A `Set-Cookie` with the token of a browser that an account trusts, sent to where it is wanted alone.
    #[must_use]
    pub fn set_trusted(self, account: &Id, token: &Token) -> Option<HeaderValue> {
        let name = self.narrow_name(&[TRUSTED_DEVICE, suffix(account)].concat());
        self.build(name, token.reveal(), TRUSTED_PATH, Duration::seconds(TRUST_LIFE.as_secs()))
    }

    /// The refresh token that the browser keeps for programs, as it stands there.
    pub(super) fn refresh_token(headers: &HeaderMap) -> Option<&str> {
        preference(headers, REFRESH_TOKEN)
    }

    /// The session token that the browser keeps for programs, as it stands there.
    pub(super) fn session_token(headers: &HeaderMap) -> Option<&str> {
        preference(headers, SESSION_TOKEN)
    }

    /// A `Set-Cookie` with the token that a browser keeps for programs; `None` when they keep it themselves. The names
    /// are those that they know, so that nothing can stand in front of them.
    #[must_use]
    pub fn set_tokens(self, issued: &Issued) -> Option<HeaderValue> {
        let name = match issued.mode {
            Mode::Json => return None,
            Mode::Cookie => REFRESH_TOKEN,
            Mode::Session => SESSION_TOKEN,
        };
        self.build(name.to_owned(), issued.refresh.reveal(), "/", Duration::seconds(REFRESH_LIFE.as_secs()))
    }

    /// `Set-Cookie`s that make the browser forget those of these tokens that it sent.
    #[must_use]
    pub fn clear_tokens(self, headers: &HeaderMap) -> Vec<HeaderValue> {
        let sent = [REFRESH_TOKEN, SESSION_TOKEN].into_iter().filter(|name| preference(headers, name).is_some());
        sent.filter_map(|name| self.build(name.to_owned(), String::new(), "/", Duration::ZERO)).collect()
    }

    /// What the browser keeps while it is at another identity system, by the state.
    #[must_use]
    pub fn sso_state(self, headers: &HeaderMap, state: &str) -> Option<Vec<u8>> {
        let name = self.narrow_name(&[SSO_STATE, state].concat());
        URL_SAFE_NO_PAD.decode(preference(headers, &name)?).ok()
    }

    /// A `Set-Cookie` that lets the browser keep it, named after the state, so that two tabs may leave at once.
    #[must_use]
    pub fn set_sso_state(self, state: &str, sealed: &[u8]) -> Option<HeaderValue> {
        let life = Duration::seconds(STATE_LIFE.as_secs());
        self.build(self.narrow_name(&[SSO_STATE, state].concat()), URL_SAFE_NO_PAD.encode(sealed), SSO_PATH, life)
    }

    /// A `Set-Cookie` that makes the browser forget it.
    #[must_use]
    pub fn clear_sso_state(self, state: &str) -> Option<HeaderValue> {
        // What is not the name of a cookie names none of ours.
        Token::parse(state.strip_prefix(FOR_DEVICE).unwrap_or(state))?;
        self.build(self.narrow_name(&[SSO_STATE, state].concat()), String::new(), SSO_PATH, Duration::ZERO)
    }

    /// The sign-in through another identity system that waits in this browser for a one-time code.
    #[must_use]
    pub fn challenge(self, headers: &HeaderMap) -> Option<Token> {
        preference(headers, &self.narrow_name(CHALLENGE)).and_then(Token::parse)
    }

    /// A `Set-Cookie` with that.
    #[must_use]
    pub fn set_challenge(self, token: &Token) -> Option<HeaderValue> {
        let life = Duration::seconds(CHALLENGE_LIFE.as_secs());
        self.build(self.narrow_name(CHALLENGE), token.reveal(), TRUSTED_PATH, life)
    }

    pub(super) fn name(self, name: &str) -> String {
        if self.secure { ["__Host-", name].concat() } else { name.to_owned() }
    }

    /// For a cookie with a path of its own, which `__Host-` does not allow.
    fn narrow_name(self, name: &str) -> String {
        if self.secure { ["__Secure-", name].concat() } else { name.to_owned() }
    }

    pub(super) fn header(self, name: &str, value: String, max_age: Duration) -> Option<HeaderValue> {
        self.build(self.name(name), value, "/", max_age)
    }

    /// A cookie that is sent to this path and below it alone.
    pub(super) fn build(
        self,
        name: String,
        value: String,
        path: &'static str,
        max_age: Duration,
    ) -> Option<HeaderValue> {
        let cookie = Cookie::build((name, value))
            .http_only(true)
            .secure(self.secure)
            .same_site(SameSite::Lax)
            .path(path)
            .max_age(max_age);
        HeaderValue::from_str(&cookie.to_string()).ok()
    }
}

/// The last group of a `UUIDv7` is random enough to keep the accounts of one browser apart.
fn suffix(account: &Id) -> &str {
    account.as_str().rsplit('-').next().unwrap_or_default()
}

/// The value of a cookie whose name has nothing in front of it.
pub(super) fn preference<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    pairs(headers).find(|(found, _)| *found == name).map(|(_, value)| value)
}

/// Every cookie of a request; what is not one is passed over.
pub(super) fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
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
            temporary: jiff::SignedDuration::from_secs(3600),
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

    #[test]
    fn the_cookie_of_a_trusted_browser_goes_where_it_is_wanted_alone() {
        let token = Token::new(&Random::system()).expect("has bytes");
        let id = Id::stored("01932f5e-7c1a-7000-8000-0123456789ab".to_owned());
        let cookies = cookies("https://login.example.org");
        let header = cookies.set_trusted(&id, &token).expect("is a header");
        let text = header.to_str().expect("is ASCII");
        let value = token.reveal();
        assert_eq!(
            text,
            format!(
                "__Secure-doorstep_trusted_0123456789ab={value}; HttpOnly; SameSite=Lax; Secure; Path=/api/auth; \
                 Max-Age=2592000"
            )
        );
        let mut headers = HeaderMap::new();
        let sent = format!("__Secure-doorstep_trusted_1=garbage; __Secure-doorstep_trusted_2={value}");
        headers.insert(header::COOKIE, HeaderValue::from_str(&sent).expect("is a header"));
        let read: Vec<_> = cookies.trusted(&headers).iter().map(Token::hash).collect();
        assert_eq!(read, [token.hash()]);
    }
}
