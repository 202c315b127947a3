//! Signing in through another identity system.
//!
//! It begins with a navigation to [`crate::paths::provider_login`], leads over the other system, and ends with a
//! redirect: to the return URL with a session, or to the sign-in page with a reason. Adding an identity to an account begins
//! with a POST, by [`AddIdentity`] or by the button of a page: no link can begin it.

use crate::{auth::Timestamp, secret::Secret, words::words};

/// The query parameter that says why a sign-in through another identity system failed ([`SsoReason`]).
pub const REASON: &str = "reason";

/// The query parameters of the start, each `1`, beside [`crate::return_url::PARAMETER`].
pub mod start {
    /// Prove again who is signed in: the other system asks anew. For accounts without a password.
    pub const REAUTH: &str = "reauth";
    /// Add the identity to the account that is signed in. A GET shows a page that asks; its button posts.
    pub const LINK: &str = "link";
}

words! {
    /// Why a sign-in through another identity system failed.
    pub enum SsoReason {
        /// What the other system said can't be believed, or belongs to somebody else.
        InvalidCredentials = "INVALID_CREDENTIALS",
        /// The other system can't do what was asked, such as proving again who somebody is.
        InvalidProvider = "INVALID_PROVIDER",
        /// There is no account for this identity, and none is made.
        UserNotRegistered = "USER_NOT_REGISTERED",
        /// The account is suspended.
        UserSuspended = "USER_SUSPENDED",
        /// An account has the email already: its person links the identity from the account page.
        EmailTaken = "EMAIL_TAKEN",
        /// The person, or the other system, said no.
        AccessDenied = "ACCESS_DENIED",
        /// It took longer than 15 minutes, or was not begun in this browser.
        StateExpired = "STATE_EXPIRED",
        /// The other system does not answer.
        ServiceUnavailable = "SERVICE_UNAVAILABLE",
        /// Nearly done: the account wants a one-time code too. GET [`crate::paths::CHALLENGE`] names the sign-in.
        InvalidOtp = "INVALID_OTP",
        /// Linking alone: the identity belongs to another account.
        IdentityTaken = "IDENTITY_TAKEN",
        /// Linking alone: confirm first that it is you.
        ReauthRequired = "REAUTH_REQUIRED",
        /// Anything else.
        UnknownException = "UNKNOWN_EXCEPTION",
    }
    else {
        /// A reason of a newer server than this program knows.
        Other = "OTHER"
    }
}

/// GET [`crate::paths::CHALLENGE`]: a sign-in through another identity system that waits for a one-time code. The
/// second step is that of every sign-in: [`crate::auth::LoginRequest::challenge`] and `code`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Challenge {
    /// What the second step names the sign-in by.
    pub challenge: Secret,
}

/// GET [`crate::paths::IDENTITIES`]: an identity of another system that opens the account.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IdentityEntry {
    /// Names it; opens nothing.
    pub id: String,
    /// The name of the provider that it was linked through.
    pub provider: String,
    /// What people call the provider, while it is configured.
    pub label: Option<String>,
    /// The email that the other system last told.
    pub email: Option<String>,
    /// When it was linked.
    pub created_at: Timestamp,
    /// When it was last signed in with; null for never.
    pub last_used_at: Option<Timestamp>,
}

/// POST [`crate::paths::IDENTITIES`]: adds an identity to the account that is signed in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AddIdentity {
    /// The name of the provider that knows it.
    pub provider: String,
}

/// The answer of that.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IdentityBegun {
    /// Where the browser goes now: to the provider, or back to the account page with a reason.
    pub location: String,
}

/// POST `logout`: where the session of the other identity system can be ended too, when it offers that.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LoggedOut {
    /// An address to go to; absent when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub end_session_url: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_app_reads_what_the_server_writes() {
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
    fn a_reason_of_a_newer_server_is_read_as_another() {
        assert_eq!(SsoReason::parse("EMAIL_TAKEN"), Some(SsoReason::EmailTaken));
        assert_eq!(SsoReason::parse("<script>"), Some(SsoReason::Other));
    }
}
