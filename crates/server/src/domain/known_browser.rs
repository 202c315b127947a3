//! Known browsers: a browser that signed in to an account keeps a signed proof of that, so that attackers who guess
//! the password cannot lock the user out (OWASP, "Slow down online guessing attacks with device cookies").
//!
//! The proof grants no access. It only gives the browser its own bucket of failures ([`super::limits`]). It is
//! valid for a year, and until the password changes: an attacker who knew the old one can't keep proofs.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};

use super::{
    id::Id,
    random::{Random, RandomError},
    secret_key::{Purpose, SecretKeys},
};

const NONCE: usize = 16;
const TIME: usize = 8;
const TAG: usize = 32;

/// How many cookies with one name are tried.
const MOST_TRIED: usize = 16;

/// Lifetime of a proof.
pub const LIFE: SignedDuration = SignedDuration::from_hours(365 * 24);

/// A browser's cookie for one of its accounts, which the cookie's name identifies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountCookie<T> {
    tail: String,
    value: T,
}

impl<T> AccountCookie<T> {
    /// A cookie whose name ends with `tail`.
    #[must_use]
    pub const fn new(tail: String, value: T) -> Self {
        Self { tail, value }
    }

    /// The last group of a `UUIDv7`, random enough to tell the accounts of one browser apart.
    #[must_use]
    pub fn tail(account: &Id) -> &str {
        account.as_str().rsplit('-').next().unwrap_or_default()
    }

    /// The values for an account. There is one, unless another program on the host planted more.
    pub fn of<'a>(kept: &'a [Self], account: &Id) -> impl Iterator<Item = &'a T> {
        let tail = Self::tail(account).to_owned();
        kept.iter().filter(move |kept| kept.tail == tail).map(|kept| &kept.value).take(MOST_TRIED)
    }
}

/// A browser that signed in to an account: 128 random bits, unchanged while the proof is renewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownBrowser([u8; NONCE]);

impl KnownBrowser {
    /// A new id for an unknown browser.
    ///
    /// # Errors
    /// When the random source fails.
    pub fn new(random: &Random) -> Result<Self, RandomError> {
        Ok(Self(random.bytes()?))
    }

    /// The length of a proof, in characters.
    pub const PROOF_LENGTH: usize = ((NONCE + TIME + TAG) * 4).div_ceil(3);

    /// Whether a text has the length of a proof.
    #[must_use]
    pub const fn has_proof_length(proof: &str) -> bool {
        proof.len() == Self::PROOF_LENGTH
    }

    /// Verifies a proof; `None` if it is invalid, for another account, older than `since`, or expired.
    #[must_use]
    pub fn verify(proof: &str, account: &Id, since: Timestamp, now: Timestamp, keys: &SecretKeys) -> Option<Self> {
        let (known, made_at, tag) = Self::read(proof)?;
        let counts = made_at.as_millisecond() >= since.as_millisecond() && now.duration_since(made_at) < LIFE;
        let genuine =
            keys.subkeys(Purpose::KnownBrowser).any(|key| key.verifies(&known.signed(account, made_at), &tag));
        (counts && genuine).then_some(known)
    }

    /// The unverified creation time of a proof.
    #[must_use]
    pub fn claimed_time(proof: &str) -> Option<Timestamp> {
        Self::read(proof).map(|(_, made_at, _)| made_at)
    }

    fn read(proof: &str) -> Option<(Self, Timestamp, [u8; TAG])> {
        let mut bytes = [0; NONCE + TIME + TAG];
        if URL_SAFE_NO_PAD.decode_slice(proof, &mut bytes).ok()? != bytes.len() {
            return None;
        }
        let (nonce, rest) = bytes.split_first_chunk::<NONCE>()?;
        let (time, tag) = rest.split_first_chunk::<TIME>()?;
        let made_at = Timestamp::from_millisecond(i64::from_be_bytes(*time)).ok()?;
        Some((Self(*nonce), made_at, tag.try_into().ok()?))
    }

    /// A proof for this account, created now.
    #[must_use]
    pub fn proof(&self, account: &Id, now: Timestamp, keys: &SecretKeys) -> String {
        let tag = keys.subkey(Purpose::KnownBrowser).authenticate(&self.signed(account, now));
        URL_SAFE_NO_PAD.encode([&self.0[..], &now.as_millisecond().to_be_bytes(), &tag].concat())
    }

    fn signed(&self, account: &Id, made_at: Timestamp) -> Vec<u8> {
        [&made_at.as_millisecond().to_be_bytes()[..], &self.message(account)].concat()
    }

    /// Identifies the browser and account uniquely.
    #[must_use]
    pub fn message(&self, account: &Id) -> Vec<u8> {
        [&self.0[..], account.as_str().as_bytes()].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> SecretKeys {
        SecretKeys::parse(text).expect("is strong enough")
    }

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + hours * 3600).expect("is a time")
    }

    #[test]
    fn a_proof_is_valid_for_its_account_and_server_only() {
        let ours = keys("q8dPzN1mVxT4sKfWb7YhRj2LcGaEuC9o");
        let others = keys("Zt5wXn0kBv3QyHs8MdUe6FpJiRl1AgT7");
        let (ada, bob) = (Id::stored("ada".to_owned()), Id::stored("bob".to_owned()));
        let browser = KnownBrowser::new(&Random::system()).expect("random bytes");
        let proof = browser.proof(&ada, at(1), &ours);
        let verify = |proof: &str, account, keys| KnownBrowser::verify(proof, account, at(0), at(2), keys);
        assert_eq!(verify(&proof, &ada, &ours), Some(browser));
        assert_eq!(verify(&proof, &bob, &ours), None);
        assert_eq!(verify(&proof, &ada, &others), None);
        // Another nonce, another time, another tag; cut short, and too long.
        let spoil = |at: usize| {
            let other = if proof.as_bytes()[at] == b'A' { "B" } else { "A" };
            [&proof[..at], other, &proof[at + 1..]].concat()
        };
        for forged in [spoil(0), spoil(25), spoil(60), String::new(), proof[1..].to_owned(), format!("{proof}A")] {
            assert_eq!(verify(&forged, &ada, &ours), None, "{forged}");
        }
    }

    #[test]
    fn a_proof_is_valid_for_a_year_and_until_the_password_changes() {
        let keys = keys("q8dPzN1mVxT4sKfWb7YhRj2LcGaEuC9o");
        let ada = Id::stored("ada".to_owned());
        let browser = KnownBrowser::new(&Random::system()).expect("random bytes");
        let proof = browser.proof(&ada, at(1), &keys);
        let counts = |since, now| KnownBrowser::verify(&proof, &ada, at(since), at(now), &keys).is_some();
        assert!(counts(1, 365 * 24));
        assert!(!counts(1, 365 * 24 + 1));
        assert!(!counts(2, 3));
    }
}
