//! Passwords, hashed with Argon2id.

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version, password_hash::phc::PasswordHash,
};

use super::random::{Random, RandomError};

/// The letters of generated passwords: none that is easily taken for another.
const ALPHABET: &[u8] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Hashes and checks passwords.
///
/// One check takes 19 MiB and some tens of milliseconds: callers run it off the async threads and bound how many run
/// at once.
#[derive(Debug, Clone)]
pub struct PasswordHasher {
    argon2: Argon2<'static>,
    decoy: String,
}

/// A password could not be hashed.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// There are no random bytes for the salt.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// Argon2 refused, for want of memory or for parameters that do not fit.
    #[error("Argon2: {0}")]
    Argon2(argon2::password_hash::Error),
}

/// What the check of a password found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it is the right one.
    pub matches: bool,
    /// Whether its hash was made with weaker parameters than today's, so that it should be made anew.
    pub outdated: bool,
}

impl PasswordHasher {
    /// Argon2id with OWASP's parameters: 19 MiB, two passes, one lane.
    ///
    /// # Errors
    /// When the decoy can't be hashed.
    pub fn new(random: &Random) -> Result<Self, HashError> {
        Self::with_params(Params::DEFAULT, random)
    }

    fn with_params(params: Params, random: &Random) -> Result<Self, HashError> {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut hasher = Self { argon2, decoy: String::new() };
        hasher.decoy = hasher.hash(&random.text(20, ALPHABET)?, random)?;
        Ok(hasher)
    }

    /// The hash of a password, as a PHC string.
    ///
    /// # Errors
    /// When there are no random bytes for a salt, or no memory.
    pub fn hash(&self, password: &str, random: &Random) -> Result<String, HashError> {
        let salt: [u8; 16] = random.bytes()?;
        let hash = self.argon2.hash_password_with_salt(password.as_bytes(), &salt).map_err(HashError::Argon2)?;
        Ok(hash.to_string())
    }

    /// Checks a password against a stored hash. Without one it checks against a decoy and says no: an account that
    /// does not exist takes as long as one that does (ASVS 6.3.8).
    #[must_use]
    pub fn verify(&self, password: &str, stored: Option<&str>) -> Verdict {
        let hash = PasswordHash::new(stored.unwrap_or(&self.decoy));
        let Ok(hash) = hash else {
            return Verdict { matches: false, outdated: false };
        };
        let matches = self.argon2.verify_password(password.as_bytes(), &hash).is_ok() && stored.is_some();
        Verdict { matches, outdated: self.is_outdated(&hash) }
    }

    fn is_outdated(&self, hash: &PasswordHash) -> bool {
        let today = self.argon2.params();
        hash.algorithm.as_str() != Algorithm::Argon2id.as_str()
            || Params::try_from(hash)
                .map_or(true, |then| then.m_cost() < today.m_cost() || then.t_cost() < today.t_cost())
    }
}

/// A password that nobody has to think of: 20 letters and digits in groups of five, 100 bits.
///
/// # Errors
/// When there are no random bytes.
pub fn generate(random: &Random) -> Result<String, RandomError> {
    let groups: Result<Vec<String>, _> = (0..4).map(|_| random.text(5, ALPHABET)).collect();
    Ok(groups?.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hasher(m_cost: u32) -> PasswordHasher {
        let params = Params::new(m_cost, 1, 1, None).expect("fits");
        PasswordHasher::with_params(params, &Random::system()).expect("hashes")
    }

    #[test]
    fn a_password_matches_its_own_hash_alone() {
        let hasher = hasher(64);
        let hash = hasher.hash("correct horse", &Random::system()).expect("hashes");
        assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{hash}");
        assert!(hasher.verify("correct horse", Some(&hash)).matches);
        assert!(!hasher.verify("correct horse ", Some(&hash)).matches);
        assert!(!hasher.verify("", Some(&hash)).matches);
    }

    #[test]
    fn no_hash_and_a_broken_hash_match_nothing() {
        let hasher = hasher(64);
        assert!(!hasher.verify("x", None).matches);
        assert!(!hasher.verify("x", Some("not a hash")).matches);
    }

    #[test]
    fn a_hash_of_weaker_parameters_is_outdated() {
        let hash = hasher(64).hash("x", &Random::system()).expect("hashes");
        let stronger = hasher(128);
        assert_eq!(stronger.verify("x", Some(&hash)), Verdict { matches: true, outdated: true });
        assert!(!hasher(64).verify("x", Some(&hash)).outdated);
    }

    #[test]
    fn generated_passwords_are_long_and_never_the_same() {
        let random = Random::system();
        let (one, other) = (generate(&random).expect("has bytes"), generate(&random).expect("has bytes"));
        assert_eq!(one.len(), 23);
        assert_ne!(one, other);
    }
}
