//! `/portal/api/*`: what the pages of the portal ask. Apart from leaving, it is for reading alone.

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

/// No body, or a JSON object of whatever content.
pub(super) struct NoBody;

impl FromRequest<AppState> for NoBody {
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
    // What can't be decoded is no id.
    let Path(id) = id.map_err(|_| Error::NotFound)?;
    Ok(Json(state.service.portal().project(&viewer, &id).await?))
}

/// The cookie is cleared; the session of the dashboard, if there is one, is another cookie's.
pub(super) async fn leave(
    State(state): State<AppState>,
    Client(visitor): Client,
    Viewing(viewer): Viewing,
    headers: HeaderMap,
    NoBody: NoBody,
) -> Result<(SetCookies, Json<Left>), Refusal> {
    let left = state.service.portal().leave(&viewer, visitor.address).await;
    let clear = Cookies::new(&state.public_url).clear_portal_session(&headers, &state.public_url);
    Ok((SetCookies::of(clear), Json(left)))
}
