//! Requests and answers below `/api/auth/`.

use crate::{
    password::Weakness,
    secret::Secret,
    words::{text, words},
};

text! {
    /// A point in time on the wire: RFC 3339 in UTC, such as `2026-01-31T12:00:00Z`.
    #[derive(Debug)]
    pub struct Timestamp: "date-time";
}

impl Timestamp {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// GET `setup-status`: what a person needs to know before signing in. It is also part of [`crate::shell::ShellData`].
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[expect(clippy::struct_excessive_bools, reason = "the contract names each of them")]
pub struct SetupStatus {
    /// Whether the request carried a live session.
    pub signed_in: bool,
    /// That session.
    pub session: Option<Session>,
    /// Whether the password of the first start is still in force.
    pub setup_required: bool,
    /// Whether a temporary login token waits to be used.
    pub temporary_login_token_enabled: bool,
    /// Whether the form for user name and password is to be shown.
    pub password_login_enabled: bool,
    /// Whether stored passwords wait to be hashed anew by their next sign-in.
    pub password_upgrade_required: bool,
    /// Whether the first account may be made without signing in.
    pub skip_default_password_auth: bool,
    /// Ways to sign in through another identity system.
    pub providers: Vec<Provider>,
    /// How this installation presents itself.
    pub branding: Branding,
}

/// A way to sign in through another identity system.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Provider {
    /// Its name in paths.
    pub name: String,
    /// `openid` or `oauth2`.
    pub driver: String,
    /// What people call it.
    pub label: Option<String>,
    /// Its icon: the name of a shape, or the path of a picture on this origin.
    pub icon: Option<String>,
}

impl Provider {
    /// What to call it: its label; without one its name as people would write it, `my-okta` as `My Okta`.
    #[must_use]
    pub fn display_name(&self) -> String {
        if let Some(label) = &self.label {
            return label.clone();
        }
        let mut shown = String::with_capacity(self.name.len());
        for word in self.name.split(['-', '_']).filter(|word| !word.is_empty()) {
            if !shown.is_empty() {
                shown.push(' ');
            }
            let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
            shown.push_str(&first.to_ascii_uppercase());
            shown.push_str(rest);
        }
        shown
    }
}

/// How an installation presents itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Branding {
    /// The name above the form and in the window's title.
    pub name: String,
    /// The address of a logo on this origin.
    pub logo: Option<String>,
    /// The same for dark themes; the other one is shown there too when there is none.
    pub logo_dark: Option<String>,
    /// The accent colour, as `#rrggbb`.
    pub accent: Option<String>,
    /// A note that everyone sees who comes to the sign-in page.
    pub public_note: Option<String>,
}

/// POST `login`.
///
/// Which fields belong together is decided by `login_type`; the server answers `invalid_request` when one is missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LoginRequest {
    /// What the person signs in with; a password when absent.
    pub login_type: Option<LoginType>,
    /// User name or email.
    pub username: Option<String>,
    /// The password that goes with it.
    pub password: Option<Secret>,
    /// Second step: which sign-in it belongs to.
    pub challenge: Option<Secret>,
    /// A one-time or recovery code.
    pub code: Option<Secret>,
    /// Whether to skip the second step in this browser for 30 days.
    pub trust_device_flag: Option<bool>,
    /// The token of `doorstep login-token`.
    pub temporary_token: Option<Secret>,
}

words! {
    /// What a person signs in with.
    pub enum LoginType {
        /// User name and password.
        Password = "password",
        /// A token that an operator made on the server.
        TemporaryToken = "temporary_token",
    }
}

/// POST `setup` and `setup-authenticated`.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetupRequest {
    /// The user name that the account will have; absent to leave it.
    pub username: Option<String>,
    /// Its email; absent to leave it.
    pub email: Option<String>,
    /// The new password.
    pub password: Secret,
    /// The same again.
    pub confirm_password: Secret,
}

/// POST `reauth`.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReauthRequest {
    /// The password of the account.
    pub password: Option<Secret>,
    /// A one-time code.
    pub code: Option<Secret>,
}

/// The `data` of an error, when it has any.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorData {
    /// With `password_policy`: what is wrong with the password.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub weakness: Option<Weakness>,
    /// With `totp_required`: true.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub totp_required: Option<bool>,
    /// With `totp_required`: what the second step names the sign-in by, for 5 minutes and 5 attempts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub challenge: Option<Secret>,
}

/// The answer of a sign-in. The session itself travels in a cookie, never here.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedIn {
    /// Who signed in.
    pub username: String,
    /// Whether the account still has the password of the first start, which should be replaced.
    pub change_pwd_hint: bool,
    /// Whether the stored password waits to be hashed anew.
    pub password_upgrade_required: bool,
    /// The session that began.
    pub session: Session,
}

/// GET `me`: who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    /// The account.
    pub account: Account,
    /// The session that the request came with.
    pub session: Session,
    /// The projects that the account belongs to.
    pub memberships: Vec<Membership>,
    /// As in [`SignedIn`].
    pub change_pwd_hint: bool,
}

/// A person's account, as the person may see it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Account {
    /// A `UUIDv7`.
    pub id: String,
    /// Unique, compared without regard to case.
    pub username: String,
    /// Unique, compared without regard to case.
    pub email: String,
    /// What to call the person; empty when nobody said.
    pub name: String,
    /// What the account may do.
    pub role: Role,
    /// Whether sign-in asks for a one-time code.
    pub totp_enabled: bool,
    /// How many recovery codes are unused.
    pub recovery_codes_left: u32,
    /// Whether it has a password; one that signs in through another identity system alone has none.
    pub has_password: bool,
    /// When its password was set last; null without one.
    pub password_changed_at: Option<Timestamp>,
    /// An email that waits to be confirmed by the mail that was sent to it.
    pub pending_email: Option<String>,
}

impl Account {
    /// What to call the person: the name, else the user name.
    #[must_use]
    pub fn display_name(&self) -> &str {
        if self.name.is_empty() { &self.username } else { &self.name }
    }
}

words! {
    /// What an account may do.
    pub enum Role {
        /// Runs the installation: sees everything.
        Operator = "operator",
        /// Sees the projects it belongs to.
        Member = "member",
    }
}

/// A project that an account belongs to.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Membership {
    /// A `UUIDv7`.
    pub project_id: String,
    /// What people call it.
    pub project_name: String,
}

/// A browser session, without the token that opens it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// A `UUIDv7`; names the session in lists, opens nothing.
    pub id: String,
    /// How its person proved who they are.
    pub began_with: BeganWith,
    /// Whether it is the short session of a temporary token.
    pub temporary: bool,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ends if it is not used from now on.
    pub expires_at: Timestamp,
}

words! {
    /// How a session began.
    pub enum BeganWith {
        /// A password alone.
        Password = "password",
        /// A password and a one-time code.
        Totp = "totp",
        /// A password and a recovery code.
        RecoveryCode = "recovery_code",
        /// A token made on the server.
        TemporaryToken = "temporary_token",
        /// Another identity system.
        Sso = "sso",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_reads_what_the_app_writes() {
        let request = LoginRequest {
            login_type: Some(LoginType::TemporaryToken),
            username: Some("ada \"x\" \u{1f600}\n".to_owned()),
            ..LoginRequest::default()
        };
        let text = serde_json::to_string(&request).expect("serializes");
        assert_eq!(serde_json::from_str::<LoginRequest>(&text).expect("is read"), request);
    }

    #[test]
    fn the_app_reads_what_the_server_writes() {
        let session = Session {
            id: "s".to_owned(),
            began_with: BeganWith::RecoveryCode,
            temporary: false,
            created_at: Timestamp::new("2026-01-31T12:00:00Z"),
            expires_at: Timestamp::new("2026-02-28T12:00:00Z"),
        };
        let text = serde_json::to_string(&session).expect("serializes");
        assert!(text.contains(r#""began_with":"recovery_code""#), "{text}");
        assert_eq!(serde_json::from_str::<Session>(&text).expect("is read"), session);
    }

    #[test]
    fn the_data_of_an_error_is_what_the_error_needs() {
        let wanted =
            ErrorData { totp_required: Some(true), challenge: Some(Secret::new("abc")), ..ErrorData::default() };
        let text = serde_json::to_string(&wanted).expect("serializes");
        assert_eq!(text, r#"{"totp_required":true,"challenge":"abc"}"#);
        assert_eq!(serde_json::from_str::<ErrorData>(&text).expect("is read"), wanted);
    }

    #[test]
    fn a_provider_without_a_label_is_called_by_its_name_as_people_write_it() {
        let named = |name: &str, label: Option<&str>| {
            let provider = Provider {
                name: name.to_owned(),
                driver: "openid".to_owned(),
                label: label.map(str::to_owned),
                icon: None,
            };
            provider.display_name()
        };
        assert_eq!(named("my-okta", None), "My Okta");
        assert_eq!(named("_git__forge-", None), "Git Forge");
        assert_eq!(named("okta", Some("Acme ID")), "Acme ID");
    }

    #[test]
    fn an_unknown_word_is_refused_with_the_known_ones() {
        let error = serde_json::from_str::<LoginType>(r#""carrier_pigeon""#).expect_err("is refused");
        assert!(error.to_string().contains("password, temporary_token"), "{error}");
    }

    #[test]
    fn a_login_request_needs_no_login_type() {
        let request: LoginRequest =
            serde_json::from_str(r#"{"username":"ada","password":"p","extra":1}"#).expect("is read");
        assert_eq!(request.login_type, None);
        assert_eq!(request.username.as_deref(), Some("ada"));
    }
}
