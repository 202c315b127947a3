//! Browser sessions: the token that opens one, and how long it lives.

use std::{fmt, net::IpAddr};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use doorstep_contract::auth::{self, BeganWith};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use super::{
    id::Id,
    random::{Random, RandomError},
};

/// The opaque token of a browser session: 256 random bits, base64url. It exists in the cookie alone; the database has
/// its [`TokenHash`].
pub struct SessionToken([u8; 32]);

impl SessionToken {
    /// A new one.
    ///
    /// # Errors
    /// When there are no random bytes.
    pub fn new(random: &Random) -> Result<Self, RandomError> {
        Ok(Self(random.bytes()?))
    }

    /// Reads the value of a cookie; `None` when it is anything but a token.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        // 43 characters are 258 bits: the decoder refuses spare bits that are not zero, so a token has one spelling.
        let length = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
        (length == bytes.len()).then_some(Self(bytes))
    }

    /// The value of the cookie.
    #[must_use]
    pub fn reveal(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What the database knows of it.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0).into())
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken([redacted])")
    }
}

/// SHA-256 of a token. A plain hash is enough: 256 random bits can't be guessed back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// A browser session, without its token.
#[derive(Debug, Clone)]
pub struct Session {
    /// Which one.
    pub id: Id,
    /// How its person proved who they are.
    pub began_with: BeganWith,
    /// When it began.
    pub created_at: Timestamp,
    /// When its person last proved who they are.
    pub proved_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
}

/// Who opened a session, for the list that its person sees.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The client's address.
    pub address: IpAddr,
    /// The `User-Agent` header, cut to [`Self::USER_AGENT_CHARS`] characters.
    pub user_agent: String,
}

impl Visitor {
    /// How much of a `User-Agent` header is kept.
    pub const USER_AGENT_CHARS: usize = 300;

    /// A visitor, with the header cut to size.
    #[must_use]
    pub fn new(address: IpAddr, user_agent: &str) -> Self {
        Self { address, user_agent: user_agent.chars().take(Self::USER_AGENT_CHARS).collect() }
    }
}

/// How long sessions live (ASVS 7.3).
#[derive(Debug, Clone, Copy)]
pub struct SessionPolicy {
    /// A session ends when it was not used for this long.
    pub idle: SignedDuration,
    /// A session ends this long after it began, used or not.
    pub absolute: SignedDuration,
}

impl SessionPolicy {
    /// How exact [`Session::last_seen_at`] is: so often at most is a session written for being used.
    pub const TOUCH_EVERY: SignedDuration = SignedDuration::from_secs(60);

    /// When the session ends if it is not used from now on.
    #[must_use]
    pub fn expires_at(&self, session: &Session) -> Timestamp {
        // A time beyond what can be told is no time to end.
        let after = |start: Timestamp, life| start.checked_add(life).unwrap_or(Timestamp::MAX);
        after(session.last_seen_at, self.idle).min(after(session.created_at, self.absolute))
    }

    /// Whether the session still opens anything.
    #[must_use]
    pub fn is_live(&self, session: &Session, now: Timestamp) -> bool {
        now < self.expires_at(session)
    }

    /// Whether the session's use should be written down.
    #[must_use]
    pub fn is_due(&self, session: &Session, now: Timestamp) -> bool {
        now.duration_since(session.last_seen_at) >= Self::TOUCH_EVERY
    }

    /// The session as its person may see it.
    #[must_use]
    pub fn to_wire(&self, session: &Session) -> auth::Session {
        auth::Session {
            id: session.id.to_string(),
            began_with: session.began_with,
            temporary: session.began_with == BeganWith::TemporaryToken,
            created_at: wire_time(session.created_at),
            expires_at: wire_time(self.expires_at(session)),
        }
    }
}

/// RFC 3339 in UTC, to the second.
fn wire_time(time: Timestamp) -> auth::Timestamp {
    let seconds = Timestamp::from_second(time.as_second()).unwrap_or(time);
    auth::Timestamp::new(seconds.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(created_at: &str, last_seen_at: &str) -> Session {
        let time = |text: &str| text.parse().expect("is a time");
        Session {
            id: Id::stored("s".to_owned()),
            began_with: BeganWith::Password,
            created_at: time(created_at),
            proved_at: time(created_at),
            last_seen_at: time(last_seen_at),
        }
    }

    const POLICY: SessionPolicy =
        SessionPolicy { idle: SignedDuration::from_hours(24 * 7), absolute: SignedDuration::from_hours(24 * 30) };

    #[test]
    fn an_unused_session_ends_after_its_idle_life() {
        let session = session("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z");
        assert!(POLICY.is_live(&session, "2026-01-08T23:59:59Z".parse().expect("is a time")));
        assert!(!POLICY.is_live(&session, "2026-01-09T00:00:00Z".parse().expect("is a time")));
    }

    #[test]
    fn a_session_in_use_ends_after_its_absolute_life() {
        let session = session("2026-01-01T00:00:00Z", "2026-01-30T00:00:00Z");
        assert_eq!(POLICY.to_wire(&session).expires_at.as_str(), "2026-01-31T00:00:00Z");
        assert!(!POLICY.is_live(&session, "2026-01-31T00:00:00Z".parse().expect("is a time")));
    }

    #[test]
    fn a_token_has_one_spelling() {
        let token = SessionToken([7; 32]);
        let text = token.reveal();
        assert_eq!(SessionToken::parse(&text).expect("is a token").hash(), token.hash());
        // The last character holds two spare bits: `s` is 44, 101100.
        let respelled = text.replace(|last: char| text.ends_with(last), "t");
        assert!(SessionToken::parse(&respelled).is_none());
    }

    #[test]
    fn what_is_not_a_token_is_no_token() {
        for text in ["", "x", "ä", "AAAA", &"A".repeat(42), &"A".repeat(44), &"A".repeat(5000), "\0"] {
            assert!(SessionToken::parse(text).is_none(), "{text:?}");
        }
    }
}
