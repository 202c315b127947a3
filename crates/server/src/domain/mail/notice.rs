//! What the server tells people by mail.

use doorstep_contract::{paths::CONFIRM_EMAIL_FRAGMENT, route::ClientRoute};
use doorstep_locales::{Language, MailWord, fill, mail};
use jiff::Timestamp;
use url::Url;

use super::{Letter, Paragraph};
use crate::domain::{account::Account, session::Visitor, token::Token, user_agent};

/// Something that the person should hear of, because it may not have been them (ASVS 6.3.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice<'a> {
    /// The account has another password.
    PasswordChanged,
    /// Signing in asks for a one-time code from now on.
    TotpEnabled,
    /// It does no more.
    TotpDisabled,
    /// There are new recovery codes.
    RecoveryCodesReplaced,
    /// This is to be the account's email.
    EmailPending(&'a str),
    /// This is the account's email.
    EmailChanged(&'a str),
}

/// Who did it.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    /// Somebody with a session of the account.
    Visitor(&'a Visitor),
    /// An operator, by a command on the server.
    Operator,
}

/// What every letter needs to know.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    /// What people call the place that they sign in to.
    pub installation: &'a str,
    /// Where it is: the only place that links lead to.
    pub public_url: &'a Url,
    /// Whose account it is about.
    pub account: &'a Account,
    /// When it happened.
    pub at: Timestamp,
}

impl Notice<'_> {
    /// The letter that tells it.
    #[must_use]
    pub fn letter(&self, occasion: Occasion<'_>, by: By<'_>) -> Letter {
        let (subject, text, email) = match *self {
            Self::PasswordChanged => (mail::password_changed::SUBJECT, mail::password_changed::TEXT, ""),
            Self::TotpEnabled => (mail::totp_enabled::SUBJECT, mail::totp_enabled::TEXT, ""),
            Self::TotpDisabled => (mail::totp_disabled::SUBJECT, mail::totp_disabled::TEXT, ""),
            Self::RecoveryCodesReplaced => (mail::recovery_codes::SUBJECT, mail::recovery_codes::TEXT, ""),
            Self::EmailPending(new) => (mail::email_pending::SUBJECT, mail::email_pending::TEXT, new),
            Self::EmailChanged(new) => (mail::email_changed::SUBJECT, mail::email_changed::TEXT, new),
        };
        occasion.letter(
            subject,
            vec![
                Paragraph::Text(occasion.words(mail::letter::GREETING)),
                Paragraph::Text(fill(&occasion.words(text), "email", email)),
                Paragraph::Facts(by.facts(occasion)),
                Paragraph::Text(occasion.words(mail::letter::NOT_YOU)),
                Paragraph::Link(occasion.link(ClientRoute::Login, None)),
            ],
        )
    }
}

/// The letter to a new address, whose link confirms that it is the person's own.
///
/// The address may be a stranger's, so nothing stands in it that its sender could choose freely: the user name has
/// letters and digits alone.
#[must_use]
pub fn confirm_email(occasion: Occasion<'_>, token: &Token) -> Letter {
    use mail::confirm_email::{GOOD_FOR, NOT_YOU, SUBJECT, TEXT};
    // A fragment never reaches a server, so no log and no referrer has the token.
    let fragment = [CONFIRM_EMAIL_FRAGMENT, &token.reveal()].concat();
    occasion.letter(
        SUBJECT,
        vec![
            Paragraph::Text(occasion.words(TEXT)),
            Paragraph::Link(occasion.link(ClientRoute::Account, Some(&fragment))),
            Paragraph::Text(occasion.words(GOOD_FOR)),
            Paragraph::Text(occasion.words(NOT_YOU)),
        ],
    )
}

/// The letter to somebody who forgot the password, or to somebody whose email a stranger typed.
#[must_use]
pub fn reset_password(occasion: Occasion<'_>, link: Url, by: By<'_>) -> Letter {
    use mail::reset_password::{GOOD_FOR, NOT_YOU, SUBJECT, TEXT};
    occasion.letter(
        SUBJECT,
        vec![
            Paragraph::Text(occasion.words(mail::letter::GREETING)),
            Paragraph::Text(occasion.words(TEXT)),
            Paragraph::Link(link),
            Paragraph::Text(occasion.words(GOOD_FOR)),
            Paragraph::Facts(by.facts(occasion)),
            Paragraph::Text(occasion.words(NOT_YOU)),
        ],
    )
}

impl By<'_> {
    fn facts(self, occasion: Occasion<'_>) -> Vec<(&'static str, String)> {
        let word = |word| occasion.language().mail_word(word);
        let mut facts = vec![(word(mail::letter::WHEN), occasion.at.strftime("%Y-%m-%d %H:%M UTC").to_string())];
        match self {
            Self::Visitor(visitor) => {
                facts.push((word(mail::letter::ADDRESS), visitor.address.to_string()));
                let browser = match user_agent::describe(&visitor.user_agent) {
                    (Some(browser), Some(system)) => {
                        let both = fill(word(mail::letter::BROWSER_ON_SYSTEM), "browser", browser);
                        fill(&both, "system", system)
                    }
                    (Some(one), None) | (None, Some(one)) => one.to_owned(),
                    (None, None) => word(mail::letter::UNKNOWN_BROWSER).to_owned(),
                };
                facts.push((word(mail::letter::BROWSER), browser));
            }
            Self::Operator => facts.push((word(mail::letter::BY), word(mail::letter::OPERATOR).to_owned())),
        }
        facts
    }
}

impl Occasion<'_> {
    /// The person's language, as far as it is known.
    fn language(&self) -> Language {
        self.account.language.unwrap_or(Language::En)
    }

    fn letter(&self, subject: MailWord, paragraphs: Vec<Paragraph>) -> Letter {
        Letter { language: self.language(), subject: self.words(subject), paragraphs }
    }

    fn words(&self, word: MailWord) -> String {
        let text = fill(self.language().mail_word(word), "username", &self.account.username);
        fill(&text, "installation", self.installation)
    }

    fn link(&self, page: ClientRoute, fragment: Option<&str>) -> Url {
        let mut url = self.public_url.clone();
        url.set_path(page.path());
        url.set_fragment(fragment);
        url
    }
}
