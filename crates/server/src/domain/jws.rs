//! Signed envelopes: compact JWS (RFC 7515) with HMAC-SHA-256 only.
//!
//! Used for messages between two systems, and of this server to itself through a browser. The reader specifies key
//! and audience; the envelope's own claims are only compared with them (RFC 8725 §3.1): `alg` must be `HS256`,
//! `kid` the key's name, `aud` the audience. So an envelope for one purpose is never valid for another.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::Sha256;

use super::secret_key::{KeyError, MIN_LENGTH, Subkey};

/// The longest envelope accepted, in bytes.
const LONGEST: usize = 8 * 1024;
/// How far the clock of the other system may be ahead.
const AHEAD: SignedDuration = SignedDuration::from_secs(60);
const ALGORITHM: &str = "HS256";

/// A signing key.
pub trait Key {
    /// HMAC-SHA-256 of a message.
    fn authenticate(&self, message: &[u8]) -> Vec<u8>;
    /// Whether a tag belongs to a message, in constant time.
    fn verifies(&self, message: &[u8], tag: &[u8]) -> bool;
}

impl Key for Subkey {
    fn authenticate(&self, message: &[u8]) -> Vec<u8> {
        Self::authenticate(self, message)
    }

    fn verifies(&self, message: &[u8], tag: &[u8]) -> bool {
        Self::verifies(self, message, tag)
    }
}

/// A key shared with another system. It is used directly, so that the other system can use any library.
#[derive(Clone)]
pub struct SharedKey(Vec<u8>);

impl SharedKey {
    /// Parses the text of a key file; surrounding white space is ignored.
    ///
    /// # Errors
    /// When it is shorter than the hash (RFC 7518 §3.2).
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        match text.trim().as_bytes() {
            [] => Err(KeyError::Missing),
            bytes if bytes.len() < MIN_LENGTH => Err(KeyError::TooShort(1)),
            bytes => Ok(Self(bytes.to_vec())),
        }
    }

    fn mac(&self, message: &[u8]) -> Option<Hmac<Sha256>> {
        // HMAC accepts keys of any length (RFC 2104).
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(message);
        Some(mac)
    }
}

impl Key for SharedKey {
    fn authenticate(&self, message: &[u8]) -> Vec<u8> {
        self.mac(message).map(|mac| mac.finalize().into_bytes().to_vec()).unwrap_or_default()
    }

    fn verifies(&self, message: &[u8], tag: &[u8]) -> bool {
        self.mac(message).is_some_and(|mac| mac.verify_slice(tag).is_ok())
    }
}

impl fmt::Debug for SharedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedKey([redacted])")
    }
}

/// The purpose of an envelope.
#[derive(Debug, Clone, Copy)]
pub struct Use {
    /// The name of the key, `kid`.
    pub kid: &'static str,
    /// The audience, `aud`.
    pub audience: &'static str,
    /// The maximum lifetime.
    pub life: SignedDuration,
}

#[derive(Serialize, Deserialize)]
struct Header {
    alg: String,
    kid: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    typ: Option<String>,
    /// Extensions that must be understood (RFC 7515 §4.1.11); none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    crit: Option<serde_json::Value>,
}

#[derive(Serialize, Deserialize)]
struct Claims<T> {
    aud: String,
    /// Seconds since 1970, possibly with a fraction (RFC 7519 §2).
    iat: serde_json::Number,
    exp: serde_json::Number,
    #[serde(flatten)]
    content: T,
}

/// Signs content, valid from now for the lifetime of the purpose.
///
/// # Errors
/// When the content is not a JSON object.
pub fn sign<T: Serialize>(to: Use, key: &impl Key, content: T, now: Timestamp) -> Result<String, serde_json::Error> {
    let header = Header { alg: ALGORITHM.to_owned(), kid: to.kid.to_owned(), typ: Some("JWT".to_owned()), crit: None };
    let (iat, life) = (now.as_second(), to.life.as_secs());
    let claims = Claims { aud: to.audience.to_owned(), iat: iat.into(), exp: iat.saturating_add(life).into(), content };
    let encode = |bytes: Vec<u8>| URL_SAFE_NO_PAD.encode(bytes);
    let signed = format!("{}.{}", encode(serde_json::to_vec(&header)?), encode(serde_json::to_vec(&claims)?));
    let tag = encode(key.authenticate(signed.as_bytes()));
    Ok(format!("{signed}.{tag}"))
}

/// Verifies an envelope for this purpose with one of these keys, and returns the content and the expiry; `None` if
/// it is not valid.
#[must_use]
pub fn verify<T: DeserializeOwned, K: Key>(
    text: &str,
    to: Use,
    keys: impl IntoIterator<Item = K>,
    now: Timestamp,
) -> Option<(T, Timestamp)> {
    if text.len() > LONGEST {
        return None;
    }
    let (signed, tag) = text.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
    let header: Header = serde_json::from_slice(&decode(header)?).ok()?;
    if header.alg != ALGORITHM || header.kid != to.kid || header.crit.is_some() {
        return None;
    }
    let tag = decode(tag)?;
    if !keys.into_iter().any(|key| key.verifies(signed.as_bytes(), &tag)) {
        return None;
    }
    let claims: Claims<T> = serde_json::from_slice(&decode(claims)?).ok()?;
    let (issued, expires) = (time(&claims.iat)?, time(&claims.exp)?);
    let in_time = issued <= now.checked_add(AHEAD).ok()? && now < expires;
    let short = expires.duration_since(issued) <= to.life;
    (claims.aud == to.audience && in_time && short).then_some((claims.content, expires))
}

fn time(number: &serde_json::Number) -> Option<Timestamp> {
    let seconds = SignedDuration::try_from_secs_f64(number.as_f64()?).ok()?;
    Timestamp::from_duration(seconds).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const USE: Use = Use { kid: "k1", audience: "a", life: SignedDuration::from_mins(5) };

    fn key(text: &str) -> SharedKey {
        SharedKey::parse(text).expect("is long enough")
    }

    fn ours() -> SharedKey {
        key("q8dPzN1mVxT4sKfWb7YhRj2LcGaEuC9o\n")
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + seconds).expect("is a time")
    }

    fn read(text: &str) -> Option<Value> {
        verify(text, USE, [ours()], at(10)).map(|(content, _)| content)
    }

    fn compact(header: &Value, claims: &Value, key: &SharedKey) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        let tag = URL_SAFE_NO_PAD.encode(key.authenticate(signed.as_bytes()));
        format!("{signed}.{tag}")
    }

    #[test]
    fn an_envelope_is_valid_with_its_key_for_its_use_in_its_lifetime() {
        let text = sign(USE, &ours(), json!({ "x": 1 }), at(0)).expect("is signed");
        assert_eq!(read(&text), Some(json!({ "x": 1 })));
        let rotated = verify(&text, USE, [key("Zt5wXn0kBv3QyHs8MdUe6FpJiRl1AgT7"), ours()], at(10));
        assert_eq!(rotated, Some((json!({ "x": 1 }), at(300))));
        let none: [Option<(Value, Timestamp)>; 5] = [
            verify(&text, USE, [key("Zt5wXn0kBv3QyHs8MdUe6FpJiRl1AgT7")], at(10)),
            verify(&text, Use { audience: "b", ..USE }, [ours()], at(10)),
            verify(&text, Use { kid: "k2", ..USE }, [ours()], at(10)),
            verify(&text, USE, [ours()], at(300)),
            verify(&text, USE, [ours()], at(-61)),
        ];
        assert_eq!(none, [const { None }; 5]);
    }

    #[test]
    fn only_the_one_algorithm_is_taken() {
        let claims = json!({ "aud": "a", "iat": at(0).as_second(), "exp": at(300).as_second() });
        assert!(read(&compact(&json!({ "alg": "HS256", "kid": "k1" }), &claims, &ours())).is_some());
        for header in [
            json!({ "alg": "none", "kid": "k1" }),
            json!({ "alg": "HS512", "kid": "k1" }),
            json!({ "alg": "hs256", "kid": "k1" }),
            json!({ "alg": "HS256" }),
            json!({ "alg": "HS256", "kid": "k1", "crit": ["b64"], "b64": false }),
        ] {
            assert!(read(&compact(&header, &claims, &ours())).is_none(), "{header}");
        }
        let unsigned = compact(&json!({ "alg": "none", "kid": "k1" }), &claims, &ours());
        let unsigned = unsigned.rsplit_once('.').expect("has parts").0;
        assert!(read(unsigned).is_none() && read(&format!("{unsigned}.")).is_none());
    }

    #[test]
    fn a_long_life_and_a_list_of_audiences_are_refused() {
        let header = json!({ "alg": "HS256", "kid": "k1" });
        let (iat, exp) = (at(0).as_second(), at(300).as_second());
        for claims in [
            json!({ "aud": "a", "iat": iat, "exp": exp + 1 }),
            json!({ "aud": ["a"], "iat": iat, "exp": exp }),
            json!({ "aud": "a", "exp": exp }),
            json!({ "aud": "a", "iat": iat }),
            json!({ "aud": "a", "iat": "0", "exp": exp }),
            json!({ "aud": "a", "iat": iat, "exp": 1e300 }),
        ] {
            assert!(read(&compact(&header, &claims, &ours())).is_none(), "{claims}");
        }
    }

    #[test]
    fn garbage_is_no_envelope() {
        let text = sign(USE, &ours(), json!({}), at(0)).expect("is signed");
        let mut spoiled = text.clone();
        spoiled.replace_range(40..41, if text.as_bytes()[40] == b'A' { "B" } else { "A" });
        for garbage in ["", ".", "..", "...", "a.b.c", &text[1..], &text[..text.len() - 1], &spoiled, &"a".repeat(9000)]
        {
            assert!(read(garbage).is_none(), "{garbage}");
        }
        assert!(SharedKey::parse("too short").is_err() && SharedKey::parse("  ").is_err());
    }
}
