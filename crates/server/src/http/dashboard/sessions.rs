//! GET `/api/auth/sessions`, DELETE `/api/auth/sessions/{id}` and `/api/auth/sessions/others`.

use axum::{extract::State, http::HeaderMap};
use doorstep_contract::{
    account::{Ended, List, SessionEntry},
    envelope::Nothing,
};

use super::{
    AppState,
    answer::{Answer, Data, Refusal},
    id::PathId,
    json::EmptyBody,
    session::SignedIn,
};
use crate::http::{client::Client, cookies::Cookies, set_cookies::SetCookies};

pub(super) async fn list(State(state): State<AppState>, SignedIn(identity): SignedIn) -> Answer<List<SessionEntry>> {
    Ok(Data(state.service.sessions().list(&identity).await?))
}

/// Ending the session of the request itself is a sign-out and clears its cookie.
pub(super) async fn delete(
    State(state): State<AppState>,
    SignedIn(identity): SignedIn,
    Client(visitor): Client,
    PathId(id): PathId,
    headers: HeaderMap,
    EmptyBody: EmptyBody,
) -> Result<(SetCookies, Data<Nothing>), Refusal> {
    state.service.sessions().end(&identity, &id, visitor.address).await?;
    let is_own = id == identity.session.id;
    let clear = if is_own { Cookies::new(&state.public_url).clear_sign_in(&headers) } else { Vec::new() };
    Ok((SetCookies::of(clear), Data(Nothing {})))
}

pub(super) async fn delete_others(
    State(state): State<AppState>,
    SignedIn(identity): SignedIn,
    Client(visitor): Client,
    EmptyBody: EmptyBody,
) -> Answer<Ended> {
    Ok(Data(Ended { ended: state.service.sessions().end_others(&identity, visitor.address).await? }))
}
