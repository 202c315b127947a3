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

/// GET `setup-status`: what the sign-in page needs. Also part of [`crate::shell::ShellData`].
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[expect(clippy::struct_excessive_bools, reason = "the contract names each of them")]
pub struct SetupStatus {
    /// Whether the request has a valid session.
    pub signed_in: bool,
    /// The session of the request.
    pub session: Option<Session>,
    /// Whether the initial password is still in use.
    pub setup_required: bool,
    /// Whether an unused temporary token exists.
    pub temporary_login_token_enabled: bool,
    /// Whether the form for username and password is shown.
    pub password_login_enabled: bool,
    /// Whether some stored passwords will be rehashed at the next sign-in.
    pub password_upgrade_required: bool,
    /// Whether the first account can be set up without signing in.
    pub skip_default_password_auth: bool,
    /// The identity providers for single sign-on.
    pub providers: Vec<Provider>,
    /// The name and look of the installation.
    pub branding: Branding,
}

/// An identity provider for single sign-on.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Provider {
    /// Its name in paths.
    pub name: String,
    /// `openid` or `oauth2`.
    pub driver: String,
    /// The display name, if configured.
    pub label: Option<String>,
    /// The icon: the name of a built-in shape, or a path of this origin.
    pub icon: Option<String>,
}

impl Provider {
    /// The display name: the label, or else the words of the name, `My Okta` for `my-okta`.
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

/// The name and look of an installation.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Branding {
    /// The name above the form and in the window's title.
    pub name: String,
    /// The path of the logo on this origin.
    pub logo: Option<String>,
    /// The path of the logo for dark themes; without one, `logo` is used there too.
    pub logo_dark: Option<String>,
    /// The accent colour, as `#rrggbb`.
    pub accent: Option<String>,
    /// A note for all visitors of the sign-in page.
    pub public_note: Option<String>,
}

/// POST `login`.
///
/// `login_type` decides which fields are required; a missing one is refused with `invalid_request`.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LoginRequest {
    /// The kind of credentials; `password` if absent.
    pub login_type: Option<LoginType>,
    /// Username or email.
    pub username: Option<String>,
    /// The password.
    pub password: Option<Secret>,
    /// Second step: the challenge of the first step.
    pub challenge: Option<Secret>,
    /// Second step: a verification or recovery code.
    pub code: Option<Secret>,
    /// Whether to trust this browser: it skips the second step for 30 days.
    pub trust_device_flag: Option<bool>,
    /// The token printed by `doorstep login-token`.
    pub temporary_token: Option<Secret>,
}

words! {
    /// The kind of credentials of a sign-in.
    pub enum LoginType {
        /// Username and password.
        Password = "password",
        /// A temporary token that was created on the server.
        TemporaryToken = "temporary_token",
    }
}

/// POST `setup` and `setup-authenticated`.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetupRequest {
    /// The new username of the account; if absent, it is not changed.
    pub username: Option<String>,
    /// The new email of the account; if absent, it is not changed.
    pub email: Option<String>,
    /// The new password.
    pub password: Secret,
    /// The new password, repeated.
    pub confirm_password: Secret,
}

/// POST `reauth`.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReauthRequest {
    /// The password of the account.
    pub password: Option<Secret>,
    /// A verification code of the authenticator app.
    pub code: Option<Secret>,
}

/// The `data` of an error, if it has any.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorData {
    /// With `password_policy`: why the password is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub weakness: Option<Weakness>,
    /// With `totp_required`: true.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub totp_required: Option<bool>,
    /// With `totp_required`: identifies the sign-in for the second step, for 5 minutes and 5 attempts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub challenge: Option<Secret>,
}

/// The answer of a sign-in. The session token is only in the cookie.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedIn {
    /// The account's username.
    pub username: String,
    /// Whether the account still has the initial password, which must be replaced.
    pub change_pwd_hint: bool,
    /// Whether the stored password will be rehashed at the next sign-in.
    pub password_upgrade_required: bool,
    /// The new session.
    pub session: Session,
}

/// GET `me`: the signed-in account and its session.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    /// The account.
    pub account: Account,
    /// The session of the request.
    pub session: Session,
    /// The projects of which the account is a member.
    pub memberships: Vec<Membership>,
    /// As in [`SignedIn`].
    pub change_pwd_hint: bool,
}

/// An account, as its user sees it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Account {
    /// A `UUIDv7`.
    pub id: String,
    /// Unique, case-insensitive.
    pub username: String,
    /// Unique, case-insensitive.
    pub email: String,
    /// The display name; may be empty.
    pub name: String,
    /// The role of the account.
    pub role: Role,
    /// Whether two-factor authentication is on.
    pub totp_enabled: bool,
    /// The number of unused recovery codes.
    pub recovery_codes_left: u32,
    /// Whether it has a password; accounts that only use single sign-on have none.
    pub has_password: bool,
    /// When the password was last set; null without one.
    pub password_changed_at: Option<Timestamp>,
    /// A new email address that waits for confirmation.
    pub pending_email: Option<String>,
}

impl Account {
    /// The display name, or else the username.
    #[must_use]
    pub fn display_name(&self) -> &str {
        if self.name.is_empty() { &self.username } else { &self.name }
    }
}

words! {
    /// The role of an account.
    pub enum Role {
        /// Administers the installation: sees and changes everything.
        Operator = "operator",
        /// Sees the projects of which it is a member.
        Member = "member",
    }
}

/// A project of which an account is a member.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Membership {
    /// A `UUIDv7`.
    pub project_id: String,
    /// The project's name.
    pub project_name: String,
}

/// A session, without its token.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// A `UUIDv7`; not a secret.
    pub id: String,
    /// How the user signed in.
    pub began_with: BeganWith,
    /// Whether it is the short session of a temporary token.
    pub temporary: bool,
    /// When it began.
    pub created_at: Timestamp,
    /// When it expires if it is not used any more.
    pub expires_at: Timestamp,
}

words! {
    /// How a session began.
    pub enum BeganWith {
        /// A password.
        Password = "password",
        /// A password and a verification code.
        Totp = "totp",
        /// A password and a recovery code.
        RecoveryCode = "recovery_code",
        /// A temporary token.
        TemporaryToken = "temporary_token",
        /// Single sign-on.
        Sso = "sso",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_parses_requests_of_the_app() {
        let request = LoginRequest {
            login_type: Some(LoginType::TemporaryToken),
            username: Some("ada \"x\" \u{1f600}\n".to_owned()),
            ..LoginRequest::default()
        };
        let text = serde_json::to_string(&request).expect("serializes");
        assert_eq!(serde_json::from_str::<LoginRequest>(&text).expect("is read"), request);
    }

    #[test]
    fn the_app_parses_answers_of_the_server() {
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
    fn the_data_of_an_error_has_only_its_fields() {
        let wanted =
            ErrorData { totp_required: Some(true), challenge: Some(Secret::new("abc")), ..ErrorData::default() };
        let text = serde_json::to_string(&wanted).expect("serializes");
        assert_eq!(text, r#"{"totp_required":true,"challenge":"abc"}"#);
        assert_eq!(serde_json::from_str::<ErrorData>(&text).expect("is read"), wanted);
    }

    #[test]
    fn a_provider_without_a_label_has_a_display_name_from_its_name() {
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
    fn an_unknown_value_is_refused_with_the_known_ones() {
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
