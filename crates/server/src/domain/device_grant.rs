//! A device request, from its creation until the device has its token (RFC 8628).
//!
//! ```text
//! pending -> approved | denied -> consumed
//! pending -> expired (by time alone)
//! ```

use std::{fmt, net::IpAddr};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use doorstep_contract::{
    device::Scope,
    user_code::{self, UserCode},
};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use super::{
    clock,
    id::Id,
    network,
    random::{Random, RandomError},
    secret_key::{Purpose, SecretKeys},
    text,
};

/// Lifetime of a pending request.
pub const LIFE: SignedDuration = SignedDuration::from_mins(15);
/// The maximum number of pending requests, of all clients together.
pub const MOST_WAITING: u32 = 500;
/// The initial interval between polls in seconds (RFC 8628 §3.2).
pub const INTERVAL: u32 = 5;
/// By how many seconds `slow_down` increases it (RFC 8628 §3.5).
pub const SLOWER: u32 = 5;
/// The longest interval in seconds: the lifetime of a request.
pub const LONGEST_INTERVAL: u32 = 900;
/// How much earlier than the interval a poll may arrive, as clocks and networks are not exact.
const TOLERANCE: SignedDuration = SignedDuration::from_millis(500);
/// The minimum time that a device has to fetch its token after approval.
pub const PICK_UP: SignedDuration = SignedDuration::from_secs(60);
/// The maximum age of the proof of identity of the user who decides.
pub const PROVED_WITHIN: SignedDuration = SignedDuration::from_hours(12);
/// The same when the request came from another network than the decision.
const PROVED_WITHIN_ELSEWHERE: SignedDuration = SignedDuration::from_mins(5);
/// The longest device name, in characters.
pub const LABEL_CHARS: usize = 200;
/// The same in bytes, since unauthenticated clients fill the database with it.
pub const LABEL_BYTES: usize = 400;

/// A device code: `dc_` and 256 random bits. The database has its hash.
pub struct DeviceCode(String);

impl DeviceCode {
    /// A new code.
    ///
    /// # Errors
    /// When the random source fails.
    pub fn new(random: &Random) -> Result<Self, RandomError> {
        Ok(Self(format!("dc_{}", URL_SAFE_NO_PAD.encode(random.bytes::<32>()?))))
    }

    /// The code, for the device only.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The hash stored in the database.
    #[must_use]
    pub fn hash(&self) -> Vec<u8> {
        hash_device_code(&self.0)
    }
}

impl fmt::Debug for DeviceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceCode([redacted])")
    }
}

/// SHA-256 of a presented device code. A plain hash suffices for 256 random bits.
#[must_use]
pub fn hash_device_code(text: &str) -> Vec<u8> {
    Sha256::digest(text).to_vec()
}

/// A new user code: eight letters, about 34 bits. It is short because users type it; limits protect it from being
/// guessed.
///
/// # Errors
/// When the random source fails.
pub fn new_user_code(random: &Random) -> Result<UserCode, RandomError> {
    let letters = random.text(user_code::LENGTH, user_code::ALPHABET.as_bytes())?;
    UserCode::parse(&letters).ok_or(RandomError)
}

/// The keyed hash of a user code, stored in the database: 34 bits could be recovered from a plain hash.
#[must_use]
pub fn hash_user_code(code: &UserCode, keys: &SecretKeys) -> Vec<u8> {
    keys.subkey(Purpose::UserCodes).authenticate(code.letters().as_bytes())
}

/// The hashes by each configured secret, newest first: the key may have been rotated since.
#[must_use]
pub fn user_code_hashes(code: &UserCode, keys: &SecretKeys) -> Vec<Vec<u8>> {
    keys.subkeys(Purpose::UserCodes).map(|key| key.authenticate(code.letters().as_bytes())).collect()
}

/// Normalizes the device's name, as one [line](text::line).
///
/// # Errors
/// When it has more than [`LABEL_CHARS`] characters or [`LABEL_BYTES`] bytes.
pub fn read_label(text: &str) -> Result<Option<String>, LabelTooLong> {
    let label = text::line(text);
    if label.len() > LABEL_BYTES || label.chars().count() > LABEL_CHARS {
        return Err(LabelTooLong);
    }
    Ok((!label.is_empty()).then_some(label))
}

/// A device name is too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LabelTooLong;

/// A device request.
#[derive(Debug, Clone)]
pub struct Grant {
    /// The id.
    pub id: Id,
    /// The program.
    pub client_id: String,
    /// The device's name, as the program reports it.
    pub label: Option<String>,
    /// The requested scopes; empty for the default.
    pub scopes: Vec<Scope>,
    /// The state.
    pub state: State,
    /// The interval between polls in seconds.
    pub interval: u32,
    /// The address from which the request came.
    pub address: IpAddr,
    /// Its `User-Agent` header.
    pub user_agent: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
    /// The last poll.
    pub polled_at: Option<Timestamp>,
    /// Whether a poll from another network was recorded in the audit log, which happens once.
    pub cross_ip_told: bool,
    /// The token that the device can fetch.
    pub token: Option<Id>,
}

/// The state of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// No decision yet.
    Pending,
    /// Approved; the device can fetch its token.
    Approved,
    /// Denied; the device does not know yet.
    Denied,
    /// The device got its token or the denial.
    Consumed,
}

impl State {
    /// The name in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Denied => "denied",
            Self::Consumed => "consumed",
        }
    }

    /// Parses the name.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Pending, Self::Approved, Self::Denied, Self::Consumed].into_iter().find(|state| state.as_str() == word)
    }
}

/// The result of a poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Poll {
    /// The device code belongs to another program.
    AnotherClient,
    /// The request has expired, or was consumed.
    Over,
    /// No decision yet.
    Wait(Wait),
    /// Denied; reported once.
    Denied,
    /// Approved; the token is returned once.
    Approved,
}

/// How long a device has to wait for its next poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// Whether this poll came too soon.
    pub too_soon: bool,
    /// The interval in seconds from now on; `too_soon` increases it permanently.
    pub interval: u32,
}

impl Wait {
    /// Combines the results of one poll on two servers.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { too_soon: self.too_soon || other.too_soon, interval: self.interval.max(other.interval) }
    }
}

impl Grant {
    /// Whether it waits for a decision.
    #[must_use]
    pub fn is_pending(&self, now: Timestamp) -> bool {
        self.state == State::Pending && !self.is_over(now)
    }

    /// The maximum age of the proof of identity of the user who decides from this address.
    #[must_use]
    pub fn proved_within(&self, address: IpAddr) -> SignedDuration {
        if network::is_same(self.address, address) { PROVED_WITHIN } else { PROVED_WITHIN_ELSEWHERE }
    }

    /// Whether it has expired, or its start is unknown because the clock was ahead.
    fn is_over(&self, now: Timestamp) -> bool {
        now >= self.expires_at || clock::is_ahead(self.created_at, now)
    }

    /// The remaining lifetime in whole seconds.
    #[must_use]
    pub fn seconds_left(&self, now: Timestamp) -> u32 {
        u32::try_from(self.expires_at.duration_since(now).as_secs()).unwrap_or_default()
    }

    /// The result of a poll by a program (RFC 8628 §3.5).
    #[must_use]
    pub fn poll(&self, client_id: &str, now: Timestamp) -> Poll {
        if self.client_id != client_id {
            return Poll::AnotherClient;
        }
        if self.is_over(now) {
            return Poll::Over;
        }
        match self.state {
            State::Consumed => Poll::Over,
            State::Denied => Poll::Denied,
            State::Approved => Poll::Approved,
            State::Pending => {
                let interval = SignedDuration::from_secs(i64::from(self.interval)).saturating_sub(TOLERANCE);
                // Ignore a poll time from a wrong clock.
                let polled_at = self.polled_at.filter(|polled_at| !clock::is_ahead(*polled_at, now));
                let too_soon = polled_at.is_some_and(|polled_at| now.duration_since(polled_at) < interval);
                let longer = self.interval.saturating_add(SLOWER).min(LONGEST_INTERVAL);
                Poll::Wait(Wait { too_soon, interval: if too_soon { longer } else { self.interval } })
            }
        }
    }

    /// Whether a poll from this address is the first from another network than the request's.
    #[must_use]
    pub fn is_from_another_network(&self, address: IpAddr) -> bool {
        !self.cross_ip_told && !network::is_same(self.address, address)
    }

    /// When a request that is approved now expires: it leaves the device time to fetch its token.
    #[must_use]
    pub fn pick_up_until(&self, now: Timestamp) -> Timestamp {
        self.expires_at.max(now.checked_add(PICK_UP).unwrap_or(Timestamp::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + seconds).expect("is a time")
    }

    fn grant(state: State) -> Grant {
        Grant {
            id: Id::stored("g".to_owned()),
            client_id: "difyctl".to_owned(),
            label: None,
            scopes: Vec::new(),
            state,
            interval: INTERVAL,
            address: "192.0.2.1".parse().expect("is an address"),
            user_agent: String::new(),
            created_at: at(0),
            expires_at: at(900),
            polled_at: None,
            cross_ip_told: false,
            token: None,
        }
    }

    #[test]
    fn polling_too_soon_increases_the_interval_permanently() {
        let mut grant = grant(State::Pending);
        for (second, too_soon, interval) in
            [(0, false, 5), (5, false, 5), (9, true, 10), (18, true, 15), (33, false, 15)]
        {
            assert_eq!(grant.poll("difyctl", at(second)), Poll::Wait(Wait { too_soon, interval }), "at {second} s");
            grant.polled_at = Some(at(second));
            grant.interval = interval;
        }
        let almost = at(48).checked_sub(TOLERANCE).expect("is a time");
        assert_eq!(grant.poll("difyctl", almost), Poll::Wait(Wait { too_soon: false, interval: 15 }));
    }

    #[test]
    fn a_poll_finds_what_was_decided_until_the_request_ends() {
        for (state, found) in
            [(State::Approved, Poll::Approved), (State::Denied, Poll::Denied), (State::Consumed, Poll::Over)]
        {
            assert_eq!(grant(state).poll("difyctl", at(899)), found);
            assert_eq!(grant(state).poll("difyctl", at(900)), Poll::Over);
            assert_eq!(grant(state).poll("another", at(0)), Poll::AnotherClient);
        }
        assert_eq!(grant(State::Pending).poll("difyctl", at(900)), Poll::Over);
    }

    #[test]
    fn approving_at_the_last_moment_leaves_a_minute() {
        assert_eq!(grant(State::Pending).pick_up_until(at(899)), at(959));
        assert_eq!(grant(State::Pending).pick_up_until(at(10)), at(900));
    }

    #[test]
    fn a_poll_from_another_network_is_reported_once() {
        let stray = "203.0.113.9".parse().expect("is an address");
        let mut grant = grant(State::Pending);
        assert!(
            grant.is_from_another_network(stray)
                && !grant.is_from_another_network("192.0.2.99".parse().expect("is an address"))
        );
        grant.cross_ip_told = true;
        assert!(!grant.is_from_another_network(stray));
    }

    #[test]
    fn a_label_has_no_invisible_characters() {
        assert_eq!(read_label("  laptop\u{202e}\n of ada\u{200b} "), Ok(Some("laptop of ada".to_owned())));
        assert_eq!(read_label(" \u{feff}"), Ok(None));
        assert_eq!(read_label("\u{3164}\u{2800}\u{ffa0}"), Ok(None));
        assert_eq!(read_label(&"x".repeat(LABEL_CHARS + 1)), Err(LabelTooLong));
        assert_eq!(read_label(&"李".repeat(LABEL_BYTES / 3 + 1)), Err(LabelTooLong));
    }

    #[test]
    fn codes_are_random_and_not_printed() {
        let random = Random::system();
        let code = DeviceCode::new(&random).expect("random bytes");
        assert_eq!((code.reveal().len(), code.reveal().get(..3)), (46, Some("dc_")));
        assert_eq!(format!("{code:?}"), "DeviceCode([redacted])");
        assert_ne!(new_user_code(&random).expect("random bytes"), new_user_code(&random).expect("random bytes"));
    }
}
