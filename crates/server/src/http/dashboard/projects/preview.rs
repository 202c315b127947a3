//! POST `/api/projects/{id}/portal-preview`: an operator previews the portal as the client of a project.

use axum::extract::State;
use doorstep_contract::projects::PreviewBegun;

use super::super::{
    AppState,
    answer::{Data, Refusal},
    id::PathId,
    json::EmptyBody,
    session::Acting,
};
use crate::http::{cookies::Cookies, set_cookies::SetCookies};

/// Sets the portal's cookie; the dashboard session is not affected.
pub(super) async fn begin(
    State(state): State<AppState>,
    Acting(origin): Acting,
    PathId(project): PathId,
    EmptyBody: EmptyBody,
) -> Result<(SetCookies, Data<PreviewBegun>), Refusal> {
    let (begun, sealed) = state.service.portal().begin_preview(&origin, &project).await?;
    let set = Cookies::new(&state.public_url).set_portal_session(&sealed);
    Ok((SetCookies::of(set), Data(begun)))
}
