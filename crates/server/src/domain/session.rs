//! Browser sessions: tokens and lifetimes.

use std::net::IpAddr;

use doorstep_contract::{
    account::{Agent, SessionEntry},
    auth::{self, BeganWith},
};
use jiff::{SignedDuration, Timestamp};

/// The session token is only in the cookie; the database has its hash.
pub use super::token::{Token as SessionToken, TokenHash};
use super::{clock, id::Id, user_agent};

/// How long a proof of identity is recent.
pub const FRESH: SignedDuration = SignedDuration::from_mins(10);

/// A browser session, without its token.
#[derive(Debug, Clone)]
pub struct Session {
    /// The id.
    pub id: Id,
    /// How its user authenticated.
    pub began_with: BeganWith,
    /// When it began.
    pub created_at: Timestamp,
    /// When its user last proved their identity.
    pub proved_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
}

impl Session {
    /// Whether it was begun with a temporary token.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        self.began_with == BeganWith::TemporaryToken
    }

    /// Whether its user proved their identity within this time.
    #[must_use]
    pub fn is_proved_within(&self, time: SignedDuration, now: Timestamp) -> bool {
        // A proof from a clock that was ahead may be hours old.
        !clock::is_ahead(self.proved_at, now) && now.duration_since(self.proved_at) <= time
    }
}

/// The client that began a session, for the list of sessions.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The client's address.
    pub address: IpAddr,
    /// The `User-Agent` header: printable ASCII only, truncated to [`Self::USER_AGENT_CHARS`] characters.
    pub user_agent: String,
}

impl Visitor {
    /// The stored length of a `User-Agent` header.
    pub const USER_AGENT_CHARS: usize = 300;

    /// A visitor, with the header truncated.
    #[must_use]
    pub fn new(address: IpAddr, user_agent: &str) -> Self {
        let printable = user_agent.chars().filter(|character| matches!(character, ' '..='~'));
        Self { address, user_agent: printable.take(Self::USER_AGENT_CHARS).collect() }
    }

    /// The client, for the session's user.
    #[must_use]
    pub fn to_wire(&self) -> Agent {
        let (browser, system) = user_agent::describe(&self.user_agent);
        Agent { browser: browser.map(str::to_owned), system: system.map(str::to_owned), ip: self.address.to_string() }
    }
}

/// A session, and the client that began it.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The session.
    pub session: Session,
    /// The client that began it.
    pub visitor: Visitor,
    /// Whether it has access and refresh tokens.
    pub has_tokens: bool,
}

/// Lifetimes of sessions (ASVS 7.3).
#[derive(Debug, Clone, Copy)]
pub struct SessionPolicy {
    /// A session ends after this time without use.
    pub idle: SignedDuration,
    /// A session ends after this time, used or not.
    pub absolute: SignedDuration,
    /// A session begun with a temporary token ends after this time, used or not.
    pub temporary: SignedDuration,
}

impl Default for SessionPolicy {
    fn default() -> Self {
        let days = |days: i64| SignedDuration::from_hours(24 * days);
        Self { idle: days(7), absolute: days(30), temporary: SignedDuration::from_hours(1) }
    }
}

impl SessionPolicy {
    /// How precise [`Session::last_seen_at`] is: it is updated at most this often.
    pub const TOUCH_EVERY: SignedDuration = SignedDuration::from_secs(60);

    /// When the session ends if it is not used any more.
    #[must_use]
    pub fn expires_at(&self, session: &Session) -> Timestamp {
        // A time that can't be represented is never reached.
        let after = |start: Timestamp, life| start.checked_add(life).unwrap_or(Timestamp::MAX);
        let whole = if session.is_temporary() { self.temporary.min(self.absolute) } else { self.absolute };
        after(session.last_seen_at, self.idle).min(after(session.created_at, whole))
    }

    /// Whether the session is live.
    #[must_use]
    pub fn is_live(&self, session: &Session, now: Timestamp) -> bool {
        now < self.expires_at(session)
    }

    /// Whether [`Session::last_seen_at`] should be updated.
    #[must_use]
    pub fn is_due(&self, session: &Session, now: Timestamp) -> bool {
        now.duration_since(session.last_seen_at) >= Self::TOUCH_EVERY || clock::is_ahead(session.last_seen_at, now)
    }

    /// The session, for its user.
    #[must_use]
    pub fn to_wire(&self, session: &Session) -> auth::Session {
        auth::Session {
            id: session.id.to_string(),
            began_with: session.began_with,
            temporary: session.is_temporary(),
            created_at: wire_time(session.created_at),
            expires_at: wire_time(self.expires_at(session)),
        }
    }

    /// The session as an entry in the user's list. `current`: whether it is the one of the request.
    #[must_use]
    pub fn to_entry(&self, opened: &Opened, current: bool) -> SessionEntry {
        let Opened { session, visitor, has_tokens } = opened;
        SessionEntry {
            id: session.id.to_string(),
            current,
            // By SSO only browsers sign in, whether or not they also get tokens for programs.
            program: *has_tokens && session.began_with != BeganWith::Sso,
            began_with: session.began_with,
            temporary: session.is_temporary(),
            agent: visitor.to_wire(),
            created_at: wire_time(session.created_at),
            last_seen_at: wire_time(session.last_seen_at),
            expires_at: wire_time(self.expires_at(session)),
        }
    }
}

/// RFC 3339 in UTC, to the second.
#[must_use]
pub fn wire_time(time: Timestamp) -> auth::Timestamp {
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

    const POLICY: SessionPolicy = SessionPolicy {
        idle: SignedDuration::from_hours(24 * 7),
        absolute: SignedDuration::from_hours(24 * 30),
        temporary: SignedDuration::from_hours(1),
    };

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
    fn a_temporary_session_ends_after_its_hour_even_in_use() {
        let session = Session {
            began_with: BeganWith::TemporaryToken,
            ..session("2026-01-01T00:00:00Z", "2026-01-01T00:59:00Z")
        };
        assert!(POLICY.is_live(&session, "2026-01-01T00:59:59Z".parse().expect("is a time")));
        assert!(!POLICY.is_live(&session, "2026-01-01T01:00:00Z".parse().expect("is a time")));
    }
}
