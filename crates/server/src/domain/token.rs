//! Opaque bearer tokens.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use doorstep_contract::secret::Secret;
use sha2::{Digest as _, Sha256};

use super::random::{Random, RandomError};

/// 256 random bits, base64url. The client gets it once; the database has its [`TokenHash`].
pub struct Token([u8; 32]);

impl Token {
    /// A new token.
    ///
    /// # Errors
    /// When the random source fails.
    pub fn new(random: &Random) -> Result<Self, RandomError> {
        Ok(Self(random.bytes()?))
    }

    /// Parses a token; `None` if it is malformed.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        // 43 characters are 258 bits: the decoder refuses spare bits that are not zero, so that each token has one
        // encoding.
        let length = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
        (length == bytes.len()).then_some(Self(bytes))
    }

    /// The token as the client sends it.
    #[must_use]
    pub fn reveal(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The token for a response.
    #[must_use]
    pub fn to_wire(&self) -> Secret {
        Secret::new(self.reveal())
    }

    /// The hash stored in the database.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(&self.0)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token([redacted])")
    }
}

/// SHA-256 of a token. A plain hash suffices for 256 random bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// The hash of a token of another length.
    pub(super) fn of(token: &[u8]) -> Self {
        Self(Sha256::digest(token).into())
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_one_encoding() {
        let token = Token([7; 32]);
        let text = token.reveal();
        assert_eq!(Token::parse(&text).expect("is a token").hash(), token.hash());
        // The last character holds two spare bits: `s` is 44, 101100.
        let respelled = text.replace(|last: char| text.ends_with(last), "t");
        assert!(Token::parse(&respelled).is_none());
    }

    #[test]
    fn malformed_tokens_are_refused() {
        for text in ["", "x", "ä", "AAAA", &"A".repeat(42), &"A".repeat(44), &"A".repeat(5000), "\0"] {
            assert!(Token::parse(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn a_token_is_not_printed() {
        let token = Token([7; 32]);
        assert_eq!(format!("{token:?} {:?}", token.to_wire()), "Token([redacted]) [redacted]");
    }
}
