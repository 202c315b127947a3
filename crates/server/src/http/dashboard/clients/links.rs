//! `/api/clients/{id}/links[/{id}]`: the magic links of a client.

use axum::extract::State;
use doorstep_contract::{
    account::List,
    clients::{Link, LinkMade, NewLink},
    envelope::Nothing,
};

use super::super::{
    AppState,
    answer::{Answer, Data},
    id::{PathId, PathIds},
    json::{EmptyBody, Json},
    paging::Paging,
    session::{Acting, Operator},
};

pub(super) async fn list(
    State(state): State<AppState>,
    _: Operator,
    PathId(client): PathId,
    Paging(page): Paging,
) -> Answer<List<Link>> {
    Ok(Data(state.service.clients().list_links(&client, page).await?))
}

pub(super) async fn create(
    State(state): State<AppState>,
    Acting(origin): Acting,
    PathId(client): PathId,
    Json(wanted): Json<NewLink>,
) -> Answer<LinkMade> {
    Ok(Data(state.service.clients().make_link(&origin, &client, &wanted).await?))
}

pub(super) async fn revoke(
    State(state): State<AppState>,
    Acting(origin): Acting,
    PathIds(client, id): PathIds,
    EmptyBody: EmptyBody,
) -> Answer<Nothing> {
    state.service.clients().revoke_link(&origin, Some(&client), &id).await?;
    Ok(Data(Nothing {}))
}
