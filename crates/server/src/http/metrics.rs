//! GET `/metrics` on its own listener (`doorstep serve --metrics-listen`), which serves nothing else. It is meant
//! for monitoring and not reachable through the public listener.

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
    routing::get,
};

use super::{AppState, security_headers};
use crate::metrics::CONTENT_TYPE;

/// The path of the metrics.
pub const PATH: &str = "/metrics";

/// The router of the metrics listener.
pub fn router(state: AppState) -> Router {
    Router::new()
        .route(PATH, get(show))
        .layer(middleware::from_fn_with_state(security_headers::of(&state), security_headers::set))
        .with_state(state)
}

async fn show(State(state): State<AppState>) -> Response {
    let service = &state.service;
    match service.metrics().text(service.moment().await) {
        Ok(text) => ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
