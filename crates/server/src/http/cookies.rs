//! The server's cookies: their names, and how they are read and written. The device surface and the portal define
//! their own names (`device/cookies.rs`, `portal/cookies.rs`).
//!
//! ```text
//! Cookie header -> jar.rs: pairs, as bytes -> values of a name -> those that parse -> tried until one is valid
//! ```
//!
//! With an https public URL, each cookie that grants access has a `__Host-` name: the browser then enforces Secure,
//! Path=/ and no Domain (ASVS 3.3.1), so a sibling host cannot plant one. Cookies whose names are fixed by other
//! programs get a `__Host-` companion ([`Cookies::accompanied`]). Plain http has no such protection, and all ports
//! of a host share their cookies: there the names include the port, and fixed names get a companion whose name does,
//! so that two servers on one host do not overwrite each other's cookies.

mod accounts;
pub(super) mod jar;
mod sso;

use axum::http::{HeaderMap, HeaderValue};
use cookie::{Cookie, SameSite, time::Duration};
use url::Url;

use self::jar::{is_sent, values};
use super::csrf::is_browser;
use crate::domain::{
    access::{Issued, Mode, REFRESH_LIFE},
    session::{SessionPolicy, SessionToken},
};

pub(super) const SESSION: &str = "doorstep_session";
/// The names that Directus uses.
const REFRESH_TOKEN: &str = "directus_refresh_token";
pub(super) const SESSION_TOKEN: &str = "directus_session_token";
/// The path of the trusted-browser cookie when the public URL is plain http.
const TRUSTED_PATH: &str = "/api/auth";
/// How many values of one cookie are tried.
const CANDIDATES: usize = 4;
/// The same with plain http, where other programs of the host can plant some for each path and domain.
const CANDIDATES_HTTP: usize = 16;
/// `Max-Age` of the cookies that hold tokens of the token surface.
const REFRESH_AGE: Duration = Duration::seconds(REFRESH_LIFE.as_secs());

/// Reads and writes the cookies of a server with a given public URL.
#[derive(Debug, Clone, Copy)]
pub struct Cookies {
    secure: bool,
    port: u16,
}

impl Cookies {
    /// For a server with this public URL.
    #[must_use]
    pub fn new(public_url: &Url) -> Self {
        Self { secure: public_url.scheme() == "https", port: public_url.port_or_known_default().unwrap_or_default() }
    }

    /// Candidates for the browser session's token: one, unless another program on the host set more.
    #[must_use]
    pub fn sessions(self, headers: &HeaderMap) -> Vec<SessionToken> {
        let name = self.own(SESSION);
        let shared = values(headers, SESSION).filter(|_| !self.secure);
        self.candidates(values(headers, &name).chain(shared), SessionToken::parse)
    }

    /// The first distinct values that parse: few, since each is looked up.
    pub(super) fn candidates<'a, T>(
        self,
        values: impl IntoIterator<Item = &'a str>,
        read: impl Fn(&'a str) -> Option<T>,
    ) -> Vec<T> {
        jar::candidates(if self.secure { CANDIDATES } else { CANDIDATES_HTTP }, values, read)
    }

    /// `Set-Cookie` values with the session token, for the longest time that the session may live.
    #[must_use]
    pub fn set_session(self, token: &SessionToken, policy: &SessionPolicy) -> Vec<HeaderValue> {
        self.session(token.reveal(), Duration::seconds(policy.absolute.as_secs()))
    }

    /// `Set-Cookie` values that clear the session cookie and the token cookies that the request contained.
    #[must_use]
    pub fn clear_sign_in(self, headers: &HeaderMap) -> Vec<HeaderValue> {
        let mut cleared = self.clear_session();
        cleared.extend(self.clear_tokens(headers));
        cleared
    }

    /// `Set-Cookie` values that clear the session cookie.
    #[must_use]
    pub fn clear_session(self) -> Vec<HeaderValue> {
        self.session(String::new(), Duration::ZERO)
    }

    /// With plain http, also sets the name that the contract defines: other programs look for it.
    fn session(self, token: String, max_age: Duration) -> Vec<HeaderValue> {
        let shared = if self.secure { None } else { self.build(SESSION.to_owned(), token.clone(), "/", max_age) };
        shared.into_iter().chain(self.set_own(SESSION, token, max_age)).collect()
    }

    /// Candidates for the refresh token in the cookie of the token surface, unparsed.
    pub(super) fn refresh_tokens(self, headers: &HeaderMap) -> Vec<&str> {
        self.tokens(headers, REFRESH_TOKEN)
    }

    /// Candidates for the session token in the cookie of the token surface, unparsed.
    pub(super) fn session_tokens(self, headers: &HeaderMap) -> Vec<&str> {
        self.tokens(headers, SESSION_TOKEN)
    }

    /// A program may send the cookie from its own cookie jar, without the companion. Browsers must send the
    /// companion, and where one is sent it decides.
    fn tokens<'a>(self, headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
        let has_companion = values(headers, &self.own(name)).next().is_some();
        let is_unbound = self.secure && !has_companion && !is_browser(headers);
        let sent = if is_unbound { values(headers, name).collect() } else { self.accompanied(headers, name) };
        self.candidates(sent, Some)
    }

    /// `Set-Cookie` values with the tokens of the token surface, under the names that Directus uses; none in the
    /// mode `json`.
    #[must_use]
    pub fn set_tokens(self, issued: &Issued) -> Vec<HeaderValue> {
        let Some(name) = token_name(issued.mode) else { return Vec::new() };
        self.accompany(name, &issued.refresh.reveal(), &["/"], REFRESH_AGE)
    }

    /// The same, replacing a token that arrived in a cookie. A cookie without a companion does not get one: a
    /// sibling host may have planted it, and the companion would vouch for it.
    #[must_use]
    pub fn renew_tokens(self, headers: &HeaderMap, issued: &Issued) -> Vec<HeaderValue> {
        match token_name(issued.mode) {
            Some(name) if self.accompanied(headers, name).is_empty() => {
                self.build(name.to_owned(), issued.refresh.reveal(), "/", REFRESH_AGE).into_iter().collect()
            }
            _ => self.set_tokens(issued),
        }
    }

    /// `Set-Cookie` values that clear those token cookies that the request contained, readable or not.
    #[must_use]
    pub fn clear_tokens(self, headers: &HeaderMap) -> Vec<HeaderValue> {
        let is_here = |name: &&str| is_sent(headers, name) || is_sent(headers, &self.own(name));
        let sent = [REFRESH_TOKEN, SESSION_TOKEN].into_iter().filter(is_here);
        sent.flat_map(|name| self.accompany(name, "", &["/"], Duration::ZERO)).collect()
    }

    /// The name of a cookie that only this server reads: with the `__Host-` prefix, or with the port.
    pub(super) fn own(self, name: &str) -> String {
        if self.secure { self.host_name(name) } else { format!("{name}_{}", self.port) }
    }

    /// The name of a cookie whose suffix identifies an account, which makes it unique to this server.
    fn host_name(self, name: &str) -> String {
        if self.secure { ["__Host-", name].concat() } else { name.to_owned() }
    }

    /// The path of a cookie; a `__Host-` cookie requires `/`.
    const fn narrow(self, path: &'static str) -> &'static str {
        if self.secure { "/" } else { path }
    }

    /// A `Set-Cookie` under a name that only this server reads.
    pub(super) fn set_own(self, name: &str, value: String, max_age: Duration) -> Option<HeaderValue> {
        self.build(self.own(name), value, "/", max_age)
    }

    fn expire(self, name: impl Into<String>) -> Option<HeaderValue> {
        self.build(name.into(), String::new(), "/", Duration::ZERO)
    }

    /// The values of a cookie with a fixed name. With https, only those values that the companion cookie has too: a
    /// sibling host can plant the former, but not the latter. With plain http, those of the companion come first:
    /// another server on the host may have overwritten the former.
    pub(super) fn accompanied<'a>(self, headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
        let ours: Vec<_> = values(headers, &self.own(name)).collect();
        if self.secure {
            values(headers, name).filter(|value| ours.contains(value)).collect()
        } else {
            let shared: Vec<_> = values(headers, name).filter(|value| !ours.contains(value)).collect();
            [ours, shared].concat()
        }
    }

    /// A `Set-Cookie` with a fixed name for each of the paths, and its companion.
    pub(super) fn accompany(
        self,
        name: &str,
        value: &str,
        paths: &[&'static str],
        max_age: Duration,
    ) -> Vec<HeaderValue> {
        let fixed = paths.iter().filter_map(|path| self.build(name.to_owned(), value.to_owned(), path, max_age));
        fixed.chain(self.set_own(name, value.to_owned(), max_age)).collect()
    }

    /// A `Set-Cookie` for this path and those below it.
    pub(super) fn build(
        self,
        name: String,
        value: String,
        path: &'static str,
        max_age: Duration,
    ) -> Option<HeaderValue> {
        self.build_for(None, name, value, path, max_age)
    }

    /// The same with an optional `Domain`: that host and all hosts below it.
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

/// The cookie that holds the token in this mode; none in the mode `json`.
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
        let token = SessionToken::new(&Random::system()).expect("random bytes");
        let set = cookies("https://login.example.org").set_session(&token, &policy);
        let rest = format!("{}; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=3600", token.reveal());
        assert_eq!(set, [format!("__Host-doorstep_session={rest}").as_str()]);
        // With plain http: the contract's name, and one with the port, which a server on another port does not set.
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
        assert_eq!(read("http://127.0.0.1:8080", "p=other; p=ours; p_8081=b; p_8080=ours"), ["ours", "other"]);
    }

    #[test]
    fn a_cookie_is_found_among_others_and_garbage_is_no_cookie() {
        let cookies = cookies("http://127.0.0.1:8080");
        let token = SessionToken::new(&Random::system()).expect("random bytes").reveal();
        let read = |value: &[u8]| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_bytes(value).expect("is a header"));
            cookies.sessions(&headers).first().map(SessionToken::reveal)
        };
        assert_eq!(read(format!("a=b; doorstep_session={token}; c").as_bytes()), Some(token.clone()));
        // A planted cookie does not hide the real one.
        assert_eq!(read(format!("doorstep_session=x; doorstep_session={token}").as_bytes()), Some(token.clone()));
        // Nor does another program's cookie with bytes that are not UTF-8.
        let mut line = b"greeting=Gr\xfc\xdfe; doorstep_session=".to_vec();
        line.extend(token.as_bytes());
        assert_eq!(read(&line), Some(token.clone()));
        assert_eq!(read(b"doorstep_session=\xff\xfe"), None);
        assert_eq!(read(b"doorstep_session"), None);
        assert_eq!(read(format!("__Host-doorstep_session={token}").as_bytes()), None);
    }
}
