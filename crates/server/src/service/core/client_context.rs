//! What comes along with a request that signs in or proves something.

use doorstep_locales::Language;

use super::Core;
use crate::domain::{
    account::Account,
    known_browser::{AccountCookie, KnownBrowser},
    session::{SessionToken, Visitor},
    token::Token,
};

/// What came along with a sign-in, whatever the way.
#[derive(Debug)]
pub struct ClientContext {
    /// Who is asking.
    pub visitor: Visitor,
    /// What may be the session that the browser had before, to be replaced (ASVS 7.2.4).
    pub earlier: Vec<SessionToken>,
    /// Proofs that the browser has signed in before, to whatever account.
    pub proofs: Vec<AccountCookie<String>>,
    /// The tokens of a browser that is trusted, by whatever account.
    pub trusted: Vec<AccountCookie<Token>>,
    /// The language that the browser asks for, or that its person has chosen there; `None` when it says nothing.
    pub language: Option<Language>,
}

impl Core {
    /// The browser, if it has signed in to this account before.
    pub(in crate::service) fn known_browser(&self, account: &Account, context: &ClientContext) -> Option<KnownBrowser> {
        let since = account.password_changed_at;
        let now = self.clock.now();
        AccountCookie::of(&context.proofs, &account.id)
            .find_map(|proof| KnownBrowser::verify(proof, &account.id, since, now, &self.secret_keys))
    }
}
