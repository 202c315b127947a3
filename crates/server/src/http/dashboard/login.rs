//! POST `/api/auth/login`: signs in.

use axum::{
    extract::State,
    http::{HeaderName, HeaderValue, header},
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
    session::Arriving,
};
use crate::{error::Error, http::cookies::Cookies, service::sign_in};

/// What a body asks for.
enum Attempt {
    Password { name: String, password: Secret },
    SecondStep,
    TemporaryToken,
}

pub(super) async fn create(
    State(state): State<AppState>,
    Arriving(arrival): Arriving,
    Json(request): Json<LoginRequest>,
) -> Result<SignedInAnswer, Refusal> {
    let signed_in = match attempt(request)? {
        Attempt::Password { name, password } => state.service.sign_in_with_password(&name, &password, &arrival).await?,
        // No sign-in waits for a second step, and no token has been made: the answers of the contract for that.
        Attempt::SecondStep => return Err(Error::ChallengeExpired.into()),
        Attempt::TemporaryToken => return Err(Error::TemporaryLoginDisabled.into()),
    };
    Ok(answer_signed_in(&state, &signed_in))
}

/// The envelope, and the cookies that a sign-in brings.
pub(super) type SignedInAnswer = (AppendHeaders<Vec<(HeaderName, HeaderValue)>>, Data<SignedIn>);

/// The session begins: its token goes into a cookie and nowhere else.
pub(super) fn answer_signed_in(state: &AppState, signed_in: &sign_in::SignedIn) -> SignedInAnswer {
    let cookies = Cookies::new(&state.public_url);
    let set = [
        cookies.set_session(&signed_in.token, &state.service.sessions),
        cookies.set_proof(&signed_in.identity.account.id, &signed_in.proof),
    ];
    let set = set.into_iter().flatten().map(|value| (header::SET_COOKIE, value)).collect();
    (AppendHeaders(set), Data(state.service.signed_in(&signed_in.identity)))
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
