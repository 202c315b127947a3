//! `/api/projects*`: projects. Operators manage all of them; members can read theirs.

mod members;
mod preview;
mod updates;

use axum::{
    extract::State,
    http::{HeaderMap, Method, Uri},
};
use doorstep_contract::{
    account::List,
    paths::{PROJECTS, of_project},
    projects::{Project, ProjectEdit},
    uuid::Uuid,
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
    domain::{id::Id, project::Statuses},
    error::Error,
    http::{
        csrf::Initiator,
        navigation::is_deliberate,
        query::parameter,
        routes::{Needs, Routes, Surface},
    },
};

pub(super) fn routes() -> Routes {
    let one = format!("{PROJECTS}/{{id}}");
    let of_one = |part: &str| format!("{PROJECTS}/{{id}}/{part}");
    let of_part = |part: &str| format!("{PROJECTS}/{{id}}/{part}/{{part_id}}");
    Routes::of(Surface::Dashboard)
        .get(PROJECTS, Needs::SESSION, list)
        .post(PROJECTS, Needs::OPERATOR, create)
        .get(&one, Needs::SESSION, read)
        .patch(&one, Needs::OPERATOR, edit)
        .get(&of_one(of_project::UPDATES), Needs::SESSION, updates::list)
        .post(&of_one(of_project::UPDATES), Needs::OPERATOR, updates::create)
        .patch(&of_part(of_project::UPDATES), Needs::OPERATOR, updates::edit)
        .delete(&of_part(of_project::UPDATES), Needs::OPERATOR, updates::remove)
        .get(&of_one(of_project::MEMBERS), Needs::OPERATOR, members::list)
        .post(&of_one(of_project::MEMBERS), Needs::OPERATOR, members::add)
        .delete(&of_part(of_project::MEMBERS), Needs::OPERATOR, members::remove)
        .post(&of_one(of_project::PREVIEW), Needs::OPERATOR, preview::begin)
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
    let no_id = || Error::InvalidRequest("`client` is no id".to_owned());
    let client = parameter(&uri, "client")?
        .map(|text| Uuid::parse(&text).map(|id| Id::stored(id.as_str().to_owned())).ok_or_else(no_id))
        .transpose()?;
    Ok(Data(state.service.projects().list(&identity, client.as_ref(), &words, statuses, page).await?))
}

async fn create(
    State(state): State<AppState>,
    Acting(origin): Acting,
    Json(wanted): Json<ProjectEdit>,
) -> Answer<Project> {
    Ok(Data(state.service.projects().create(&origin, wanted).await?))
}

async fn read(
    State(state): State<AppState>,
    SignedIn(identity): SignedIn,
    PathId(id): PathId,
    method: Method,
    headers: HeaderMap,
) -> Answer<Project> {
    // The project last opened is the account's default workspace (contract §3), so reading it is recorded, unless
    // another site led the browser here.
    Ok(Data(if is_deliberate(&method, &headers) && Initiator::of(&headers) != Initiator::OtherSite {
        state.service.projects().open(&identity, &id).await?
    } else {
        state.service.projects().seen_by(&identity, &id).await?.to_wire()
    }))
}

async fn edit(
    State(state): State<AppState>,
    Acting(origin): Acting,
    PathId(id): PathId,
    Json(wanted): Json<ProjectEdit>,
) -> Answer<Project> {
    Ok(Data(state.service.projects().edit(&origin, &id, wanted).await?))
}
