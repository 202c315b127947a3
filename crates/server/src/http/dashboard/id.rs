//! Extractors for the ids in a path.

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};

use super::{AppState, answer::Refusal};
use crate::{domain::id::Id, error::Error};

/// The id in a path. `not_found` when it can't be decoded.
pub(super) struct PathId(pub(super) Id);

impl FromRequestParts<AppState> for PathId {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        let Path(id) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| Error::NotFound)?;
        Ok(Self(read(id)?))
    }
}

/// The two ids in a path: of an object, and of a part of it.
pub(super) struct PathIds(pub(super) Id, pub(super) Id);

impl FromRequestParts<AppState> for PathIds {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        let ids = Path::<(String, String)>::from_request_parts(parts, state).await;
        let Path((whole, part)) = ids.map_err(|_| Error::NotFound)?;
        Ok(Self(read(whole)?, read(part)?))
    }
}

/// Parses an id. An id with a NUL is not found: no database accepts it in a query.
pub(super) fn read(text: String) -> Result<Id, Error> {
    if text.contains('\0') { Err(Error::NotFound) } else { Ok(Id::stored(text)) }
}
