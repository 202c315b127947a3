//! `/api/projects*`: for operators; members read their own.

mod members;
mod preview;
mod updates;

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Method, Uri},
    routing::{delete, get, patch, post},
};
use doorstep_contract::{
    account::List,
    paths::{PROJECTS, of_project},
    projects::{Project, ProjectEdit},
};

use super::{
    AppState,
    answer::{Answer, Data},
    id::PathId,
    json::Json,
    paging::Paging,
    session::{Acting, SignedIn},
};
use crate::{
    domain::project::Statuses,
    error::Error,
    http::{followed::is_asked_for, query::parameter},
};

pub(super) fn router() -> Router<AppState> {
    let of_one = |part: &str| format!("{PROJECTS}/{{id}}/{part}");
    let of_part = |part: &str| format!("{PROJECTS}/{{id}}/{part}/{{part_id}}");
    Router::new()
        .route(PROJECTS, get(list).post(create))
        .route(&format!("{PROJECTS}/{{id}}"), get(read).patch(edit))
        .route(&of_one(of_project::UPDATES), get(updates::list).post(updates::create))
        .route(&of_part(of_project::UPDATES), patch(updates::edit).delete(updates::remove))
        .route(&of_one(of_project::MEMBERS), get(members::list).post(members::add))
        .route(&of_part(of_project::MEMBERS), delete(members::remove))
        .route(&of_one(of_project::PREVIEW), post(preview::begin))
}

async fn list(
    State(state): State<AppState>,
    SignedIn(identity): SignedIn,
    Paging(page): Paging,
    uri: Uri,
) -> Answer<List<Project>> {
    let words = parameter(&uri, "q")?.unwrap_or_default();
    let unknown = || Error::InvalidRequest("`status` is no status of a project, and not `all`".to_owned());
    let statuses = Statuses::parse(parameter(&uri, "status")?.as_deref()).ok_or_else(unknown)?;
    Ok(Data(state.service.list_projects(&identity, &words, statuses, page).await?))
}

async fn create(
    State(state): State<AppState>,
    Acting { origin, .. }: Acting,
    Json(wanted): Json<ProjectEdit>,
) -> Answer<Project> {
    Ok(Data(state.service.create_project(&origin, wanted).await?))
}

async fn read(
    State(state): State<AppState>,
    SignedIn(identity): SignedIn,
    PathId(id): PathId,
    method: Method,
    headers: HeaderMap,
) -> Answer<Project> {
    Ok(Data(if is_asked_for(&method, &headers) {
        state.service.open_project(&identity, &id).await?
    } else {
        state.service.project_seen_by(&identity, &id).await?.to_wire()
    }))
}

async fn edit(
    State(state): State<AppState>,
    Acting { origin, .. }: Acting,
    PathId(id): PathId,
    Json(wanted): Json<ProjectEdit>,
) -> Answer<Project> {
    Ok(Data(state.service.edit_project(&origin, &id, wanted).await?))
}
