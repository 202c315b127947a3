//! `/api/projects/{id}/updates[/{id}]`: updates of a project, which its client reads in the portal.

use axum::extract::State;
use doorstep_contract::{
    account::List,
    envelope::Nothing,
    projects::{Update, UpdateEdit},
};

use super::super::{
    AppState,
    answer::{Answer, Data},
    id::{PathId, PathIds},
    json::{EmptyBody, Json},
    paging::Paging,
    session::{Acting, SignedIn},
};

pub(super) async fn list(
    State(state): State<AppState>,
    SignedIn(identity): SignedIn,
    PathId(project): PathId,
    Paging(page): Paging,
) -> Answer<List<Update>> {
    Ok(Data(state.service.projects().list_updates(&identity, &project, page).await?))
}

pub(super) async fn create(
    State(state): State<AppState>,
    Acting(origin): Acting,
    PathId(project): PathId,
    Json(wanted): Json<UpdateEdit>,
) -> Answer<Update> {
    Ok(Data(state.service.projects().write_update(&origin, &project, &wanted).await?))
}

pub(super) async fn edit(
    State(state): State<AppState>,
    Acting(origin): Acting,
    PathIds(project, id): PathIds,
    Json(wanted): Json<UpdateEdit>,
) -> Answer<Update> {
    Ok(Data(state.service.projects().edit_update(&origin, &project, &id, &wanted).await?))
}

pub(super) async fn remove(
    State(state): State<AppState>,
    Acting(origin): Acting,
    PathIds(project, id): PathIds,
    EmptyBody: EmptyBody,
) -> Answer<Nothing> {
    state.service.projects().remove_update(&origin, &project, &id).await?;
    Ok(Data(Nothing {}))
}
