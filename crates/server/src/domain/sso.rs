//! Single sign-on: the state that is kept while the browser is at the provider, and its result.

use doorstep_contract::{
    device::{SSO_ERROR, SsoError},
    return_url::{MAX_LENGTH, PARAMETER, ReturnUrl},
    route::ClientRoute,
    sso::{REASON, SsoReason},
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use url::Url;

use super::access::Mode;

/// How long the browser may take to return.
pub const STATE_LIFE: SignedDuration = SignedDuration::from_mins(15);
/// How often at most a provider is asked whether a user is still active.
pub const CHECK_EVERY: SignedDuration = SignedDuration::from_mins(15);
/// The prefix of states for the device flow: even without its cookie, a callback knows on which page to show an
/// error.
pub const FOR_DEVICE: &str = "device.";
/// How long an identity must have been linked before its provider's second factor replaces the one-time code.
pub const TRUSTED_AFTER: SignedDuration = SignedDuration::from_hours(1);
/// The maximum age of an authentication at a provider when it serves as a reauthentication here.
pub const MAX_AGE: SignedDuration = SignedDuration::from_mins(10);
/// The longest subject accepted, in bytes (`OpenID` Connect Core §2).
pub const MAX_SUBJECT: usize = 255;
/// The longest email accepted, in bytes (RFC 5321 §4.5.3.1.3).
pub const MAX_EMAIL: usize = 254;
/// The longest other claim accepted, in bytes.
pub const MAX_TEXT: usize = 400;
/// The longest authorization code accepted, in bytes.
pub const MAX_CODE: usize = 4096;
/// How many bytes of an error code are logged.
const MAX_ERROR_WORD: usize = 64;

/// The content of the sealed state cookie.
#[derive(Debug, Serialize, Deserialize)]
pub struct Begun {
    /// The provider's name.
    pub provider: String,
    /// The nonce, which the ID token must repeat (`OpenID` Connect Core §3.1.2.1).
    pub nonce: String,
    /// The code verifier (RFC 7636).
    pub verifier: String,
    /// The return URL, validated.
    pub destination: Destination,
    /// How tokens for programs are delivered, if they were requested: the name of a [`Mode`].
    pub mode: Option<String>,
    /// The intent.
    pub intent: Intent,
    /// When the flow began, in milliseconds since 1970.
    pub at: i64,
}

impl Begun {
    /// When it began; `None` if it has expired.
    #[must_use]
    pub fn started(&self, now: Timestamp) -> Option<Timestamp> {
        let at = Timestamp::from_millisecond(self.at).ok()?;
        (now.duration_since(at) < STATE_LIFE).then_some(at)
    }

    /// How tokens for programs are delivered.
    #[must_use]
    pub fn mode(&self) -> Option<Mode> {
        self.mode.as_deref().and_then(Mode::parse)
    }
}

/// The intent of an SSO flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Intent {
    /// To sign in.
    SignIn,
    /// To reauthenticate, in this session.
    Reauth(String),
    /// To link the identity to the account of this session.
    Link(String),
    /// To decide about the device with this user code, without an account.
    Device(String),
}

impl Intent {
    /// The prefix of its states.
    #[must_use]
    pub const fn prefix(&self) -> &'static str {
        match self {
            Self::Device(_) => FOR_DEVICE,
            Self::SignIn | Self::Reauth(_) | Self::Link(_) => "",
        }
    }

    /// The intent of a flow of which only the state is known.
    #[must_use]
    pub fn of_state(state: &str) -> Self {
        if state.starts_with(FOR_DEVICE) { Self::Device(String::new()) } else { Self::SignIn }
    }
}

/// A return URL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Destination {
    /// A page of the app, as a path.
    Here(String),
    /// A URL that the operator has allowed.
    Elsewhere(Url),
}

impl Destination {
    /// Parses untrusted text: a page of the app, or an allowed URL with any query. At most [`MAX_LENGTH`] bytes: it
    /// is kept in a cookie, and browsers drop long ones.
    #[must_use]
    pub fn parse(text: &str, allow_list: &[Url]) -> Option<Self> {
        ReturnUrl::parse(text).map(|url| Self::Here(url.as_str().to_owned())).or_else(|| {
            let elsewhere = super::password_reset::allowed(text, allow_list);
            elsewhere.filter(|url| text.len().max(url.as_str().len()) <= MAX_LENGTH).map(Self::Elsewhere)
        })
    }

    /// The page of linked accounts.
    #[must_use]
    pub fn linked() -> Self {
        Self::Here(ClientRoute::AccountIdentities.address())
    }

    /// The value for `Location`.
    #[must_use]
    pub fn location(&self) -> String {
        match self {
            Self::Here(path) => ReturnUrl::parse_or_home(Some(path)).as_str().to_owned(),
            Self::Elsewhere(url) => url.to_string(),
        }
    }

    /// Where a user goes after a failure: after a sign-in, to the sign-in page with the return URL; if signed in,
    /// back to where they came from; outside the app, to the return URL with the query replaced.
    #[must_use]
    pub fn failed(&self, intent: &Intent, reason: SsoReason) -> String {
        match (self, intent) {
            (_, Intent::Device(_)) => device_page_failed(for_device(reason)),
            (Self::Elsewhere(url), _) => {
                let mut url = url.clone();
                url.set_query(Some(&format!("{REASON}={}", reason.as_str())));
                url.to_string()
            }
            (Self::Here(path), Intent::SignIn) => {
                let url = ReturnUrl::parse_or_home(Some(path));
                let encoded: String = url::form_urlencoded::byte_serialize(url.as_str().as_bytes()).collect();
                format!("{}?{REASON}={}&{PARAMETER}={encoded}", ClientRoute::Login.path(), reason.as_str())
            }
            (Self::Here(path), Intent::Reauth(_) | Intent::Link(_)) => {
                let url = ReturnUrl::parse_or_home(Some(path));
                format!("{}?{REASON}={}", url.path(), reason.as_str())
            }
        }
    }
}

/// The device page with an error.
#[must_use]
pub fn device_page_failed(error: SsoError) -> String {
    format!("{}?{SSO_ERROR}={}", ClientRoute::Device.path(), error.as_str())
}

/// The error on the device page for a reason.
#[must_use]
pub const fn for_device(reason: SsoReason) -> SsoError {
    match reason {
        SsoReason::AccessDenied => SsoError::AccessDenied,
        SsoReason::ServiceUnavailable => SsoError::TemporarilyUnavailable,
        SsoReason::InvalidCredentials => SsoError::InvalidSsoAssertion,
        SsoReason::EmailTaken => SsoError::EmailBelongsToAccount,
        _ => SsoError::SsoFailed,
    }
}

/// A user's identity, as a provider states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The issuer; for plain OAuth 2.0 the provider's name.
    pub issuer: String,
    /// The permanent id at the issuer.
    pub subject: String,
    /// The email.
    pub email: Option<String>,
    /// Whether the provider verified the email; `None` if it does not say.
    pub email_verified: Option<bool>,
    /// The display name.
    pub name: Option<String>,
    /// The username there.
    pub username: Option<String>,
    /// Whether they used a second factor there.
    pub second_factor: bool,
    /// When they last authenticated there.
    pub proved_at: Option<Timestamp>,
}

impl Person {
    /// The email if the provider verified it: other emails can be chosen freely. `claim`: where it is expected.
    ///
    /// # Errors
    /// What the log says of an email that is missing or not verified.
    pub fn verified_email(&self, claim: &str) -> Result<&str, String> {
        match (self.email.as_deref(), self.email_verified) {
            (Some(email), Some(true)) => Ok(email),
            (None, _) => Err(format!("no `{claim}`")),
            (Some(_), None) => Err("no `email_verified`".to_owned()),
            (Some(_), Some(false)) => Err("`email_verified` is false".to_owned()),
        }
    }
}

/// The provider's error code (RFC 6749 §4.1.2.1), sanitized for the log.
#[must_use]
pub fn error_word(said: &str) -> String {
    let plain = |character: &char| character.is_ascii_alphanumeric() || "_-.".contains(*character);
    said.chars().filter(plain).take(MAX_ERROR_WORD).collect()
}

/// Whether the methods (`amr`, RFC 8176 §2) are of two kinds: knowledge, possession, inherence.
#[must_use]
pub fn is_second_factor(methods: &[&str]) -> bool {
    let kind = |method: &str| match method {
        "pwd" | "pin" | "kba" => Some(0),
        "otp" | "sms" | "tel" | "hwk" | "swk" | "sc" | "pop" => Some(1),
        "face" | "fpt" | "iris" | "retina" | "vbm" => Some(2),
        _ => None,
    };
    let mut kinds: Vec<i32> = methods.iter().filter_map(|method| kind(method)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    methods.contains(&"mfa") || kinds.len() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_kinds_of_methods_are_a_second_factor() {
        for methods in [&["mfa"][..], &["pwd", "otp"], &["hwk", "pin"], &["face", "swk"]] {
            assert!(is_second_factor(methods), "{methods:?}");
        }
        for methods in [&[][..], &["pwd"], &["otp"], &["pwd", "pin"], &["otp", "sms"], &["MFA"], &["x", "y"]] {
            assert!(!is_second_factor(methods), "{methods:?}");
        }
    }

    #[test]
    fn a_destination_is_a_page_of_the_app_or_an_allowed_url() {
        let list = ["https://app.example.org/in".parse().expect("is a URL")];
        assert_eq!(Destination::parse("/projects?x=1", &list), Some(Destination::Here("/projects?x=1".to_owned())));
        assert!(matches!(Destination::parse("https://app.example.org/in?x=1", &list), Some(Destination::Elsewhere(_))));
        for text in [
            "//evil.example",
            "/\\evil.example",
            "https://evil.example/in",
            "javascript:x",
            "",
            "/login",
            "/auth/login/okta?link=1",
        ] {
            assert_eq!(Destination::parse(text, &list), None, "{text}");
        }
    }

    #[test]
    fn a_failure_returns_to_where_the_user_can_continue() {
        let here = Destination::Here("/projects?x=1".to_owned());
        let reason = SsoReason::EmailTaken;
        assert_eq!(here.failed(&Intent::SignIn, reason), "/login?reason=EMAIL_TAKEN&redirect=%2Fprojects%3Fx%3D1");
        assert_eq!(here.failed(&Intent::Link("s".to_owned()), reason), "/projects?reason=EMAIL_TAKEN");
        let elsewhere = Destination::Elsewhere("https://app.example.org/in?x=1".parse().expect("is a URL"));
        assert_eq!(elsewhere.failed(&Intent::SignIn, reason), "https://app.example.org/in?reason=EMAIL_TAKEN");
        let device = Intent::of_state("device.x");
        assert_eq!(here.failed(&device, SsoReason::AccessDenied), "/device?sso_error=access_denied");
        assert_eq!(here.failed(&device, SsoReason::StateExpired), "/device?sso_error=sso_failed");
        assert_eq!(Intent::of_state("x"), Intent::SignIn);
    }
}
