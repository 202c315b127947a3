//! Time-based one-time codes (RFC 6238): SHA-1, six digits, 30 seconds. Every authenticator app supports these
//! parameters; many support no others.

use std::fmt;

use doorstep_contract::{
    account::{QrCode, TotpPending},
    account_name::MAX_USERNAME,
    secret::Secret,
};
use jiff::Timestamp;
use totp_rs::{Builder, Totp};

use super::{
    clock, qr,
    random::{Random, RandomError},
};

/// The length of a secret in bytes: 160 bits, the length of the hash (RFC 4226 §4).
const LENGTH: usize = 20;
/// The digits of a code.
const DIGITS: u8 = 6;
/// The length of a step in seconds.
const STEP: u64 = 30;
/// How many steps before and after the current one are accepted, for inaccurate clocks (RFC 6238 §5.2).
const SKEW: u16 = 1;
/// How many characters of issuer and user are in the URL: with four-byte characters, a QR code holds no more.
const NAME_CHARS: (usize, usize) = (48, MAX_USERNAME);

/// The secret from which codes are computed, shared with an authenticator app.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpSecret([u8; LENGTH]);

/// The 30-second step since 1970 that a code belongs to. Once used, it and all earlier ones are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step(pub i64);

impl Step {
    /// How many steps a used one is stored: a day.
    pub const MEMORY: i64 = 24 * 60 * 60 / STEP.cast_signed();

    /// The latest step that a correct clock may have used on any server. A later one was used by a clock that was
    /// ahead: it is refused itself, but current ones are not.
    #[must_use]
    pub fn latest(now: Timestamp) -> Self {
        Self(clock::latest(now).as_second().div_euclid(STEP.cast_signed()).saturating_add(i64::from(SKEW)))
    }
}

impl TotpSecret {
    /// A new secret.
    ///
    /// # Errors
    /// When the random source fails.
    pub fn new(random: &Random) -> Result<Self, RandomError> {
        Ok(Self(random.bytes()?))
    }

    /// From its bytes; `None` if their number is wrong.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Parses base32, as apps show it: in any case, with or without spaces and padding.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '=').collect();
        let secret = totp_rs::Secret::try_from_base32(plain.to_ascii_uppercase()).ok()?;
        Self::from_bytes(secret.as_bytes())
    }

    /// Its bytes, to be sealed.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The step of a code of six digits; `None` if it is not a current code.
    #[must_use]
    pub fn check(&self, code: &str, now: Timestamp) -> Option<Step> {
        let seconds = u64::try_from(now.as_second()).ok()?;
        self.totp("", "").check(code, seconds).and_then(|step| i64::try_from(step).ok()).map(Step)
    }

    /// The secret for the user's app, with a URL in Google's key URI format:
    /// `otpauth://totp/issuer:user?secret=…&issuer=…`.
    #[must_use]
    pub fn to_wire(&self, issuer: &str, username: &str) -> TotpPending {
        let totp = self.totp(issuer, username);
        // Fails only for a colon in the names, which is replaced below.
        let url = totp.to_url().unwrap_or_default();
        // Names of this length always fit.
        let qr = qr::draw(&url).unwrap_or(QrCode { side: 0, path: Secret::new("") });
        TotpPending { secret: Secret::new(totp.secret().to_base32()), otpauth_url: Secret::new(url), qr }
    }

    fn totp(&self, issuer: &str, username: &str) -> Totp {
        // A colon separates issuer and user in the label, even when it is escaped.
        let plain = |name: &str, chars| name.replace(':', " ").trim().chars().take(chars).collect::<String>();
        Builder::new()
            .with_digits(DIGITS)
            .with_skew(SKEW)
            .with_step_duration(STEP)
            .with_secret(totp_rs::Secret::new_stack(self.0))
            .with_issuer(Some(plain(issuer, NAME_CHARS.0)))
            .with_account_name(plain(username, NAME_CHARS.1))
            .build_noncompliant()
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238, appendix B.
    const RFC: TotpSecret = TotpSecret(*b"12345678901234567890");

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("is a time")
    }

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // Appendix B has codes of eight digits; their last six are the codes of six.
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(RFC.check(code, at(second)), Some(Step(second / 30)), "{second}");
        }
    }

    #[test]
    fn a_code_is_valid_one_step_before_and_after_its_own() {
        let step = 1_111_111_109 / 30;
        let good = |second| RFC.check("081804", at(second)).is_some();
        assert!(good((step - 1) * 30) && good((step + 2) * 30 - 1));
        assert!(!good((step - 1) * 30 - 1) && !good((step + 2) * 30));
    }

    #[test]
    fn only_six_digits_are_a_code() {
        for code in ["", "81804", "0081804", "+81804", "08180４", "abcdef", "081 804", "081804\n"] {
            assert_eq!(RFC.check(code, at(1_111_111_109)), None, "{code:?}");
        }
        assert_eq!(RFC.check("081804", at(-5)), None);
    }

    #[test]
    fn the_secret_is_parsed_as_apps_show_it() {
        let text = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        assert_eq!(RFC.to_wire("x", "y").secret.reveal(), text);
        for text in [text, &text.to_lowercase(), "gezd gnbv gy3t qojq gezd gnbv gy3t qojq", &format!("{text}======")] {
            assert_eq!(TotpSecret::parse(text), Some(RFC), "{text}");
        }
        for text in ["", "GEZDGNBV", "1", "ä", &"A".repeat(10_000)] {
            assert_eq!(TotpSecret::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_url_survives_every_name() {
        let url = |issuer, user| RFC.to_wire(issuer, user).otpauth_url.reveal().to_owned();
        assert_eq!(
            url("Doorstep", "ada"),
            "otpauth://totp/Doorstep:ada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Doorstep"
        );
        let url = url("Ä & B: 100% <x>?#/", "李-明");
        assert!(url.starts_with("otpauth://totp/%C3%84%20%26%20B%20%20100%25%20%3Cx%3E%3F%23%2F:%E6%9D%8E-%E6%98%8E?"));
        assert!(url.ends_with("&issuer=%C3%84%20%26%20B%20%20100%25%20%3Cx%3E%3F%23%2F"), "{url}");
    }

    #[test]
    fn the_longest_names_fit_into_a_qr_code() {
        let long = "\u{10ffff}".repeat(500);
        let pending = RFC.to_wire(&long, &long);
        assert!(pending.qr.side > 100, "{}", pending.qr.side);
    }

    #[test]
    fn a_secret_is_not_printed() {
        assert_eq!(format!("{RFC:?}"), "TotpSecret([redacted])");
    }
}
