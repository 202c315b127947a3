//! Verifying ID tokens (`OpenID` Connect Core §3.1.3.7): signature, issuer, audience, expiry and nonce.
//!
//! Claims are read one by one rather than into a type, so that unused claims may have any type. Errors name the
//! claim but never contain its value.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use openidconnect::{
    JsonWebKey as _, JsonWebKeyAlgorithm, JsonWebKeyUse, JwsSigningAlgorithm as _,
    core::{CoreJsonWebKey, CoreJwsSigningAlgorithm},
};
use serde_json::Value;

use super::oauth2::text;

/// The tolerated difference of the provider's clock, in seconds (RFC 7519 §4.1.4).
const LEEWAY: f64 = 60.0;

/// Asymmetric algorithms only: the client secret must not verify signatures (RFC 8725 §3.1).
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// The expected claims.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    /// The client id.
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a str,
    pub(super) now: Timestamp,
}

/// Why a token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum VerifyError {
    /// No known key of the provider verifies the signature; it may have a new key.
    Signature,
    /// This part is wrong or missing.
    In(&'static str),
}

/// Verifies a token and returns its claims.
pub(super) fn verify(token: &str, keys: &[CoreJsonWebKey], expected: &Expected<'_>) -> Result<Value, VerifyError> {
    let (message, signature) = token.rsplit_once('.').ok_or(VerifyError::In("the form of the token"))?;
    let (head, payload) = message.split_once('.').ok_or(VerifyError::In("the form of the token"))?;
    let head = json(head).ok_or(VerifyError::In("the header of the token"))?;
    let claims = json(payload).ok_or(VerifyError::In("the payload of the token"))?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| VerifyError::Signature)?;
    check_signature(&head, message, &signature, keys)?;
    check_claims(&claims, expected)?;
    Ok(claims)
}

fn json(part: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok().filter(Value::is_object)
}

fn check_signature(head: &Value, message: &str, signature: &[u8], keys: &[CoreJsonWebKey]) -> Result<(), VerifyError> {
    // Extensions that must be understood (RFC 7515 §4.1.11); we support none.
    if head.get("crit").is_some() {
        return Err(VerifyError::In("crit"));
    }
    let algorithm = head.get("alg").and_then(|alg| serde_json::from_value::<CoreJwsSigningAlgorithm>(alg.clone()).ok());
    let algorithm = algorithm.filter(|algorithm| ALGORITHMS.contains(algorithm)).ok_or(VerifyError::In("alg"))?;
    let kid = head.get("kid").and_then(Value::as_str);
    let fits = |key: &&CoreJsonWebKey| {
        let signs = key.key_use().is_none_or(JsonWebKeyUse::allows_signature);
        let same_type = algorithm.key_type().is_some_and(|kind| kind == *key.key_type());
        let same_algorithm = match key.signing_alg() {
            JsonWebKeyAlgorithm::Unspecified => true,
            JsonWebKeyAlgorithm::Algorithm(own) => *own == algorithm,
            JsonWebKeyAlgorithm::Unsupported => false,
        };
        signs && same_type && same_algorithm
    };
    let named = |key: &&CoreJsonWebKey| kid.is_none_or(|kid| key.key_id().is_some_and(|id| id.as_str() == kid));
    let mut candidates: Vec<_> = keys.iter().filter(fits).filter(named).collect();
    if candidates.is_empty() {
        // A provider with one key need not name it (RFC 7517 §4.5).
        let nameless: Vec<_> = keys.iter().filter(fits).filter(|key| key.key_id().is_none()).collect();
        if let [lone] = nameless.as_slice() {
            candidates.push(lone);
        }
    }
    let made_it = |key: &&CoreJsonWebKey| key.verify_signature(&algorithm, message.as_bytes(), signature).is_ok();
    if candidates.iter().any(made_it) { Ok(()) } else { Err(VerifyError::Signature) }
}

fn check_claims(claims: &Value, expected: &Expected<'_>) -> Result<(), VerifyError> {
    let is = |key: &str, wanted: &str| claims.get(key).and_then(Value::as_str) == Some(wanted);
    if !is("iss", expected.issuer) {
        return Err(VerifyError::In("iss"));
    }
    let (ours, others) = match claims.get("aud") {
        Some(Value::Array(list)) => {
            let ours = list.iter().filter(|one| one.as_str() == Some(expected.client_id)).count();
            (ours > 0, list.len() > ours)
        }
        Some(one) => (one.as_str() == Some(expected.client_id), false),
        None => (false, false),
    };
    if !ours {
        return Err(VerifyError::In("aud"));
    }
    // The authorized party: required if there are other audiences, and must be us if present.
    match claims.get("azp") {
        Some(Value::String(party)) if party == expected.client_id => {}
        None | Some(Value::Null) if !others => {}
        _ => return Err(VerifyError::In("azp")),
    }
    // RFC 7519 §2: a number of seconds, possibly with a fraction.
    let end = claims.get("exp").and_then(Value::as_f64);
    let now = expected.now.as_duration().as_secs_f64();
    if end.is_none_or(|end| end + LEEWAY <= now) {
        return Err(VerifyError::In("exp"));
    }
    if !is("nonce", expected.nonce) {
        return Err(VerifyError::In("nonce"));
    }
    if text(claims, "sub").is_none() {
        return Err(VerifyError::In("sub"));
    }
    Ok(())
}
