//! GET, DELETE `/api/auth/identities[/{id}]`, GET `/api/auth/challenge`: who one is at other identity systems.

use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::HeaderMap,
};
use doorstep_contract::{
    account::List,
    envelope::Nothing,
    sso::{Challenge, IdentityEntry},
};

use super::{
    AppState,
    answer::{Answer, Data},
    json::NoBody,
    session::SignedIn,
};
use crate::{
    domain::id::Id,
    error::Error,
    http::{client::Client, cookies::Cookies},
};

pub(super) async fn list(State(state): State<AppState>, SignedIn(identity): SignedIn) -> Answer<List<IdentityEntry>> {
    Ok(Data(state.service.identities(&identity).await?))
}

pub(super) async fn remove(
    State(state): State<AppState>,
    SignedIn(identity): SignedIn,
    Client(visitor): Client,
    id: Result<Path<String>, PathRejection>,
    NoBody: NoBody,
) -> Answer<Nothing> {
    let Path(id) = id.map_err(|_| Error::NotFound)?;
    state.service.remove_identity(&identity, &Id::stored(id), visitor.address).await?;
    Ok(Data(Nothing {}))
}

/// What the sign-in page asks when it was told that a code is wanted: the address must not name the sign-in.
pub(super) async fn challenge(State(state): State<AppState>, headers: HeaderMap) -> Answer<Challenge> {
    let token = Cookies::new(&state.public_url).challenge(&headers);
    Ok(Data(state.service.waiting_challenge(token.as_ref()).await?))
}
