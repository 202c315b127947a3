//! A device's request to be let in, from its first word until it has its token (RFC 8628).
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

/// How long a request waits for an answer.
pub const LIFE: SignedDuration = SignedDuration::from_mins(15);
/// How many requests wait at most at a time, of all clients together.
pub const MOST_WAITING: u32 = 500;
/// How many seconds a device waits between its polls (RFC 8628 §3.2).
pub const INTERVAL: u32 = 5;
/// How much longer after it was too fast (RFC 8628 §3.5).
pub const SLOWER: u32 = 5;
/// No device waits longer between two polls than a request lives.
pub const LONGEST_INTERVAL: u32 = 900;
/// How much earlier than its interval a poll may come: clocks and networks are not exact.
const TOLERANCE: SignedDuration = SignedDuration::from_millis(500);
/// How long at least a device has to pick its token up once a user let it in.
pub const PICK_UP: SignedDuration = SignedDuration::from_secs(60);
/// How long ago at most the person who decides proved who they are.
pub const PROVED_WITHIN: SignedDuration = SignedDuration::from_hours(12);
/// The same when the request came from another network than the decision.
const PROVED_WITHIN_ELSEWHERE: SignedDuration = SignedDuration::from_mins(5);
/// How many characters of a label are taken.
pub const LABEL_CHARS: usize = 200;
/// How many bytes: what strangers store is bounded in bytes.
pub const LABEL_BYTES: usize = 400;

/// What the device names its request by: `dc_` and 256 random bits. The database has its hash.
pub struct DeviceCode(String);

impl DeviceCode {
    /// A new one.
    ///
    /// # Errors
    /// When there are no random bytes.
    pub fn new(random: &Random) -> Result<Self, RandomError> {
        Ok(Self(format!("dc_{}", URL_SAFE_NO_PAD.encode(random.bytes::<32>()?))))
    }

    /// The code, for the device alone.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What the database knows of it.
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

/// SHA-256 of what is said to be a device code. A plain hash is enough: 256 random bits can't be guessed back.
#[must_use]
pub fn hash_device_code(text: &str) -> Vec<u8> {
    Sha256::digest(text).to_vec()
}

/// A new user code: eight letters, some 34 bits. Short enough to type, so it is kept from being guessed by the limits.
///
/// # Errors
/// When there are no random bytes.
pub fn new_user_code(random: &Random) -> Result<UserCode, RandomError> {
    let letters = random.text(user_code::LENGTH, user_code::ALPHABET.as_bytes())?;
    UserCode::parse(&letters).ok_or(RandomError)
}

/// What the database knows of a user code: a keyed hash, since 34 bits could be guessed back from a plain one.
#[must_use]
pub fn hash_user_code(code: &UserCode, keys: &SecretKeys) -> Vec<u8> {
    keys.subkey(Purpose::UserCodes).authenticate(code.letters().as_bytes())
}

/// The same by each of the secrets, newest first: one may have been rotated in since.
#[must_use]
pub fn user_code_hashes(code: &UserCode, keys: &SecretKeys) -> Vec<Vec<u8>> {
    keys.subkeys(Purpose::UserCodes).map(|key| key.authenticate(code.letters().as_bytes())).collect()
}

/// What a device calls itself, as a person may see it: one [line](text::line). `Err` when it is too long.
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

/// A label has too many characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LabelTooLong;

/// A request.
#[derive(Debug, Clone)]
pub struct Grant {
    /// Which one.
    pub id: Id,
    /// The program that asks.
    pub client_id: String,
    /// What the device calls itself.
    pub label: Option<String>,
    /// The scopes that it asks for; empty for whatever it may have.
    pub scopes: Vec<Scope>,
    /// How far it has come.
    pub state: State,
    /// How many seconds the device waits between its polls.
    pub interval: u32,
    /// Where the request came from.
    pub address: IpAddr,
    /// With what: the `User-Agent` header.
    pub user_agent: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When the device asked last.
    pub polled_at: Option<Timestamp>,
    /// Whether it has asked from another network, which is recorded once.
    pub cross_ip_told: bool,
    /// The token that waits to be picked up.
    pub token: Option<Id>,
}

/// How far a request has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// No user has decided.
    Pending,
    /// A user let the device in; its token waits.
    Approved,
    /// A user refused it; the device has not heard yet.
    Denied,
    /// The device has its answer.
    Consumed,
}

impl State {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Denied => "denied",
            Self::Consumed => "consumed",
        }
    }

    /// From the word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Pending, Self::Approved, Self::Denied, Self::Consumed].into_iter().find(|state| state.as_str() == word)
    }
}

/// What a poll finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Poll {
    /// The device code is another program's.
    AnotherClient,
    /// The request has expired, or the device had its answer.
    Over,
    /// No decision yet.
    Wait(Wait),
    /// A user refused it: returned once.
    Denied,
    /// The token waits: handed out once.
    Approved,
}

/// What a device has to wait for its next poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// Whether it came too soon.
    pub too_soon: bool,
    /// How many seconds it waits from now on, which `too_soon` makes longer for good.
    pub interval: u32,
}

impl Wait {
    /// What two servers make of one poll.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { too_soon: self.too_soon || other.too_soon, interval: self.interval.max(other.interval) }
    }
}

impl Grant {
    /// Whether it waits for a user to decide.
    #[must_use]
    pub fn is_pending(&self, now: Timestamp) -> bool {
        self.state == State::Pending && !self.is_over(now)
    }

    /// How long ago at most the person who decides from this address proved who they are.
    #[must_use]
    pub fn proved_within(&self, address: IpAddr) -> SignedDuration {
        if network::is_same(self.address, address) { PROVED_WITHIN } else { PROVED_WITHIN_ELSEWHERE }
    }

    /// Whether its time is over: also when the clock was ahead as it began, because it is not known when that was.
    fn is_over(&self, now: Timestamp) -> bool {
        now >= self.expires_at || clock::is_ahead(self.created_at, now)
    }

    /// How many whole seconds are left.
    #[must_use]
    pub fn seconds_left(&self, now: Timestamp) -> u32 {
        u32::try_from(self.expires_at.duration_since(now).as_secs()).unwrap_or_default()
    }

    /// What a poll by a program finds now (RFC 8628 §3.5).
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
                // A poll of a wrong clock, which was ahead, holds up none.
                let polled_at = self.polled_at.filter(|polled_at| !clock::is_ahead(*polled_at, now));
                let too_soon = polled_at.is_some_and(|polled_at| now.duration_since(polled_at) < interval);
                let longer = self.interval.saturating_add(SLOWER).min(LONGEST_INTERVAL);
                Poll::Wait(Wait { too_soon, interval: if too_soon { longer } else { self.interval } })
            }
        }
    }

    /// Whether a poll from there is the first from another network than the request's.
    #[must_use]
    pub fn strays_to(&self, address: IpAddr) -> bool {
        !self.cross_ip_told && !network::is_same(self.address, address)
    }

    /// When a request that is approved now ends: not before the device had time to pick its token up.
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
    fn a_device_that_asks_too_soon_waits_longer_for_good() {
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
    fn another_network_is_told_once() {
        let stray = "203.0.113.9".parse().expect("is an address");
        let mut grant = grant(State::Pending);
        assert!(grant.strays_to(stray) && !grant.strays_to("192.0.2.99".parse().expect("is an address")));
        grant.cross_ip_told = true;
        assert!(!grant.strays_to(stray));
    }

    #[test]
    fn a_label_shows_what_it_is() {
        assert_eq!(read_label("  laptop\u{202e}\n of ada\u{200b} "), Ok(Some("laptop of ada".to_owned())));
        assert_eq!(read_label(" \u{feff}"), Ok(None));
        assert_eq!(read_label("\u{3164}\u{2800}\u{ffa0}"), Ok(None));
        assert_eq!(read_label(&"x".repeat(LABEL_CHARS + 1)), Err(LabelTooLong));
        assert_eq!(read_label(&"李".repeat(LABEL_BYTES / 3 + 1)), Err(LabelTooLong));
    }

    #[test]
    fn codes_are_random_and_not_printed() {
        let random = Random::system();
        let code = DeviceCode::new(&random).expect("has bytes");
        assert_eq!((code.reveal().len(), code.reveal().get(..3)), (46, Some("dc_")));
        assert_eq!(format!("{code:?}"), "DeviceCode([redacted])");
        assert_ne!(new_user_code(&random).expect("has bytes"), new_user_code(&random).expect("has bytes"));
    }
}
