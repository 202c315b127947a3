//! Signing in through another identity system: what is remembered while the browser is there, and what comes back.

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

/// How long the browser may be away.
pub const STATE_LIFE: SignedDuration = SignedDuration::from_mins(15);
/// How often at most a provider is asked whether it still knows a user.
pub const CHECK_EVERY: SignedDuration = SignedDuration::from_mins(15);
/// How the state of a way begins that is for a device: where to tell that it is over is known without what was sealed.
pub const FOR_DEVICE: &str = "device.";
/// How long an identity must have been linked before its provider's word spares a second factor.
pub const TRUSTED_AFTER: SignedDuration = SignedDuration::from_hours(1);
/// How long ago a person may have proved at a provider who they are, to have proved it here: as long as a proof is fresh.
pub const MAX_AGE: SignedDuration = SignedDuration::from_mins(10);
/// The longest name that a provider may give a person, in bytes (`OpenID` Connect Core §2).
pub const MAX_SUBJECT: usize = 255;
/// The longest email that is taken from a provider, in bytes (RFC 5321 §4.5.3.1.3).
pub const MAX_EMAIL: usize = 254;
/// The longest other text that is taken from a provider, in bytes.
pub const MAX_TEXT: usize = 400;
/// The longest code that is brought back from a provider, in bytes.
pub const MAX_CODE: usize = 4096;
/// The longest part of an error code that is logged.
const MAX_ERROR_WORD: usize = 64;

/// What the browser keeps, sealed, while it is at the provider.
#[derive(Debug, Serialize, Deserialize)]
pub struct Begun {
    /// Which one.
    pub provider: String,
    /// What the ID token must repeat (`OpenID` Connect Core §3.1.2.1).
    pub nonce: String,
    /// The code verifier (RFC 7636).
    pub verifier: String,
    /// Where to go in the end, as it was allowed.
    pub destination: Destination,
    /// Whether programs get a cookie too: the word of a [`Mode`].
    pub mode: Option<String>,
    /// What for.
    pub intent: Intent,
    /// When, in milliseconds since 1970.
    pub at: i64,
}

impl Begun {
    /// When it began, unless that is too long ago.
    #[must_use]
    pub fn started(&self, now: Timestamp) -> Option<Timestamp> {
        let at = Timestamp::from_millisecond(self.at).ok()?;
        (now.duration_since(at) < STATE_LIFE).then_some(at)
    }

    /// How programs get their tokens.
    #[must_use]
    pub fn mode(&self) -> Option<Mode> {
        self.mode.as_deref().and_then(Mode::parse)
    }
}

/// What a user is sent to a provider for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Intent {
    /// To sign in.
    SignIn,
    /// To prove again who they are, in this session.
    Reauth(String),
    /// To add the identity to the account of this session.
    Link(String),
    /// To decide about the device with this user code, without an account here.
    Device(String),
}

impl Intent {
    /// How the state of such a way begins.
    #[must_use]
    pub const fn prefix(&self) -> &'static str {
        match self {
            Self::Device(_) => FOR_DEVICE,
            Self::SignIn | Self::Reauth(_) | Self::Link(_) => "",
        }
    }

    /// What a state says of the way that it names, when nothing else is known of it.
    #[must_use]
    pub fn of_state(state: &str) -> Self {
        if state.starts_with(FOR_DEVICE) { Self::Device(String::new()) } else { Self::SignIn }
    }
}

/// Where to go in the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Destination {
    /// A page of the app.
    Here(String),
    /// An address that the operator has allowed.
    Elsewhere(Url),
}

impl Destination {
    /// Reads untrusted text: a page of the app, or an allowed address, whose query is its own. Neither is longer than
    /// [`MAX_LENGTH`]: the browser keeps it in a cookie meanwhile, and drops one that is too long.
    #[must_use]
    pub fn parse(text: &str, allow_list: &[Url]) -> Option<Self> {
        ReturnUrl::parse(text).map(|url| Self::Here(url.as_str().to_owned())).or_else(|| {
            let elsewhere = super::password_reset::allowed(text, allow_list);
            elsewhere.filter(|url| text.len().max(url.as_str().len()) <= MAX_LENGTH).map(Self::Elsewhere)
        })
    }

    /// The page of the linked identities.
    #[must_use]
    pub fn linked() -> Self {
        Self::Here(ClientRoute::AccountIdentities.address())
    }

    /// For a `Location` header.
    #[must_use]
    pub fn location(&self) -> String {
        match self {
            Self::Here(path) => ReturnUrl::parse_or_home(Some(path)).as_str().to_owned(),
            Self::Elsewhere(url) => url.to_string(),
        }
    }

    /// Where a user goes for whom it failed: a sign-in to the sign-in page, which goes on from there; a user who is
    /// signed in back to where they came from; elsewhere with the query replaced.
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

/// The page of devices, with why no user came back.
#[must_use]
pub fn device_page_failed(error: SsoError) -> String {
    format!("{}?{SSO_ERROR}={}", ClientRoute::Device.path(), error.as_str())
}

/// The same in the words of the device's page.
const fn for_device(reason: SsoReason) -> SsoError {
    match reason {
        SsoReason::AccessDenied => SsoError::AccessDenied,
        SsoReason::ServiceUnavailable => SsoError::TemporarilyUnavailable,
        SsoReason::InvalidCredentials => SsoError::InvalidSsoAssertion,
        SsoReason::EmailTaken => SsoError::EmailBelongsToAccount,
        _ => SsoError::SsoFailed,
    }
}

/// Who a user is, as a provider says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who says it: the issuer, or for plain OAuth 2.0 the provider's name.
    pub issuer: String,
    /// Names them there, for good.
    pub subject: String,
    /// Their email.
    pub email: Option<String>,
    /// Whether the provider has made sure that it is theirs; `None` when it does not say.
    pub email_verified: Option<bool>,
    /// What they are called.
    pub name: Option<String>,
    /// What they sign in with there.
    pub username: Option<String>,
    /// Whether they gave a second factor there.
    pub second_factor: bool,
    /// When they last proved who they are there.
    pub proved_at: Option<Timestamp>,
}

impl Person {
    /// Their email, if the provider has made sure of it: others are a name that anyone can choose.
    #[must_use]
    pub fn verified_email(&self) -> Option<&str> {
        self.email.as_deref().filter(|_| self.email_verified == Some(true))
    }
}

/// The code of an error as a provider says it (RFC 6749 §4.1.2.1), for the log: short, and nothing but a word.
#[must_use]
pub fn error_word(said: &str) -> String {
    let plain = |character: &char| character.is_ascii_alphanumeric() || "_-.".contains(*character);
    said.chars().filter(plain).take(MAX_ERROR_WORD).collect()
}

/// Whether these methods (`amr`, RFC 8176 §2) are of two kinds: something known, something owned, something one is.
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
    fn a_destination_is_a_page_here_or_what_the_operator_allows() {
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
    fn whoever_failed_learns_why_where_they_can_go_on() {
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
