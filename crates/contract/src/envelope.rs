//! The envelope of every answer below `/api/`, and its error codes.

use crate::words::words;

/// `{"status", "message", "code", "data"}`: all four keys are always present.
///
/// An error never has the HTTP status 200. Clients decide by `code`; `message` is an explanation in English, for
/// developers.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Envelope<T> {
    /// Whether the request succeeded.
    pub status: Outcome,
    /// An explanation in English, or null.
    pub message: Option<String>,
    /// The error code; null for a success.
    pub code: Option<ErrorCode>,
    /// The result; for some errors, further data.
    pub data: Option<T>,
}

impl<T> Envelope<T> {
    /// A successful answer.
    pub fn ok(data: T) -> Self {
        Self { status: Outcome::Ok, message: None, code: None, data: Some(data) }
    }

    /// An error.
    pub fn error(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { status: Outcome::Error, message: Some(message.into()), code: Some(code), data: None }
    }
}

words! {
    /// The `status` of an [`Envelope`].
    pub enum Outcome {
        /// The request succeeded.
        Ok = "ok",
        /// The request failed; `code` says why.
        Error = "error",
    }
}

/// The `data` of an answer without data: `{}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Nothing {}

words! {
    /// Why a request below `/api/` was refused.
    pub enum ErrorCode {
        /// 400: the body is missing, not JSON or not an object, or a field is missing or of the wrong type.
        InvalidRequest = "invalid_request",
        /// 413: the body is larger than 64 KiB.
        PayloadTooLarge = "payload_too_large",
        /// 415: the body is not `application/json`.
        UnsupportedMediaType = "unsupported_media_type",
        /// 404: no such path or thing.
        NotFound = "not_found",
        /// 405: the path does not have this method.
        MethodNotAllowed = "method_not_allowed",
        /// 403: the request was not sent by a page of this origin.
        CsrfRejected = "csrf_rejected",
        /// 401: no session, or it has ended.
        Unauthenticated = "unauthenticated",
        /// 401: wrong username or password. The same for every cause.
        InvalidCredentials = "invalid_credentials",
        /// 401: not the current password of the account.
        WrongPassword = "wrong_password",
        /// 401: the password is right, and a verification or recovery code is required; `data.challenge` identifies the
        /// sign-in.
        TotpRequired = "totp_required",
        /// 401: a wrong, expired or used code.
        InvalidCode = "invalid_code",
        /// 401: not a valid temporary token.
        InvalidToken = "invalid_token",
        /// 401: the temporary token or the link has expired.
        TokenExpired = "token_expired",
        /// 401: the temporary token was used already.
        TokenUsed = "token_used",
        /// 403: re-authentication within the last 10 minutes is required: use `reauth`.
        ReauthRequired = "reauth_required",
        /// 403: a temporary session may not do this before a password is set.
        TemporarySession = "temporary_session",
        /// 403: the account may not do this.
        Forbidden = "forbidden",
        /// 409: two-factor authentication is on already.
        AlreadyEnabled = "already_enabled",
        /// 409: the last way to sign in can't be removed.
        LastIdentity = "last_identity",
        /// 401: the sign-in of this second step has expired.
        ChallengeExpired = "challenge_expired",
        /// 403: no temporary token exists.
        TemporaryLoginDisabled = "temporary_login_disabled",
        /// 403: the user must choose a new password first.
        PasswordChangeRequired = "password_change_required",
        /// 403: an account can't be set up this way (any more).
        SetupNotAllowed = "setup_not_allowed",
        /// 409: another account has this username or email.
        UsernameTaken = "username_taken",
        /// 409: another client has this slug.
        SlugTaken = "slug_taken",
        /// 409: the client is inactive and gets no link.
        ClientInactive = "client_inactive",
        /// 409: the client for previews of this project is inactive.
        PreviewClientInactive = "preview_client_inactive",
        /// 422: a name is empty or too long.
        NameInvalid = "name_invalid",
        /// 422: not a slug: lower-case letters, digits and single hyphens, at most 60.
        SlugInvalid = "slug_invalid",
        /// 422: a required text is empty, or a text is too long.
        TextInvalid = "text_invalid",
        /// 422: no such account or client.
        ReferenceInvalid = "reference_invalid",
        /// 422: the password is too weak; `data.weakness` says why ([`crate::password::Weakness`]).
        PasswordPolicy = "password_policy",
        /// 422: password and confirmation differ.
        Mismatch = "mismatch",
        /// 422: not a username ([`crate::account_name`]).
        UsernameInvalid = "username_invalid",
        /// 422: not an email address.
        EmailInvalid = "email_invalid",
        /// 429: too many attempts; `Retry-After` has the seconds to wait.
        RateLimited = "rate_limited",
        /// 503: the server is unavailable: its database is locked, full or read-only, or it is overloaded.
        ServiceUnavailable = "service_unavailable",
        /// 500: an internal error of the server.
        InternalError = "internal_error",
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
    fn the_app_parses_answers_of_the_server() {
        let error = Envelope::<Nothing>::error(ErrorCode::CsrfRejected, "why");
        let text = serde_json::to_string(&error).expect("serializes");
        assert_eq!(serde_json::from_str::<Envelope<Nothing>>(&text).expect("is read"), error);
    }

    #[test]
    fn an_unknown_code_is_parsed_as_unknown() {
        let code: ErrorCode = serde_json::from_str(r#""from_the_future""#).expect("is read");
        assert_eq!(code, ErrorCode::Unknown);
    }
}
