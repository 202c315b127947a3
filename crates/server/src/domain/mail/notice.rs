//! Notices: letters about changes to an account and its use.

use std::net::IpAddr;

use doorstep_contract::{account_name::is_email, device::Scope, route::ClientRoute};
use doorstep_locales::{MailWord, fill, mail};
use jiff::Timestamp;
use url::Url;

use super::{
    letter::{Fact, Letter, Part},
    occasion::{By, Occasion},
};
use crate::domain::text;

/// A change of an account's credentials, or a rare use of them. The user is notified, because someone else may have
/// caused it (ASVS 6.3.7).
///
/// A notice contains only our own texts, the operator's configuration, and values limited by their types: if others
/// could choose its text, they could use the server to send spam.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice<'a> {
    /// The password was changed.
    PasswordChanged(EndedSessions),
    /// The username was changed.
    UsernameChanged {
        /// The previous username.
        old: &'a str,
        /// The new username.
        new: &'a str,
    },
    /// Two-factor authentication was enabled.
    TotpEnabled,
    /// Two-factor authentication was disabled.
    TotpDisabled(EndedSessions),
    /// New recovery codes were generated.
    RecoveryCodesReplaced,
    /// A recovery code was used.
    RecoveryCodeUsed,
    /// One-time codes were blocked after too many wrong ones.
    CodesBlocked,
    /// A browser may skip the one-time code until this time.
    BrowserTrusted(Timestamp),
    /// This identity was linked.
    IdentityLinked(LinkedIdentity<'a>),
    /// This identity was unlinked.
    IdentityRemoved(LinkedIdentity<'a>),
    /// An unknown browser or program signed in.
    SignedInFromNewBrowser,
    /// A temporary token was used to sign in.
    TemporaryTokenUsed,
    /// A device was authorized.
    DeviceAuthorized(&'a AuthorizedDevice<'a>),
    /// An operator suspended the account.
    Suspended,
    /// An operator reactivated the account.
    Activated,
    /// This email must be confirmed to become the account's.
    EmailPending(&'a str),
    /// The email was changed; sent to the previous one.
    EmailChanged {
        /// The new email.
        email: &'a str,
        /// The link that restores the previous email, if it may be restored.
        revert: Option<&'a Url>,
    },
    /// The email was restored; sent to the restored one.
    EmailRestored {
        /// The restored email.
        email: &'a str,
        /// The link to choose a new password, if the account had one.
        reset: Option<&'a Url>,
    },
    /// The email was restored; sent to the one that was replaced.
    EmailWithdrawn(&'a str),
}

/// The sessions that a change has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndedSessions {
    /// All but the one in which it was made.
    Others,
    /// All: it was made without a session.
    All,
}

/// An SSO identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkedIdentity<'a> {
    /// The display name of the provider.
    pub provider: &'a str,
    /// The email stated by the provider.
    pub email: Option<&'a str>,
}

impl LinkedIdentity<'_> {
    /// The identity's email as a fact, if it is a valid one.
    fn fact(self, occasion: &Occasion<'_>) -> Option<Fact> {
        let email = self.email.filter(|email| is_email(email))?;
        Some((occasion.word(mail::identity_linked::ACCOUNT), email.to_owned()))
    }
}

/// A newly authorized device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuthorizedDevice<'a> {
    /// The display name of the program.
    pub application: &'a str,
    /// The device's name, as the program reports it.
    pub label: Option<&'a str>,
    /// The address from which the request came.
    pub address: IpAddr,
    /// The scope of its token.
    pub scope: Scope,
    /// When its token expires.
    pub until: Timestamp,
}

impl AuthorizedDevice<'_> {
    /// The facts about the device, and from where it was approved.
    fn facts(&self, occasion: &Occasion<'_>, by: By<'_>) -> Vec<Fact> {
        let word = |word| occasion.word(word);
        let mut facts = vec![(word(mail::device::APPLICATION), self.application.to_owned())];
        if let Some(label) = self.label {
            let quoted = fill(word(mail::device::QUOTED), "name", &text::harmless(label));
            facts.push((word(mail::device::NAME), quoted));
        }
        facts.push((word(mail::device::ADDRESS), self.address.to_string()));
        let scope = match self.scope {
            Scope::Full => mail::device::FULL,
            Scope::AppsRun => mail::device::APPS_RUN,
        };
        facts.push((word(mail::device::PERMISSIONS), word(scope).to_owned()));
        facts.push((word(mail::letter::WHEN), occasion.written(occasion.at)));
        facts.push((word(mail::device::EXPIRES), occasion.written(self.until)));
        // The browser's address is not the device's, so the two have different labels.
        if let By::Visitor(visitor) = by {
            let address = visitor.address.to_string();
            let approver = match occasion.browser_of(visitor) {
                Some(browser) => fill(&fill(word(mail::device::APPROVER), "browser", &browser), "address", &address),
                None => address,
            };
            facts.push((word(mail::device::APPROVED_FROM), approver));
        }
        facts
    }
}

impl Notice<'_> {
    /// The letter.
    #[must_use]
    pub fn letter<'a>(&self, occasion: Occasion<'a>, by: By<'_>) -> Letter<'a> {
        let (subject, text) = self.words();
        let said = |word| {
            let filled = |text: String, (name, value): &(&str, &str)| fill(&text, name, value);
            self.values().iter().fold(occasion.words(word), filled)
        };
        let mut letter = occasion.letter(said(subject), said(text));
        letter.parts.push(Part::Facts(self.facts(&occasion, by)));
        letter.parts.extend(match by {
            By::Visitor(_) => self.help(&occasion),
            By::Operator => self.help_with_operator(&occasion),
        });
        if matches!(self, Self::EmailChanged { .. } | Self::EmailWithdrawn(_)) {
            letter.reason = occasion.words(mail::letter::REASON_BEFORE);
        }
        letter
    }

    /// Subject and text.
    const fn words(&self) -> (MailWord, MailWord) {
        match self {
            Self::PasswordChanged(EndedSessions::Others) => {
                (mail::password_changed::SUBJECT, mail::password_changed::TEXT)
            }
            Self::PasswordChanged(EndedSessions::All) => {
                (mail::password_changed::SUBJECT, mail::password_changed::TEXT_ALL)
            }
            Self::UsernameChanged { .. } => (mail::username_changed::SUBJECT, mail::username_changed::TEXT),
            Self::TotpEnabled => (mail::totp_enabled::SUBJECT, mail::totp_enabled::TEXT),
            Self::TotpDisabled(EndedSessions::Others) => (mail::totp_disabled::SUBJECT, mail::totp_disabled::TEXT),
            Self::TotpDisabled(EndedSessions::All) => (mail::totp_disabled::SUBJECT, mail::totp_disabled::TEXT_ALL),
            Self::RecoveryCodesReplaced => (mail::recovery_codes::SUBJECT, mail::recovery_codes::TEXT),
            Self::RecoveryCodeUsed => (mail::recovery_code_used::SUBJECT, mail::recovery_code_used::TEXT),
            Self::CodesBlocked => (mail::codes_blocked::SUBJECT, mail::codes_blocked::TEXT),
            Self::BrowserTrusted(_) => (mail::trusted_browser::SUBJECT, mail::trusted_browser::TEXT),
            Self::IdentityLinked(_) => (mail::identity_linked::SUBJECT, mail::identity_linked::TEXT),
            Self::IdentityRemoved(_) => (mail::identity_removed::SUBJECT, mail::identity_removed::TEXT),
            Self::SignedInFromNewBrowser => (mail::new_browser::SUBJECT, mail::new_browser::TEXT),
            Self::TemporaryTokenUsed => (mail::temporary_token::SUBJECT, mail::temporary_token::TEXT),
            Self::DeviceAuthorized(_) => (mail::device::SUBJECT, mail::device::TEXT),
            Self::Suspended => (mail::suspended::SUBJECT, mail::suspended::TEXT),
            Self::Activated => (mail::activated::SUBJECT, mail::activated::TEXT),
            Self::EmailPending(_) => (mail::email_pending::SUBJECT, mail::email_pending::TEXT),
            Self::EmailChanged { .. } => (mail::email_changed::SUBJECT, mail::email_changed::TEXT),
            Self::EmailRestored { .. } | Self::EmailWithdrawn(_) => {
                (mail::email_restored::SUBJECT, mail::email_restored::TEXT)
            }
        }
    }

    /// The values of their placeholders.
    fn values(&self) -> Vec<(&'static str, &str)> {
        match self {
            Self::UsernameChanged { old, new } => vec![("old", old), ("new", new)],
            Self::IdentityLinked(identity) | Self::IdentityRemoved(identity) => vec![("provider", identity.provider)],
            Self::EmailPending(email)
            | Self::EmailChanged { email, .. }
            | Self::EmailRestored { email, .. }
            | Self::EmailWithdrawn(email) => vec![("email", email)],
            Self::PasswordChanged(_)
            | Self::TotpEnabled
            | Self::TotpDisabled(_)
            | Self::RecoveryCodesReplaced
            | Self::RecoveryCodeUsed
            | Self::CodesBlocked
            | Self::BrowserTrusted(_)
            | Self::SignedInFromNewBrowser
            | Self::TemporaryTokenUsed
            | Self::DeviceAuthorized(_)
            | Self::Suspended
            | Self::Activated => Vec::new(),
        }
    }

    /// The facts beside the text.
    fn facts(&self, occasion: &Occasion<'_>, by: By<'_>) -> Vec<Fact> {
        if let Self::DeviceAuthorized(device) = self {
            return device.facts(occasion, by);
        }
        let mut facts = by.facts(occasion);
        if let Self::BrowserTrusted(until) = self {
            facts.push((occasion.word(mail::trusted_browser::EXPIRES), occasion.written(*until)));
        }
        if let Self::IdentityLinked(identity) | Self::IdentityRemoved(identity) = self {
            // In front, since it is what the letter is about.
            facts.splice(0..0, identity.fact(occasion));
        }
        facts
    }

    /// What to do after an operator's change.
    fn help_with_operator(&self, occasion: &Occasion<'_>) -> Vec<Part> {
        use mail::letter::{UNEXPECTED, UNEXPECTED_SUPPORT};
        if matches!(self, Self::Suspended | Self::Activated) {
            return self.help(occasion);
        }
        vec![occasion.contact((UNEXPECTED_SUPPORT, UNEXPECTED))]
    }

    /// What to do if it was not the user.
    fn help(&self, occasion: &Occasion<'_>) -> Vec<Part> {
        use mail::letter::{
            CONTACT, CONTACT_SUPPORT, END_SESSION, LOCKED_OUT, LOCKED_OUT_SUPPORT, NOT_YOU, REVOKE, TO_DEVICES,
            TO_IDENTITIES, TO_SECURITY, TO_SESSIONS, TO_SIGN_IN, UNLINK,
        };
        let (advice, label, page) = match self {
            Self::DeviceAuthorized(_) => (REVOKE, TO_DEVICES, ClientRoute::AccountDevices),
            Self::IdentityLinked(_) | Self::IdentityRemoved(_) => {
                (UNLINK, TO_IDENTITIES, ClientRoute::AccountIdentities)
            }
            Self::SignedInFromNewBrowser | Self::TemporaryTokenUsed => {
                (END_SESSION, TO_SESSIONS, ClientRoute::AccountSessions)
            }
            Self::BrowserTrusted(_) => {
                use mail::trusted_browser::{NOT_YOU, REVIEW};
                (NOT_YOU, REVIEW, ClientRoute::AccountSessions)
            }
            Self::EmailPending(_) => {
                use mail::email_pending::{NOT_YOU, REVIEW};
                (NOT_YOU, REVIEW, ClientRoute::Account)
            }
            // An attacker who changed the password has locked the user out of the other pages, but not of the
            // mailbox.
            Self::PasswordChanged(_) => {
                return vec![
                    Part::Text(occasion.words(mail::password_changed::NOT_YOU)),
                    occasion.button(mail::password_changed::RESET, ClientRoute::ForgotPassword, None),
                    occasion.contact((LOCKED_OUT_SUPPORT, LOCKED_OUT)),
                ];
            }
            Self::EmailChanged { revert: Some(revert), .. } => {
                return vec![
                    Part::Text(occasion.words(mail::email_changed::RESTORE)),
                    Part::Button { label: occasion.word(mail::email_changed::SUBMIT), url: (*revert).clone() },
                    Part::Text(occasion.words(mail::email_changed::EXPIRES)),
                ];
            }
            Self::EmailRestored { reset: Some(reset), .. } => {
                return vec![
                    Part::Text(occasion.words(mail::email_restored::PASSWORD)),
                    Part::Button { label: occasion.word(mail::reset_password::SUBMIT), url: (*reset).clone() },
                    Part::Text(occasion.words(mail::reset_password::EXPIRES)),
                    occasion.contact((LOCKED_OUT_SUPPORT, LOCKED_OUT)),
                ];
            }
            Self::EmailRestored { reset: None, .. } => {
                (mail::email_restored::CHECK, TO_IDENTITIES, ClientRoute::AccountIdentities)
            }
            Self::Activated => {
                return vec![
                    occasion.button(TO_SIGN_IN, ClientRoute::Login, None),
                    occasion.contact((CONTACT_SUPPORT, CONTACT)),
                ];
            }
            Self::Suspended | Self::EmailChanged { revert: None, .. } | Self::EmailWithdrawn(_) => {
                return vec![occasion.contact((CONTACT_SUPPORT, CONTACT))];
            }
            // A new password would not help: two-factor authentication stays on, and codes stay blocked.
            Self::TotpEnabled => {
                return vec![
                    Part::Text(occasion.words(NOT_YOU)),
                    occasion.button(TO_SECURITY, ClientRoute::AccountSecurity, None),
                    occasion.contact((LOCKED_OUT_SUPPORT, LOCKED_OUT)),
                ];
            }
            Self::CodesBlocked => {
                use mail::codes_blocked::{LOCKED_OUT, LOCKED_OUT_SUPPORT, NOT_YOU};
                return vec![
                    Part::Text(occasion.words(NOT_YOU)),
                    occasion.button(TO_SECURITY, ClientRoute::AccountSecurity, None),
                    occasion.contact((LOCKED_OUT_SUPPORT, LOCKED_OUT)),
                ];
            }
            Self::UsernameChanged { .. }
            | Self::TotpDisabled(_)
            | Self::RecoveryCodesReplaced
            | Self::RecoveryCodeUsed => (NOT_YOU, TO_SECURITY, ClientRoute::AccountSecurity),
        };
        vec![Part::Text(occasion.words(advice)), occasion.button(label, page, None), occasion.locked_out()]
    }
}
