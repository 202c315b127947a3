//! Cookies for each account that signed in in this browser: the known-browser proof, and the trusted-browser token.

use axum::http::{HeaderMap, HeaderValue};
use cookie::time::Duration;

use super::{Cookies, TRUSTED_PATH, jar::pairs};
use crate::domain::{
    id::Id,
    known_browser::{AccountCookie, KnownBrowser},
    second_factor::TRUST_LIFE,
    token::Token,
};

const KNOWN_BROWSER: &str = "doorstep_known_";
const TRUSTED_DEVICE: &str = "doorstep_trusted_";
/// The number of accounts for which a browser keeps a proof, and a trusted-browser token; the oldest are dropped.
/// Every request carries all of them, so they must fit the header size that proxies accept.
const MOST_ACCOUNTS: usize = 16;
/// The number dropped in one response: proxies limit the size of response headers as well.
const MOST_DROPPED: usize = 8;

impl Cookies {
    /// The proofs, for all accounts, that this browser signed in before.
    #[must_use]
    pub fn proofs(self, headers: &HeaderMap) -> Vec<AccountCookie<String>> {
        let prefix = self.host_name(KNOWN_BROWSER);
        let proofs = kept(headers, &prefix).filter(|(_, value)| KnownBrowser::has_proof_length(value));
        proofs.map(|(tail, value)| AccountCookie::new(tail.to_owned(), value.to_owned())).collect()
    }

    /// `Set-Cookie` values with the proof that the browser signed in to an account, valid for a year. The oldest
    /// proofs in the request, by the time they contain, are dropped.
    #[must_use]
    pub fn set_proof(self, headers: &HeaderMap, account: &Id, proof: &str) -> Vec<HeaderValue> {
        let mut others: Vec<(&str, &str)> = kept(headers, &self.host_name(KNOWN_BROWSER)).collect();
        others.sort_by_key(|(_, proof)| KnownBrowser::claimed_time(proof));
        let others = others.into_iter().map(|(tail, _)| tail);
        self.keep((KNOWN_BROWSER, "/"), others, account, proof.to_owned(), Duration::days(365))
    }

    /// The trusted-browser tokens in the request, for all accounts.
    #[must_use]
    pub fn trusted(self, headers: &HeaderMap) -> Vec<AccountCookie<Token>> {
        let prefix = self.host_name(TRUSTED_DEVICE);
        let token = |(tail, value): (&str, &str)| Some(AccountCookie::new(tail.to_owned(), Token::parse(value)?));
        kept(headers, &prefix).filter_map(token).collect()
    }

    /// `Set-Cookie` values with the trusted-browser token of an account. The oldest in the request are dropped: a
    /// browser sends cookies in the order of their creation (RFC 6265 §5.4).
    #[must_use]
    pub fn set_trusted(self, headers: &HeaderMap, account: &Id, token: &Token) -> Vec<HeaderValue> {
        let prefix = self.host_name(TRUSTED_DEVICE);
        let others = kept(headers, &prefix).map(|(tail, _)| tail);
        let age = Duration::seconds(TRUST_LIFE.as_secs());
        self.keep((TRUSTED_DEVICE, self.narrow(TRUSTED_PATH)), others, account, token.reveal(), age)
    }

    /// Sets a cookie for one account and drops as many of the others, given oldest first, as exceed the limit.
    fn keep<'a>(
        self,
        (prefix, path): (&str, &'static str),
        oldest_first: impl IntoIterator<Item = &'a str>,
        account: &Id,
        value: String,
        age: Duration,
    ) -> Vec<HeaderValue> {
        let own = AccountCookie::<Token>::tail(account);
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
}

/// The cookies with this prefix: the rest of the name, which identifies the account, and the value.
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
    fn a_browser_brings_the_proofs_of_all_its_accounts() {
        let mut headers = HeaderMap::new();
        let (one, other) = ("a".repeat(KnownBrowser::PROOF_LENGTH), "b".repeat(KnownBrowser::PROOF_LENGTH));
        let unreadable = "doorstep_known_0=x; ".repeat(100);
        let planted = format!("doorstep_known_0={one}; ").repeat(100);
        let line = format!("{unreadable}{planted}doorstep_known_1={one}; x=y; doorstep_known_2={other}");
        headers.insert(header::COOKIE, line.parse().expect("is a header"));
        let proofs = cookies("http://127.0.0.1:8080").proofs(&headers);
        let of = |tail: &str| AccountCookie::of(&proofs, &Id::stored(tail.to_owned())).cloned().collect::<Vec<_>>();
        assert_eq!((of("1"), of("2"), of("0").len()), (vec![one], vec![other], 16));
        assert!(cookies("https://login.example.org").proofs(&headers).is_empty());
        let id = Id::stored("01932f5e-7c1a-7000-8000-0123456789ab".to_owned());
        let set = cookies("http://127.0.0.1:8080").set_proof(&headers, &id, "p");
        assert_eq!(set, ["doorstep_known_0123456789ab=p; HttpOnly; SameSite=Lax; Path=/; Max-Age=31536000"]);
    }

    #[test]
    fn the_cookie_of_a_trusted_browser_is_bound_to_its_host() {
        let token = Token::new(&Random::system()).expect("random bytes");
        let id = Id::stored("01932f5e-7c1a-7000-8000-0123456789ab".to_owned());
        let cookies = cookies("https://login.example.org");
        let set = cookies.set_trusted(&HeaderMap::new(), &id, &token);
        let value = token.reveal();
        let rest = "HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=2592000";
        assert_eq!(set, [format!("__Host-doorstep_trusted_0123456789ab={value}; {rest}")]);
        let mut headers = HeaderMap::new();
        let line = format!("__Host-doorstep_trusted_1=garbage; __Host-doorstep_trusted_2={value}");
        headers.insert(header::COOKIE, HeaderValue::from_str(&line).expect("is a header"));
        let trusted = cookies.trusted(&headers);
        let of =
            |tail: &str| AccountCookie::of(&trusted, &Id::stored(tail.to_owned())).map(Token::hash).collect::<Vec<_>>();
        assert_eq!((of("1"), of("2")), (Vec::new(), vec![token.hash()]));
    }

    #[test]
    fn a_browser_keeps_cookies_for_a_limited_number_of_accounts() {
        let random = Random::system();
        let keys = SecretKeys::parse("q8dPzN1mVxT4sKfWb7YhRj2LcGaEuC9o").expect("is strong enough");
        let account = |number: usize| Id::stored(format!("0-{number}"));
        let proof = |number: usize| {
            // The first cookie in the header is the newest.
            let at = jiff::Timestamp::from_second(1_700_000_000 - i64::try_from(number).expect("fits"));
            KnownBrowser::new(&random).expect("random bytes").proof(&account(number), at.expect("is a time"), &keys)
        };
        let cookies = cookies("https://login.example.org");
        let mut headers = HeaderMap::new();
        let known = (0..20).map(|number| format!("__Host-doorstep_known_{number}={}", proof(number)));
        let token = Token::new(&random).expect("random bytes");
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
