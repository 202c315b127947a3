//! Hashing passwords with Argon2id.

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::{
        Error,
        phc::{Output, ParamsString, PasswordHash, Salt},
    },
};

use super::random::{Random, RandomError};

/// The alphabet of generated passwords, without characters that look alike.
const ALPHABET: &[u8] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Hashes and checks passwords.
///
/// A check takes 19 MiB and some tens of milliseconds: callers run it off the async threads, limit how many run at
/// once, and provide the [`Memory`], which is reused.
#[derive(Debug, Clone)]
pub struct PasswordHasher {
    argon2: Argon2<'static>,
    decoy: String,
}

/// The memory that Argon2 fills. It grows to what a check needs, and is kept for the next one.
#[derive(Debug, Default)]
pub struct Memory(Vec<Block>);

impl Memory {
    fn of(&mut self, params: &Params) -> &mut [Block] {
        let count = params.block_count();
        if self.0.len() < count {
            // Allocate exactly: growing by doubling would waste memory.
            self.0 = vec![Block::new(); count];
        }
        &mut self.0
    }

    /// Whether no memory is allocated.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Hashing a password failed.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// The random source failed to provide a salt.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// Argon2 failed: invalid parameters, or a hash that can't be encoded.
    #[error("Argon2: {0}")]
    Argon2(#[from] Error),
}

/// The result of checking a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the password is right.
    pub matches: bool,
    /// Whether the hash has weaker parameters than today's and should be replaced.
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
        hasher.decoy = hasher.hash(&random.text(20, ALPHABET)?, random, &mut Memory::default())?;
        Ok(hasher)
    }

    /// Hashes a password, as a PHC string.
    ///
    /// # Errors
    /// When the random source fails.
    pub fn hash(&self, password: &str, random: &Random, memory: &mut Memory) -> Result<String, HashError> {
        let salt = Salt::new(&random.bytes::<16>()?).map_err(Error::from)?;
        let hash = PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(self.argon2.params())?,
            salt: Some(salt),
            hash: Some(output(&self.argon2, password, &salt, Params::DEFAULT_OUTPUT_LEN, memory)?),
        };
        Ok(hash.to_string())
    }

    /// A valid hash that no known password matches, to disable signing in with a password.
    ///
    /// # Errors
    /// When the random source fails.
    pub fn unusable(&self, random: &Random) -> Result<String, HashError> {
        let hash = PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(self.argon2.params())?,
            salt: Some(Salt::new(&random.bytes::<16>()?).map_err(Error::from)?),
            hash: Some(Output::new(&random.bytes::<{ Params::DEFAULT_OUTPUT_LEN }>()?).map_err(Error::from)?),
        };
        Ok(hash.to_string())
    }

    /// Checks a password against a stored hash. Without one it checks against a decoy and reports a mismatch, so
    /// that a missing account takes as long as an existing one (ASVS 6.3.8).
    #[must_use]
    pub fn verify(&self, password: &str, stored: Option<&str>, memory: &mut Memory) -> Verdict {
        let hash = PasswordHash::new(stored.unwrap_or(&self.decoy));
        let Ok(hash) = hash else {
            return Verdict { matches: false, outdated: false };
        };
        let matches = is_hash_of(&hash, password, memory).unwrap_or(false) && stored.is_some();
        Verdict { matches, outdated: self.is_outdated(&hash) }
    }

    fn is_outdated(&self, hash: &PasswordHash) -> bool {
        let today = self.argon2.params();
        hash.algorithm.as_str() != Algorithm::Argon2id.as_str()
            || Params::try_from(hash)
                .map_or(true, |then| then.m_cost() < today.m_cost() || then.t_cost() < today.t_cost())
    }
}

/// Hashes a password with the parameters of a stored hash, and compares in constant time. `None` when the stored
/// hash is not an Argon2 hash.
fn is_hash_of(hash: &PasswordHash, password: &str, memory: &mut Memory) -> Option<bool> {
    let algorithm = Algorithm::try_from(hash.algorithm.as_str()).ok()?;
    let version = hash.version.map_or(Ok(Version::default()), Version::try_from).ok()?;
    let argon2 = Argon2::new(algorithm, version, Params::try_from(hash).ok()?);
    let (salt, expected) = (hash.salt?, hash.hash?);
    Some(output(&argon2, password, &salt, expected.len(), memory).ok()? == expected)
}

fn output(argon2: &Argon2<'_>, password: &str, salt: &[u8], len: usize, memory: &mut Memory) -> Result<Output, Error> {
    let mut out = vec![0; len];
    argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut out, memory.of(argon2.params()))?;
    Ok(Output::new(&out)?)
}

/// A generated password: 20 letters and digits in groups of five, 100 bits.
///
/// # Errors
/// When the random source fails.
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
        let hash = hasher.hash("correct horse", &Random::system(), &mut Memory::default()).expect("hashes");
        assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{hash}");
        assert!(hasher.verify("correct horse", Some(&hash), &mut Memory::default()).matches);
        assert!(!hasher.verify("correct horse ", Some(&hash), &mut Memory::default()).matches);
        assert!(!hasher.verify("", Some(&hash), &mut Memory::default()).matches);
    }

    #[test]
    fn reused_memory_does_not_affect_hashes() {
        let mut memory = Memory::default();
        let hash = hasher(64).hash("one", &Random::system(), &mut memory).expect("hashes");
        // Larger, then smaller again, so that blocks of both remain in memory.
        let other = hasher(128).hash("another", &Random::system(), &mut memory).expect("hashes");
        assert!(hasher(64).verify("one", Some(&hash), &mut memory).matches);
        assert!(hasher(64).verify("another", Some(&other), &mut memory).matches);
        assert!(!hasher(64).verify("another", Some(&hash), &mut memory).matches);
        assert_eq!(memory.0.len(), 128);
    }

    #[test]
    fn no_hash_and_a_broken_hash_match_nothing() {
        let hasher = hasher(64);
        assert!(!hasher.verify("x", None, &mut Memory::default()).matches);
        assert!(!hasher.verify("x", Some("not a hash"), &mut Memory::default()).matches);
    }

    #[test]
    fn a_hash_of_weaker_parameters_is_outdated() {
        let hash = hasher(64).hash("x", &Random::system(), &mut Memory::default()).expect("hashes");
        let stronger = hasher(128);
        assert_eq!(
            stronger.verify("x", Some(&hash), &mut Memory::default()),
            Verdict { matches: true, outdated: true }
        );
        assert!(!hasher(64).verify("x", Some(&hash), &mut Memory::default()).outdated);
    }

    #[test]
    fn generated_passwords_are_long_and_never_the_same() {
        let random = Random::system();
        let (one, other) = (generate(&random).expect("random bytes"), generate(&random).expect("random bytes"));
        assert_eq!(one.len(), 23);
        assert_ne!(one, other);
    }
}
