//! The server's secret key: one secret, from which a subkey is derived for each purpose.
//!
//! If one key served two purposes, a weakness in one could break the other, so the secret is never used directly:
//! HKDF-SHA-256 (RFC 5869) derives a subkey for each [`Purpose`]. Several secrets, newest first, allow rotation:
//! the newest is used for new data, all of them for existing data.
//! things are made with the newest, old ones are still recognised.

use std::{fmt, iter};

use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305,
    aead::{Aead as _, Payload},
};
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use super::random::{Random, RandomError};

/// The shortest accepted secret, in bytes.
pub const MIN_LENGTH: usize = 32;

/// Words of example configurations, which no random secret contains.
const PLACEHOLDERS: [&str; 8] =
    ["changeme", "change-me", "change_me", "placeholder", "replace", "example", "your-secret", "doorstep"];

/// The length of the nonce before the ciphertext, in bytes.
const NONCE: usize = 24;

/// The purpose of a subkey. Adding one does not change others; a label must never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Recognizes a database that was used with this secret ([`SecretKeys::fingerprint`]).
    DatabaseFingerprint,
    /// Signs known-browser proofs ([`super::known_browser`]).
    KnownBrowser,
    /// Hashes the subjects of limits ([`super::limits`]).
    LimitKeys,
    /// Hashes recovery codes ([`super::second_factor`]).
    RecoveryCodes,
    /// Seals the secrets of authenticators.
    TotpSecrets,
    /// Seals queued mails.
    Mails,
    /// Hashes user codes of the device flow ([`super::device_grant`]).
    UserCodes,
    /// Seals a device token between its approval and its delivery.
    DeviceTokens,
    /// Signs approval grants of the device flow.
    ApprovalGrants,
    /// Seals refresh tokens that may be returned once more ([`super::access`]).
    SuccessorTokens,
    /// Seals pending password reset requests.
    PasswordRequests,
    /// Seals the SSO state cookie.
    SsoStates,
    /// Seals the refresh tokens of SSO providers.
    ProviderTokens,
    /// Signs the portal's cookie ([`super::portal`]).
    PortalSessions,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::DatabaseFingerprint => b"doorstep database fingerprint v1",
            Self::KnownBrowser => b"doorstep known browser v1",
            Self::LimitKeys => b"doorstep limit keys v1",
            Self::RecoveryCodes => b"doorstep recovery codes v1",
            Self::TotpSecrets => b"doorstep totp secrets v1",
            Self::Mails => b"doorstep mails v1",
            Self::UserCodes => b"doorstep user codes v1",
            Self::DeviceTokens => b"doorstep device tokens v1",
            Self::ApprovalGrants => b"doorstep approval grants v1",
            Self::SuccessorTokens => b"doorstep successor tokens v1",
            Self::PasswordRequests => b"doorstep password requests v1",
            Self::SsoStates => b"doorstep sso states v1",
            Self::ProviderTokens => b"doorstep provider tokens v1",
            Self::PortalSessions => b"doorstep portal sessions v1",
        }
    }
}

/// The secrets of this server, newest first; at least one.
#[derive(Clone)]
pub struct SecretKeys {
    newest: Vec<u8>,
    older: Vec<Vec<u8>>,
}

/// Why a secret is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// There is no secret.
    #[error("it contains no secret")]
    Missing,
    /// It is too short.
    #[error("secret {0} is shorter than {MIN_LENGTH} bytes")]
    TooShort(usize),
    /// It comes from an example.
    #[error("secret {0} looks like a placeholder; generate one with: openssl rand -base64 32")]
    Placeholder(usize),
}

impl SecretKeys {
    /// Parses secrets, one per line, newest first; blank lines and lines that begin with `#` are skipped.
    ///
    /// # Errors
    /// When there is none, or one is too weak. The number in the error counts the secrets from 1.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let mut secrets = Vec::new();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let number = secrets.len() + 1;
            if line.len() < MIN_LENGTH {
                return Err(KeyError::TooShort(number));
            }
            if is_placeholder(line) {
                return Err(KeyError::Placeholder(number));
            }
            secrets.push(line.as_bytes().to_vec());
        }
        let mut secrets = secrets.into_iter();
        let newest = secrets.next().ok_or(KeyError::Missing)?;
        Ok(Self { newest, older: secrets.collect() })
    }

    /// The subkey of the newest secret, for new data.
    #[must_use]
    pub fn subkey(&self, purpose: Purpose) -> Subkey {
        Subkey::derive(&self.newest, purpose)
    }

    /// The subkeys of all secrets, newest first, for existing data.
    pub fn subkeys(&self, purpose: Purpose) -> impl Iterator<Item = Subkey> {
        iter::once(&self.newest).chain(&self.older).map(move |secret| Subkey::derive(secret, purpose))
    }

    /// Encrypts data (XChaCha20-Poly1305) with the newest secret. `place` identifies where it will be stored, such
    /// as a row's id: elsewhere it can't be decrypted.
    ///
    /// # Errors
    /// When the random source fails.
    pub fn seal(&self, purpose: Purpose, place: &[u8], plain: &[u8], random: &Random) -> Result<Vec<u8>, RandomError> {
        self.subkey(purpose).seal(place, plain, random)
    }

    /// Decrypts data; `None` if none of the secrets sealed it for this purpose and place.
    #[must_use]
    pub fn open(&self, purpose: Purpose, place: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        self.subkeys(purpose).find_map(|key| key.open(place, sealed))
    }

    /// A value by which a database recognizes its secret without containing it.
    #[must_use]
    pub fn fingerprint(&self) -> Vec<u8> {
        self.subkey(Purpose::DatabaseFingerprint).authenticate(b"database")
    }

    /// Whether one of the secrets has this fingerprint.
    #[must_use]
    pub fn knows(&self, fingerprint: &[u8]) -> bool {
        self.subkeys(Purpose::DatabaseFingerprint).any(|key| key.verifies(b"database", fingerprint))
    }
}

impl fmt::Debug for SecretKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKeys({})", 1 + self.older.len())
    }
}

fn is_placeholder(secret: &str) -> bool {
    let lower = secret.to_lowercase();
    let mut distinct = lower.as_bytes().to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    distinct.len() < 8 || PLACEHOLDERS.iter().any(|word| lower.contains(word))
}

/// A key of 256 bits for one purpose.
#[derive(Clone)]
pub struct Subkey([u8; 32]);

impl Subkey {
    fn derive(secret: &[u8], purpose: Purpose) -> Self {
        let mut key = [0; 32];
        // Expanding to 32 bytes can't fail: the limit is 255 times the hash's length (RFC 5869 §2.3).
        let expanded = Hkdf::<Sha256>::new(None, secret).expand(purpose.label(), &mut key);
        debug_assert!(expanded.is_ok());
        Self(key)
    }

    /// HMAC-SHA-256 of a message under this key.
    #[must_use]
    pub fn authenticate(&self, message: &[u8]) -> Vec<u8> {
        self.mac(message).finalize().into_bytes().to_vec()
    }

    /// Whether a tag belongs to a message, in constant time.
    #[must_use]
    pub fn verifies(&self, message: &[u8], tag: &[u8]) -> bool {
        self.mac(message).verify_slice(tag).is_ok()
    }

    /// The random nonce of 192 bits, followed by the ciphertext.
    fn seal(&self, place: &[u8], plain: &[u8], random: &Random) -> Result<Vec<u8>, RandomError> {
        let nonce: [u8; NONCE] = random.bytes()?;
        let payload = Payload { msg: plain, aad: place };
        // Fails only for more than 256 GiB.
        let sealed = self.cipher().encrypt(&nonce.into(), payload).map_err(|_| RandomError)?;
        Ok([&nonce[..], &sealed].concat())
    }

    fn open(&self, place: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
        self.cipher().decrypt(&(*nonce).into(), Payload { msg: sealed, aad: place }).ok()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.0.into())
    }

    fn mac(&self, message: &[u8]) -> Hmac<Sha256> {
        // RFC 2104 §2: a key shorter than the hash's block is padded with zeros.
        let mut block = [0; 64];
        for (padded, byte) in block.iter_mut().zip(self.0) {
            *padded = byte;
        }
        let mut mac = Hmac::<Sha256>::new(&block.into());
        mac.update(message);
        mac
    }
}

impl fmt::Debug for Subkey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Subkey([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "q8dPzN1mVxT4sKfWb7YhRj2LcGaEuC9o";
    const NEW: &str = "Zt5wXn0kBv3QyHs8MdUe6FpJiRl1AgT7";

    #[test]
    fn weak_secrets_are_refused() {
        assert_eq!(SecretKeys::parse("\n# only a comment\n").unwrap_err(), KeyError::Missing);
        assert_eq!(SecretKeys::parse(&OLD[1..]).unwrap_err(), KeyError::TooShort(1));
        for placeholder in ["changeme-changeme-changeme-changeme", &"ab".repeat(40), &"0".repeat(64)] {
            let both = format!("{OLD}\n{placeholder}");
            assert_eq!(SecretKeys::parse(&both).unwrap_err(), KeyError::Placeholder(2), "{placeholder}");
        }
    }

    #[test]
    fn after_a_rotation_old_fingerprints_are_still_recognized() {
        let old = SecretKeys::parse(OLD).expect("is strong enough");
        let rotated = SecretKeys::parse(&format!("# newest first\n{NEW}\n{OLD}\n")).expect("is strong enough");
        let new = SecretKeys::parse(NEW).expect("is strong enough");
        assert!(rotated.knows(&old.fingerprint()));
        assert!(new.knows(&rotated.fingerprint()));
        assert!(!new.knows(&old.fingerprint()));
        assert!(!new.knows(b""));
    }

    #[test]
    fn sealed_data_opens_only_with_its_key_purpose_and_place() {
        let old = SecretKeys::parse(OLD).expect("is strong enough");
        let new = SecretKeys::parse(NEW).expect("is strong enough");
        let rotated = SecretKeys::parse(&format!("{NEW}\n{OLD}")).expect("is strong enough");
        let sealed = old.seal(Purpose::TotpSecrets, b"ada", b"plain", &Random::system()).expect("random bytes");
        let again = old.seal(Purpose::TotpSecrets, b"ada", b"plain", &Random::system()).expect("random bytes");
        assert_ne!(sealed, again);
        for keys in [&old, &rotated] {
            assert_eq!(keys.open(Purpose::TotpSecrets, b"ada", &sealed).as_deref(), Some(&b"plain"[..]));
        }
        let mut spoiled = sealed.clone();
        spoiled[NONCE] ^= 1;
        assert_eq!(new.open(Purpose::TotpSecrets, b"ada", &sealed), None);
        assert_eq!(old.open(Purpose::LimitKeys, b"ada", &sealed), None);
        assert_eq!(old.open(Purpose::TotpSecrets, b"bob", &sealed), None);
        assert_eq!(old.open(Purpose::TotpSecrets, b"ada", &spoiled), None);
        assert_eq!(old.open(Purpose::TotpSecrets, b"ada", b"short"), None);
    }

    #[test]
    fn keys_are_not_printed() {
        let keys = SecretKeys::parse(OLD).expect("is strong enough");
        assert_eq!(format!("{keys:?}"), "SecretKeys(1)");
        assert_eq!(format!("{:?}", keys.subkey(Purpose::DatabaseFingerprint)), "Subkey([redacted])");
    }
}
