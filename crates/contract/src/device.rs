//! Requests and answers of the device surface (RFC 8628) that a browser sees: the pages at `/device` and the list of
//! devices that an account has let in. Errors are `{"error", "error_description"}` ([`OAuthError`]).

use crate::{
    account::Agent,
    auth::{Provider, Timestamp},
    secret::Secret,
    words::words,
};

/// GET `lookup`: whether a user code waits for an answer.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Lookup {
    /// Whether it does. One answer for codes that never were, have expired, or are resolved.
    pub valid: bool,
    /// For how long, in seconds; 0 when it does not.
    pub expires_in_remaining: u32,
    /// Which program asks; null when the code is not valid.
    pub client_id: Option<String>,
    /// Whether people of another identity system may decide too: `sso-initiate` takes them there.
    pub sso_enabled: bool,
    /// Through which providers, by [`PROVIDER`]; none when there is one way alone, which needs no name.
    pub sso_providers: Vec<Provider>,
}

/// The query parameter of `sso-initiate` that names a provider.
pub const PROVIDER: &str = "provider";

/// POST `approve`, `deny`, `approve-external`, `deny-external`.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Resolve {
    /// The user code that the person has seen, in any spelling ([`crate::user_code::UserCode::parse`]).
    pub user_code: Secret,
}

/// The answer: what has become of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Resolved {
    /// Which it is.
    pub status: Resolution,
}

words! {
    /// What a person has decided about a device.
    pub enum Resolution {
        /// It may come in: it gets its token at its next poll.
        Approved = "approved",
        /// It may not.
        Denied = "denied",
    }
}

/// GET `context`: what a person needs to know before they decide.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceRequest {
    /// The program that asks, by its id.
    pub client_id: String,
    /// What the operator calls it; its id when nobody said.
    pub client_name: String,
    /// Whether the operator knows it, still.
    pub client_known: bool,
    /// What the device calls itself: its own word, which anybody can choose.
    pub device_label: Option<String>,
    /// Where the request came from, and with what.
    pub requester: Agent,
    /// When it was made.
    pub requested_at: Timestamp,
    /// How many seconds are left to decide.
    pub expires_in: u32,
    /// What the token will open.
    pub scopes: Vec<Scope>,
    /// Whether the request came from the network that this browser is in. If not, another person may have made it, and
    /// deciding wants a proof of the last five minutes ([`OAuthErrorCode::ReauthRequired`]).
    pub same_network: bool,
    /// When the device's access ends if it is approved now, by the life that the operator has set.
    pub access_expires_at: Timestamp,
    /// Whether approving revokes a live token of the same user, client and device name.
    pub replaces: bool,
}

words! {
    /// What a device's token opens.
    pub enum Scope {
        /// Everything that its account may do.
        Full = "full",
        /// Running apps, nothing else.
        AppsRun = "apps:run",
    }
}

/// GET `approval-context`: who came back from another identity system, and for which device.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApprovalContext {
    /// Who it is, by that system's word.
    pub subject_email: String,
    /// That system.
    pub subject_issuer: String,
    /// The display name of that system, if it is one of the server's identity providers.
    pub subject_provider: Option<String>,
    /// The user code that was taken there, as people see it.
    pub user_code: Secret,
    /// Goes into the header [`CSRF_HEADER`] of `approve-external` and `deny-external`.
    pub csrf_token: Secret,
    /// Until when a decision is taken.
    pub expires_at: Timestamp,
    /// What it is about.
    pub request: DeviceRequest,
}

/// The header that carries [`ApprovalContext::csrf_token`].
pub const CSRF_HEADER: &str = "x-csrf-token";

/// GET `/api/auth/devices`: a device that an account has let in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceEntry {
    /// Names it; opens nothing.
    pub id: String,
    /// How its token begins, to tell one from another.
    pub prefix: String,
    /// The program that asked.
    pub client_id: String,
    /// What the operator calls it; its id when nobody said.
    pub client_name: String,
    /// What the device calls itself.
    pub device_label: Option<String>,
    /// What its token opens.
    pub scope: Scope,
    /// When it was let in.
    pub created_at: Timestamp,
    /// When its token was last used, to the minute; null when never.
    pub last_used_at: Option<Timestamp>,
    /// When its token ends.
    pub expires_at: Timestamp,
}

/// The query parameter of `/device` that says that somebody came back from another identity system.
pub const SSO_VERIFIED: &str = "sso_verified";

/// The query parameter of `/device` that says why they did not: an [`SsoError`].
pub const SSO_ERROR: &str = "sso_error";

words! {
    /// Why nobody came back from another identity system.
    pub enum SsoError {
        /// What that system says can't be believed, was said for another browser or code, or has been used.
        InvalidSsoAssertion = "invalid_sso_assertion",
        /// The code has expired or is resolved.
        UserCodeNotPending = "user_code_not_pending",
        /// There is an account with this email here: its person signs in to it instead.
        EmailBelongsToAccount = "email_belongs_to_account",
        /// The person, or that system, said no.
        AccessDenied = "access_denied",
        /// That system does not answer.
        TemporarilyUnavailable = "temporarily_unavailable",
        /// Too many have tried from there.
        RateLimited = "rate_limited",
        /// Anything else.
        SsoFailed = "sso_failed",
    }
    else {
        /// A word of a newer server than this program knows.
        Unknown = "unknown"
    }
}

/// An error of the device surface (RFC 6749 §5.2).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OAuthError {
    /// Which one it is.
    pub error: OAuthErrorCode,
    /// English prose for people who read raw answers.
    pub error_description: String,
}

words! {
    /// Why a request of the device surface was refused.
    pub enum OAuthErrorCode {
        /// 400: a field is missing, twice there or of the wrong type, or the body can't be read.
        InvalidRequest = "invalid_request",
        /// 413: the body is over 64 KiB.
        PayloadTooLarge = "payload_too_large",
        /// 415: a body that is not `application/json`.
        UnsupportedMediaType = "unsupported_media_type",
        /// 404: there is nothing at this path.
        NotFound = "not_found",
        /// 405: the path is right, the method is not.
        MethodNotAllowed = "method_not_allowed",
        /// 400: a scope that does not exist.
        InvalidScope = "invalid_scope",
        /// 400: the program is not known here (asked in JSON).
        UnsupportedClient = "unsupported_client",
        /// 400: the same (asked with a form).
        InvalidClient = "invalid_client",
        /// 400: nobody has decided yet.
        AuthorizationPending = "authorization_pending",
        /// 400: the same, and it was asked too soon: wait 5 s longer from now on.
        SlowDown = "slow_down",
        /// 400: the device code has expired, was used, or never was.
        ExpiredToken = "expired_token",
        /// 400: the person has said no. 403: the request was not sent by a page of this origin.
        AccessDenied = "access_denied",
        /// 400: the device code is another program's.
        InvalidGrant = "invalid_grant",
        /// 400: not a grant type of this server.
        UnsupportedGrantType = "unsupported_grant_type",
        /// 401: there is no session, or it has ended.
        Unauthenticated = "unauthenticated",
        /// 401: not the token of a device that may still come in.
        InvalidToken = "invalid_token",
        /// 403: the token was narrowed, and does not open this (RFC 6750 §3.1).
        InsufficientScope = "insufficient_scope",
        /// 403: the last proof of who is asking is older than 12 hours, or than 5 minutes when the request came from
        /// another network: `reauth`.
        ReauthRequired = "reauth_required",
        /// 403: the session began with a temporary token; set a password first.
        TemporarySession = "temporary_session",
        /// 403: the session may do nothing else before its person has chosen a new password.
        PasswordChangeRequired = "password_change_required",
        /// 404: the user code has expired or never was.
        ExpiredOrUnknown = "expired_or_unknown",
        /// 409: somebody has decided already.
        AlreadyResolved = "already_resolved",
        /// 409: another decision is under way.
        ApproveInProgress = "approve_in_progress",
        /// 409: the request is gone.
        StateLost = "state_lost",
        /// 400: not a user code that waits for an answer.
        InvalidUserCode = "invalid_user_code",
        /// 502: the other identity system can't be asked.
        SsoInitiateFailed = "sso_initiate_failed",
        /// 401: nobody came back from another identity system, or too long ago.
        NoSession = "no_session",
        /// 401: the same, when deciding.
        InvalidSession = "invalid_session",
        /// 401: whoever came back has decided already.
        SessionAlreadyConsumed = "session_already_consumed",
        /// 403: the header [`CSRF_HEADER`] is not what `approval-context` gave.
        CsrfMismatch = "csrf_mismatch",
        /// 400: another user code than the one that was taken to the identity system.
        UserCodeMismatch = "user_code_mismatch",
        /// 409: the user code has expired or is resolved.
        UserCodeNotPending = "user_code_not_pending",
        /// 503: devices are not let in here.
        BearerAuthDisabled = "bearer_auth_disabled",
        /// 429: too many requests; the header `Retry-After` says how many seconds to wait.
        RateLimited = "rate_limited",
        /// 503: the server can't answer now.
        TemporarilyUnavailable = "temporarily_unavailable",
        /// 500: a fault of the server.
        ServerError = "server_error",
    }
    else {
        /// A code of a newer server than this program knows.
        Unknown = "unknown"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_app_reads_what_the_server_writes() {
        let request = DeviceRequest {
            client_id: "difyctl".to_owned(),
            client_name: "difyctl".to_owned(),
            client_known: true,
            device_label: None,
            requester: Agent { browser: None, system: Some("Linux".to_owned()), ip: "192.0.2.1".to_owned() },
            requested_at: Timestamp::new("2026-01-31T12:00:00Z"),
            expires_in: 899,
            scopes: vec![Scope::Full, Scope::AppsRun],
            same_network: false,
            access_expires_at: Timestamp::new("2026-02-14T12:00:00Z"),
            replaces: true,
        };
        let text = serde_json::to_string(&request).expect("serializes");
        assert!(text.contains(r#""scopes":["full","apps:run"]"#), "{text}");
        assert_eq!(serde_json::from_str::<DeviceRequest>(&text).expect("is read"), request);

        let error = OAuthError { error: OAuthErrorCode::SlowDown, error_description: "later".to_owned() };
        let text = serde_json::to_string(&error).expect("serializes");
        assert_eq!(text, r#"{"error":"slow_down","error_description":"later"}"#);
        assert_eq!(serde_json::from_str::<OAuthError>(&text).expect("is read"), error);
    }

    #[test]
    fn the_server_reads_what_the_app_writes() {
        let resolve = Resolve { user_code: Secret::new("BCDF-GHJK") };
        let text = serde_json::to_string(&resolve).expect("serializes");
        assert_eq!(serde_json::from_str::<Resolve>(&text).expect("is read"), resolve);
    }
}
