//! The context of letters about an account, and sentences that many of them share.

use doorstep_contract::route::ClientRoute;
use doorstep_locales::{Language, MailWord, fill, mail};
use jiff::{Timestamp, fmt::strtime};

use super::letter::{Fact, Letter, Letterhead, Part};
use crate::domain::{account::Account, session::Visitor, text, user_agent};

/// The context of a letter.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    /// The letterhead.
    pub head: Letterhead<'a>,
    /// The account that it is about.
    pub account: &'a Account,
    /// The time of the event.
    pub at: Timestamp,
}

/// Who caused an event.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    /// A client with a session or credentials of the account.
    Visitor(&'a Visitor),
    /// An operator, by a command on the server.
    Operator,
}

impl<'a> Occasion<'a> {
    /// The user's language, if known, else the default.
    pub(super) fn language(&self) -> Language {
        self.account.language.unwrap_or(Language::En)
    }

    /// A letter to the address of the account.
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

    /// A text without placeholders.
    pub(super) fn word(&self, word: MailWord) -> &'static str {
        self.language().mail_word(word)
    }

    /// A text about this account, for its user.
    pub(super) fn words(&self, word: MailWord) -> String {
        self.filled(word, &self.account.username)
    }

    /// A text for an address that may be someone else's: the username in it can't form a link.
    pub(super) fn words_for_unverified(&self, word: MailWord) -> String {
        self.filled(word, &text::harmless(&self.account.username))
    }

    fn filled(&self, word: MailWord, username: &str) -> String {
        fill(&fill(self.word(word), "username", username), "installation", self.head.installation)
    }

    /// What to do when locked out: reset the password, if there is one, or contact the administrator.
    pub(super) fn locked_out(&self) -> Part {
        use mail::letter::{LOCKED_OUT, LOCKED_OUT_RESET, LOCKED_OUT_RESET_SUPPORT, LOCKED_OUT_SUPPORT};
        self.contact(if self.account.has_password {
            (LOCKED_OUT_RESET_SUPPORT, LOCKED_OUT_RESET)
        } else {
            (LOCKED_OUT_SUPPORT, LOCKED_OUT)
        })
    }

    /// Formats a time in the letter's language.
    pub(super) fn written(&self, at: Timestamp) -> String {
        // The patterns are ours, and the samples cover all of them.
        strtime::format(self.word(mail::letter::DATE), at).unwrap_or_else(|_| at.to_string())
    }

    /// Whom to contact: one sentence for installations with a support page, and another for those without.
    pub(super) fn contact(&self, (support, administrator): (MailWord, MailWord)) -> Part {
        Part::Text(match self.head.shown_support() {
            Some(address) => fill(self.word(support), "support", address),
            None => self.word(administrator).to_owned(),
        })
    }

    /// Describes the browser of a visitor, as far as it is known.
    pub(super) fn browser_of(&self, visitor: &Visitor) -> Option<String> {
        match user_agent::describe(&visitor.user_agent) {
            (Some(browser), Some(system)) => {
                let both = fill(self.word(mail::letter::BROWSER_ON_SYSTEM), "browser", browser);
                Some(fill(&both, "system", system))
            }
            (one, other) => one.or(other).map(str::to_owned),
        }
    }

    /// A button that links to a page.
    pub(super) fn button(&self, label: MailWord, page: ClientRoute, fragment: Option<&str>) -> Part {
        let mut url = self.head.public_url.clone();
        url.set_path(page.path());
        url.set_fragment(fragment);
        Part::Button { label: self.word(label), url }
    }
}

impl By<'_> {
    /// When the event happened, and who caused it.
    pub(super) fn facts(self, occasion: &Occasion<'_>) -> Vec<Fact> {
        let word = |word| occasion.word(word);
        let mut facts = vec![(word(mail::letter::WHEN), occasion.written(occasion.at))];
        match self {
            Self::Visitor(visitor) => {
                facts.push((word(mail::letter::ADDRESS), visitor.address.to_string()));
                facts.extend(occasion.browser_of(visitor).map(|browser| (word(mail::letter::BROWSER), browser)));
            }
            Self::Operator => facts.push((word(mail::letter::BY), word(mail::letter::OPERATOR).to_owned())),
        }
        facts
    }
}
