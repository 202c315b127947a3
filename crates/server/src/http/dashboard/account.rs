//! POST `/api/auth/account/edit` and `/api/auth/account/confirm-email`: edits the signed-in account.

use axum::{extract::State, http::HeaderMap};
use doorstep_contract::{
    account::{AccountEdit, EmailConfirmation},
    envelope::Nothing,
};

use super::{
    AppState,
    answer::{Answer, Data, Refusal},
    json::Json,
    session::{Context, SignedIn, SignedInOrTemporary},
};
use crate::http::{cookies::Cookies, set_cookies::SetCookies};

pub(super) async fn edit(
    State(state): State<AppState>,
    Context(context): Context,
    SignedInOrTemporary(identity): SignedInOrTemporary,
    headers: HeaderMap,
    Json(request): Json<AccountEdit>,
) -> Result<(SetCookies, Data<Nothing>), Refusal> {
    let edited = state.service.account().edit(&identity, &request, &context).await?;
    let cookies = Cookies::new(&state.public_url);
    let session = edited.token.map(|token| cookies.set_session(&token, &state.service.policy().sessions));
    let proof = edited.proof.map(|proof| cookies.set_proof(&headers, &identity.account.id, &proof));
    let set = session.into_iter().chain(proof).flatten();
    Ok((SetCookies::of(set), Data(Nothing {})))
}

pub(super) async fn confirm_email(
    State(state): State<AppState>,
    Context(context): Context,
    SignedIn(identity): SignedIn,
    Json(request): Json<EmailConfirmation>,
) -> Answer<Nothing> {
    state.service.account().confirm_email(&identity, &request.token, &context).await?;
    Ok(Data(Nothing {}))
}
