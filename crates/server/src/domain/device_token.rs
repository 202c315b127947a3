//! The tokens of devices that were let in: what they look like, what they open, how long they live.

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

/// How exact [`Authorization::last_used_at`] is: so often at most is a token written for being used.
pub const TOUCH_EVERY: SignedDuration = SignedDuration::from_secs(60);
/// How long what has ended is kept.
pub const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How many characters of a token people see in lists.
const PREFIX_CHARS: usize = 11;

/// Who a token speaks for; it decides what the token opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An account of ours.
    Account,
    /// A user of another identity system.
    ExternalSso,
}

impl Kind {
    /// The word on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::ExternalSso => "external_sso",
        }
    }

    /// From the word.
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

    /// The scope of a token of this kind that was asked for with these: what is asked for can only narrow it.
    #[must_use]
    pub fn scope(self, asked: &[Scope]) -> Scope {
        match self {
            Self::Account if asked.is_empty() || asked.contains(&Scope::Full) => Scope::Full,
            Self::Account | Self::ExternalSso => Scope::AppsRun,
        }
    }
}

/// Reads the `scope` of a request (RFC 6749 §3.3); `None` when it names one that does not exist.
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

/// Scopes as a request names them, each once: what [`read_scope`] reads. Nothing of the text that was sent is kept.
#[must_use]
pub fn write_scope(scopes: &[Scope]) -> String {
    scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
}

/// A token: `dfoa_` or `dfoe_`, and 256 random bits. The database has its hash.
pub struct DeviceToken(String);

impl DeviceToken {
    /// A new one.
    ///
    /// # Errors
    /// When there are no random bytes.
    pub fn new(kind: Kind, random: &Random) -> Result<Self, RandomError> {
        Ok(Self(format!("{}{}", kind.prefix(), URL_SAFE_NO_PAD.encode(random.bytes::<32>()?))))
    }

    /// Reads one; `None` for anything else, such as a token of another surface.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let random =
            [Kind::Account, Kind::ExternalSso].into_iter().find_map(|kind| text.strip_prefix(kind.prefix()))?;
        let mut bytes = [0; 32];
        let length = URL_SAFE_NO_PAD.decode_slice(random, &mut bytes).ok()?;
        (length == bytes.len()).then(|| Self(text.to_owned()))
    }

    /// The token, for the device alone.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What the database knows of it.
    #[must_use]
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(&self.0).to_vec()
    }

    /// How it begins, for lists: 36 of its 256 bits.
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

/// Who a token speaks for.
#[derive(Debug, Clone)]
pub enum Holder {
    /// An account of ours.
    Account(Account),
    /// A user of another identity system.
    External(External),
}

/// A user of another identity system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct External {
    /// Their email.
    pub email: String,
    /// That system.
    pub issuer: String,
    /// What names them there for good, where that is known; otherwise their email as it is compared.
    pub subject: String,
}

impl External {
    /// A user of whom the email alone is known.
    #[must_use]
    pub fn by_email(email: String, issuer: String) -> Self {
        Self { subject: NameKey::new(&email).as_str().to_owned(), email, issuer }
    }
}

impl Holder {
    /// Which kind of token they have.
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

    /// Who acts when their device does.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match self {
            Self::Account(account) => Actor::account(account),
            Self::External(external) => Actor::named(&external.email),
        }
    }

    /// What their tokens are found by.
    #[must_use]
    pub fn subject(&self) -> Subject {
        match self {
            Self::Account(account) => Subject::account(&account.id),
            Self::External(external) => Subject { key: external.subject.clone(), issuer: external.issuer.clone() },
        }
    }
}

/// What the tokens of a user are found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// An account's id, or [`External::subject`].
    pub key: String,
    /// Who vouches for it; empty for accounts.
    pub issuer: String,
}

impl Subject {
    /// Those of an account.
    #[must_use]
    pub fn account(account: &Id) -> Self {
        Self { key: account.as_str().to_owned(), issuer: String::new() }
    }
}

/// A device that was let in: its token, without the token itself.
#[derive(Debug, Clone)]
pub struct Authorization {
    /// Names it; opens nothing.
    pub id: Id,
    /// Who it speaks for.
    pub holder: Holder,
    /// How the token begins.
    pub prefix: String,
    /// The program that asked.
    pub client_id: String,
    /// What the device calls itself.
    pub label: Option<String>,
    /// What the token opens.
    pub scope: Scope,
    /// When it was let in.
    pub created_at: Timestamp,
    /// When the token ends.
    pub expires_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}

impl Authorization {
    /// Whether the token was not narrowed. Only such a one may look at the other tokens of its subject, end them, or change
    /// what they have in common. That of another identity system is never wider, and has no other way to end what was lost.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.scope == self.holder.kind().scope(&[])
    }

    /// Whether the token's use should be written down.
    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.last_used_at.is_none_or(|used| now.duration_since(used) >= TOUCH_EVERY || clock::is_ahead(used, now))
    }

    /// What people know it by: the program, and what the device calls itself.
    #[must_use]
    pub fn title(&self) -> String {
        title(&self.client_id, self.label.as_deref())
    }
}

/// How a token ended without anybody ending it alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Its life came to its end.
    Expired,
    /// The account has another password.
    PasswordChanged,
    /// The account was suspended.
    AccountSuspended,
}

impl End {
    /// The word in the audit log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::PasswordChanged => "password_changed",
            Self::AccountSuspended => "account_suspended",
        }
    }

    /// What came first.
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

/// What people know a device by: the program, and what the device calls itself.
#[must_use]
pub fn title(client_id: &str, label: Option<&str>) -> String {
    label.map_or_else(|| client_id.to_owned(), |label| format!("{client_id} ({label})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_can_only_narrow_the_scope() {
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
    fn a_token_ended_by_what_came_first() {
        let at = |seconds| Timestamp::from_second(seconds).expect("is a time");
        assert_eq!(End::first(at(9), None, None), (at(9), End::Expired));
        assert_eq!(End::first(at(9), Some(at(10)), Some(at(5))), (at(5), End::PasswordChanged));
        assert_eq!(End::first(at(9), Some(at(3)), Some(at(5))), (at(3), End::AccountSuspended));
    }

    #[test]
    fn a_token_has_one_spelling_and_is_not_printed() {
        let token = DeviceToken::new(Kind::ExternalSso, &Random::system()).expect("has bytes");
        let text = token.reveal();
        assert_eq!((text.len(), token.prefix().len()), (48, 11));
        assert_eq!(DeviceToken::parse(text).expect("is one").hash(), token.hash());
        for other in [&text[1..], &text[..47], &format!("{text}A"), &text.replace("dfoe_", "dfox_"), "", "dfoa_", "ä"]
        {
            assert!(DeviceToken::parse(other).is_none(), "{other}");
        }
        assert_eq!(format!("{token:?}"), "DeviceToken([redacted])");
    }
}
