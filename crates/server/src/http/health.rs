//! Health checks for monitoring.

use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tracing::error;

use super::{AppState, dialect::BUSY_RETRY_AFTER};
use crate::listen::HealthOnly;

/// The path of the liveness check.
pub const PROCESS: &str = "/healthz";
/// The path of the readiness check.
pub const DATABASE: &str = "/readyz";

/// Rejects all other requests on the connections reserved for health checks.
pub(super) async fn reserve_for_health_checks(request: Request, next: Next) -> Response {
    let health_only = request.extensions().get::<HealthOnly>().is_some();
    if health_only && ![PROCESS, DATABASE].contains(&request.uri().path()) {
        let retry_after = [(header::RETRY_AFTER, BUSY_RETRY_AFTER)];
        return (StatusCode::SERVICE_UNAVAILABLE, retry_after, "too much at once; try again in a moment\n")
            .into_response();
    }
    next.run(request).await
}

/// GET `/healthz`: the process is running.
pub async fn process() -> &'static str {
    "ok\n"
}

/// GET `/readyz`: the database can be read and written as well.
///
/// # Errors
/// 503 when it cannot; the log gives the reason.
pub async fn database(State(state): State<AppState>) -> Result<&'static str, impl IntoResponse> {
    match state.service.check_database().await {
        Ok(()) => Ok("ok\n"),
        Err(error) => {
            error!(%error, "not ready");
            let retry_after = [(header::RETRY_AFTER, BUSY_RETRY_AFTER)];
            Err((StatusCode::SERVICE_UNAVAILABLE, retry_after, "the database can't be read and written\n"))
        }
    }
}
