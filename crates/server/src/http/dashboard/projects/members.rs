//! `/api/projects/{id}/members[/{account_id}]`: the accounts that can see a project, besides operators.

use axum::extract::State;
use doorstep_contract::{
    account::List,
    envelope::Nothing,
    projects::{Member, NewMember},
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
    PathId(project): PathId,
    Paging(page): Paging,
) -> Answer<List<Member>> {
    Ok(Data(state.service.projects().list_members(&project, page).await?))
}

pub(super) async fn add(
    State(state): State<AppState>,
    Acting(origin): Acting,
    PathId(project): PathId,
    Json(wanted): Json<NewMember>,
) -> Answer<Member> {
    Ok(Data(state.service.projects().add_member(&origin, &project, &wanted.username).await?))
}

pub(super) async fn remove(
    State(state): State<AppState>,
    Acting(origin): Acting,
    PathIds(project, account): PathIds,
    EmptyBody: EmptyBody,
) -> Answer<Nothing> {
    state.service.projects().remove_member(&origin, &project, &account).await?;
    Ok(Data(Nothing {}))
}
