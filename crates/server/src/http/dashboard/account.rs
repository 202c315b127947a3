//! POST `/api/auth/account/edit` and `/api/auth/account/confirm-email`: changes the account of whoever asks.

use axum::{
    extract::State,
    http::{HeaderName, HeaderValue, header},
    response::AppendHeaders,
};
use doorstep_contract::{
    account::{AccountEdit, EmailConfirmation},
    envelope::Nothing,
};

use super::{
    AppState,
    answer::{Answer, Data, Refusal},
    json::Json,
    session::{Arriving, SignedIn},
};
use crate::http::cookies::Cookies;

pub(super) async fn edit(
    State(state): State<AppState>,
    Arriving(arrival): Arriving,
    SignedIn(identity): SignedIn,
    Json(request): Json<AccountEdit>,
) -> Result<(AppendHeaders<Vec<(HeaderName, HeaderValue)>>, Data<Nothing>), Refusal> {
    let edited = state.service.edit_account(&identity, &request, &arrival).await?;
    let cookies = Cookies::new(&state.public_url);
    let set = [
        edited.token.and_then(|token| cookies.set_session(&token, &state.service.sessions)),
        edited.proof.and_then(|proof| cookies.set_proof(&identity.account.id, &proof)),
    ];
    let set = set.into_iter().flatten().map(|value| (header::SET_COOKIE, value)).collect();
    Ok((AppendHeaders(set), Data(Nothing {})))
}

pub(super) async fn confirm_email(
    State(state): State<AppState>,
    Arriving(arrival): Arriving,
    SignedIn(identity): SignedIn,
    Json(request): Json<EmailConfirmation>,
) -> Answer<Nothing> {
    state.service.confirm_email(&identity, &request.token, &arrival).await?;
    Ok(Data(Nothing {}))
}
