//! The parameters `?page=` and `?limit=` of a list.

use axum::{extract::FromRequestParts, http::request::Parts};

use super::{AppState, answer::Refusal};
use crate::{domain::page::Page, http::query};

/// The requested page of a list.
pub(super) struct Paging(pub(super) Page);

impl FromRequestParts<AppState> for Paging {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Refusal> {
        Ok(Self(query::page(&parts.uri)?))
    }
}
