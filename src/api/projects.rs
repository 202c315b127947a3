//! Projects, what their clients read of them, and who sees them.

use doorstep_contract::{
    account::List,
    envelope::Nothing,
    paths::{PROJECTS, of_project},
    projects::{Member, NewMember, PreviewBegun, Project, ProjectEdit, Update, UpdateEdit},
    uuid::Uuid,
};

use super::{ApiError, delete, get, patch, post};

/// A page of the projects that the account sees.
pub(crate) async fn projects(query: &str) -> Result<List<Project>, ApiError> {
    get(&[PROJECTS, "?", query].concat()).await
}

/// A page of those for a client; for operators.
pub(crate) async fn projects_of(client: Uuid, query: &str) -> Result<List<Project>, ApiError> {
    projects(&[query, "&status=all&client=", client.as_str()].concat()).await
}

/// One of them.
pub(crate) async fn project(id: Uuid) -> Result<Project, ApiError> {
    get(&one(id)).await
}

/// Makes one.
pub(crate) async fn create(project: &ProjectEdit) -> Result<Project, ApiError> {
    post(PROJECTS, Some(project)).await
}

/// Changes one.
pub(crate) async fn edit(id: Uuid, edit: &ProjectEdit) -> Result<Project, ApiError> {
    patch(&one(id), edit).await
}

/// A page of what its client reads, newest first.
pub(crate) async fn updates(id: Uuid, query: &str) -> Result<List<Update>, ApiError> {
    get(&[&below(id, of_project::UPDATES), "?", query].concat()).await
}

/// Writes something for the client.
pub(crate) async fn write_update(id: Uuid, update: &UpdateEdit) -> Result<Update, ApiError> {
    post(&below(id, of_project::UPDATES), Some(update)).await
}

/// Changes it.
pub(crate) async fn edit_update(id: Uuid, update_id: &str, update: &UpdateEdit) -> Result<Update, ApiError> {
    patch(&[&below(id, of_project::UPDATES), "/", update_id].concat(), update).await
}

/// Takes it back.
pub(crate) async fn remove_update(id: Uuid, update_id: &str) -> Result<Nothing, ApiError> {
    delete(&[&below(id, of_project::UPDATES), "/", update_id].concat()).await
}

/// A page of the accounts that see it.
pub(crate) async fn members(id: Uuid, query: &str) -> Result<List<Member>, ApiError> {
    get(&[&below(id, of_project::MEMBERS), "?", query].concat()).await
}

/// Adds one.
pub(crate) async fn add_member(id: Uuid, member: &NewMember) -> Result<Member, ApiError> {
    post(&below(id, of_project::MEMBERS), Some(member)).await
}

/// Takes one out.
pub(crate) async fn remove_member(id: Uuid, account_id: &str) -> Result<Nothing, ApiError> {
    delete(&[&below(id, of_project::MEMBERS), "/", account_id].concat()).await
}

/// Begins to look at the portal as its client. The cookie comes with the answer.
pub(crate) async fn preview(id: Uuid) -> Result<PreviewBegun, ApiError> {
    post(&below(id, of_project::PREVIEW), None::<&Nothing>).await
}

fn one(id: Uuid) -> String {
    [PROJECTS, "/", id.as_str()].concat()
}

fn below(id: Uuid, part: &str) -> String {
    [&one(id), "/", part].concat()
}
