//! How often something may be tried. Failures to sign in are counted in buckets, and after a few free ones each costs a
//! growing wait (ASVS 6.3.1); for everything else there is a [`Quota`](super::quota::Quota).
//!
//! An attempt is counted as a failure **before** it is checked, and taken back when it was none. So attempts at once
//! can't exceed the limit, and a server that dies while checking has counted.

use jiff::{SignedDuration, Timestamp};

/// What is counted. A name of the configuration and of the database: it must not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bucket {
    /// Wrong passwords and codes for one account, or for a name that is no account.
    SignInAccount,
    /// The same from one address.
    SignInAddress,
    /// The same for one account from a browser that has signed in to it before.
    SignInDevice,
    /// Mails that one account has sent to addresses which may be anybody's, to be confirmed.
    EmailChange,
}

impl Bucket {
    /// Every bucket.
    pub const ALL: [Self; 4] = [Self::SignInAccount, Self::SignInAddress, Self::SignInDevice, Self::EmailChange];

    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignInAccount => "sign_in_account",
            Self::SignInAddress => "sign_in_address",
            Self::SignInDevice => "sign_in_device",
            Self::EmailChange => "email_change",
        }
    }

    /// How long a bucket remembers after the last failure. An address is shared by people who mistype: it forgets
    /// within the hour, and never by somebody's success, which an attacker could bring about.
    #[must_use]
    pub const fn memory(self) -> SignedDuration {
        match self {
            Self::SignInAccount | Self::SignInDevice => SignedDuration::from_hours(24),
            Self::SignInAddress | Self::EmailChange => SignedDuration::from_hours(1),
        }
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
    /// A mail to a new address may go wrong a few times; nobody needs many, and strangers must not be pestered.
    pub const EMAIL_CHANGES: Self = Self { free_failures: 5 };

    const FIRST: SignedDuration = SignedDuration::from_secs(10);
    const LONGEST: SignedDuration = SignedDuration::from_mins(15);

    /// How long to wait after so many failures: nothing, then 10 s, doubled by each, up to 15 minutes.
    #[must_use]
    pub fn wait_after(&self, failures: u32) -> SignedDuration {
        let Some(beyond) = failures.checked_sub(self.free_failures) else {
            return SignedDuration::ZERO;
        };
        let factor = 1_i32.checked_shl(beyond).filter(|factor| *factor > 0).unwrap_or(i32::MAX);
        Self::FIRST.checked_mul(factor).map_or(Self::LONGEST, |wait| wait.min(Self::LONGEST))
    }

    /// Counts an attempt as a failure, or says until when none may be made.
    ///
    /// # Errors
    /// The time of the next attempt.
    pub fn count(&self, bucket: Bucket, tally: Option<Tally>, now: Timestamp) -> Result<Tally, Timestamp> {
        let remembered = tally.filter(|tally| now.duration_since(tally.last) < bucket.memory());
        if let Some(tally) = remembered
            && now < tally.blocked_until
        {
            return Err(tally.blocked_until);
        }
        let failures = remembered.map_or(0, |tally| tally.failures).saturating_add(1);
        let blocked_until = now.checked_add(self.wait_after(failures)).unwrap_or(Timestamp::MAX);
        Ok(Tally { failures, blocked_until, last: now })
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
        let waits: Vec<i64> = (0..14).map(|failures| BACKOFF.wait_after(failures).as_secs()).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
        assert_eq!(BACKOFF.wait_after(u32::MAX).as_secs(), 900);
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
}
