//! Rate limits for failures. Failed sign-ins are counted in buckets; after a few free ones, each causes a growing
//! wait (ASVS 6.3.1). Everything else is limited by a [`Quota`](super::quota::Quota).
//!
//! An attempt is counted as a failure **before** it is checked, and given back if it succeeds. So concurrent
//! attempts can't exceed the limit, and an attempt is counted even if the server crashes during the check.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};

use super::{account::NameKey, clock, network::Network};

/// The kind of a count. Its name is used in the configuration and the database, and must not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bucket {
    /// Wrong passwords and codes for one username or email, as it was typed, whether or not an account has it.
    SignInAccount,
    /// The same from one address.
    SignInAddress,
    /// The same from all addresses that one customer may have ([`Whose::Network`]).
    SignInNetwork,
    /// The same for one account from a browser that has signed in to it before.
    SignInDevice,
    /// Requested usernames and emails of one account: the response reveals whether another account has it, and
    /// mails may go to other people's addresses.
    NameChange,
}

impl Bucket {
    /// Every bucket.
    pub const ALL: [Self; 5] =
        [Self::SignInAccount, Self::SignInAddress, Self::SignInNetwork, Self::SignInDevice, Self::NameChange];

    /// The name in the database.
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

    /// How long a bucket keeps a failure. An address may be shared by users who mistype, so its bucket expires
    /// within the hour, and never by a success, which an attacker with an account could cause.
    #[must_use]
    pub const fn memory(self) -> SignedDuration {
        match self {
            Self::SignInAccount | Self::SignInDevice => SignedDuration::from_hours(24),
            Self::SignInAddress | Self::SignInNetwork | Self::NameChange => SignedDuration::from_hours(1),
        }
    }

    /// The factor by which the free failures of one address are multiplied.
    const fn allowance(self) -> u32 {
        match self {
            Self::SignInNetwork => NETWORK_ALLOWANCE,
            Self::SignInAccount | Self::SignInAddress | Self::SignInDevice | Self::NameChange => 1,
        }
    }
}

/// How many times as much as one address all addresses of one [network](Whose::Network) may do: some providers give
/// one customer 65,536 networks of 64 bits, others share 48 bits among as many customers.
pub const NETWORK_ALLOWANCE: u32 = 10;

/// The subject of a limit. The key includes the kind, so that subjects of different kinds never share a limit,
/// whatever their values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose<'a> {
    /// An address: IPv4, or an IPv6 network of 64 bits.
    Address(IpAddr),
    /// The IPv6 network of 48 bits around an address, counted in addition to the address.
    Network(Network),
    /// A username or email, as it was typed: known and unknown ones are counted alike, and the two names of one
    /// account have separate limits, so that the limits do not reveal that they belong together.
    Typed(&'a NameKey),
    /// An account, a session or a token, by its id.
    Id(&'a str),
    /// A user of an SSO provider, by name.
    Name(&'a str),
    /// A browser that signed in to an account, by [`KnownBrowser::message`](super::known_browser::KnownBrowser).
    Browser(&'a [u8]),
}

impl Whose<'_> {
    /// The message that is hashed into the key of this limit.
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
        // Neither names of limits nor kinds contain a colon, so the encoding is unambiguous.
        [limit.as_bytes(), b":", kind.as_bytes(), b":", value].concat()
    }
}

/// The key of a count in a [`Bucket`]: a keyed hash, so that the database does not contain what users typed as
/// their name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The bucket.
    pub bucket: Bucket,
    /// The hash.
    pub hash: Vec<u8>,
}

/// Growing waits after failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The number of failures without a wait.
    pub free_failures: u32,
}

impl Backoff {
    /// Requested names may be taken, and mails to new addresses may fail, a few times; more is never needed and
    /// would bother other people.
    pub const NAME_CHANGES: Self = Self { free_failures: 5 };

    const FIRST: SignedDuration = SignedDuration::from_secs(10);
    const LONGEST: SignedDuration = SignedDuration::from_mins(15);

    /// The wait after this many failures: none at first, then 10 s, doubled by each, up to 15 minutes.
    #[must_use]
    pub fn wait_after(&self, bucket: Bucket, failures: u32) -> SignedDuration {
        let Some(beyond) = failures.checked_sub(self.free_failures.saturating_mul(bucket.allowance())) else {
            return SignedDuration::ZERO;
        };
        let factor = 1_i32.checked_shl(beyond).filter(|factor| *factor > 0).unwrap_or(i32::MAX);
        Self::FIRST.checked_mul(factor).map_or(Self::LONGEST, |wait| wait.min(Self::LONGEST))
    }

    /// The end of the wait; `None` if an attempt may be made now.
    #[must_use]
    pub fn blocked_until(&self, bucket: Bucket, tally: Option<Tally>, now: Timestamp) -> Option<Timestamp> {
        self.remembered(bucket, tally, now).map(|tally| tally.blocked_until).filter(|until| now < *until)
    }

    /// Counts an attempt as a failure.
    ///
    /// # Errors
    /// The end of the wait, if no attempt may be made now.
    pub fn count(&self, bucket: Bucket, tally: Option<Tally>, now: Timestamp) -> Result<Tally, Timestamp> {
        if let Some(until) = self.blocked_until(bucket, tally, now) {
            return Err(until);
        }
        let failures = self.remembered(bucket, tally, now).map_or(0, |tally| tally.failures).saturating_add(1);
        Ok(Tally { failures, blocked_until: self.block(bucket, failures, now), last: now })
    }

    /// The part of a tally that counts: not after the bucket's memory, not from a wrong clock, and never a longer
    /// wait than one that begins now.
    fn remembered(self, bucket: Bucket, tally: Option<Tally>, now: Timestamp) -> Option<Tally> {
        let tally = tally.filter(|tally| !clock::is_ahead(tally.last, now))?;
        let blocked_until = tally.blocked_until.min(self.block(bucket, tally.failures, now));
        (now.duration_since(tally.last) < bucket.memory()).then_some(Tally { blocked_until, ..tally })
    }

    fn block(self, bucket: Bucket, failures: u32, now: Timestamp) -> Timestamp {
        now.checked_add(self.wait_after(bucket, failures)).unwrap_or(Timestamp::MAX)
    }
}

/// The count of one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// The number of failures in a row.
    pub failures: u32,
    /// The end of the wait.
    pub blocked_until: Timestamp,
    /// When the last failure was counted.
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
    fn failures_expire_after_the_memory_of_the_bucket() {
        let tally = Some(Tally { failures: 50, blocked_until: at(900), last: at(0) });
        let hour = 60 * 60;
        let of_address = BACKOFF.count(Bucket::SignInAddress, tally, at(hour)).expect("is removed");
        assert_eq!(of_address.failures, 1);
        let of_account = BACKOFF.count(Bucket::SignInAccount, tally, at(hour)).expect("has waited");
        assert_eq!(of_account.failures, 51);
    }

    #[test]
    fn failures_counted_by_a_wrong_clock_are_ignored_after_its_correction() {
        let hours = 8 * 60 * 60;
        for failures in [0, 1, 50] {
            let wrong = Some(Tally { failures, blocked_until: at(hours + 900), last: at(hours) });
            for bucket in Bucket::ALL {
                assert_eq!(BACKOFF.blocked_until(bucket, wrong, at(0)), None, "{bucket:?}");
                assert_eq!(BACKOFF.count(bucket, wrong, at(0)).map(|tally| tally.failures), Ok(1), "{bucket:?}");
            }
        }
        // Another server may be slightly ahead: its count stays, but the wait is not longer than it would be here.
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
    fn subjects_of_different_kinds_share_no_limit() {
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
