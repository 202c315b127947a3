//! Who is behind a request.

use axum::http::HeaderMap;

use super::{AppState, cookies::Cookies};
use crate::{error::Error, service::sessions::Identity};

/// Whoever the session cookie belongs to; `None` without a cookie, or with one that opens nothing.
///
/// # Errors
/// When the database does not answer.
pub async fn identify(state: &AppState, headers: &HeaderMap) -> Result<Option<Identity>, Error> {
    match Cookies::new(&state.public_url).session(headers) {
        Some(token) => state.service.identify(&token).await,
        None => Ok(None),
    }
}
