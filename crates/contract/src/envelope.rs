//! The envelope of every answer below `/api/`, and the error codes that it may carry.

use crate::words::words;

/// `{"status", "message", "code", "data"}`: all four keys are always there.
///
/// An error never has the HTTP status 200. Clients decide by `code`; `message` is English prose for people who read
/// raw answers.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Envelope<T> {
    /// Whether the request did what it asked for.
    pub status: Outcome,
    /// English prose, or null.
    pub message: Option<String>,
    /// Which error it is; null when there is none.
    pub code: Option<ErrorCode>,
    /// The answer itself; for some errors, what the client needs to go on.
    pub data: Option<T>,
}

impl<T> Envelope<T> {
    /// An answer that worked.
    pub fn ok(data: T) -> Self {
        Self { status: Outcome::Ok, message: None, code: None, data: Some(data) }
    }

    /// An answer that did not.
    pub fn error(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { status: Outcome::Error, message: Some(message.into()), code: Some(code), data: None }
    }
}

words! {
    /// The `status` of an [`Envelope`].
    pub enum Outcome {
        /// It worked.
        Ok = "ok",
        /// It did not; `code` says why.
        Error = "error",
    }
}

/// The `data` of an answer that has nothing to say: `{}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Nothing {}

words! {
    /// Why a request below `/api/` was refused.
    pub enum ErrorCode {
        /// 400: the body is missing, not JSON, not an object, or a field is missing or of the wrong type.
        InvalidRequest = "invalid_request",
        /// 413: the body is over 64 KiB.
        PayloadTooLarge = "payload_too_large",
        /// 415: a body that is not `application/json`.
        UnsupportedMediaType = "unsupported_media_type",
        /// 404: there is nothing at this path.
        NotFound = "not_found",
        /// 405: the path is right, the method is not.
        MethodNotAllowed = "method_not_allowed",
        /// 403: the request was not sent by a page of this origin.
        CsrfRejected = "csrf_rejected",
        /// 401: there is no session, or it has ended.
        Unauthenticated = "unauthenticated",
        /// 401: user name and password do not belong together. One answer for every reason.
        InvalidCredentials = "invalid_credentials",
        /// 401: not the password of this account.
        WrongPassword = "wrong_password",
        /// 401: the password is right, and a one-time or recovery code is wanted; `data.challenge` names the sign-in.
        TotpRequired = "totp_required",
        /// 401: not a code that is good now: mistyped, expired, or used already.
        InvalidCode = "invalid_code",
        /// 401: not a temporary login token that is in force.
        InvalidToken = "invalid_token",
        /// 401: the temporary login token or the link has expired.
        TokenExpired = "token_expired",
        /// 401: the temporary login token has been used.
        TokenUsed = "token_used",
        /// 403: this needs a proof of who is asking, not older than 10 minutes: `reauth`.
        ReauthRequired = "reauth_required",
        /// 403: the session began with a temporary token, and may not do this before a password has been set.
        TemporarySession = "temporary_session",
        /// 403: the account may not do this.
        Forbidden = "forbidden",
        /// 409: one-time codes are on already.
        AlreadyEnabled = "already_enabled",
        /// 409: an identity can't be removed when it is the last way in.
        LastIdentity = "last_identity",
        /// 401: the sign-in that this second step belongs to has expired.
        ChallengeExpired = "challenge_expired",
        /// 403: there is no temporary login token to sign in with.
        TemporaryLoginDisabled = "temporary_login_disabled",
        /// 403: the session may do nothing else before its person has chosen a new password.
        PasswordChangeRequired = "password_change_required",
        /// 403: no account can be set up this way, or not any more.
        SetupNotAllowed = "setup_not_allowed",
        /// 409: another account has this user name or email.
        UsernameTaken = "username_taken",
        /// 409: another client has this slug.
        SlugTaken = "slug_taken",
        /// 409: the client is deactivated: it gets no link.
        ClientInactive = "client_inactive",
        /// 409: the client that previews of this project use was deactivated.
        PreviewClientInactive = "preview_client_inactive",
        /// 422: a name is empty or too long.
        NameInvalid = "name_invalid",
        /// 422: not a slug: lower-case letters, digits and single dashes, at most 60.
        SlugInvalid = "slug_invalid",
        /// 422: a text is empty where there must be one, or too long.
        TextInvalid = "text_invalid",
        /// 422: there is no such account or client.
        ReferenceInvalid = "reference_invalid",
        /// 422: the password is too easily guessed; `data.weakness` says how ([`crate::password::Weakness`]).
        PasswordPolicy = "password_policy",
        /// 422: password and confirmation differ.
        Mismatch = "mismatch",
        /// 422: not a user name ([`crate::account_name`]).
        UsernameInvalid = "username_invalid",
        /// 422: not an email address.
        EmailInvalid = "email_invalid",
        /// 429: too many attempts; the header `Retry-After` says how many seconds to wait.
        RateLimited = "rate_limited",
        /// 503: the server can't answer now: its database is locked, full or read-only, or it is overloaded.
        ServiceUnavailable = "service_unavailable",
        /// 500: a fault of the server.
        InternalError = "internal_error",
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
    fn all_four_keys_are_always_there() {
        let ok = serde_json::to_string(&Envelope::ok(Nothing {})).expect("serializes");
        assert_eq!(ok, r#"{"status":"ok","message":null,"code":null,"data":{}}"#);
        let error = Envelope::<Nothing>::error(ErrorCode::InvalidRequest, "why");
        assert_eq!(
            serde_json::to_string(&error).expect("serializes"),
            r#"{"status":"error","message":"why","code":"invalid_request","data":null}"#
        );
    }

    #[test]
    fn the_app_reads_what_the_server_writes() {
        let error = Envelope::<Nothing>::error(ErrorCode::CsrfRejected, "why");
        let text = serde_json::to_string(&error).expect("serializes");
        assert_eq!(serde_json::from_str::<Envelope<Nothing>>(&text).expect("is read"), error);
    }

    #[test]
    fn a_code_of_a_newer_server_is_read_as_unknown() {
        let code: ErrorCode = serde_json::from_str(r#""from_the_future""#).expect("is read");
        assert_eq!(code, ErrorCode::Unknown);
    }
}
