//! The cookies of this server: what they are called, and how every one is read and written. The device surface and the portal
//! name theirs (`device/cookies.rs`, `portal/cookies.rs`).
//!
//! ```text
//! Cookie line -> jar.rs: pairs, as bytes -> the values of a name -> those that can be one -> tried until one is live
//! ```
//!
//! With an https URL what decides is bound to a `__Host-` cookie, which makes the browser itself insist on Secure, Path=/
//! and no Domain (ASVS 3.3.1): no sibling host can plant one. Cookies whose names are fixed for other programs are
//! accompanied by one ([`Cookies::accompanied`]). With plain http there is no such protection, and the ports of a host
//! share their cookies: there the names carry the port, so that two servers on one host keep theirs apart.

mod accounts;
pub(super) mod jar;
mod sso;

use axum::http::{HeaderMap, HeaderValue};
use cookie::{Cookie, SameSite, time::Duration};
use url::Url;

use self::jar::{candidates, values};
use super::csrf::is_browser;
use crate::domain::{
    access::{Issued, Mode, REFRESH_LIFE},
    session::{SessionPolicy, SessionToken},
};

pub(super) const SESSION: &str = "doorstep_session";
/// The names that Directus gives them.
const REFRESH_TOKEN: &str = "directus_refresh_token";
pub(super) const SESSION_TOKEN: &str = "directus_session_token";
/// Where the token of a trusted browser is wanted, and sent when the URL is plain http.
const TRUSTED_PATH: &str = "/api/auth";
/// How long a browser keeps a token for programs.
const REFRESH_AGE: Duration = Duration::seconds(REFRESH_LIFE.as_secs());

/// Reads and writes cookies for a server that people find at some URL.
#[derive(Debug, Clone, Copy)]
pub struct Cookies {
    secure: bool,
    port: u16,
}

impl Cookies {
    /// For a server that people find at this URL.
    #[must_use]
    pub fn new(public_url: &Url) -> Self {
        Self { secure: public_url.scheme() == "https", port: public_url.port_or_known_default().unwrap_or_default() }
    }

    /// What may be the token of the browser session: one, unless something else on the host has set more.
    #[must_use]
    pub fn sessions(self, headers: &HeaderMap) -> Vec<SessionToken> {
        let name = self.own(SESSION);
        let shared = values(headers, SESSION).filter(|_| !self.secure);
        candidates(values(headers, &name).chain(shared), SessionToken::parse)
    }

    /// `Set-Cookie`s that hand the token to the browser for as long as the session may live.
    #[must_use]
    pub fn set_session(self, token: &SessionToken, policy: &SessionPolicy) -> Vec<HeaderValue> {
        self.session(token.reveal(), Duration::seconds(policy.absolute.as_secs()))
    }

    /// `Set-Cookie`s that make the browser forget what a sign-in has left: the session, and those of the tokens for
    /// programs that it sent.
    #[must_use]
    pub fn clear_sign_in(self, headers: &HeaderMap) -> Vec<HeaderValue> {
        let mut cleared = self.clear_session();
        cleared.extend(self.clear_tokens(headers));
        cleared
    }

    /// `Set-Cookie`s that make the browser forget the session.
    #[must_use]
    pub fn clear_session(self) -> Vec<HeaderValue> {
        self.session(String::new(), Duration::ZERO)
    }

    /// With plain http under the name of the contract too: programs look for it.
    fn session(self, token: String, max_age: Duration) -> Vec<HeaderValue> {
        let shared = if self.secure { None } else { self.build(SESSION.to_owned(), token.clone(), "/", max_age) };
        shared.into_iter().chain(self.set_own(SESSION, token, max_age)).collect()
    }

    /// What may be the refresh token that the browser keeps for programs, as it stands there.
    pub(super) fn refresh_tokens(self, headers: &HeaderMap) -> Vec<&str> {
        self.tokens(headers, REFRESH_TOKEN)
    }

    /// The same of the session token that it keeps for programs.
    pub(super) fn session_tokens(self, headers: &HeaderMap) -> Vec<&str> {
        self.tokens(headers, SESSION_TOKEN)
    }

    /// Programs may bring one from a jar of their own, without its companion. Where a companion is, and in a browser, that
    /// decides.
    fn tokens<'a>(self, headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
        let has_companion = values(headers, &self.own(name)).next().is_some();
        let is_bound = self.secure && (has_companion || is_browser(headers));
        let sent = if is_bound { self.accompanied(headers, name) } else { values(headers, name).collect() };
        candidates(sent, Some)
    }

    /// `Set-Cookie`s with the token that a browser keeps for programs; none when they keep it themselves. The names are
    /// those that they know.
    #[must_use]
    pub fn set_tokens(self, issued: &Issued) -> Vec<HeaderValue> {
        let Some(name) = token_name(issued.mode) else { return Vec::new() };
        self.accompany(name, &issued.refresh.reveal(), &["/"], REFRESH_AGE)
    }

    /// The same in place of a token that a cookie brought. What came without a companion gets none: a sibling host may have
    /// planted it, and a companion would say that this server set it.
    #[must_use]
    pub fn renew_tokens(self, headers: &HeaderMap, issued: &Issued) -> Vec<HeaderValue> {
        match token_name(issued.mode) {
            Some(name) if self.accompanied(headers, name).is_empty() => {
                self.build(name.to_owned(), issued.refresh.reveal(), "/", REFRESH_AGE).into_iter().collect()
            }
            _ => self.set_tokens(issued),
        }
    }

    /// `Set-Cookie`s that make the browser forget those of these tokens that it sent.
    #[must_use]
    pub fn clear_tokens(self, headers: &HeaderMap) -> Vec<HeaderValue> {
        let sent = [REFRESH_TOKEN, SESSION_TOKEN].into_iter().filter(|name| values(headers, name).next().is_some());
        sent.flat_map(|name| self.accompany(name, "", &["/"], Duration::ZERO)).collect()
    }

    /// A name that is this server's alone.
    pub(super) fn own(self, name: &str) -> String {
        if self.secure { self.host_name(name) } else { format!("{name}_{}", self.port) }
    }

    /// A name that tells one account from all others, and so one server from the next.
    fn host_name(self, name: &str) -> String {
        if self.secure { ["__Host-", name].concat() } else { name.to_owned() }
    }

    /// The path that a cookie is sent to; `__Host-` wants it sent everywhere.
    const fn narrow(self, path: &'static str) -> &'static str {
        if self.secure { "/" } else { path }
    }

    /// A cookie under a name that is this server's alone.
    pub(super) fn set_own(self, name: &str, value: String, max_age: Duration) -> Option<HeaderValue> {
        self.build(self.own(name), value, "/", max_age)
    }

    fn expire(self, name: impl Into<String>) -> Option<HeaderValue> {
        self.build(name.into(), String::new(), "/", Duration::ZERO)
    }

    /// The values of a cookie whose name is fixed. With https those alone that stand under the name of its companion
    /// too: a sibling host can plant the one, not the other.
    pub(super) fn accompanied<'a>(self, headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
        let companion = self.own(name);
        let is_ours = |value: &&str| !self.secure || values(headers, &companion).any(|ours| ours == *value);
        values(headers, name).filter(is_ours).collect()
    }

    /// A cookie whose name is fixed, for each of some paths, with its companion.
    pub(super) fn accompany(
        self,
        name: &str,
        value: &str,
        paths: &[&'static str],
        max_age: Duration,
    ) -> Vec<HeaderValue> {
        let fixed = paths.iter().filter_map(|path| self.build(name.to_owned(), value.to_owned(), path, max_age));
        let companion = if self.secure { self.set_own(name, value.to_owned(), max_age) } else { None };
        fixed.chain(companion).collect()
    }

    /// A cookie that is sent to this path and below it alone.
    pub(super) fn build(
        self,
        name: String,
        value: String,
        path: &'static str,
        max_age: Duration,
    ) -> Option<HeaderValue> {
        self.build_for(None, name, value, path, max_age)
    }

    /// The same, for a host above this one and all below it, when one is named.
    pub(super) fn build_for(
        self,
        domain: Option<String>,
        name: String,
        value: String,
        path: &'static str,
        max_age: Duration,
    ) -> Option<HeaderValue> {
        let mut cookie = Cookie::build((name, value))
            .http_only(true)
            .secure(self.secure)
            .same_site(SameSite::Lax)
            .path(path)
            .max_age(max_age)
            .build();
        if let Some(domain) = domain {
            cookie.set_domain(domain);
        }
        HeaderValue::from_str(&cookie.to_string()).ok()
    }
}

/// The cookie that holds the token in this mode; none when the program holds it.
const fn token_name(mode: Mode) -> Option<&'static str> {
    match mode {
        Mode::Json => None,
        Mode::Cookie => Some(REFRESH_TOKEN),
        Mode::Session => Some(SESSION_TOKEN),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header;

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
        let set = cookies("https://login.example.org").set_session(&token, &policy);
        let rest = format!("{}; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=3600", token.reveal());
        assert_eq!(set, [format!("__Host-doorstep_session={rest}").as_str()]);
        // With plain http by the name of the contract, and by one that the server of another port does not set.
        let set = cookies("http://127.0.0.1:8081").set_session(&token, &policy);
        let rest = rest.replace(" Secure;", "");
        assert_eq!(
            set,
            [format!("doorstep_session={rest}").as_str(), format!("doorstep_session_8081={rest}").as_str()]
        );
    }

    #[test]
    fn a_fixed_name_counts_beside_its_companion_alone() {
        let read = |url: &str, line: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_static(line));
            let found: Vec<_> = cookies(url).accompanied(&headers, "p").into_iter().map(str::to_owned).collect();
            found
        };
        let https = "https://login.example.org";
        assert_eq!(read(https, "p=planted; p=mine; __Host-p=mine; p=other"), ["mine"]);
        assert!(read(https, "p=planted").is_empty() && read(https, "__Host-p=mine").is_empty());
        assert_eq!(read("http://127.0.0.1:8080", "p=one; p=other"), ["one", "other"]);
    }

    #[test]
    fn a_cookie_is_found_among_others_and_garbage_is_no_cookie() {
        let cookies = cookies("http://127.0.0.1:8080");
        let token = SessionToken::new(&Random::system()).expect("has bytes").reveal();
        let read = |value: &[u8]| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_bytes(value).expect("is a header"));
            cookies.sessions(&headers).first().map(SessionToken::reveal)
        };
        assert_eq!(read(format!("a=b; doorstep_session={token}; c").as_bytes()), Some(token.clone()));
        // A planted one does not hide the real one.
        assert_eq!(read(format!("doorstep_session=x; doorstep_session={token}").as_bytes()), Some(token.clone()));
        // The cookie of another program on this host does not hide it either.
        let mut line = b"greeting=Gr\xfc\xdfe; doorstep_session=".to_vec();
        line.extend(token.as_bytes());
        assert_eq!(read(&line), Some(token.clone()));
        assert_eq!(read(b"doorstep_session=\xff\xfe"), None);
        assert_eq!(read(b"doorstep_session"), None);
        assert_eq!(read(format!("__Host-doorstep_session={token}").as_bytes()), None);
    }
}
