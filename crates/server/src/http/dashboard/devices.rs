//! `/api/auth/devices*`: the account's authorized devices.

use axum::extract::State;
use doorstep_contract::{account::List, device::DeviceEntry, envelope::Nothing};

use super::{
    AppState,
    answer::{Answer, Data},
    id::PathId,
    json::EmptyBody,
    session::SignedIn,
};
use crate::{
    domain::{audit::Actor, device_token::Subject},
    http::client::Client,
};

pub(super) async fn list(State(state): State<AppState>, SignedIn(identity): SignedIn) -> Answer<List<DeviceEntry>> {
    Ok(Data(List::whole(state.service.devices().entries(&identity.account).await?)))
}

pub(super) async fn remove(
    State(state): State<AppState>,
    Client(visitor): Client,
    SignedIn(identity): SignedIn,
    PathId(id): PathId,
    EmptyBody: EmptyBody,
) -> Answer<Nothing> {
    let (subject, actor) = (Subject::account(&identity.account.id), Actor::account(&identity.account));
    state.service.devices().revoke(&subject, id.as_str(), actor, visitor.address).await?;
    Ok(Data(Nothing {}))
}

pub(super) async fn remove_all(
    State(state): State<AppState>,
    Client(visitor): Client,
    SignedIn(identity): SignedIn,
    EmptyBody: EmptyBody,
) -> Answer<Nothing> {
    let (subject, actor) = (Subject::account(&identity.account.id), Actor::account(&identity.account));
    state.service.devices().revoke_all(&subject, &actor, visitor.address).await?;
    Ok(Data(Nothing {}))
}
