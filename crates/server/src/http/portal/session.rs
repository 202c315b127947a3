//! Who looks at the portal.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};

use super::answer::Refusal;
use crate::{
    domain::portal::Viewer,
    error::Error,
    http::{AppState, cookies::Cookies},
};

/// Whoever the portal's cookie lets in; `None` without one, or with one that opens nothing (any more).
pub(in crate::http) async fn viewer(state: &AppState, headers: &HeaderMap) -> Result<Option<Viewer>, Error> {
    let cookies = Cookies::new(&state.public_url);
    state.service.portal().viewer(&cookies.portal_sessions(headers), &cookies.sessions(headers)).await
}

/// Somebody who may look; otherwise `portal_access_required`.
pub(super) struct Viewing(pub(super) Viewer);

impl FromRequestParts<AppState> for Viewing {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        Ok(Self(viewer(state, &parts.headers).await?.ok_or(Error::Unauthenticated)?))
    }
}
