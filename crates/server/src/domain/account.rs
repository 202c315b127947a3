//! Accounts.

use doorstep_contract::{
    account_name,
    auth::{self, Role},
};
use doorstep_locales::Language;
use jiff::Timestamp;

use super::{email, id::Id, text, typed};

/// A user's account.
#[derive(Debug, Clone)]
pub struct Account {
    /// The id.
    pub id: Id,
    /// Unique by its [`NameKey`].
    pub username: String,
    /// Unique by its [`NameKey`].
    pub email: String,
    /// The display name; empty if not set.
    pub name: String,
    /// The role.
    pub role: Role,
    /// Whether it is active.
    pub status: Status,
    /// Whether it has a password.
    pub has_password: bool,
    /// Whether the initial password is still in use.
    pub password_is_initial: bool,
    /// When its password was set: earlier proofs of identity are not valid any more.
    pub password_changed_at: Timestamp,
    /// Whether two-factor authentication is on.
    pub totp_enabled: bool,
    /// The number of unused recovery codes.
    pub recovery_codes_left: u32,
    /// When it was created.
    pub created_at: Timestamp,
    /// The language of its last sign-in, if known.
    pub language: Option<Language>,
    /// A new email that must still be confirmed.
    pub pending_email: Option<PendingEmail>,
    /// The number of projects of which it is a member; if 0, the memberships need not be queried.
    pub memberships: u32,
}

/// A new email, to be confirmed by the mail that was sent to it.
#[derive(Debug, Clone)]
pub struct PendingEmail {
    /// The email.
    pub email: String,
    /// When the confirmation link expires.
    pub expires_at: Timestamp,
}

/// The operator's settings for the first account.
#[derive(Debug, Clone)]
pub struct FirstAccount {
    /// The email of the first account.
    pub email: String,
    /// Its password; generated if absent.
    pub password: Option<String>,
}

impl Account {
    /// A new account with a password that its user chose.
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

    /// The display name, or else the username.
    #[must_use]
    pub fn display_name(&self) -> &str {
        if self.name.is_empty() { &self.username } else { &self.name }
    }

    /// The account, for its user.
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
    /// It may be used.
    Active,
    /// Suspended by an operator: it can't sign in, and has no sessions.
    Suspended,
}

impl Status {
    /// The name in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }

    /// Parses the name in the database.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Active, Self::Suspended].into_iter().find(|status| status.as_str() == word)
    }
}

/// Normalizes a username. `None` if it is invalid: the contract's rules apply, and beyond ASCII only letters,
/// digits and their combining marks are allowed, so that invisible characters cannot make two names look the same.
#[must_use]
pub fn read_username(text: &str) -> Option<String> {
    let name = typed::name(text);
    let fits =
        account_name::is_username(&name) && name.chars().all(typed::is_in_names) && !name.starts_with(typed::is_mark);
    fits.then_some(name)
}

/// The longest display name, in characters.
pub const MAX_NAME: usize = 100;

/// Normalizes a display name, as one [line](text::line) of any text; `None` if it is too long or has control
/// characters.
#[must_use]
pub fn read_name(typed: &str) -> Option<String> {
    let name = text::line(typed);
    (name.chars().count() <= MAX_NAME && !typed.trim().contains(char::is_control)).then_some(name)
}

/// The key by which usernames and emails are compared: ignoring case, surrounding white space, and differences in
/// how characters were typed ([`typed`], [`email`]).
#[derive(Debug, Clone)]
pub struct NameKey {
    key: String,
    /// The key by an earlier rule, which old accounts may still have.
    earlier: String,
}

impl NameKey {
    /// The key of a user name or email.
    #[must_use]
    pub fn new(name: &str) -> Self {
        // No name has a NUL, and no database accepts one in a query.
        let name = &name.replace('\0', "\u{fffd}");
        let key = typed::name_key(name);
        let key = if key.contains('@') { email::key(name) } else { key };
        Self { key, earlier: name.trim().to_lowercase() }
    }

    /// The key as text, for the database.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.key
    }

    /// The key by the earlier rule, for lookups.
    #[must_use]
    pub fn earlier(&self) -> &str {
        &self.earlier
    }

    /// Whether the name has the shape of an email, which no username has.
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
        // Accounts are looked up by either name, so no text may be both.
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
