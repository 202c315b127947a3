//! Known browsers: a browser that has signed in to an account keeps a signed proof of it, so that strangers who guess
//! at the account can't keep its owner out (OWASP, "Slow down online guessing attacks with device cookies").
//!
//! The proof opens nothing. It only gives its browser a bucket of its own ([`super::limits`]).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{
    id::Id,
    random::{Random, RandomError},
    secret_key::{Purpose, SecretKeys},
};

const NONCE: usize = 16;
const TAG: usize = 32;

/// A browser that has signed in to an account: 128 random bits, the same for as long as the proof is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownBrowser([u8; NONCE]);

impl KnownBrowser {
    /// A browser that was not known before.
    ///
    /// # Errors
    /// When there are no random bytes.
    pub fn new(random: &Random) -> Result<Self, RandomError> {
        Ok(Self(random.bytes()?))
    }

    /// Reads a proof; `None` when it is not one for this account.
    #[must_use]
    pub fn verify(proof: &str, account: &Id, keys: &SecretKeys) -> Option<Self> {
        let mut bytes = [0; NONCE + TAG];
        if URL_SAFE_NO_PAD.decode_slice(proof, &mut bytes).ok()? != bytes.len() {
            return None;
        }
        let (nonce, tag) = bytes.split_first_chunk::<NONCE>()?;
        let known = Self(*nonce);
        keys.subkeys(Purpose::KnownBrowser).any(|key| key.verifies(&known.message(account), tag)).then_some(known)
    }

    /// The proof for this account.
    #[must_use]
    pub fn proof(&self, account: &Id, keys: &SecretKeys) -> String {
        let tag = keys.subkey(Purpose::KnownBrowser).authenticate(&self.message(account));
        URL_SAFE_NO_PAD.encode([&self.0[..], &tag].concat())
    }

    /// What tells one browser and account from all others.
    #[must_use]
    pub fn message(&self, account: &Id) -> Vec<u8> {
        [&self.0[..], account.as_str().as_bytes()].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_counts_for_its_account_and_its_server_alone() {
        let keys = SecretKeys::parse("q8dPzN1mVxT4sKfWb7YhRj2LcGaEuC9o").expect("is strong");
        let others = SecretKeys::parse("Zt5wXn0kBv3QyHs8MdUe6FpJiRl1AgT7").expect("is strong");
        let (ada, bob) = (Id::stored("ada".to_owned()), Id::stored("bob".to_owned()));
        let browser = KnownBrowser::new(&Random::system()).expect("has bytes");
        let proof = browser.proof(&ada, &keys);
        assert_eq!(KnownBrowser::verify(&proof, &ada, &keys), Some(browser));
        assert_eq!(KnownBrowser::verify(&proof, &bob, &keys), None);
        assert_eq!(KnownBrowser::verify(&proof, &ada, &others), None);
        for forged in ["", "x", &proof[1..], &format!("{proof}A"), &proof.replacen(|_: char| true, "A", 1)] {
            assert!(forged == proof || KnownBrowser::verify(forged, &ada, &keys).is_none(), "{forged}");
        }
    }
}
