//! GET, DELETE `/api/auth/identities[/{id}]`, GET `/api/auth/challenge`: who one is at other identity systems.

use axum::{extract::State, http::HeaderMap};
use doorstep_contract::{
    account::List,
    envelope::Nothing,
    sso::{Challenge, IdentityEntry},
};

use super::{
    AppState,
    answer::{Answer, Data},
    id::PathId,
    json::NoBody,
    session::SignedIn,
};
use crate::http::{client::Client, cookies::Cookies};

pub(super) async fn list(State(state): State<AppState>, SignedIn(identity): SignedIn) -> Answer<List<IdentityEntry>> {
    Ok(Data(state.service.identities(&identity).await?))
}

pub(super) async fn remove(
    State(state): State<AppState>,
    SignedIn(identity): SignedIn,
    Client(visitor): Client,
    PathId(id): PathId,
    NoBody: NoBody,
) -> Answer<Nothing> {
    state.service.remove_identity(&identity, &id, visitor.address).await?;
    Ok(Data(Nothing {}))
}

/// What the sign-in page asks when it was told that a code is wanted: the address must not name the sign-in.
pub(super) async fn challenge(State(state): State<AppState>, headers: HeaderMap) -> Answer<Challenge> {
    let token = Cookies::new(&state.public_url).challenge(&headers);
    Ok(Data(state.service.waiting_challenge(token.as_ref()).await?))
}
