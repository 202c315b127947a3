//! POST `/api/auth/login`: signs in.

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::AppendHeaders,
};
use doorstep_contract::{
    auth::{LoginRequest, LoginType, SignedIn},
    secret::Secret,
};

use super::{
    AppState,
    answer::{Data, Refusal},
    json::Json,
};
use crate::{
    error::Error,
    http::{client::Client, cookies::SessionCookie},
    service::sign_in::Arrival,
};

/// What a body asks for.
enum Attempt {
    Password { name: String, password: Secret },
    SecondStep,
    TemporaryToken,
}

pub(super) async fn create(
    State(state): State<AppState>,
    Client(visitor): Client,
    headers: HeaderMap,
    Json(request): Json<LoginRequest>,
) -> Result<(AppendHeaders<Option<(header::HeaderName, header::HeaderValue)>>, Data<SignedIn>), Refusal> {
    let cookie = SessionCookie::new(&state.public_url);
    let arrival = Arrival { visitor, earlier: cookie.read(&headers) };
    let service = &state.service;
    let (token, identity) = match attempt(request)? {
        Attempt::Password { name, password } => service.sign_in_with_password(&name, &password, &arrival).await?,
        // No sign-in waits for a second step, and no token has been made: the answers of the contract for that.
        Attempt::SecondStep => return Err(Error::ChallengeExpired.into()),
        Attempt::TemporaryToken => return Err(Error::TemporaryLoginDisabled.into()),
    };
    let set = cookie.set(&token, &service.sessions).map(|value| (header::SET_COOKIE, value));
    Ok((AppendHeaders(set), Data(service.signed_in(&identity))))
}

fn attempt(request: LoginRequest) -> Result<Attempt, Error> {
    let missing = |field: &str| Error::InvalidRequest(format!("`{field}` is missing"));
    match request.login_type.unwrap_or(LoginType::Password) {
        LoginType::TemporaryToken => {
            request.temporary_token.ok_or_else(|| missing("temporary_token"))?;
            Ok(Attempt::TemporaryToken)
        }
        LoginType::Password if request.challenge.is_some() => {
            request.code.ok_or_else(|| missing("code"))?;
            Ok(Attempt::SecondStep)
        }
        LoginType::Password => Ok(Attempt::Password {
            name: request.username.ok_or_else(|| missing("username"))?,
            password: request.password.ok_or_else(|| missing("password"))?,
        }),
    }
}
