//! Password reset by mail: lifetimes, and where the link may lead.

use doorstep_contract::paths::{RESET_PASSWORD_PAGE, RESET_TOKEN_PARAMETER, RESET_USERNAME_PARAMETER};
use jiff::SignedDuration;
use url::{Url, form_urlencoded};

use super::token::Token;

/// Lifetime of the link in the mail.
pub const RESET_LIFE: SignedDuration = SignedDuration::from_hours(1);
/// How long an expired or used token is still recognized as such.
pub const MEMORY: SignedDuration = SignedDuration::from_hours(24);

/// Parses a URL and checks it against the allow list: same scheme, host, port and path. The query may differ; a
/// fragment or user information is not allowed.
#[must_use]
pub fn allowed(text: &str, allow_list: &[Url]) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    (plain && allow_list.iter().any(|known| is_same_page(known, &url))).then_some(url)
}

/// The allowed page that the link is to lead to. It returns the configured URL, not the text of the request, so
/// that none of the requester's text appears in the mail or beside the token.
#[must_use]
pub fn page<'a>(text: &str, allow_list: &'a [Url]) -> Option<&'a Url> {
    let url = allowed(text, allow_list)?;
    let same = |known: &&Url| is_same_page(known, &url);
    let exactly = |known: &&Url| same(known) && known.query() == url.query();
    allow_list.iter().find(exactly).or_else(|| allow_list.iter().find(same))
}

/// Opaque origins are never equal, not even to themselves.
fn is_same_page(one: &Url, other: &Url) -> bool {
    one.origin() == other.origin() && one.path() == other.path()
}

/// The link in the mail: to this server's page, or to an allowed one. The username is added to the fragment for
/// password managers; fragments are not sent to servers.
#[must_use]
pub fn link(reset_url: Option<&Url>, public_url: &Url, token: &Token, username: &str) -> Url {
    let mut url = reset_url.cloned().unwrap_or_else(|| {
        let mut page = public_url.clone();
        page.set_path(RESET_PASSWORD_PAGE);
        let named =
            form_urlencoded::Serializer::new(String::new()).append_pair(RESET_USERNAME_PARAMETER, username).finish();
        page.set_fragment(Some(&named));
        page
    });
    url.query_pairs_mut().append_pair(RESET_TOKEN_PARAMETER, &token.reveal());
    url
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::random::Random;

    fn url(text: &str) -> Url {
        text.parse().expect("is a URL")
    }

    #[test]
    fn a_link_leads_only_to_allowed_pages() {
        let list =
            ["https://app.example.org/reset", "https://app.example.org/reset?app=2", "http://127.0.0.1:3000/"].map(url);
        for (text, leads_to) in [
            ("https://app.example.org/reset", "https://app.example.org/reset"),
            ("https://APP.example.org:443/reset?x=1", "https://app.example.org/reset"),
            ("https://app.example.org/reset?next=//evil.example", "https://app.example.org/reset"),
            ("https://app.example.org/reset?app=2", "https://app.example.org/reset?app=2"),
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000/"),
        ] {
            assert_eq!(page(text, &list).map(Url::as_str), Some(leads_to), "{text}");
        }
        for text in [
            "",
            "/reset",
            "//app.example.org/reset",
            "http://app.example.org/reset",
            "https://app.example.org/",
            "https://app.example.org/reset/",
            "https://app.example.org/reset/../evil",
            "https://app.example.org/resetx",
            "https://app.example.org:8443/reset",
            "https://app.example.org.evil.example/reset",
            "https://evil.example/?https://app.example.org/reset",
            "https://u@app.example.org/reset",
            "https://app.example.org@evil.example/reset",
            "https://app.example.org/reset#x",
            "https:\\\\evil.example\\reset",
            "javascript:alert(1)",
            "data:text/html,x",
        ] {
            assert!(page(text, &list).is_none() && allowed(text, &list).is_none(), "{text}");
        }
    }

    #[test]
    fn the_token_is_appended_to_an_existing_query() {
        let token = Token::new(&Random::system()).expect("random bytes");
        let own = link(None, &url("https://login.example.org"), &token, "ada lovelace");
        assert_eq!(
            own.as_str(),
            format!("https://login.example.org/reset-password?token={}#username=ada+lovelace", token.reveal())
        );
        let other = link(Some(&url("https://app.example.org/reset?x=1")), &own, &token, "ada");
        assert_eq!(other.as_str(), format!("https://app.example.org/reset?x=1&token={}", token.reveal()));
    }
}
