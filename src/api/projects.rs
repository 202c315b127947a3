//! Projects, their updates and their members.

use doorstep_contract::{
    account::List,
    envelope::Nothing,
    paths::{PROJECTS, of_project},
    projects::{Member, NewMember, PreviewBegun, Project, ProjectEdit, Update, UpdateEdit},
    uuid::Uuid,
};

use super::{ApiError, delete, get, patch, post};

/// A page of the projects that the account may see.
pub(crate) async fn projects(query: &str) -> Result<List<Project>, ApiError> {
    get(&[PROJECTS, "?", query].concat()).await
}

/// A page of a client's projects; for operators.
pub(crate) async fn projects_of(client: Uuid, query: &str) -> Result<List<Project>, ApiError> {
    projects(&[query, "&status=all&client=", client.as_str()].concat()).await
}

/// A project.
pub(crate) async fn project(id: Uuid) -> Result<Project, ApiError> {
    get(&one(id)).await
}

/// Creates a project.
pub(crate) async fn create(project: &ProjectEdit) -> Result<Project, ApiError> {
    post(PROJECTS, Some(project)).await
}

/// Changes a project.
pub(crate) async fn edit(id: Uuid, edit: &ProjectEdit) -> Result<Project, ApiError> {
    patch(&one(id), edit).await
}

/// A page of a project's updates, newest first.
pub(crate) async fn updates(id: Uuid, query: &str) -> Result<List<Update>, ApiError> {
    get(&[&below(id, of_project::UPDATES), "?", query].concat()).await
}

/// Adds an update.
pub(crate) async fn write_update(id: Uuid, update: &UpdateEdit) -> Result<Update, ApiError> {
    post(&below(id, of_project::UPDATES), Some(update)).await
}

/// Changes an update.
pub(crate) async fn edit_update(id: Uuid, update_id: &str, update: &UpdateEdit) -> Result<Update, ApiError> {
    patch(&[&below(id, of_project::UPDATES), "/", update_id].concat(), update).await
}

/// Deletes an update.
pub(crate) async fn remove_update(id: Uuid, update_id: &str) -> Result<Nothing, ApiError> {
    delete(&[&below(id, of_project::UPDATES), "/", update_id].concat()).await
}

/// A page of a project's members.
pub(crate) async fn members(id: Uuid, query: &str) -> Result<List<Member>, ApiError> {
    get(&[&below(id, of_project::MEMBERS), "?", query].concat()).await
}

/// Adds a member.
pub(crate) async fn add_member(id: Uuid, member: &NewMember) -> Result<Member, ApiError> {
    post(&below(id, of_project::MEMBERS), Some(member)).await
}

/// Removes a member.
pub(crate) async fn remove_member(id: Uuid, account_id: &str) -> Result<Nothing, ApiError> {
    delete(&[&below(id, of_project::MEMBERS), "/", account_id].concat()).await
}

/// Begins a preview of the portal as the project's client. The answer sets the cookie.
pub(crate) async fn preview(id: Uuid) -> Result<PreviewBegun, ApiError> {
    post(&below(id, of_project::PREVIEW), None::<&Nothing>).await
}

fn one(id: Uuid) -> String {
    [PROJECTS, "/", id.as_str()].concat()
}

fn below(id: Uuid, part: &str) -> String {
    [&one(id), "/", part].concat()
}
