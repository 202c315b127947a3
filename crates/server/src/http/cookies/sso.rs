//! The cookies of a sign-in through another identity system: what waits for the way back, and for a one-time code.

use axum::http::{HeaderMap, HeaderValue};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use cookie::time::Duration;

use super::{
    Cookies, TRUSTED_PATH,
    jar::{candidates, pairs, values},
};
use crate::domain::{
    second_factor::CHALLENGE_LIFE,
    sso::{FOR_DEVICE, STATE_LIFE},
    token::Token,
};

/// While the browser is at another identity system.
const SSO_STATE: &str = "doorstep_sso_";
/// A sign-in through one that waits for a one-time code.
const CHALLENGE: &str = "doorstep_challenge";
/// How many ways out a browser keeps at once.
const MAX_STATES: usize = 4;
/// How many bytes of every request they may be: proxies take lines of 8 kB. One is some 400 bytes, and 3 kB where it leads
/// back to a long address.
const MAX_BYTES: usize = 4_000;

impl Cookies {
    /// What the browser keeps while it is at another identity system, by the state.
    #[must_use]
    pub fn sso_state(self, headers: &HeaderMap, state: &str) -> Vec<Vec<u8>> {
        let name = self.own(&[SSO_STATE, state].concat());
        candidates(values(headers, &name), |value| URL_SAFE_NO_PAD.decode(value).ok())
    }

    /// `Set-Cookie`s that let the browser keep it, named after the state, so that two tabs may leave at once. Of those
    /// that it keeps already the oldest go, so that ways out that are not finished do not pile up: a browser sends the one
    /// first that it has had for longest (RFC 6265 §5.4).
    #[must_use]
    pub fn set_sso_state(self, headers: &HeaderMap, state: &str, sealed: &[u8]) -> Vec<HeaderValue> {
        let (name, value) = (self.own(&[SSO_STATE, state].concat()), URL_SAFE_NO_PAD.encode(sealed));
        let mut bytes = name.len() + value.len();
        // The newest stay.
        let kept = self.sso_states(headers).into_iter().rev().enumerate();
        let dropped = kept.filter_map(|(newer, (name, value))| {
            bytes = bytes.saturating_add(name.len() + value.len());
            (newer + 1 >= MAX_STATES || bytes > MAX_BYTES).then(|| self.expire(name))?
        });
        let dropped: Vec<_> = dropped.collect();
        let set = self.build(name, value, "/", Duration::seconds(STATE_LIFE.as_secs()));
        dropped.into_iter().chain(set).collect()
    }

    /// A `Set-Cookie` that makes the browser forget one.
    #[must_use]
    pub fn clear_sso_state(self, state: &str) -> Option<HeaderValue> {
        // What is not the name of a cookie names none of ours.
        Token::parse(state.strip_prefix(FOR_DEVICE).unwrap_or(state))?;
        self.expire(self.own(&[SSO_STATE, state].concat()))
    }

    /// `Set-Cookie`s that make the browser forget all that it sent.
    #[must_use]
    pub fn clear_sso_states(self, headers: &HeaderMap) -> Vec<HeaderValue> {
        self.sso_states(headers).into_iter().filter_map(|(name, _)| self.expire(name)).collect()
    }

    /// The names and values of all of them, the oldest first.
    fn sso_states(self, headers: &HeaderMap) -> Vec<(&str, &str)> {
        let whole = self.own(SSO_STATE);
        let (before, after) = whole.split_once(SSO_STATE).unwrap_or_default();
        let is_one = |name: &str| {
            let state = name.strip_prefix(before).and_then(|name| name.strip_prefix(SSO_STATE)?.strip_suffix(after));
            state.is_some_and(|state| Token::parse(state.strip_prefix(FOR_DEVICE).unwrap_or(state)).is_some())
        };
        pairs(headers).filter(|(name, _)| is_one(name)).collect()
    }

    /// What may name the sign-in through another identity system that waits in this browser for a one-time code.
    #[must_use]
    pub fn challenges(self, headers: &HeaderMap) -> Vec<Token> {
        candidates(values(headers, &self.own(CHALLENGE)), Token::parse)
    }

    /// A `Set-Cookie` with that.
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
    fn ways_out_that_are_not_finished_do_not_pile_up() {
        for (url, length, kept) in [
            ("https://login.example.org", 6, MAX_STATES),
            ("http://127.0.0.1:8080", 6, MAX_STATES),
            ("https://login.example.org", 2_200, 1),
            ("https://login.example.org", 1_000, 2),
        ] {
            let sealed = vec![b's'; length];
            let cookies = Cookies::new(&url.parse().expect("is a URL"));
            let state = || Token::new(&Random::system()).expect("has bytes").reveal();
            let mut jar: Vec<String> = Vec::new();
            for _ in 0..10 {
                let mut headers = HeaderMap::new();
                let sent = format!("doorstep_sso_x=1; {}", jar.join("; "));
                headers.insert(header::COOKIE, HeaderValue::from_str(&sent).expect("is a header"));
                let state = state();
                for set in cookies.set_sso_state(&headers, &state, &sealed) {
                    let pair = set.to_str().expect("is ASCII").split(';').next().expect("is there").to_owned();
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
