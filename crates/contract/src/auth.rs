//! Requests and answers below `/api/auth/`.

use serde::{Deserialize, Serialize};

use crate::secret::Secret;

/// A point in time on the wire: RFC 3339 in UTC, such as `2026-01-31T12:00:00Z`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub String);

/// GET `setup-status`: what a person needs to know before signing in. It is also part of [`crate::shell::ShellData`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provider {
    /// Its name in paths.
    pub name: String,
    /// `openid` or `oauth2`.
    pub driver: String,
    /// What people call it.
    pub label: Option<String>,
    /// The name of its icon.
    pub icon: Option<String>,
}

/// How an installation presents itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branding {
    /// The name above the form and in the window's title.
    pub name: String,
    /// The address of a logo on this origin.
    pub logo: Option<String>,
    /// The accent colour, as `#rrggbb`.
    pub accent: Option<String>,
    /// A note that everyone sees who comes to the sign-in page.
    pub public_note: Option<String>,
}

/// POST `login`.
///
/// Which fields belong together is decided by `login_type`; the server answers `invalid_request` when one is missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginRequest {
    /// What the person signs in with; a password when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login_type: Option<LoginType>,
    /// User name or email.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The password that goes with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
    /// Second step: which sign-in it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<Secret>,
    /// A one-time or recovery code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Secret>,
    /// The token of `doorstep login-token`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temporary_token: Option<Secret>,
}

/// What a person signs in with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoginType {
    /// User name and password.
    #[default]
    Password,
    /// A token that an operator made on the server.
    TemporaryToken,
}

/// The answer of a sign-in. The session itself travels in a cookie, never here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
}

impl Account {
    /// What to call the person: the name, else the user name.
    #[must_use]
    pub fn display_name(&self) -> &str {
        if self.name.is_empty() { &self.username } else { &self.name }
    }
}

/// What an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs the installation: sees everything.
    Operator,
    /// Sees the projects it belongs to.
    Member,
}

impl Role {
    /// The word on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Member => "member",
        }
    }
}

/// A project that an account belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// A `UUIDv7`.
    pub project_id: String,
    /// What people call it.
    pub project_name: String,
}

/// A browser session, without the token that opens it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

/// How a session began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BeganWith {
    /// A password alone.
    Password,
    /// A password and a one-time code.
    Totp,
    /// A password and a recovery code.
    RecoveryCode,
    /// A token made on the server.
    TemporaryToken,
    /// Another identity system.
    Sso,
}

impl BeganWith {
    /// Every way there is.
    pub const ALL: [Self; 5] = [Self::Password, Self::Totp, Self::RecoveryCode, Self::TemporaryToken, Self::Sso];

    /// The word on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Totp => "totp",
            Self::RecoveryCode => "recovery_code",
            Self::TemporaryToken => "temporary_token",
            Self::Sso => "sso",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_wire_and_of_the_database_are_the_same() {
        for began_with in BeganWith::ALL {
            let wire = serde_json::to_value(began_with).expect("serializes");
            assert_eq!(wire, began_with.as_str());
        }
        for role in [Role::Operator, Role::Member] {
            assert_eq!(serde_json::to_value(role).expect("serializes"), role.as_str());
        }
    }

    #[test]
    fn a_login_request_needs_no_login_type() {
        let request: LoginRequest =
            serde_json::from_str(r#"{"username":"ada","password":"p","extra":1}"#).expect("is read");
        assert_eq!(request.login_type, None);
        assert_eq!(request.username.as_deref(), Some("ada"));
    }
}
