//! Accounts.

use doorstep_contract::{
    account_name,
    auth::{self, Role},
};
use doorstep_locales::Language;
use jiff::Timestamp;

use super::{email, id::Id, text, typed};

/// A person's account.
#[derive(Debug, Clone)]
pub struct Account {
    /// Which one.
    pub id: Id,
    /// Unique by its [`NameKey`].
    pub username: String,
    /// Unique by its [`NameKey`].
    pub email: String,
    /// What to call the person; empty when not given.
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
    /// How many projects it belongs to: with none, the database is not asked which.
    pub memberships: u32,
}

/// An email that waits to be confirmed by the mail that was sent to it.
#[derive(Debug, Clone)]
pub struct PendingEmail {
    /// The email.
    pub email: String,
    /// Until when it waits.
    pub expires_at: Timestamp,
}

/// What an operator wants for the first account.
#[derive(Debug, Clone)]
pub struct FirstAccount {
    /// The email of the first account.
    pub email: String,
    /// Its password; made up when absent.
    pub password: Option<String>,
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
            memberships: 0,
        }
    }

    /// What people call its person: by their user name, when no name is given.
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
            password_changed_at: self.has_password.then(|| super::session::wire_time(self.password_changed_at)),
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

/// Reads a user name as it is kept. `None` when it can't be one: the contract says what is, and beyond ASCII it is letters,
/// digits and the marks on them alone, so that no invisible character makes two names look the same.
#[must_use]
pub fn read_username(text: &str) -> Option<String> {
    let name = typed::name(text);
    let fits =
        account_name::is_username(&name) && name.chars().all(typed::is_in_names) && !name.starts_with(typed::is_mark);
    fits.then_some(name)
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

/// How user names and emails are compared: without regard to case, to white space around them, or to how their characters
/// were typed ([`typed`], [`email`]).
#[derive(Debug, Clone)]
pub struct NameKey {
    key: String,
    /// As keys were made before that: an account of then has this one.
    earlier: String,
}

impl NameKey {
    /// The key of a user name or email.
    #[must_use]
    pub fn new(name: &str) -> Self {
        // No name has a NUL, and no database takes one to look for.
        let name = &name.replace('\0', "\u{fffd}");
        let key = typed::name_key(name);
        let key = if key.contains('@') { email::key(name) } else { key };
        Self { key, earlier: name.trim().to_lowercase() }
    }

    /// As text, for the database.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.key
    }

    /// The key that an account may have from before, for a look-up.
    #[must_use]
    pub fn earlier(&self) -> &str {
        &self.earlier
    }

    /// Whether it can be an email and no user name, by its shape alone.
    #[must_use]
    pub fn is_email(&self) -> bool {
        self.key.contains('@')
    }
}

impl PartialEq for NameKey {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for NameKey {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_hold_nothing_invisible() {
        for name in ["李明", "rene\u{301}", "हिन्दी", "q\u{307}"] {
            assert!(read_username(name).is_some(), "{name}");
        }
        for hidden in [
            "ada\u{200b}",
            "\u{202e}ada",
            "ada\u{a0}b",
            "ada\u{34f}",
            "a\u{85}da",
            "ada\u{3164}",
            "\u{ffa0}ada",
            "a\u{1160}",
            "a\u{fe0f}",
            "\u{301}ada",
        ] {
            assert_eq!(read_username(hidden), None, "{hidden:?}");
        }
    }

    #[test]
    fn no_user_name_is_an_email() {
        // One look-up finds an account by either, so none may be both.
        for text in ["ada@example.org", "@", "a@b", "ada", "李明", "ada\u{ff20}example.org", "ada\u{fe6b}x"] {
            let username = read_username(text);
            assert!(username.is_none() || email::read(text).is_none(), "{text}");
            assert!(username.is_none() || !NameKey::new(text).as_str().contains('@'), "{text}");
        }
    }

    #[test]
    fn names_are_compared_without_regard_to_case() {
        assert_eq!(NameKey::new(" ADA@Example.org "), NameKey::new("ada@example.org"));
        assert_ne!(NameKey::new("ada"), NameKey::new("ad a"));
        assert_eq!(NameKey::new("Ｒene\u{301}"), NameKey::new("ren\u{e9}"));
        assert_eq!(NameKey::new("Ren\u{c9}").earlier(), "ren\u{e9}");
    }
}
