//! Tokens for programs, used instead of the session cookie: short-lived access tokens, and refresh tokens for one
//! use (RFC 9700 §2.2.2, §4.14.2). They belong to a session and end with it.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};

use super::{
    random::{Random, RandomError},
    token::{Token, TokenHash},
};

/// Lifetime of an access token.
pub const ACCESS_LIFE: SignedDuration = SignedDuration::from_mins(15);
/// Lifetime of an unused refresh token.
pub const REFRESH_LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long a used refresh token is still accepted: two tabs may refresh at once, or a response may be lost.
pub const REUSE_GRACE: SignedDuration = SignedDuration::from_secs(10);
/// How long an expired access token is recognized as expired rather than unknown.
pub const EXPIRED_MEMORY: SignedDuration = SignedDuration::from_hours(24);

/// How tokens are delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Both in the body.
    Json,
    /// The refresh token in a cookie, the access token in the body.
    Cookie,
    /// One token in a cookie, which serves as both.
    Session,
}

impl Mode {
    /// The name in requests and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Cookie => "cookie",
            Self::Session => "session",
        }
    }

    /// Parses the name.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Json, Self::Cookie, Self::Session].into_iter().find(|mode| mode.as_str() == word)
    }
}

/// 384 random bits: 64 characters of base64url. The client gets it once; the database has its hash.
pub struct RefreshToken([u8; 48]);

impl RefreshToken {
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
        let mut bytes = [0; 48];
        let length = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
        (length == bytes.len()).then_some(Self(bytes))
    }

    /// From its bytes; `None` if their number is wrong.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Its bytes, to be sealed.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The token as the client sends it.
    #[must_use]
    pub fn reveal(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The hash stored in the database.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(&self.0)
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken([redacted])")
    }
}

/// Tokens created for a session.
#[derive(Debug)]
pub struct Issued {
    /// How they are delivered.
    pub mode: Mode,
    /// The access token; `None` in session mode, where the refresh token serves as both.
    pub access: Option<Token>,
    /// The refresh token.
    pub refresh: RefreshToken,
}

impl Issued {
    /// New tokens.
    ///
    /// # Errors
    /// When the random source fails.
    pub fn new(mode: Mode, random: &Random) -> Result<Self, RandomError> {
        let access = match mode {
            Mode::Json | Mode::Cookie => Some(Token::new(random)?),
            Mode::Session => None,
        };
        Ok(Self { mode, access, refresh: RefreshToken::new(random)? })
    }

    /// The hashes and expiry times to store.
    #[must_use]
    pub fn to_store(&self, now: Timestamp) -> IssuedHashes {
        let refresh = self.refresh.hash();
        let after = |life| now.checked_add(life).unwrap_or(Timestamp::MAX);
        IssuedHashes {
            access: self.access.as_ref().map_or(refresh, Token::hash),
            access_until: after(ACCESS_LIFE),
            refresh,
            refresh_until: after(REFRESH_LIFE),
        }
    }
}

/// See [`Issued::to_store`].
#[derive(Debug, Clone, Copy)]
pub struct IssuedHashes {
    /// The hash of the access token.
    pub access: TokenHash,
    /// Its expiry.
    pub access_until: Timestamp,
    /// The hash of the refresh token.
    pub refresh: TokenHash,
    /// Its expiry.
    pub refresh_until: Timestamp,
}

/// The hash of a presented access token; `None` if it is malformed.
#[must_use]
pub fn presented(text: &str) -> Option<TokenHash> {
    Token::parse(text).map(|token| token.hash()).or_else(|| RefreshToken::parse(text).map(|token| token.hash()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refresh_token_is_64_characters_with_one_spelling() {
        let token = RefreshToken::new(&Random::system()).expect("random bytes");
        let text = token.reveal();
        assert_eq!(text.len(), 64);
        assert_eq!(RefreshToken::parse(&text).expect("is valid").hash(), token.hash());
        for text in ["", "x", &text[1..], &format!("{text}A"), &"ä".repeat(32), &"A".repeat(5000)] {
            assert!(RefreshToken::parse(text).is_none(), "{text}");
        }
        assert_eq!(format!("{token:?}"), "RefreshToken([redacted])");
    }

    #[test]
    fn in_session_mode_one_token_serves_as_both() {
        let hashes = |mode| Issued::new(mode, &Random::system()).expect("random bytes").to_store(Timestamp::UNIX_EPOCH);
        let session = hashes(Mode::Session);
        assert_eq!(session.access, session.refresh);
        let json = hashes(Mode::Json);
        assert_ne!(json.access, json.refresh);
        assert!(session.access_until < session.refresh_until);
    }
}
