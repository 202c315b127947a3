//! What the server tells people by mail.

use std::net::IpAddr;

use doorstep_contract::{device::Scope, paths::CONFIRM_EMAIL_FRAGMENT, route::ClientRoute};
use doorstep_locales::{Language, MailWord, fill, mail};
use jiff::Timestamp;
use url::Url;

use super::{Letter, Paragraph};
use crate::domain::{account::Account, session::Visitor, text, token::Token, user_agent};

/// A change of what opens an account, or a use of something rare that does: its user learns of it, because it may have been
/// another (ASVS 6.3.7).
///
/// What a notice says is our own words, what operators configure, and what is bounded by its type: a stranger who could put
/// text into mails to others would have a sender of spam.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice<'a> {
    /// The account has another password.
    PasswordChanged,
    /// It has another user name.
    UsernameChanged {
        /// The one until now.
        old: &'a str,
        /// The one from now on.
        new: &'a str,
    },
    /// Signing in asks for a one-time code from now on.
    TotpEnabled,
    /// It does no more.
    TotpDisabled,
    /// There are new recovery codes.
    RecoveryCodesReplaced,
    /// One of them was used.
    RecoveryCodeUsed,
    /// One-time codes count no more, after too many wrong ones.
    CodesBlocked,
    /// A browser is not asked for a one-time code from now on.
    BrowserTrusted,
    /// An identity of this provider opens the account.
    IdentityLinked(&'a str),
    /// It does no more.
    IdentityRemoved(&'a str),
    /// A browser or a program that the account does not know has signed in.
    SignedInFromNewBrowser,
    /// A temporary token has signed in.
    TemporaryTokenUsed,
    /// A device has access.
    DeviceAuthorized(&'a AuthorizedDevice<'a>),
    /// An operator has suspended the account.
    Suspended,
    /// It may be used again.
    Activated,
    /// This is to be the account's email.
    EmailPending(&'a str),
    /// This is the account's email.
    EmailChanged(&'a str),
}

/// A device that has access from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuthorizedDevice<'a> {
    /// The name of its program, by the operator.
    pub application: &'a str,
    /// What it calls itself.
    pub label: Option<&'a str>,
    /// Where its request came from.
    pub address: IpAddr,
    /// What it may do.
    pub scope: Scope,
    /// Until when.
    pub until: Timestamp,
}

/// Who did it.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    /// A client with a session of the account, or with what opens one.
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
        let (subject, text) = self.words();
        let said = |word| {
            let filled = |text: String, (name, value): &(&str, &str)| fill(&text, name, value);
            self.values().iter().fold(occasion.words(word), filled)
        };
        let mut facts = self.facts(occasion);
        facts.extend(by.facts(occasion));
        let mut paragraphs = vec![
            Paragraph::Text(occasion.words(mail::letter::GREETING)),
            Paragraph::Text(said(text)),
            Paragraph::Facts(facts),
        ];
        let (advice, page) = self.help();
        paragraphs.push(Paragraph::Text(occasion.words(advice)));
        paragraphs.extend(page.map(|page| Paragraph::Link(occasion.link(page, None))));
        Letter { language: occasion.language(), subject: said(subject), paragraphs }
    }

    /// Subject and text.
    const fn words(&self) -> (MailWord, MailWord) {
        match self {
            Self::PasswordChanged => (mail::password_changed::SUBJECT, mail::password_changed::TEXT),
            Self::UsernameChanged { .. } => (mail::username_changed::SUBJECT, mail::username_changed::TEXT),
            Self::TotpEnabled => (mail::totp_enabled::SUBJECT, mail::totp_enabled::TEXT),
            Self::TotpDisabled => (mail::totp_disabled::SUBJECT, mail::totp_disabled::TEXT),
            Self::RecoveryCodesReplaced => (mail::recovery_codes::SUBJECT, mail::recovery_codes::TEXT),
            Self::RecoveryCodeUsed => (mail::recovery_code_used::SUBJECT, mail::recovery_code_used::TEXT),
            Self::CodesBlocked => (mail::codes_blocked::SUBJECT, mail::codes_blocked::TEXT),
            Self::BrowserTrusted => (mail::trusted_browser::SUBJECT, mail::trusted_browser::TEXT),
            Self::IdentityLinked(_) => (mail::identity_linked::SUBJECT, mail::identity_linked::TEXT),
            Self::IdentityRemoved(_) => (mail::identity_removed::SUBJECT, mail::identity_removed::TEXT),
            Self::SignedInFromNewBrowser => (mail::new_browser::SUBJECT, mail::new_browser::TEXT),
            Self::TemporaryTokenUsed => (mail::temporary_token::SUBJECT, mail::temporary_token::TEXT),
            Self::DeviceAuthorized(_) => (mail::device::SUBJECT, mail::device::TEXT),
            Self::Suspended => (mail::suspended::SUBJECT, mail::suspended::TEXT),
            Self::Activated => (mail::activated::SUBJECT, mail::activated::TEXT),
            Self::EmailPending(_) => (mail::email_pending::SUBJECT, mail::email_pending::TEXT),
            Self::EmailChanged(_) => (mail::email_changed::SUBJECT, mail::email_changed::TEXT),
        }
    }

    /// What stands in their placeholders.
    fn values(&self) -> Vec<(&'static str, &str)> {
        match self {
            Self::UsernameChanged { old, new } => vec![("old", old), ("new", new)],
            Self::IdentityLinked(provider) | Self::IdentityRemoved(provider) => vec![("provider", provider)],
            Self::EmailPending(email) | Self::EmailChanged(email) => vec![("email", email)],
            Self::PasswordChanged
            | Self::TotpEnabled
            | Self::TotpDisabled
            | Self::RecoveryCodesReplaced
            | Self::RecoveryCodeUsed
            | Self::CodesBlocked
            | Self::BrowserTrusted
            | Self::SignedInFromNewBrowser
            | Self::TemporaryTokenUsed
            | Self::DeviceAuthorized(_)
            | Self::Suspended
            | Self::Activated => Vec::new(),
        }
    }

    /// What there is to know beside them.
    fn facts(&self, occasion: Occasion<'_>) -> Vec<(&'static str, String)> {
        let Self::DeviceAuthorized(device) = self else { return Vec::new() };
        let word = |word| occasion.language().mail_word(word);
        let mut facts = vec![(word(mail::device::APPLICATION), device.application.to_owned())];
        if let Some(label) = device.label {
            facts.push((word(mail::device::NAME), text::harmless(label)));
        }
        facts.push((word(mail::device::ADDRESS), device.address.to_string()));
        let scope = match device.scope {
            Scope::Full => mail::device::FULL,
            Scope::AppsRun => mail::device::APPS_RUN,
        };
        facts.push((word(mail::device::PERMISSIONS), word(scope).to_owned()));
        facts.push((word(mail::device::EXPIRES), written(device.until)));
        facts
    }

    /// What to do when it was another, and where.
    const fn help(&self) -> (MailWord, Option<ClientRoute>) {
        use mail::letter::{CONTACT, END_SESSION, NOT_YOU, REVOKE, UNLINK};
        match self {
            Self::DeviceAuthorized(_) => (REVOKE, Some(ClientRoute::AccountDevices)),
            Self::IdentityLinked(_) | Self::IdentityRemoved(_) => (UNLINK, Some(ClientRoute::AccountIdentities)),
            Self::SignedInFromNewBrowser => (END_SESSION, Some(ClientRoute::AccountSessions)),
            Self::TemporaryTokenUsed | Self::BrowserTrusted => (NOT_YOU, Some(ClientRoute::AccountSessions)),
            Self::Suspended | Self::Activated => (CONTACT, None),
            Self::PasswordChanged
            | Self::UsernameChanged { .. }
            | Self::TotpEnabled
            | Self::TotpDisabled
            | Self::RecoveryCodesReplaced
            | Self::RecoveryCodeUsed
            | Self::CodesBlocked
            | Self::EmailPending(_)
            | Self::EmailChanged(_) => (NOT_YOU, Some(ClientRoute::AccountSecurity)),
        }
    }
}

/// A time as mails tell it.
fn written(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
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
        let mut facts = vec![(word(mail::letter::WHEN), written(occasion.at))];
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
