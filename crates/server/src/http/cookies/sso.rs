//! The cookies of an SSO sign-in: the sealed state until the callback, and the pending second factor.

use axum::http::{HeaderMap, HeaderValue};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use cookie::time::Duration;

use super::{
    Cookies, TRUSTED_PATH,
    jar::{pairs, values},
};
use crate::domain::{
    second_factor::CHALLENGE_LIFE,
    sso::{FOR_DEVICE, STATE_LIFE},
    token::Token,
};

/// Prefix of the cookie that holds the state while the browser is at the identity provider.
const SSO_STATE: &str = "doorstep_sso_";
/// The cookie of an SSO sign-in that waits for its one-time code.
const CHALLENGE: &str = "doorstep_challenge";
/// The number of pending SSO flows that a browser keeps.
const MAX_STATES: usize = 4;
/// Their total size in bytes: proxies accept header lines of 8 kB. One has about 400 bytes, or 3 kB with a long
/// return URL.
const MAX_BYTES: usize = 4_000;

impl Cookies {
    /// The sealed state of a pending SSO flow.
    #[must_use]
    pub fn sso_state(self, headers: &HeaderMap, state: &str) -> Vec<Vec<u8>> {
        let name = self.own(&[SSO_STATE, state].concat());
        self.candidates(values(headers, &name), |value| URL_SAFE_NO_PAD.decode(value).ok())
    }

    /// `Set-Cookie` values that store a sealed state. The cookie is named after the state, so that two tabs can
    /// begin a flow at the same time. The oldest are dropped, so that abandoned flows do not pile up: a browser
    /// sends cookies in the order of their creation (RFC 6265 §5.4).
    #[must_use]
    pub fn set_sso_state(self, headers: &HeaderMap, state: &str, sealed: &[u8]) -> Vec<HeaderValue> {
        let (name, value) = (self.own(&[SSO_STATE, state].concat()), URL_SAFE_NO_PAD.encode(sealed));
        let mut bytes = name.len() + value.len();
        // Keep the newest.
        let kept = self.sso_states(headers).into_iter().rev().enumerate();
        let dropped = kept.filter_map(|(newer, (name, value))| {
            bytes = bytes.saturating_add(name.len() + value.len());
            (newer + 1 >= MAX_STATES || bytes > MAX_BYTES).then(|| self.expire(name))?
        });
        let dropped: Vec<_> = dropped.collect();
        let set = self.build(name, value, "/", Duration::seconds(STATE_LIFE.as_secs()));
        dropped.into_iter().chain(set).collect()
    }

    /// A `Set-Cookie` that clears one state.
    #[must_use]
    pub fn clear_sso_state(self, state: &str) -> Option<HeaderValue> {
        // A state that does not parse can't be part of a cookie name.
        Token::parse(state.strip_prefix(FOR_DEVICE).unwrap_or(state))?;
        self.expire(self.own(&[SSO_STATE, state].concat()))
    }

    /// `Set-Cookie` values that clear all states in the request.
    #[must_use]
    pub fn clear_sso_states(self, headers: &HeaderMap) -> Vec<HeaderValue> {
        self.sso_states(headers).into_iter().filter_map(|(name, _)| self.expire(name)).collect()
    }

    /// The names and values of all states, oldest first.
    fn sso_states(self, headers: &HeaderMap) -> Vec<(&str, &str)> {
        let whole = self.own(SSO_STATE);
        let (before, after) = whole.split_once(SSO_STATE).unwrap_or_default();
        let is_one = |name: &str| {
            let state = name.strip_prefix(before).and_then(|name| name.strip_prefix(SSO_STATE)?.strip_suffix(after));
            state.is_some_and(|state| Token::parse(state.strip_prefix(FOR_DEVICE).unwrap_or(state)).is_some())
        };
        pairs(headers).filter(|(name, _)| is_one(name)).collect()
    }

    /// Candidates for the token of an SSO sign-in that waits for its one-time code.
    #[must_use]
    pub fn challenges(self, headers: &HeaderMap) -> Vec<Token> {
        self.candidates(values(headers, &self.own(CHALLENGE)), Token::parse)
    }

    /// A `Set-Cookie` with that token.
    #[must_use]
    pub fn set_challenge(self, token: &Token) -> Option<HeaderValue> {
        let life = Duration::seconds(CHALLENGE_LIFE.as_secs());
        self.build(self.own(CHALLENGE), token.reveal(), self.narrow(TRUSTED_PATH), life)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header;

    use super::*;
    use crate::domain::random::Random;

    #[test]
    fn abandoned_flows_do_not_pile_up() {
        for (url, length, kept) in [
            ("https://login.example.org", 6, MAX_STATES),
            ("http://127.0.0.1:8080", 6, MAX_STATES),
            ("https://login.example.org", 2_200, 1),
            ("https://login.example.org", 1_000, 2),
        ] {
            let sealed = vec![b's'; length];
            let cookies = Cookies::new(&url.parse().expect("is a URL"));
            let state = || Token::new(&Random::system()).expect("random bytes").reveal();
            let mut jar: Vec<String> = Vec::new();
            for _ in 0..10 {
                let mut headers = HeaderMap::new();
                let sent = format!("doorstep_sso_x=1; {}", jar.join("; "));
                headers.insert(header::COOKIE, HeaderValue::from_str(&sent).expect("is a header"));
                let state = state();
                for set in cookies.set_sso_state(&headers, &state, &sealed) {
                    let pair = set.to_str().expect("is ASCII").split(';').next().expect("exists").to_owned();
                    let (name, value) = pair.split_once('=').expect("is a pair");
                    if value.is_empty() {
                        jar.retain(|kept| !kept.starts_with(name));
                    } else {
                        jar.push(pair.clone());
                    }
                }
                headers.insert(header::COOKIE, HeaderValue::from_str(&jar.join("; ")).expect("is a header"));
                assert_eq!(cookies.sso_state(&headers, &state), std::slice::from_ref(&sealed));
                assert_eq!(cookies.clear_sso_states(&headers).len(), jar.len());
            }
            assert_eq!(jar.len(), kept, "{length} bytes each");
            assert!(jar.join("; ").len() < 4_200);
        }
    }
}
