//! POST `/api/auth/reauth`: reauthenticates the user of the session.

use axum::extract::State;
use doorstep_contract::{auth::ReauthRequest, envelope::Nothing};

use super::{
    AppState,
    answer::{Data, Refusal},
    json::Json,
    session::{Context, SignedInOrTemporary},
};
use crate::{
    domain::session::SessionToken,
    error::Error,
    http::{cookies::Cookies, set_cookies::SetCookies},
    service::sign_in::ReauthProof,
};

pub(super) async fn create(
    State(state): State<AppState>,
    Context(context): Context,
    SignedInOrTemporary(identity): SignedInOrTemporary,
    Json(request): Json<ReauthRequest>,
) -> Result<Renewed<Nothing>, Refusal> {
    let proof = match (&request.password, &request.code) {
        (Some(password), _) => ReauthProof::Password(password),
        (None, Some(code)) => ReauthProof::Code(code),
        (None, None) => return Err(Error::InvalidRequest("`password` or `code` is missing".to_owned()).into()),
    };
    let token = state.service.sign_in().reauthenticate(&identity, proof, &context).await?;
    Ok(renewed(&state, Some(&token), Nothing {}))
}

/// The response data, and the new session cookie if a proof rotated the token.
pub(super) type Renewed<T> = (SetCookies, Data<T>);

/// A response that sets the rotated session token, if there is one.
pub(super) fn renewed<T>(state: &AppState, token: Option<&SessionToken>, data: T) -> Renewed<T> {
    let cookies = Cookies::new(&state.public_url);
    let set = token.map(|token| cookies.set_session(token, &state.service.policy().sessions)).unwrap_or_default();
    (SetCookies::of(set), Data(data))
}
