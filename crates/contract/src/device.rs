//! Requests and answers of the device surface (RFC 8628) that a browser uses: the page `/device` and the list of
//! authorized devices. Errors are `{"error", "error_description"}` ([`OAuthError`]).

use crate::{
    account::Agent,
    auth::{Provider, Timestamp},
    secret::Secret,
    words::words,
};

/// GET `lookup`: whether the request of a user code is pending.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Lookup {
    /// Whether it is pending. Unknown, expired and resolved codes get the same answer.
    pub valid: bool,
    /// The seconds until the code expires; 0 if it is not pending.
    pub expires_in_remaining: u32,
    /// The id of the application; null if the code is not pending.
    pub client_id: Option<String>,
    /// Whether users of single sign-on may decide too, by `sso-initiate`.
    pub sso_enabled: bool,
    /// Their identity providers, for the parameter [`PROVIDER`]; empty if there is only one, which needs no name.
    pub sso_providers: Vec<Provider>,
}

/// The query parameter of `sso-initiate` for the name of a provider.
pub const PROVIDER: &str = "provider";

/// POST `approve`, `deny`, `approve-external`, `deny-external`.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Resolve {
    /// The user code, in any spelling ([`crate::user_code::UserCode::parse`]).
    pub user_code: Secret,
}

/// The answer: the decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Resolved {
    /// The decision.
    pub status: Resolution,
}

words! {
    /// The user's decision about a device.
    pub enum Resolution {
        /// The device gets its token with its next poll.
        Approved = "approved",
        /// The device gets no token.
        Denied = "denied",
    }
}

/// GET `context`: the request, to be shown before the decision.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceRequest {
    /// The id of the application.
    pub client_id: String,
    /// The application's name as configured by the operator, or its id.
    pub client_name: String,
    /// Whether the application is still configured.
    pub client_known: bool,
    /// The name that the device reports; it is not verified.
    pub device_label: Option<String>,
    /// Address and user agent of the request.
    pub requester: Agent,
    /// When the request was made.
    pub requested_at: Timestamp,
    /// The seconds until the code expires.
    pub expires_in: u32,
    /// The scopes of the token.
    pub scopes: Vec<Scope>,
    /// Whether the request came from the same network as this browser. If not, another person may have made it, and a
    /// decision requires re-authentication within the last five minutes ([`OAuthErrorCode::ReauthRequired`]).
    pub same_network: bool,
    /// When the token expires if the request is approved now, by the configured lifetime.
    pub access_expires_at: Timestamp,
    /// Whether approving revokes a valid token of the same user, application and device name.
    pub replaces: bool,
}

words! {
    /// The scope of a device's token.
    pub enum Scope {
        /// Everything that the account may do.
        Full = "full",
        /// Running apps only.
        AppsRun = "apps:run",
    }
}

/// GET `approval-context`: the identity from single sign-on, and the request to decide about.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApprovalContext {
    /// The email of the identity, as asserted by the provider.
    pub subject_email: String,
    /// The provider's issuer.
    pub subject_issuer: String,
    /// The display name of the provider, if it is one of the server's.
    pub subject_provider: Option<String>,
    /// The user code, as displayed.
    pub user_code: Secret,
    /// The value of the header [`CSRF_HEADER`] for `approve-external` and `deny-external`.
    pub csrf_token: Secret,
    /// When the identity expires.
    pub expires_at: Timestamp,
    /// The request to decide about.
    pub request: DeviceRequest,
}

/// The header for [`ApprovalContext::csrf_token`].
pub const CSRF_HEADER: &str = "x-csrf-token";

/// GET `/api/auth/devices`: an authorized device of the account.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceEntry {
    /// Identifies the device; it is not a secret.
    pub id: String,
    /// The first characters of its token, to tell tokens apart.
    pub prefix: String,
    /// The id of the application.
    pub client_id: String,
    /// The application's name as configured by the operator, or its id.
    pub client_name: String,
    /// The name that the device reports.
    pub device_label: Option<String>,
    /// The scope of its token.
    pub scope: Scope,
    /// When it was authorized.
    pub created_at: Timestamp,
    /// When its token was last used, to the minute; null if never.
    pub last_used_at: Option<Timestamp>,
    /// When its token expires.
    pub expires_at: Timestamp,
}

/// The query parameter of `/device` after a successful single sign-on.
pub const SSO_VERIFIED: &str = "sso_verified";

/// The query parameter of `/device` after a failed single sign-on: an [`SsoError`].
pub const SSO_ERROR: &str = "sso_error";

words! {
    /// Why single sign-on at `/device` failed.
    pub enum SsoError {
        /// The assertion is invalid, belongs to another browser or code, or was used already.
        InvalidSsoAssertion = "invalid_sso_assertion",
        /// The code has expired or is resolved.
        UserCodeNotPending = "user_code_not_pending",
        /// An account here has this email: its user must sign in to it instead.
        EmailBelongsToAccount = "email_belongs_to_account",
        /// The user or the provider refused.
        AccessDenied = "access_denied",
        /// The provider does not answer.
        TemporarilyUnavailable = "temporarily_unavailable",
        /// Too many attempts from this address.
        RateLimited = "rate_limited",
        /// Any other failure.
        SsoFailed = "sso_failed",
    }
    else {
        /// A value of a newer server.
        Unknown = "unknown"
    }
}

/// An error of the device surface (RFC 6749 §5.2).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OAuthError {
    /// The error code.
    pub error: OAuthErrorCode,
    /// An explanation in English, for developers.
    pub error_description: String,
}

words! {
    /// Why a request of the device surface was refused.
    pub enum OAuthErrorCode {
        /// 400: a field is missing, repeated or of the wrong type, or the body is malformed.
        InvalidRequest = "invalid_request",
        /// 413: the body is larger than 64 KiB.
        PayloadTooLarge = "payload_too_large",
        /// 415: the body is not `application/json`.
        UnsupportedMediaType = "unsupported_media_type",
        /// 404: no such path.
        NotFound = "not_found",
        /// 405: the path does not have this method.
        MethodNotAllowed = "method_not_allowed",
        /// 400: an unknown scope.
        InvalidScope = "invalid_scope",
        /// 400: an unknown application (request in JSON).
        UnsupportedClient = "unsupported_client",
        /// 400: an unknown application (request as a form).
        InvalidClient = "invalid_client",
        /// 400: not decided yet.
        AuthorizationPending = "authorization_pending",
        /// 400: not decided yet, and polled too soon: increase the interval by 5 seconds.
        SlowDown = "slow_down",
        /// 400: the device code has expired, was used, or is unknown.
        ExpiredToken = "expired_token",
        /// 400: the user denied the request. 403: the request was not sent by a page of this origin.
        AccessDenied = "access_denied",
        /// 400: the device code belongs to another application.
        InvalidGrant = "invalid_grant",
        /// 400: an unsupported grant type.
        UnsupportedGrantType = "unsupported_grant_type",
        /// 401: no session, or it has ended.
        Unauthenticated = "unauthenticated",
        /// 401: not a valid token of a device.
        InvalidToken = "invalid_token",
        /// 403: the scope of the token is not sufficient (RFC 6750 §3.1).
        InsufficientScope = "insufficient_scope",
        /// 403: the last authentication is older than 12 hours, or than 5 minutes for a request from another network:
        /// use `reauth`.
        ReauthRequired = "reauth_required",
        /// 403: a temporary session; set a password first.
        TemporarySession = "temporary_session",
        /// 403: the user must choose a new password first.
        PasswordChangeRequired = "password_change_required",
        /// 404: the user code has expired or is unknown.
        ExpiredOrUnknown = "expired_or_unknown",
        /// 409: the request was decided already.
        AlreadyResolved = "already_resolved",
        /// 409: another decision is in progress.
        ApproveInProgress = "approve_in_progress",
        /// 409: the request does not exist any more.
        StateLost = "state_lost",
        /// 400: not a pending user code.
        InvalidUserCode = "invalid_user_code",
        /// 502: the identity provider can't be reached.
        SsoInitiateFailed = "sso_initiate_failed",
        /// 401: no identity from single sign-on, or it has expired.
        NoSession = "no_session",
        /// 401: the same, for a decision.
        InvalidSession = "invalid_session",
        /// 401: the identity from single sign-on was used already.
        SessionAlreadyConsumed = "session_already_consumed",
        /// 403: the header [`CSRF_HEADER`] does not match `approval-context`.
        CsrfMismatch = "csrf_mismatch",
        /// 400: not the user code for which single sign-on began.
        UserCodeMismatch = "user_code_mismatch",
        /// 409: the user code has expired or is resolved.
        UserCodeNotPending = "user_code_not_pending",
        /// 503: device authorization is turned off.
        BearerAuthDisabled = "bearer_auth_disabled",
        /// 429: too many requests; `Retry-After` has the seconds to wait.
        RateLimited = "rate_limited",
        /// 503: the server is unavailable.
        TemporarilyUnavailable = "temporarily_unavailable",
        /// 500: an internal error of the server.
        ServerError = "server_error",
    }
    else {
        /// A code of a newer server.
        Unknown = "unknown"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_app_parses_answers_of_the_server() {
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
    fn the_server_parses_requests_of_the_app() {
        let resolve = Resolve { user_code: Secret::new("BCDF-GHJK") };
        let text = serde_json::to_string(&resolve).expect("serializes");
        assert_eq!(serde_json::from_str::<Resolve>(&text).expect("is read"), resolve);
    }
}
