//! Single sign-on.
//!
//! It begins with a navigation to [`crate::paths::provider_login`], continues at the identity provider, and ends with a
//! redirect to the return URL with a session, or to the sign-in page with a reason. Linking an account begins with a
//! POST, by [`AddIdentity`] or by the button of a page, so that no link can begin it.

use crate::{auth::Timestamp, secret::Secret, words::words};

/// The query parameter with the reason why single sign-on failed ([`SsoReason`]).
pub const REASON: &str = "reason";

/// Query parameters of the start, each with the value `1`, beside [`crate::return_url::PARAMETER`].
pub mod start {
    /// Re-authentication: the provider asks the user again. For accounts without a password.
    pub const REAUTH: &str = "reauth";
    /// Links the identity to the signed-in account. A GET shows a confirmation page, whose button sends a POST.
    pub const LINK: &str = "link";
}

words! {
    /// Why single sign-on failed.
    pub enum SsoReason {
        /// The assertion is invalid, or belongs to another user.
        InvalidCredentials = "INVALID_CREDENTIALS",
        /// The provider does not support the request, such as re-authentication.
        InvalidProvider = "INVALID_PROVIDER",
        /// No account has this identity, and accounts are not created automatically.
        UserNotRegistered = "USER_NOT_REGISTERED",
        /// The account is suspended.
        UserSuspended = "USER_SUSPENDED",
        /// An account has this email already: its user can link the identity in the account settings.
        EmailTaken = "EMAIL_TAKEN",
        /// The user or the provider refused.
        AccessDenied = "ACCESS_DENIED",
        /// It took longer than 15 minutes, or began in another browser.
        StateExpired = "STATE_EXPIRED",
        /// The browser blocks cookies, or keeps them for another address than the public URL.
        CookieLost = "COOKIE_LOST",
        /// The provider does not answer.
        ServiceUnavailable = "SERVICE_UNAVAILABLE",
        /// A verification code is required as well. GET [`crate::paths::CHALLENGE`] returns the challenge.
        InvalidOtp = "INVALID_OTP",
        /// Linking only: the identity belongs to another account.
        IdentityTaken = "IDENTITY_TAKEN",
        /// Linking only: re-authentication is required.
        ReauthRequired = "REAUTH_REQUIRED",
        /// Any other failure.
        UnknownException = "UNKNOWN_EXCEPTION",
    }
    else {
        /// A reason of a newer server.
        Other = "OTHER"
    }
}

/// GET [`crate::paths::CHALLENGE`]: the challenge of a single sign-on that waits for a second factor. The second step
/// is the same as for other sign-ins: [`crate::auth::LoginRequest::challenge`] and `code`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Challenge {
    /// Identifies the sign-in.
    pub challenge: Secret,
}

/// GET [`crate::paths::IDENTITIES`]: a linked account of an identity provider.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IdentityEntry {
    /// Identifies the link; it is not a secret.
    pub id: String,
    /// The name of the provider.
    pub provider: String,
    /// The display name of the provider, while it is configured.
    pub label: Option<String>,
    /// The email that the provider last reported.
    pub email: Option<String>,
    /// When it was linked.
    pub created_at: Timestamp,
    /// When it was last used to sign in; null if never.
    pub last_used_at: Option<Timestamp>,
}

/// POST [`crate::paths::IDENTITIES`]: begins to link an account.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AddIdentity {
    /// The name of the provider.
    pub provider: String,
}

/// The answer of that.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IdentityBegun {
    /// The address to navigate to: the provider, or the account page with a reason.
    pub location: String,
}

/// POST `logout`: the provider's logout URL, if it has one.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LoggedOut {
    /// The address to navigate to; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub end_session_url: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_app_parses_answers_of_the_server() {
        let entry = IdentityEntry {
            id: "i".to_owned(),
            provider: "okta".to_owned(),
            label: None,
            email: Some("ada@example.org".to_owned()),
            created_at: Timestamp::new("2026-01-31T12:00:00Z"),
            last_used_at: None,
        };
        let text = serde_json::to_string(&entry).expect("serializes");
        assert_eq!(serde_json::from_str::<IdentityEntry>(&text).expect("is read"), entry);
        let out = LoggedOut { end_session_url: None };
        let text = serde_json::to_string(&out).expect("serializes");
        assert_eq!(serde_json::from_str::<LoggedOut>(&text).expect("is read"), out);
    }

    #[test]
    fn an_unknown_reason_is_parsed_as_other() {
        assert_eq!(SsoReason::parse("EMAIL_TAKEN"), Some(SsoReason::EmailTaken));
        assert_eq!(SsoReason::parse("<script>"), Some(SsoReason::Other));
    }
}
