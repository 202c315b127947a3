//! Two-factor authentication: codes, lifetimes, and recovery codes.

use doorstep_contract::typed;
use jiff::SignedDuration;

use super::{
    id::Id,
    random::{Random, RandomError},
    secret_key::{Purpose, SecretKeys},
};

/// How long a sign-in waits for its second step.
pub const CHALLENGE_LIFE: SignedDuration = SignedDuration::from_mins(5);
/// The number of codes that may be tried in it.
pub const CHALLENGE_ATTEMPTS: u32 = 5;
/// How long a new secret waits for its first code.
pub const ENROLMENT_LIFE: SignedDuration = SignedDuration::from_mins(10);
/// How long a browser is trusted.
pub const TRUST_LIFE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// After this many wrong codes in a row, one-time codes are blocked: an attacker with the password and enough time
/// could guess six digits (ASVS 6.3.1).
pub const MAX_WRONG: u32 = 100;

/// The number of recovery codes of an account.
pub const RECOVERY_CODES: usize = 10;
/// The letters of a recovery code: 24 of 32 are 120 bits. From 112 bits on, a plain hash suffices (ASVS 6.5.2).
const LETTERS: usize = 24;
/// The letters per group.
const GROUP: usize = 4;
/// Without characters that look alike: no l and 1, no o and 0.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// A typed code, recognized by its shape.
#[derive(Debug)]
pub enum Code {
    /// A one-time code: six digits.
    Totp(String),
    /// A recovery code.
    Recovery(RecoveryCode),
}

impl Code {
    /// Parses typed text in any width, or pasted with its label; `None` if it can't be a code. Spaces and dashes
    /// are ignored: apps show `123 456`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plain = typed::code(text).to_ascii_lowercase();
        if plain.len() == LETTERS && plain.bytes().all(|byte| ALPHABET.contains(&byte)) {
            return Some(Self::Recovery(RecoveryCode(plain)));
        }
        typed::one_time_code(text).map(Self::Totp)
    }
}

/// A code for signing in once after losing the authenticator.
pub struct RecoveryCode(String);

impl RecoveryCode {
    /// A new set of codes.
    ///
    /// # Errors
    /// When the random source fails.
    pub fn new_set(random: &Random) -> Result<Vec<Self>, RandomError> {
        (0..RECOVERY_CODES).map(|_| random.text(LETTERS, ALPHABET).map(Self)).collect()
    }

    /// The code as displayed, in groups.
    #[must_use]
    pub fn reveal(&self) -> String {
        let mut shown = String::with_capacity(LETTERS + LETTERS / GROUP);
        for (index, letter) in self.0.chars().enumerate() {
            if index > 0 && index % GROUP == 0 {
                shown.push('-');
            }
            shown.push(letter);
        }
        shown
    }

    /// The hash to store for this account.
    #[must_use]
    pub fn hash(&self, account: &Id, keys: &SecretKeys) -> Vec<u8> {
        keys.subkey(Purpose::RecoveryCodes).authenticate(&self.message(account))
    }

    /// The hashes by each configured secret, one of which may be stored.
    #[must_use]
    pub fn hashes(&self, account: &Id, keys: &SecretKeys) -> Vec<Vec<u8>> {
        keys.subkeys(Purpose::RecoveryCodes).map(|key| key.authenticate(&self.message(account))).collect()
    }

    fn message(&self, account: &Id) -> Vec<u8> {
        [account.as_str().as_bytes(), b":", self.0.as_bytes()].concat()
    }
}

impl std::fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryCode([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_recognized_by_its_shape() {
        for text in ["123456", "123 456", " 123-456\n", "１２３４５６", "\u{feff}123\u{2013}456"] {
            assert!(matches!(Code::parse(text), Some(Code::Totp(digits)) if digits == "123456"), "{text:?}");
        }
        for text in ["", "12345", "1234567", "abcd-efgh-ijkm-npqr-stuv-wxy", "abcd-efgh-ijkm-npqr-stuv-wxyl", "é"] {
            assert!(Code::parse(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn a_recovery_code_is_read_in_any_case_and_grouping() {
        let keys = SecretKeys::parse("q8dPzN1mVxT4sKfWb7YhRj2LcGaEuC9o").expect("is strong enough");
        let (ada, bob) = (Id::stored("ada".to_owned()), Id::stored("bob".to_owned()));
        let code = RecoveryCode("abcdefgh23456789ijkmnpqr".to_owned());
        assert_eq!(code.reveal(), "abcd-efgh-2345-6789-ijkm-npqr");
        for text in [
            "abcd-efgh-2345-6789-ijkm-npqr",
            "ABCDEFGH23456789IJKMNPQR",
            " abcd EFGH 2345\t6789ijkm-NPQR ",
            "ａｂｃｄ–efgh–２３４５6789ijkmnpqr",
        ] {
            let Some(Code::Recovery(read)) = Code::parse(text) else { panic!("{text:?} is none") };
            assert_eq!(read.hash(&ada, &keys), code.hash(&ada, &keys), "{text:?}");
            assert_ne!(read.hash(&bob, &keys), code.hash(&ada, &keys));
        }
    }

    #[test]
    fn a_recovery_code_is_valid_after_a_rotation_of_the_secret() {
        let old = SecretKeys::parse("q8dPzN1mVxT4sKfWb7YhRj2LcGaEuC9o").expect("is strong enough");
        let both = "Zt5wXn0kBv3QyHs8MdUe6FpJiRl1AgT7\nq8dPzN1mVxT4sKfWb7YhRj2LcGaEuC9o";
        let both = SecretKeys::parse(both).expect("is strong enough");
        let ada = Id::stored("ada".to_owned());
        let code = RecoveryCode("abcdefgh23456789ijkmnpqr".to_owned());
        assert!(code.hashes(&ada, &both).contains(&code.hash(&ada, &old)));
    }

    #[test]
    fn a_set_is_ten_codes_of_120_bits() {
        let set = RecoveryCode::new_set(&Random::system()).expect("random bytes");
        let mut shown: Vec<String> = set.iter().map(RecoveryCode::reveal).collect();
        assert!(shown.iter().all(|code| code.len() == 29 && matches!(Code::parse(code), Some(Code::Recovery(_)))));
        assert_eq!(usize::BITS - ALPHABET.len().leading_zeros() - 1, 5);
        shown.sort_unstable();
        shown.dedup();
        assert_eq!(shown.len(), 10);
    }
}
