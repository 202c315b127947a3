//! The operations of the token surface, shared by their REST paths and GraphQL mutations.

use std::sync::Arc;

use axum::{
    Json,
    extract::{FromRequest, Request},
    http::{HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use doorstep_contract::{
    paths,
    secret::Secret,
    tokens::{PasswordRequest, PasswordReset},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::{answer::Refusal, caller::Caller};
use crate::{
    domain::{
        access::{ACCESS_LIFE, Issued, Mode},
        quota::Quota,
    },
    error::Error,
    http::{
        AppState, body,
        cookies::Cookies,
        routes::{
            Authentication,
            Limit::{SignIn, Times},
            Needs,
        },
        run_to_end::run_to_end,
        set_cookies::SetCookies,
    },
};

/// An operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Login,
    Refresh,
    Logout,
    PasswordRequest,
    PasswordReset,
    TfaGenerate,
    TfaEnable,
    TfaDisable,
}

/// The result of an operation.
pub(super) struct Outcome {
    /// `None` for an empty response.
    pub(super) data: Option<Value>,
    /// `Set-Cookie` values.
    pub(super) cookies: Vec<HeaderValue>,
}

impl Outcome {
    const NOTHING: Self = Self { data: None, cookies: Vec::new() };

    fn data(data: &impl Serialize) -> Self {
        Self { data: Some(json!(data)), cookies: Vec::new() }
    }
}

impl IntoResponse for Outcome {
    fn into_response(self) -> Response {
        let cookies = SetCookies::of(self.cookies);
        match self.data {
            Some(data) => (cookies, Json(json!({ "data": data }))).into_response(),
            None => (StatusCode::NO_CONTENT, cookies, ()).into_response(),
        }
    }
}

/// A JSON object; empty without a body.
pub(super) struct Body(pub(super) Map<String, Value>);

impl<S: Sync> FromRequest<S> for Body {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let is_json = body::is_json(request.headers());
        let body = body::read(request).await?;
        match (body.is_empty(), is_json) {
            (true, _) => Ok(Self(Map::new())),
            (false, true) => Ok(Self(body::parse_object(&body)?)),
            (false, false) => Err(Error::UnsupportedMediaType.into()),
        }
    }
}

#[derive(Deserialize, ToSchema)]
pub(super) struct Login {
    email: String,
    password: Secret,
    otp: Option<Secret>,
    mode: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct Refresh {
    refresh_token: Option<Secret>,
    mode: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct TfaGenerate {
    password: Secret,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct TfaEnable {
    secret: Secret,
    otp: Secret,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct TfaDisable {
    otp: Secret,
}

/// The tokens of a sign-in: the refresh token only in the mode `json`, none at all in the mode `session`.
#[derive(Serialize, ToSchema)]
pub(super) struct Tokens {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    access_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    refresh_token: Option<String>,
    /// Lifetime of the access token in milliseconds.
    expires: u64,
}

/// A secret for one-time codes, which must be confirmed by a code.
#[derive(Serialize, ToSchema)]
pub(super) struct Enrolment {
    secret: Secret,
    otpauth_url: Secret,
}

impl Operation {
    /// All operations.
    pub(super) const ALL: [Self; 8] = [
        Self::Login,
        Self::Refresh,
        Self::Logout,
        Self::PasswordRequest,
        Self::PasswordReset,
        Self::TfaGenerate,
        Self::TfaEnable,
        Self::TfaDisable,
    ];

    /// The REST path. The GraphQL field has the same name, with underscores.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Login => "/auth/login",
            Self::Refresh => "/auth/refresh",
            Self::Logout => "/auth/logout",
            Self::PasswordRequest => paths::PASSWORD_REQUEST,
            Self::PasswordReset => paths::PASSWORD_RESET,
            Self::TfaGenerate => "/users/me/tfa/generate",
            Self::TfaEnable => "/users/me/tfa/enable",
            Self::TfaDisable => "/users/me/tfa/disable",
        }
    }

    /// The requirements of its REST endpoint.
    pub(super) const fn needs(self) -> Needs {
        match self {
            Self::Login => Needs::NOTHING.limited(&[SignIn]),
            Self::Refresh => Needs::NOTHING.limited(&[Times(Quota::Refresh)]),
            Self::Logout => Needs::NOTHING,
            Self::PasswordRequest => Needs::NOTHING.limited(&[Times(Quota::PasswordRequest)]),
            Self::PasswordReset => Needs::NOTHING.limited(&[Times(Quota::PasswordReset)]),
            Self::TfaGenerate | Self::TfaEnable | Self::TfaDisable => {
                Needs::authenticated_by(Authentication::AccessToken).limited(&[SignIn])
            }
        }
    }

    /// Performs the operation.
    pub(super) async fn perform(
        self,
        state: &AppState,
        caller: &Caller,
        body: Map<String, Value>,
    ) -> Result<Outcome, Error> {
        match self {
            Self::Login => login(state, caller, read(body)?).await,
            Self::Refresh => refresh(state, caller, read(body)?).await,
            Self::Logout => logout(state, caller, read(body)?).await,
            Self::PasswordRequest => {
                let request: PasswordRequest = read(body)?;
                state.service.account().request_reset(&request, &caller.context).await?;
                Ok(Outcome::NOTHING)
            }
            Self::PasswordReset => {
                let reset: PasswordReset = read(body)?;
                state.service.account().reset_password(&reset, &caller.context).await?;
                Ok(Outcome::NOTHING)
            }
            Self::TfaGenerate | Self::TfaEnable | Self::TfaDisable => self.change_factor(state, caller, body).await,
        }
    }

    async fn change_factor(
        self,
        state: &AppState,
        caller: &Caller,
        body: Map<String, Value>,
    ) -> Result<Outcome, Error> {
        let identity = caller.identify(state).await?;
        if identity.account.password_is_initial {
            return Err(Error::PasswordChangeRequired);
        }
        let (service, context) = (&state.service, &caller.context);
        // The user is signed in, so a wrong code is a validation error, not a failed sign-in.
        let wrong = |error| match error {
            Error::InvalidCode => Error::InvalidRequest("`otp` is incorrect or already used".to_owned()),
            error => error,
        };
        match self {
            Self::TfaGenerate => {
                let TfaGenerate { password } = read(body)?;
                let pending = service.account().start_enrolment_with_password(&identity, &password, context).await?;
                Ok(Outcome::data(&Enrolment { secret: pending.secret, otpauth_url: pending.otpauth_url }))
            }
            Self::TfaEnable => {
                let TfaEnable { secret, otp } = read(body)?;
                service.account().confirm_enrolment_alone(&identity, &secret, &otp, context).await.map_err(wrong)?;
                Ok(Outcome::NOTHING)
            }
            _ => {
                let TfaDisable { otp } = read(body)?;
                service.account().disable_totp_with_code(&identity, &otp, context).await.map_err(wrong)?;
                Ok(Outcome::NOTHING)
            }
        }
    }
}

async fn login(state: &AppState, caller: &Caller, body: Login) -> Result<Outcome, Error> {
    let mode = mode(body.mode.as_deref())?.unwrap_or(Mode::Json);
    let service = &state.service;
    let signed_in = service.tokens().sign_in(body.email, body.password, body.otp, mode, &caller.context).await?;
    let issued = signed_in.tokens.ok_or(Error::NoTokens)?;
    let mut outcome = hand_out(state, &issued);
    if mode != Mode::Json {
        // A browser, which strangers can't keep out from now on.
        let account = &signed_in.identity.account.id;
        outcome.cookies.extend(caller.cookies().set_proof(caller.headers(), account, &signed_in.proof));
    }
    Ok(outcome)
}

async fn refresh(state: &AppState, caller: &Caller, body: Refresh) -> Result<Outcome, Error> {
    let given = body.refresh_token.as_ref().map(Secret::reveal);
    let mode = mode(body.mode.as_deref())?.unwrap_or(if given.is_some() { Mode::Json } else { Mode::Cookie });
    let tokens = match (given, mode) {
        (Some(token), _) => vec![token],
        (None, Mode::Json) => Vec::new(),
        (None, Mode::Cookie) => caller.refresh_tokens(),
        (None, Mode::Session) => caller.session_tokens(),
    };
    if tokens.is_empty() {
        return Err(Error::InvalidRequest("there is no refresh token, in body or cookie".to_owned()));
    }
    let issued = state.service.tokens().refresh(&tokens, mode, &caller.context.visitor).await?;
    let cookies = match given {
        Some(_) => caller.cookies().set_tokens(&issued),
        None => caller.cookies().renew_tokens(caller.headers(), &issued),
    };
    Ok(Outcome { cookies, ..hand_out(state, &issued) })
}

/// Ends the sessions of the tokens in body and cookies, and clears the cookies in the request, including that of a
/// browser session which ended with a token.
async fn logout(state: &AppState, caller: &Caller, body: Refresh) -> Result<Outcome, Error> {
    mode(body.mode.as_deref())?;
    let (cookies, headers) = (caller.cookies(), caller.headers());
    let given = body.refresh_token.as_ref().map(Secret::reveal);
    let tokens = given.into_iter().chain(caller.refresh_tokens()).chain(caller.session_tokens());
    let tokens: Vec<Secret> = tokens.map(|token| Secret::new(token.to_owned())).collect();
    let (service, address) = (Arc::clone(&state.service), caller.context.visitor.address);
    run_to_end(async move {
        let tokens: Vec<_> = tokens.iter().map(Secret::reveal).collect();
        service.tokens().end(&tokens, address).await
    })
    .await?;
    let mut cleared = cookies.clear_tokens(headers);
    let sessions = cookies.sessions(headers);
    if !sessions.is_empty() && state.service.sessions().identify(&sessions).await?.is_none() {
        cleared.extend(cookies.clear_session());
    }
    Ok(Outcome { data: None, cookies: cleared })
}

/// Distributes the tokens to body and cookies, by mode.
fn hand_out(state: &AppState, issued: &Issued) -> Outcome {
    let expires = u64::try_from(ACCESS_LIFE.as_millis()).unwrap_or_default();
    let access = issued.access.as_ref().map(crate::domain::token::Token::reveal);
    let (access_token, refresh_token) = match issued.mode {
        Mode::Json => (access, Some(issued.refresh.reveal())),
        Mode::Cookie => (access, None),
        Mode::Session => (None, None),
    };
    let tokens = Tokens { access_token, refresh_token, expires };
    Outcome { cookies: Cookies::new(&state.public_url).set_tokens(issued), ..Outcome::data(&tokens) }
}

fn mode(word: Option<&str>) -> Result<Option<Mode>, Error> {
    word.map(|word| {
        Mode::parse(word).ok_or_else(|| Error::InvalidRequest("`mode` is json, cookie or session".to_owned()))
    })
    .transpose()
}

fn read<T: DeserializeOwned>(body: Map<String, Value>) -> Result<T, Error> {
    // serde's message may repeat a value, which may be a password.
    serde_json::from_value(Value::Object(body))
        .map_err(|error| Error::InvalidRequest(format!("the body does not fit: {}", without_values(&error))))
}

/// Names the missing or mistyped field without its value.
fn without_values(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.split_once(": ") {
        Some(("invalid type", rest)) => rest.rsplit_once("expected").map_or_else(
            || "a field is of the wrong type".to_owned(),
            |(_, expected)| format!("a field is of the wrong type, expected{expected}"),
        ),
        _ if text.starts_with("missing field") => text,
        _ => "a field is of the wrong type".to_owned(),
    }
}
