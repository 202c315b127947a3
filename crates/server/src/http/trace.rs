//! One log line a request, with an id that the response repeats.

use axum::{
    extract::{Request, State},
    http::HeaderValue,
    middleware::Next,
    response::Response,
};
use tracing::{Instrument as _, info, info_span};

use super::{AppState, client};
use crate::domain::id::Id;

/// The response header that names the request, for people who report a problem.
const REQUEST_ID: &str = "x-request-id";

/// Logs method, path, client and status; never the query or a header, which may hold secrets.
pub(super) async fn log(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let service = &state.service;
    let id = Id::new(&service.clock, &service.random).map_or_else(|_| String::new(), |id| id.to_string());
    let path = request.uri().path().escape_debug().to_string();
    let from = client::address(request.extensions(), request.headers(), &state.trusted_proxies);
    let span = info_span!("request", id, method = %request.method(), path, %from);
    async {
        let mut response = next.run(request).await;
        info!(status = response.status().as_u16());
        if let Ok(id) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        response
    }
    .instrument(span)
    .await
}
