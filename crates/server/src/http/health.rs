//! For whoever watches the server.

use axum::{extract::State, http::StatusCode};
use tracing::error;

use super::AppState;

/// GET `/healthz`: the process answers.
pub async fn process() -> &'static str {
    "ok\n"
}

/// GET `/readyz`: the database answers too.
///
/// # Errors
/// 503 when it does not; the log says why.
pub async fn database(State(state): State<AppState>) -> Result<&'static str, (StatusCode, &'static str)> {
    match state.service.store.ping().await {
        Ok(()) => Ok("ok\n"),
        Err(error) => {
            error!(%error, "not ready");
            Err((StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"))
        }
    }
}
