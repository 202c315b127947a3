//! Accounts.

use doorstep_contract::{
    account_name,
    auth::{self, Role},
};
use doorstep_locales::Language;
use jiff::Timestamp;

use super::{id::Id, text};

/// A person's account.
#[derive(Debug, Clone)]
pub struct Account {
    /// Which one.
    pub id: Id,
    /// Unique by its [`NameKey`].
    pub username: String,
    /// Unique by its [`NameKey`].
    pub email: String,
    /// What to call the person; empty when nobody said.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Whether it may be used.
    pub status: Status,
    /// Whether it has a password.
    pub has_password: bool,
    /// Whether the password of the first start is still in force.
    pub password_is_initial: bool,
    /// When its password was set: what was proved before that counts no more.
    pub password_changed_at: Timestamp,
    /// Whether sign-in asks for a one-time code.
    pub totp_enabled: bool,
    /// How many recovery codes are unused.
    pub recovery_codes_left: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// What its person last signed in with; `None` when it is not known.
    pub language: Option<Language>,
    /// An email that waits to be confirmed.
    pub pending_email: Option<PendingEmail>,
}

/// An email that waits to be confirmed by the mail that was sent to it.
#[derive(Debug, Clone)]
pub struct PendingEmail {
    /// The email.
    pub email: String,
    /// Until when it waits.
    pub expires_at: Timestamp,
}

impl Account {
    /// An account that begins now, with a password of its person's own.
    #[must_use]
    pub fn new(id: Id, username: String, email: String, role: Role, now: Timestamp) -> Self {
        Self {
            id,
            username,
            email,
            name: String::new(),
            role,
            status: Status::Active,
            has_password: true,
            password_is_initial: false,
            password_changed_at: now,
            totp_enabled: false,
            recovery_codes_left: 0,
            created_at: now,
            language: None,
            pending_email: None,
        }
    }

    /// What people call its person: by their user name, when nobody said.
    #[must_use]
    pub fn called(&self) -> &str {
        if self.name.is_empty() { &self.username } else { &self.name }
    }

    /// The account as its person may see it.
    #[must_use]
    pub fn to_wire(&self, now: Timestamp) -> auth::Account {
        let pending = self.pending_email.as_ref().filter(|pending| now < pending.expires_at);
        auth::Account {
            id: self.id.to_string(),
            username: self.username.clone(),
            email: self.email.clone(),
            name: self.name.clone(),
            role: self.role,
            totp_enabled: self.totp_enabled,
            recovery_codes_left: self.recovery_codes_left,
            has_password: self.has_password,
            pending_email: pending.map(|pending| pending.email.clone()),
        }
    }
}

/// Whether an account may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It may.
    Active,
    /// An operator has suspended it: it can't sign in, and its sessions are void.
    Suspended,
}

impl Status {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }

    /// From the word in the database.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Active, Self::Suspended].into_iter().find(|status| status.as_str() == word)
    }
}

/// Whether this may be a user name: what the contract says, and beyond ASCII letters and digits alone, so that no
/// invisible character makes two names look the same.
#[must_use]
pub fn is_username(text: &str) -> bool {
    account_name::is_username(text) && text.chars().all(is_ascii_or_visible)
}

/// Whether this may be an email address: what the contract says, and nothing invisible beyond ASCII.
#[must_use]
pub fn is_email(text: &str) -> bool {
    account_name::is_email(text) && text.chars().all(is_ascii_or_visible)
}

/// Some letters are drawn as nothing.
fn is_ascii_or_visible(character: char) -> bool {
    character.is_ascii() || (character.is_alphanumeric() && !text::is_invisible(character))
}

/// The longest name of a person, in characters.
pub const MAX_NAME: usize = 100;

/// What to call a person, as it is kept: anything that people are called, in one [line](text::line); `None` when it is too
/// long, or has control characters in it.
#[must_use]
pub fn read_name(typed: &str) -> Option<String> {
    let name = text::line(typed);
    (name.chars().count() <= MAX_NAME && !typed.trim().contains(char::is_control)).then_some(name)
}

/// How user names and emails are compared: without regard to case or to white space around them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameKey(String);

impl NameKey {
    /// The key of a user name or email.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self(name.trim().to_lowercase())
    }

    /// As text, for the database.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_hold_nothing_invisible() {
        assert!(is_username("李明") && is_email("ä@ö.example"));
        for hidden in
            ["ada\u{200b}", "\u{202e}ada", "ada\u{a0}b", "ada\u{85}", "ada\u{3164}", "\u{ffa0}ada", "a\u{1160}"]
        {
            assert!(!is_username(hidden), "{hidden:?}");
            assert!(!is_email(&format!("{hidden}@example.org")), "{hidden:?}");
        }
    }

    #[test]
    fn no_user_name_is_an_email() {
        // One look-up finds an account by either, so none may be both.
        for text in ["ada@example.org", "@", "a@b", "ada", "李明", "ada\u{ff20}example.org", "ada\u{fe6b}x"] {
            assert!(!(is_username(text) && is_email(text)), "{text}");
            assert!(!is_username(text) || !NameKey::new(text).as_str().contains('@'), "{text}");
        }
    }

    #[test]
    fn names_are_compared_without_regard_to_case() {
        assert_eq!(NameKey::new(" ADA@Example.org "), NameKey::new("ada@example.org"));
        assert_ne!(NameKey::new("ada"), NameKey::new("ad a"));
    }
}
