//! GET `/metrics`, at an address of its own (`doorstep serve --metrics-listen`), where nothing else is served. It is for
//! monitoring, and not for the public: the router of all others does not have it.

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

/// Where it is.
pub const PATH: &str = "/metrics";

/// What is served at that address.
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
