//! Extractor that authenticates the portal's viewer.

use axum::{extract::FromRequestParts, http::request::Parts};

use super::answer::Refusal;
use crate::{
    domain::portal::Viewer,
    error::Error,
    http::{AppState, session::viewer},
};

/// A viewer with a valid portal session; otherwise `portal_access_required`.
pub(super) struct Viewing(pub(super) Viewer);

impl FromRequestParts<AppState> for Viewing {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        Ok(Self(viewer(state, &parts.headers).await?.ok_or(Error::Unauthenticated)?))
    }
}
