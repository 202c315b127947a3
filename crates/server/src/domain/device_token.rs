//! Device tokens: their format, scope and lifetime.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use doorstep_contract::device::Scope;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use super::{
    account::{Account, NameKey},
    audit::Actor,
    clock,
    id::Id,
    random::{Random, RandomError},
};

/// How precise [`Authorization::last_used_at`] is: it is updated at most this often.
pub const TOUCH_EVERY: SignedDuration = SignedDuration::from_secs(60);
/// How long ended tokens are kept.
pub const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How many characters of a token lists show.
const PREFIX_CHARS: usize = 11;

/// The kind of a token's owner; it limits the scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An account.
    Account,
    /// An SSO user without an account.
    ExternalSso,
}

impl Kind {
    /// The name in responses and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::ExternalSso => "external_sso",
        }
    }

    /// Parses the name.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Account, Self::ExternalSso].into_iter().find(|kind| kind.as_str() == word)
    }

    const fn prefix(self) -> &'static str {
        match self {
            Self::Account => "dfoa_",
            Self::ExternalSso => "dfoe_",
        }
    }

    /// The scope of a token of this kind for these requested scopes, which can only narrow it.
    #[must_use]
    pub fn scope(self, asked: &[Scope]) -> Scope {
        match self {
            Self::Account if asked.is_empty() || asked.contains(&Scope::Full) => Scope::Full,
            Self::Account | Self::ExternalSso => Scope::AppsRun,
        }
    }
}

/// Parses the `scope` of a request (RFC 6749 §3.3); `None` if it names an unknown scope.
#[must_use]
pub fn read_scope(text: &str) -> Option<Vec<Scope>> {
    let mut scopes = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let scope = Scope::parse(word)?;
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    Some(scopes)
}

/// Formats scopes for [`read_scope`], each once. No text of the request is repeated.
#[must_use]
pub fn write_scope(scopes: &[Scope]) -> String {
    scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
}

/// A device token: `dfoa_` or `dfoe_`, and 256 random bits. The database has its hash.
pub struct DeviceToken(String);

impl DeviceToken {
    /// A new token.
    ///
    /// # Errors
    /// When the random source fails.
    pub fn new(kind: Kind, random: &Random) -> Result<Self, RandomError> {
        Ok(Self(format!("{}{}", kind.prefix(), URL_SAFE_NO_PAD.encode(random.bytes::<32>()?))))
    }

    /// Parses a token; `None` for anything else, such as a token of another surface.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let random =
            [Kind::Account, Kind::ExternalSso].into_iter().find_map(|kind| text.strip_prefix(kind.prefix()))?;
        let mut bytes = [0; 32];
        let length = URL_SAFE_NO_PAD.decode_slice(random, &mut bytes).ok()?;
        (length == bytes.len()).then(|| Self(text.to_owned()))
    }

    /// The token, for the device only.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The hash stored in the database.
    #[must_use]
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(&self.0).to_vec()
    }

    /// The first characters, for lists: 36 of its 256 bits.
    #[must_use]
    pub fn prefix(&self) -> String {
        self.0.chars().take(PREFIX_CHARS).collect()
    }
}

impl fmt::Debug for DeviceToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceToken([redacted])")
    }
}

/// The owner of a token.
#[derive(Debug, Clone)]
pub enum Holder {
    /// An account.
    Account(Account),
    /// An SSO user without an account.
    External(External),
}

/// An SSO user without an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct External {
    /// Their email.
    pub email: String,
    /// The issuer of the identity.
    pub issuer: String,
    /// The permanent id at the issuer; if unknown, the email's comparison key.
    pub subject: String,
}

impl External {
    /// A user of whom only the email is known.
    #[must_use]
    pub fn by_email(email: String, issuer: String) -> Self {
        Self { subject: NameKey::new(&email).as_str().to_owned(), email, issuer }
    }
}

impl Holder {
    /// The kind of their tokens.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Account(_) => Kind::Account,
            Self::External(_) => Kind::ExternalSso,
        }
    }

    /// Their email.
    #[must_use]
    pub fn email(&self) -> &str {
        match self {
            Self::Account(account) => &account.email,
            Self::External(external) => &external.email,
        }
    }

    /// The actor of operations by their devices.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match self {
            Self::Account(account) => Actor::account(account),
            Self::External(external) => Actor::named(&external.email),
        }
    }

    /// The key by which their tokens are found.
    #[must_use]
    pub fn subject(&self) -> Subject {
        match self {
            Self::Account(account) => Subject::account(&account.id),
            Self::External(external) => Subject { key: external.subject.clone(), issuer: external.issuer.clone() },
        }
    }
}

/// The key by which a user's tokens are found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The account's id, or [`External::subject`].
    pub key: String,
    /// The issuer; empty for accounts.
    pub issuer: String,
}

impl Subject {
    /// The key of an account.
    #[must_use]
    pub fn account(account: &Id) -> Self {
        Self { key: account.as_str().to_owned(), issuer: String::new() }
    }
}

/// An authorized device, without its token.
#[derive(Debug, Clone)]
pub struct Authorization {
    /// The id; not a secret.
    pub id: Id,
    /// The owner.
    pub holder: Holder,
    /// The first characters of the token.
    pub prefix: String,
    /// The program.
    pub client_id: String,
    /// The device's name, as the program reports it.
    pub label: Option<String>,
    /// The scope of the token.
    pub scope: Scope,
    /// When it was approved.
    pub created_at: Timestamp,
    /// When the token expires.
    pub expires_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}

impl Authorization {
    /// Whether the scope was not narrowed. Only such a token may list and revoke the subject's other tokens, or
    /// change shared settings. For an SSO user without an account this holds for every token, since they have no
    /// other way to revoke a lost one.
    #[must_use]
    pub fn has_full_scope(&self) -> bool {
        self.scope == self.holder.kind().scope(&[])
    }

    /// Whether [`Self::last_used_at`] should be updated.
    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.last_used_at.is_none_or(|used| now.duration_since(used) >= TOUCH_EVERY || clock::is_ahead(used, now))
    }

    /// The display name: the program, and the device's name.
    #[must_use]
    pub fn title(&self) -> String {
        title(&self.client_id, self.label.as_deref())
    }
}

/// How a token ended, other than by being revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It expired.
    Expired,
    /// The account's password was changed.
    PasswordChanged,
    /// The account was suspended.
    AccountSuspended,
}

impl End {
    /// The name in the audit log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::PasswordChanged => "password_changed",
            Self::AccountSuspended => "account_suspended",
        }
    }

    /// The earliest of the reasons.
    #[must_use]
    pub fn first(
        expires_at: Timestamp,
        suspended_at: Option<Timestamp>,
        password_changed_at: Option<Timestamp>,
    ) -> (Timestamp, Self) {
        let ends = [(suspended_at, Self::AccountSuspended), (password_changed_at, Self::PasswordChanged)];
        let ends = ends.into_iter().filter_map(|(at, end)| Some((at?, end)));
        ends.fold((expires_at, Self::Expired), |first, other| if other.0 < first.0 { other } else { first })
    }
}

/// The display name of a device: the program, and the device's name.
#[must_use]
pub fn title(client_id: &str, label: Option<&str>) -> String {
    label.map_or_else(|| client_id.to_owned(), |label| format!("{client_id} ({label})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requested_scopes_can_only_narrow_the_scope() {
        for (kind, asked, scope) in [
            (Kind::Account, "", Scope::Full),
            (Kind::Account, "full", Scope::Full),
            (Kind::Account, "apps:run", Scope::AppsRun),
            (Kind::Account, "apps:run  full apps:run", Scope::Full),
            (Kind::ExternalSso, "", Scope::AppsRun),
            (Kind::ExternalSso, "full", Scope::AppsRun),
        ] {
            assert_eq!(kind.scope(&read_scope(asked).expect("exists")), scope, "{kind:?} {asked}");
        }
        assert_eq!(read_scope("full admin"), None);
        let many = "apps:run full ".repeat(1000);
        assert_eq!(write_scope(&read_scope(&many).expect("exists")), "apps:run full");
    }

    #[test]
    fn a_token_ended_for_the_earliest_reason() {
        let at = |seconds| Timestamp::from_second(seconds).expect("is a time");
        assert_eq!(End::first(at(9), None, None), (at(9), End::Expired));
        assert_eq!(End::first(at(9), Some(at(10)), Some(at(5))), (at(5), End::PasswordChanged));
        assert_eq!(End::first(at(9), Some(at(3)), Some(at(5))), (at(3), End::AccountSuspended));
    }

    #[test]
    fn a_token_has_one_spelling_and_is_not_printed() {
        let token = DeviceToken::new(Kind::ExternalSso, &Random::system()).expect("random bytes");
        let text = token.reveal();
        assert_eq!((text.len(), token.prefix().len()), (48, 11));
        assert_eq!(DeviceToken::parse(text).expect("is valid").hash(), token.hash());
        for other in [&text[1..], &text[..47], &format!("{text}A"), &text.replace("dfoe_", "dfox_"), "", "dfoa_", "ä"]
        {
            assert!(DeviceToken::parse(other).is_none(), "{other}");
        }
        assert_eq!(format!("{token:?}"), "DeviceToken([redacted])");
    }
}
