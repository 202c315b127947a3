//! POST `/api/auth/login`: signs in.

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue},
};
use doorstep_contract::{
    auth::{LoginRequest, LoginType, SignedIn},
    secret::Secret,
};

use super::{
    AppState,
    answer::{Data, Refusal},
    json::Json,
    session::Context,
};
use crate::{
    error::Error,
    http::{cookies::Cookies, set_cookies::SetCookies},
    service::{
        self,
        sign_in::{Credentials, Purpose},
    },
};

/// The kinds of sign-in that a body can request.
enum Attempt {
    Password(Credentials),
    SecondStep { challenge: Secret, code: Secret, trust: bool },
    TemporaryToken(Secret),
}

pub(super) async fn create(
    State(state): State<AppState>,
    Context(context): Context,
    headers: HeaderMap,
    Json(request): Json<LoginRequest>,
) -> Result<SignedInAnswer, Refusal> {
    let service = &state.service;
    let signed_in = match attempt(request)? {
        Attempt::Password(credentials) => service.sign_in().with_password(&credentials, &context).await?,
        Attempt::SecondStep { challenge, code, trust } => {
            service.sign_in().with_code(&challenge, &code, trust, &context).await?
        }
        Attempt::TemporaryToken(token) => service.sign_in().with_login_token(&token, &context).await?,
    };
    Ok(answer_signed_in(&state, &headers, &signed_in))
}

/// The response to a sign-in: the identity, and its cookies.
pub(super) type SignedInAnswer = (SetCookies, Data<SignedIn>);

/// Responds to a sign-in. The token of the new session is sent only in its cookie. SSO flows that the user began and
/// abandoned are cancelled.
pub(super) fn answer_signed_in(state: &AppState, headers: &HeaderMap, signed_in: &service::SignedIn) -> SignedInAnswer {
    let abandoned = Cookies::new(&state.public_url).clear_sso_states(headers);
    (
        SetCookies::of(session_cookies(state, headers, signed_in).into_iter().chain(abandoned)),
        Data(state.service.sessions().signed_in(&signed_in.identity)),
    )
}

/// The cookies of a sign-in: session, known-browser proof and trusted-browser token.
pub(in crate::http) fn session_cookies(
    state: &AppState,
    headers: &HeaderMap,
    signed_in: &service::SignedIn,
) -> Vec<HeaderValue> {
    let cookies = Cookies::new(&state.public_url);
    let account = &signed_in.identity.account.id;
    let mut set = cookies.set_session(&signed_in.token, &state.service.policy().sessions);
    set.extend(cookies.set_proof(headers, account, &signed_in.proof));
    if let Some(token) = &signed_in.trusted {
        set.extend(cookies.set_trusted(headers, account, token));
    }
    set.extend(signed_in.tokens.as_ref().map(|tokens| cookies.set_tokens(tokens)).unwrap_or_default());
    set
}

fn attempt(request: LoginRequest) -> Result<Attempt, Error> {
    let missing = |field: &str| Error::InvalidRequest(format!("`{field}` is missing"));
    let trust = request.trust_device_flag.unwrap_or_default();
    match request.login_type.unwrap_or(LoginType::Password) {
        LoginType::TemporaryToken => {
            Ok(Attempt::TemporaryToken(request.temporary_token.ok_or_else(|| missing("temporary_token"))?))
        }
        LoginType::Password => match request.challenge {
            Some(challenge) => {
                Ok(Attempt::SecondStep { challenge, code: request.code.ok_or_else(|| missing("code"))?, trust })
            }
            None => Ok(Attempt::Password(Credentials {
                name: request.username.ok_or_else(|| missing("username"))?,
                password: request.password.ok_or_else(|| missing("password"))?,
                code: request.code,
                trust,
                purpose: Purpose::Browser,
            })),
        },
    }
}
