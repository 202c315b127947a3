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

pub(super) mod jar;
mod sso;

use axum::http::{HeaderMap, HeaderValue};
use cookie::{Cookie, SameSite, time::Duration};
use url::Url;

use self::jar::{candidates, pairs, values};
use crate::domain::{
    access::{Issued, Mode, REFRESH_LIFE},
    device::{Kept, KnownBrowser},
    id::Id,
    second_factor::TRUST_LIFE,
    session::{SessionPolicy, SessionToken},
    token::Token,
};

const SESSION: &str = "doorstep_session";
const KNOWN_BROWSER: &str = "doorstep_known_";
const TRUSTED_DEVICE: &str = "doorstep_trusted_";
/// The names that Directus gives them.
const REFRESH_TOKEN: &str = "directus_refresh_token";
const SESSION_TOKEN: &str = "directus_session_token";
/// Where the token of a trusted browser is wanted, and sent when the URL is plain http.
const TRUSTED_PATH: &str = "/api/auth";
/// For how many accounts a browser keeps a proof, and for how many a token of trust; the oldest make room. All of them come with
/// every request, within the line that proxies take.
const MOST_ACCOUNTS: usize = 16;
/// How many make room at once: proxies take no head of any length.
const MOST_DROPPED: usize = 8;

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

    /// The proofs that this browser has signed in before, to whatever account.
    #[must_use]
    pub fn proofs(self, headers: &HeaderMap) -> Vec<Kept<String>> {
        let prefix = self.host_name(KNOWN_BROWSER);
        let proofs = kept(headers, &prefix).filter(|(_, value)| KnownBrowser::is_shaped(value));
        proofs.map(|(tail, value)| Kept::new(tail.to_owned(), value.to_owned())).collect()
    }

    /// `Set-Cookie`s with the proof that the browser has signed in to an account: one an account, for a year. The oldest that
    /// the browser sent make room, by their own word for their age.
    #[must_use]
    pub fn set_proof(self, headers: &HeaderMap, account: &Id, proof: &str) -> Vec<HeaderValue> {
        let mut others: Vec<(&str, &str)> = kept(headers, &self.host_name(KNOWN_BROWSER)).collect();
        others.sort_by_key(|(_, proof)| KnownBrowser::said_time(proof));
        let others = others.into_iter().map(|(tail, _)| tail);
        self.keep((KNOWN_BROWSER, "/"), others, account, proof.to_owned(), Duration::days(365))
    }

    /// The tokens of a browser that is trusted, by whatever account.
    #[must_use]
    pub fn trusted(self, headers: &HeaderMap) -> Vec<Kept<Token>> {
        let prefix = self.host_name(TRUSTED_DEVICE);
        let token = |(tail, value): (&str, &str)| Some(Kept::new(tail.to_owned(), Token::parse(value)?));
        kept(headers, &prefix).filter_map(token).collect()
    }

    /// `Set-Cookie`s with the token of a browser that an account trusts. The oldest that the browser sent make room: those
    /// that it has had for longest it sends first (RFC 6265 §5.4).
    #[must_use]
    pub fn set_trusted(self, headers: &HeaderMap, account: &Id, token: &Token) -> Vec<HeaderValue> {
        let prefix = self.host_name(TRUSTED_DEVICE);
        let others = kept(headers, &prefix).map(|(tail, _)| tail);
        let age = Duration::seconds(TRUST_LIFE.as_secs());
        self.keep((TRUSTED_DEVICE, self.narrow(TRUSTED_PATH)), others, account, token.reveal(), age)
    }

    /// A cookie for an account beside those for others, the oldest first, as many of which go as are too many.
    fn keep<'a>(
        self,
        (prefix, path): (&str, &'static str),
        oldest_first: impl IntoIterator<Item = &'a str>,
        account: &Id,
        value: String,
        age: Duration,
    ) -> Vec<HeaderValue> {
        let own = Kept::<Token>::tail(account);
        let mut others: Vec<&str> = Vec::new();
        for tail in oldest_first {
            if tail != own && !others.contains(&tail) {
                others.push(tail);
            }
        }
        let surplus = (others.len() + 1).saturating_sub(MOST_ACCOUNTS).min(MOST_DROPPED);
        let name = |tail: &str| self.host_name(&[prefix, tail].concat());
        let gone = others.into_iter().take(surplus);
        let gone = gone.filter_map(|tail| self.build(name(tail), String::new(), path, Duration::ZERO));
        gone.chain(self.build(name(own), value, path, age)).collect()
    }

    /// What may be the refresh token that the browser keeps for programs, as it stands there.
    pub(super) fn refresh_tokens(self, headers: &HeaderMap) -> Vec<&str> {
        self.tokens(headers, REFRESH_TOKEN)
    }

    /// The same of the session token that it keeps for programs.
    pub(super) fn session_tokens(self, headers: &HeaderMap) -> Vec<&str> {
        self.tokens(headers, SESSION_TOKEN)
    }

    /// Programs may bring one from a jar of their own, without its companion. Where a companion is, that decides.
    fn tokens<'a>(self, headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
        let has_companion = self.secure && values(headers, &self.own(name)).next().is_some();
        let sent = if has_companion { self.accompanied(headers, name) } else { values(headers, name).collect() };
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

/// What is kept for each account: the end of the cookie's name, and its value.
fn kept<'a>(headers: &'a HeaderMap, prefix: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
    pairs(headers).filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value)))
}

#[cfg(test)]
mod tests {
    use axum::http::header;

    use super::*;
    use crate::domain::{random::Random, secret_key::SecretKeys};

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
        // One that somebody planted does not hide the real one.
        assert_eq!(read(format!("doorstep_session=x; doorstep_session={token}").as_bytes()), Some(token.clone()));
        // The cookie of another program on this host does not hide it either.
        let mut line = b"greeting=Gr\xfc\xdfe; doorstep_session=".to_vec();
        line.extend(token.as_bytes());
        assert_eq!(read(&line), Some(token.clone()));
        assert_eq!(read(b"doorstep_session=\xff\xfe"), None);
        assert_eq!(read(b"doorstep_session"), None);
        assert_eq!(read(format!("__Host-doorstep_session={token}").as_bytes()), None);
    }

    #[test]
    fn a_browser_brings_the_proofs_of_all_its_accounts() {
        let mut headers = HeaderMap::new();
        let (one, other) = ("a".repeat(KnownBrowser::PROOF_LENGTH), "b".repeat(KnownBrowser::PROOF_LENGTH));
        let unreadable = "doorstep_known_0=x; ".repeat(100);
        let planted = format!("doorstep_known_0={one}; ").repeat(100);
        let line = format!("{unreadable}{planted}doorstep_known_1={one}; x=y; doorstep_known_2={other}");
        headers.insert(header::COOKIE, line.parse().expect("is a header"));
        let proofs = cookies("http://127.0.0.1:8080").proofs(&headers);
        let of = |tail: &str| Kept::of(&proofs, &Id::stored(tail.to_owned())).cloned().collect::<Vec<_>>();
        assert_eq!((of("1"), of("2"), of("0").len()), (vec![one], vec![other], 16));
        assert!(cookies("https://login.example.org").proofs(&headers).is_empty());
        let id = Id::stored("01932f5e-7c1a-7000-8000-0123456789ab".to_owned());
        let set = cookies("http://127.0.0.1:8080").set_proof(&headers, &id, "p");
        assert_eq!(set, ["doorstep_known_0123456789ab=p; HttpOnly; SameSite=Lax; Path=/; Max-Age=31536000"]);
    }

    #[test]
    fn the_cookie_of_a_trusted_browser_is_bound_to_its_host() {
        let token = Token::new(&Random::system()).expect("has bytes");
        let id = Id::stored("01932f5e-7c1a-7000-8000-0123456789ab".to_owned());
        let cookies = cookies("https://login.example.org");
        let set = cookies.set_trusted(&HeaderMap::new(), &id, &token);
        let value = token.reveal();
        let rest = "HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=2592000";
        assert_eq!(set, [format!("__Host-doorstep_trusted_0123456789ab={value}; {rest}")]);
        let mut headers = HeaderMap::new();
        let sent = format!("__Host-doorstep_trusted_1=garbage; __Host-doorstep_trusted_2={value}");
        headers.insert(header::COOKIE, HeaderValue::from_str(&sent).expect("is a header"));
        let trusted = cookies.trusted(&headers);
        let of = |tail: &str| Kept::of(&trusted, &Id::stored(tail.to_owned())).map(Token::hash).collect::<Vec<_>>();
        assert_eq!((of("1"), of("2")), (Vec::new(), vec![token.hash()]));
    }

    #[test]
    fn a_browser_keeps_something_for_a_few_accounts_and_the_oldest_make_room() {
        let random = Random::system();
        let keys = SecretKeys::parse("q8dPzN1mVxT4sKfWb7YhRj2LcGaEuC9o").expect("is strong");
        let account = |number: usize| Id::stored(format!("0-{number}"));
        let proof = |number: usize| {
            // The first of the line is the newest.
            let at = jiff::Timestamp::from_second(1_700_000_000 - i64::try_from(number).expect("fits"));
            KnownBrowser::new(&random).expect("has bytes").proof(&account(number), at.expect("is a time"), &keys)
        };
        let cookies = cookies("https://login.example.org");
        let mut headers = HeaderMap::new();
        let known = (0..20).map(|number| format!("__Host-doorstep_known_{number}={}", proof(number)));
        let token = Token::new(&random).expect("has bytes");
        let trusted = (0..20).map(|number| format!("__Host-doorstep_trusted_{number}={}", token.reveal()));
        let line = known.chain(trusted).collect::<Vec<_>>().join("; ");
        headers.insert(header::COOKIE, line.parse().expect("is a header"));
        let dropped = |set: &[HeaderValue]| -> Vec<String> {
            let texts = set.iter().map(|header| header.to_str().expect("is ASCII"));
            let ended = texts.filter(|text| text.ends_with("Max-Age=0")).filter_map(|text| text.split('=').next());
            ended.filter_map(|name| name.rsplit('_').next()).map(str::to_owned).collect()
        };
        assert_eq!(dropped(&cookies.set_proof(&headers, &account(20), "p")), ["19", "18", "17", "16", "15"]);
        assert_eq!(dropped(&cookies.set_proof(&headers, &account(19), "p")), ["18", "17", "16", "15"]);
        assert_eq!(dropped(&cookies.set_trusted(&headers, &account(20), &token)), ["0", "1", "2", "3", "4"]);
        headers.remove(header::COOKIE);
        assert!(dropped(&cookies.set_proof(&headers, &account(20), "p")).is_empty());
    }
}
