//! How often something may be tried. Failures to sign in are counted in buckets, and after a few free ones each costs a
//! growing wait (ASVS 6.3.1); for everything else there is a [`Quota`](super::quota::Quota).
//!
//! An attempt is counted as a failure **before** it is checked, and taken back when it was none. So attempts at once
//! can't exceed the limit, and a server that dies while checking has counted.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};

use super::{account::NameKey, clock, network::Network};

/// What is counted. A name of the configuration and of the database: it must not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bucket {
    /// Wrong passwords and codes for one user name or email, as it was typed, whether or not it is an account's.
    SignInAccount,
    /// The same from one address.
    SignInAddress,
    /// The same from all addresses that one customer may have ([`Whose::Network`]).
    SignInNetwork,
    /// The same for one account from a browser that has signed in to it before.
    SignInDevice,
    /// User names and emails that one account wants to have: the answer says whether another has it, and mails go to addresses
    /// which may be anybody's.
    NameChange,
}

impl Bucket {
    /// Every bucket.
    pub const ALL: [Self; 5] =
        [Self::SignInAccount, Self::SignInAddress, Self::SignInNetwork, Self::SignInDevice, Self::NameChange];

    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignInAccount => "sign_in_account",
            Self::SignInAddress => "sign_in_address",
            Self::SignInNetwork => "sign_in_network",
            Self::SignInDevice => "sign_in_device",
            Self::NameChange => "email_change",
        }
    }

    /// How long a bucket remembers after the last failure. An address is shared by people who mistype: it forgets
    /// within the hour, and never by another user's success, which an attacker could bring about.
    #[must_use]
    pub const fn memory(self) -> SignedDuration {
        match self {
            Self::SignInAccount | Self::SignInDevice => SignedDuration::from_hours(24),
            Self::SignInAddress | Self::SignInNetwork | Self::NameChange => SignedDuration::from_hours(1),
        }
    }

    /// How many times as much as from one address is free.
    const fn allowance(self) -> u32 {
        match self {
            Self::SignInNetwork => NETWORK_ALLOWANCE,
            Self::SignInAccount | Self::SignInAddress | Self::SignInDevice | Self::NameChange => 1,
        }
    }
}

/// How many times as much as one address all addresses of one [network](Whose::Network) may do: some providers give one
/// customer 65,536 networks of 64 bits, others share 48 bits among as many customers.
pub const NETWORK_ALLOWANCE: u32 = 10;

/// Whose a limit is. The kind goes into the key: a value of one kind moves no limit of another, whatever it looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose<'a> {
    /// That of one address: an IPv4 address, or an IPv6 network of 64 bits.
    Address(IpAddr),
    /// That of the IPv6 network of 48 bits around an address, counted beside it.
    Network(Network),
    /// That of a user name or email, by what was typed: known and unknown ones are counted in the same manner, and the two
    /// names of one account have nothing in common that a stranger could see.
    Typed(&'a NameKey),
    /// That of an account, a session or a token, by its id.
    Id(&'a str),
    /// That of a user who is named so by another identity system.
    Name(&'a str),
    /// That of a browser that has signed in to an account, by [`KnownBrowser::message`](super::known_browser::KnownBrowser).
    Browser(&'a [u8]),
}

impl Whose<'_> {
    /// What is hashed into the key of this limit.
    #[must_use]
    pub fn message(&self, limit: &str) -> Vec<u8> {
        let address;
        let (kind, value) = match self {
            Self::Address(of) => {
                address = Network::of_address(*of);
                ("address", address.as_bytes())
            }
            Self::Network(network) => ("network", network.as_bytes()),
            Self::Typed(name) if name.is_email() => ("email", name.as_str().as_bytes()),
            Self::Typed(name) => ("user name", name.as_str().as_bytes()),
            Self::Id(id) => ("id", id.as_bytes()),
            Self::Name(name) => ("name", name.as_bytes()),
            Self::Browser(browser) => ("browser", *browser),
        };
        // Neither limits nor kinds have a colon: there is one way to part it.
        [limit.as_bytes(), b":", kind.as_bytes(), b":", value].concat()
    }
}

/// Which one of the things that a [`Bucket`] counts: a keyed hash, so that the database does not hold what people type
/// into the field for their name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The bucket.
    pub bucket: Bucket,
    /// The hash.
    pub hash: Vec<u8>,
}

/// Growing waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// How many failures cost nothing.
    pub free_failures: u32,
}

impl Backoff {
    /// A name may be taken, and a mail to a new address go wrong, a few times; no user needs many, and strangers must not be
    /// pestered.
    pub const NAME_CHANGES: Self = Self { free_failures: 5 };

    const FIRST: SignedDuration = SignedDuration::from_secs(10);
    const LONGEST: SignedDuration = SignedDuration::from_mins(15);

    /// How long to wait after so many failures: nothing, then 10 s, doubled by each, up to 15 minutes.
    #[must_use]
    pub fn wait_after(&self, bucket: Bucket, failures: u32) -> SignedDuration {
        let Some(beyond) = failures.checked_sub(self.free_failures.saturating_mul(bucket.allowance())) else {
            return SignedDuration::ZERO;
        };
        let factor = 1_i32.checked_shl(beyond).filter(|factor| *factor > 0).unwrap_or(i32::MAX);
        Self::FIRST.checked_mul(factor).map_or(Self::LONGEST, |wait| wait.min(Self::LONGEST))
    }

    /// Until when no attempt may be made; `None` when one may be made now.
    #[must_use]
    pub fn blocked_until(&self, bucket: Bucket, tally: Option<Tally>, now: Timestamp) -> Option<Timestamp> {
        self.remembered(bucket, tally, now).map(|tally| tally.blocked_until).filter(|until| now < *until)
    }

    /// Counts an attempt as a failure, or says until when none may be made.
    ///
    /// # Errors
    /// The time of the next attempt.
    pub fn count(&self, bucket: Bucket, tally: Option<Tally>, now: Timestamp) -> Result<Tally, Timestamp> {
        if let Some(until) = self.blocked_until(bucket, tally, now) {
            return Err(until);
        }
        let failures = self.remembered(bucket, tally, now).map_or(0, |tally| tally.failures).saturating_add(1);
        Ok(Tally { failures, blocked_until: self.block(bucket, failures, now), last: now })
    }

    /// What counts of a tally: nothing after the bucket's memory, nothing of a wrong clock, and never more of a wait than
    /// begins now.
    fn remembered(self, bucket: Bucket, tally: Option<Tally>, now: Timestamp) -> Option<Tally> {
        let tally = tally.filter(|tally| !clock::is_ahead(tally.last, now))?;
        let blocked_until = tally.blocked_until.min(self.block(bucket, tally.failures, now));
        (now.duration_since(tally.last) < bucket.memory()).then_some(Tally { blocked_until, ..tally })
    }

    fn block(self, bucket: Bucket, failures: u32, now: Timestamp) -> Timestamp {
        now.checked_add(self.wait_after(bucket, failures)).unwrap_or(Timestamp::MAX)
    }
}

/// What a bucket knows of one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// How many failures in a row.
    pub failures: u32,
    /// No attempt before this.
    pub blocked_until: Timestamp,
    /// When the last one was counted.
    pub last: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    const BACKOFF: Backoff = Backoff { free_failures: 5 };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + seconds).expect("is a time")
    }

    #[test]
    fn waits_grow_up_to_a_quarter_of_an_hour() {
        let waits: Vec<i64> =
            (0..14).map(|failures| BACKOFF.wait_after(Bucket::SignInAccount, failures).as_secs()).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
        assert_eq!(BACKOFF.wait_after(Bucket::SignInAccount, u32::MAX).as_secs(), 900);
    }

    #[test]
    fn five_failures_are_free_and_the_sixth_waits() {
        let mut tally = None;
        for _ in 0..5 {
            tally = Some(BACKOFF.count(Bucket::SignInAccount, tally, at(0)).expect("is free"));
        }
        assert_eq!(BACKOFF.count(Bucket::SignInAccount, tally, at(9)), Err(at(10)));
        let sixth = BACKOFF.count(Bucket::SignInAccount, tally, at(10)).expect("has waited");
        assert_eq!((sixth.failures, sixth.blocked_until), (6, at(30)));
    }

    #[test]
    fn a_bucket_forgets_after_its_time() {
        let tally = Some(Tally { failures: 50, blocked_until: at(900), last: at(0) });
        let hour = 60 * 60;
        let of_address = BACKOFF.count(Bucket::SignInAddress, tally, at(hour)).expect("is forgotten");
        assert_eq!(of_address.failures, 1);
        let of_account = BACKOFF.count(Bucket::SignInAccount, tally, at(hour)).expect("has waited");
        assert_eq!(of_account.failures, 51);
    }

    #[test]
    fn what_a_wrong_clock_has_counted_is_forgotten_when_it_is_corrected() {
        let hours = 8 * 60 * 60;
        for failures in [0, 1, 50] {
            let wrong = Some(Tally { failures, blocked_until: at(hours + 900), last: at(hours) });
            for bucket in Bucket::ALL {
                assert_eq!(BACKOFF.blocked_until(bucket, wrong, at(0)), None, "{bucket:?}");
                assert_eq!(BACKOFF.count(bucket, wrong, at(0)).map(|tally| tally.failures), Ok(1), "{bucket:?}");
            }
        }
        // Another server may be a little ahead: its count stays, and is no longer a wait than it would be here.
        let ahead = |failures| Some(Tally { failures, blocked_until: at(50), last: at(50) });
        assert_eq!(BACKOFF.blocked_until(Bucket::SignInAccount, ahead(1), at(0)), None);
        assert_eq!(BACKOFF.blocked_until(Bucket::SignInAccount, ahead(5), at(0)), Some(at(10)));
    }

    #[test]
    fn a_network_may_do_ten_times_as_much_as_an_address() {
        let waits = |failures| BACKOFF.wait_after(Bucket::SignInNetwork, failures).as_secs();
        assert_eq!([waits(49), waits(50), waits(51)], [0, 10, 20]);
    }

    #[test]
    fn a_value_of_one_kind_moves_no_limit_of_another() {
        let id = "0198c2a5-7b1e-7c3f-9a44-0123456789ab";
        let (typed, email) = (NameKey::new(id), NameKey::new("a@b"));
        let kinds = [
            Whose::Id(id),
            Whose::Name(id),
            Whose::Typed(&typed),
            Whose::Browser(id.as_bytes()),
            Whose::Typed(&email),
            Whose::Name("a@b"),
            Whose::Name("email:a@b"),
        ];
        let messages: std::collections::HashSet<_> = kinds.iter().map(|whose| whose.message("limit")).collect();
        assert_eq!(messages.len(), kinds.len());
    }

    #[test]
    fn one_customer_is_one_address() {
        let message = |text: &str| Whose::Address(text.parse().expect("is an address")).message("limit");
        assert_eq!(message("2001:db8:1:2::1"), message("2001:db8:1:2:ffff::9"));
        assert_ne!(message("2001:db8:1:2::1"), message("2001:db8:1:3::1"));
        assert_ne!(message("192.0.2.1"), message("192.0.2.2"));
    }
}
