//! One log line a request, with an id that the response repeats.

use axum::{
    extract::{Request, State},
    http::HeaderValue,
    middleware::Next,
    response::Response,
};
use doorstep_contract::paths;
use tracing::{Instrument as _, info, info_span};

use super::{AppState, client};
use crate::domain::id::Id;

/// The response header that names the request, for people who report a problem.
const REQUEST_ID: &str = "x-request-id";

/// A path without the one secret that a path may hold, that of a magic link, whatever stands behind it.
fn without_secret(path: &str) -> &str {
    if path.starts_with(paths::PORTAL_ENTER) { paths::PORTAL_ENTER } else { path }
}

/// Logs method, path, client and status; never the query or a header, which may hold secrets.
pub(super) async fn log(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let service = &state.service;
    let id = Id::new(&service.clock, &service.random).map_or_else(|_| String::new(), |id| id.to_string());
    let path = without_secret(request.uri().path()).escape_debug().to_string();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_of_a_magic_link_is_not_logged() {
        let secret = "q8dPzN1mVxT4sKfWb7YhRj2LcGaEuC9oq8dPzN1mVxT";
        for path in ["/portal/enter/", "/portal/enter/x/", "/portal/enter//", "/portal/enter%2f", "/portal/enter"] {
            assert_eq!(without_secret(&format!("{path}{secret}")), "/portal/enter");
        }
        for path in ["/portal", "/portal/api/me", "/projects"] {
            assert_eq!(without_secret(path), path);
        }
    }
}
