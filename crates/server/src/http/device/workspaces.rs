//! `/openapi/v1/workspaces*`: the workspaces of an account, and its default workspace, for its devices.

use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    http::Uri,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    AppState,
    answer::Answer,
    caller::{Device, require_full_scope},
    subject::{Workspace, Workspaces},
};
use crate::{
    domain::{account::Account, device_token::Holder},
    error::Error,
    http::query::number,
};

/// A workspace in a list: as in the token response, and whether it is the default.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = ListedWorkspace)]
pub(super) struct Listed {
    id: String,
    name: String,
    role: &'static str,
    /// Always `normal`: archived workspaces are not listed.
    status: &'static str,
    current: bool,
}

#[derive(Serialize, ToSchema)]
#[schema(as = WorkspaceList)]
pub(super) struct List {
    page: u32,
    limit: u32,
    total: u32,
    has_more: bool,
    data: Vec<Listed>,
    /// The same, as earlier clients read it.
    workspaces: Vec<Listed>,
}

/// The id in a path; an error when it can't be decoded.
type WorkspaceId = Result<Path<String>, PathRejection>;

/// GET `/openapi/v1/workspaces`; empty for a subject without an account. One page unless `limit` is given: earlier
/// clients ask once.
pub(super) async fn list(State(state): State<AppState>, Device(device): Device, uri: Uri) -> Answer<List> {
    state.service.devices().count_use(&device).await?;
    let workspaces = match &device.holder {
        Holder::Account(account) => state.service.projects().workspaces(account).await?,
        Holder::External(_) => Workspaces::default(),
    };
    let all = listed(workspaces);
    let total = u32::try_from(all.len()).unwrap_or(u32::MAX);
    let page = number(&uri, "page", 1)?;
    let limit = number(&uri, "limit", total.max(1))?;
    let before = (page - 1).saturating_mul(limit);
    let data: Vec<_> = all.into_iter().skip(before as usize).take(limit as usize).collect();
    let has_more = before.saturating_add(limit) < total;
    Ok(Json(List { page, limit, total, has_more, workspaces: data.clone(), data }))
}

/// GET `/openapi/v1/workspaces/{id}`.
pub(super) async fn read(State(state): State<AppState>, Device(device): Device, id: WorkspaceId) -> Answer<Listed> {
    state.service.devices().count_use(&device).await?;
    let Path(id) = id.map_err(|_| Error::NotFound)?;
    find(&state, account(&device.holder)?, &id).await
}

/// POST `/openapi/v1/workspaces/{id}/switch`: makes it the default workspace of the account's devices.
pub(super) async fn switch(State(state): State<AppState>, Device(device): Device, id: WorkspaceId) -> Answer<Listed> {
    state.service.devices().count_use(&device).await?;
    require_full_scope(&device)?;
    let Path(id) = id.map_err(|_| Error::NotFound)?;
    let account = account(&device.holder)?;
    state.service.projects().switch_workspace(account, &id).await?;
    find(&state, account, &id).await
}

/// POST `/openapi/v1/workspaces/{id}:switch`: the same, in the form that later clients use.
pub(super) async fn switch_by_verb(state: State<AppState>, device: Device, id: WorkspaceId) -> Answer<Listed> {
    let Path(named) = id.map_err(|_| Error::NotFound)?;
    let id = named.strip_suffix(":switch").ok_or(Error::MethodNotAllowed)?;
    switch(state, device, Ok(Path(id.to_owned()))).await
}

/// The account of a device. An SSO subject without an account has no workspaces: `not_found`.
fn account(holder: &Holder) -> Result<&Account, Error> {
    match holder {
        Holder::Account(account) => Ok(account),
        Holder::External(_) => Err(Error::NotFound),
    }
}

async fn find(state: &AppState, account: &Account, id: &str) -> Answer<Listed> {
    let found = listed(state.service.projects().workspaces(account).await?);
    let found = found.into_iter().find(|listed| listed.id == id);
    Ok(Json(found.ok_or(Error::NotFound)?))
}

fn listed(Workspaces { all, default }: Workspaces) -> Vec<Listed> {
    let listed = |Workspace { id, name, role }: Workspace| {
        let current = default.as_ref() == Some(&id);
        Listed { id, name, role, status: "normal", current }
    };
    all.into_iter().map(listed).collect()
}
