//! What letters about an account need to know, and the sentences that many of them share.

use doorstep_contract::route::ClientRoute;
use doorstep_locales::{Language, MailWord, fill, mail};
use jiff::{Timestamp, fmt::strtime};

use super::letter::{Fact, Letter, Letterhead, Part};
use crate::domain::{account::Account, session::Visitor, text, user_agent};

/// What every letter needs to know.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    /// What every letter of the installation has.
    pub head: Letterhead<'a>,
    /// Whose account it is about.
    pub account: &'a Account,
    /// When it happened.
    pub at: Timestamp,
}

/// Who did it.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    /// A client with a session of the account, or with what opens one.
    Visitor(&'a Visitor),
    /// An operator, by a command on the server.
    Operator,
}

impl<'a> Occasion<'a> {
    /// The user's language, as far as it is known.
    pub(super) fn language(&self) -> Language {
        self.account.language.unwrap_or(Language::En)
    }

    /// A letter that begins so; the address of the account gets it.
    pub(super) fn letter(&self, subject: String, text: String) -> Letter<'a> {
        Letter {
            head: self.head,
            language: self.language(),
            subject,
            greeting: Some(self.words(mail::letter::GREETING)),
            text,
            parts: Vec::new(),
            reason: self.words(mail::letter::REASON),
        }
    }

    /// The word as it is.
    pub(super) fn word(&self, word: MailWord) -> &'static str {
        self.language().mail_word(word)
    }

    /// The word about this account, to its user.
    pub(super) fn words(&self, word: MailWord) -> String {
        self.filled(word, &self.account.username)
    }

    /// The same to an address that may be of anyone: nothing in it is a link that the user of the account has chosen.
    pub(super) fn words_to_anyone(&self, word: MailWord) -> String {
        self.filled(word, &text::harmless(&self.account.username))
    }

    fn filled(&self, word: MailWord, username: &str) -> String {
        fill(&fill(self.word(word), "username", username), "installation", self.head.installation)
    }

    /// What to do without a way in: to reset the password, where there is one, or to ask.
    pub(super) fn locked_out(&self) -> Part {
        use mail::letter::{LOCKED_OUT, LOCKED_OUT_RESET, LOCKED_OUT_RESET_SUPPORT, LOCKED_OUT_SUPPORT};
        self.contact(if self.account.has_password {
            (LOCKED_OUT_RESET_SUPPORT, LOCKED_OUT_RESET)
        } else {
            (LOCKED_OUT_SUPPORT, LOCKED_OUT)
        })
    }

    /// A time, as the language writes it.
    pub(super) fn written(&self, at: Timestamp) -> String {
        // Each pattern is one of ours: the samples have all of them.
        strtime::format(self.word(mail::letter::DATE), at).unwrap_or_else(|_| at.to_string())
    }

    /// Whom to ask: a sentence for an installation that says where users find help, or one for others.
    pub(super) fn contact(&self, (support, administrator): (MailWord, MailWord)) -> Part {
        Part::Text(match self.head.shown_support() {
            Some(address) => fill(self.word(support), "support", address),
            None => self.word(administrator).to_owned(),
        })
    }

    /// A button that leads to a page.
    pub(super) fn button(&self, label: MailWord, page: ClientRoute, fragment: Option<&str>) -> Part {
        let mut url = self.head.public_url.clone();
        url.set_path(page.path());
        url.set_fragment(fragment);
        Part::Button { label: self.word(label), url }
    }
}

impl By<'_> {
    /// When it was done, and by whom.
    pub(super) fn facts(self, occasion: &Occasion<'_>) -> Vec<Fact> {
        let word = |word| occasion.word(word);
        let mut facts = vec![(word(mail::letter::WHEN), occasion.written(occasion.at))];
        match self {
            Self::Visitor(visitor) => {
                facts.push((word(mail::letter::ADDRESS), visitor.address.to_string()));
                facts.push((word(mail::letter::BROWSER), browser_of(visitor, occasion)));
            }
            Self::Operator => facts.push((word(mail::letter::BY), word(mail::letter::OPERATOR).to_owned())),
        }
        facts
    }
}

/// The browser of a visitor, in words.
pub(super) fn browser_of(visitor: &Visitor, occasion: &Occasion<'_>) -> String {
    let word = |word| occasion.word(word);
    match user_agent::describe(&visitor.user_agent) {
        (Some(browser), Some(system)) => {
            let both = fill(word(mail::letter::BROWSER_ON_SYSTEM), "browser", browser);
            fill(&both, "system", system)
        }
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => word(mail::letter::UNKNOWN_BROWSER).to_owned(),
    }
}
