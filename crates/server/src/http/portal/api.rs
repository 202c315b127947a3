//! `/portal/api/*`: the portal's API. Read-only, except for leaving the portal.

use axum::{
    Json,
    extract::{FromRequest, Path, Request, State, rejection::PathRejection},
    http::{HeaderMap, Uri},
};
use doorstep_contract::{
    account::List,
    portal::{Left, PortalMe, PortalProject, PortalProjectDetail},
};

use super::{
    AppState,
    answer::{Answer, Refusal},
    session::Viewing,
};
use crate::{
    error::Error,
    http::{body, client::Client, cookies::Cookies, query, set_cookies::SetCookies},
};

/// An empty body, or any JSON object, whose content is ignored.
pub(super) struct EmptyBody;

impl FromRequest<AppState> for EmptyBody {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &AppState) -> Result<Self, Refusal> {
        body::read_nothing(request).await?;
        Ok(Self)
    }
}

pub(super) async fn me(Viewing(viewer): Viewing) -> Json<PortalMe> {
    Json(viewer.to_wire())
}

pub(super) async fn projects(
    State(state): State<AppState>,
    Viewing(viewer): Viewing,
    uri: Uri,
) -> Answer<List<PortalProject>> {
    let page = query::page(&uri)?;
    Ok(Json(state.service.portal().projects(&viewer, page).await?))
}

pub(super) async fn project(
    State(state): State<AppState>,
    Viewing(viewer): Viewing,
    id: Result<Path<String>, PathRejection>,
) -> Answer<PortalProjectDetail> {
    // An id that can't be decoded is not found.
    let Path(id) = id.map_err(|_| Error::NotFound)?;
    Ok(Json(state.service.portal().project(&viewer, &id).await?))
}

/// Clears the portal's cookie; the dashboard session is not affected.
pub(super) async fn leave(
    State(state): State<AppState>,
    Client(visitor): Client,
    Viewing(viewer): Viewing,
    headers: HeaderMap,
    EmptyBody: EmptyBody,
) -> Result<(SetCookies, Json<Left>), Refusal> {
    let left = state.service.portal().leave(&viewer, visitor.address).await;
    let clear = Cookies::new(&state.public_url).clear_portal_session(&headers, &state.public_url);
    Ok((SetCookies::of(clear), Json(left)))
}
