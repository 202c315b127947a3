//! The context of a sign-in or a reauthentication.

use doorstep_locales::Language;

use super::Core;
use crate::domain::{
    account::Account,
    known_browser::{AccountCookie, KnownBrowser},
    session::{SessionToken, Visitor},
    token::Token,
};

/// The context of a sign-in of any kind.
#[derive(Debug)]
pub struct ClientContext {
    /// The client.
    pub visitor: Visitor,
    /// Candidates for the token of the browser's earlier session, which is to be replaced (ASVS 7.2.4).
    pub earlier: Vec<SessionToken>,
    /// Known-browser proofs, for all accounts.
    pub proofs: Vec<AccountCookie<String>>,
    /// Trusted-browser tokens, for all accounts.
    pub trusted: Vec<AccountCookie<Token>>,
    /// The language that the user selected or the browser prefers, if known.
    pub language: Option<Language>,
}

impl Core {
    /// The browser, if it signed in to this account before.
    pub(in crate::service) fn known_browser(&self, account: &Account, context: &ClientContext) -> Option<KnownBrowser> {
        let since = account.password_changed_at;
        let now = self.clock.now();
        AccountCookie::of(&context.proofs, &account.id)
            .find_map(|proof| KnownBrowser::verify(proof, &account.id, since, now, &self.secret_keys))
    }
}
