//! Who is behind a request.

use axum::http::HeaderMap;

use super::{AppState, cookies::Cookies};
use crate::{error::Error, service::sessions::Identity};

/// The user whom a session cookie belongs to; `None` without a cookie, or when none that came opens anything.
pub async fn identify(state: &AppState, headers: &HeaderMap) -> Result<Option<Identity>, Error> {
    state.service.identify(&Cookies::new(&state.public_url).sessions(headers)).await
}
