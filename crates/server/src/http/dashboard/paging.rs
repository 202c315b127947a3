//! `?page=` and `?limit=` of a list.

use axum::{extract::FromRequestParts, http::request::Parts};

use super::{AppState, answer::Refusal};
use crate::{domain::page::Page, error::Error, http::query::number};

/// Which page of a list is asked for.
pub(super) struct Paging(pub(super) Page);

impl FromRequestParts<AppState> for Paging {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Refusal> {
        let page =
            Page { number: number(&parts.uri, "page", 1)?, limit: number(&parts.uri, "limit", Page::DEFAULT_LIMIT)? };
        if page.limit > Page::MAX_LIMIT {
            return Err(Error::InvalidRequest(format!("`limit` is over {}", Page::MAX_LIMIT)).into());
        }
        Ok(Self(page))
    }
}
