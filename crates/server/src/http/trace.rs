//! Request logging: one log line per request, with an id that the response repeats, and the metrics of the request.

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, Method},
    middleware::Next,
    response::Response,
};
use doorstep_contract::route::ClientRoute;
use tokio::time::Instant;
use tracing::{Instrument as _, info, info_span};

use super::{AppState, client};
use crate::metrics::{KnownRoutes, NO_ROUTE};

/// The response header with the request's id, for problem reports.
const REQUEST_ID: &str = "x-request-id";

/// The matched route, never the actual path: a path may contain a secret, such as a magic link's token, even when
/// it is misspelt and matches nothing; and client input does not belong in the log.
fn route(request: &Request) -> &str {
    match request.extensions().get::<MatchedPath>() {
        Some(matched) => matched.as_str(),
        None => ClientRoute::parse(request.uri().path()).map_or(NO_ROUTE, ClientRoute::path),
    }
}

/// The state of the middleware.
#[derive(Clone)]
pub(super) struct Traced {
    pub(super) state: AppState,
    /// The routes that exist.
    pub(super) known: KnownRoutes,
}

/// Logs method, route, client and status; never the path, the query or the headers, which may contain secrets.
pub(super) async fn log(State(traced): State<Traced>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let Traced { state, known } = traced;
    let service = &state.service;
    let id = service.new_id().map_or_else(|_| String::new(), |id| id.to_string());
    let from = client::address(request.extensions(), request.headers(), &state.trusted_proxies);
    let (method, route) = (method(request.method()), route(&request));
    let label = known.label(route);
    let span = info_span!("request", id, method, path = route, %from);
    async {
        let mut response = next.run(request).await;
        let status = response.status().as_u16();
        info!(status);
        service.metrics().answered(label, method, status, began.elapsed());
        if let Ok(id) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        response
    }
    .instrument(span)
    .await
}

/// The method's name; clients can send arbitrary ones.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "(other)",
    }
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, middleware, routing::get};
    use tower::ServiceExt as _;

    use super::*;

    /// The log line of a request for this path.
    async fn logged(path: &str) -> String {
        let tell = async |request: Request, _: Next| route(&request).to_owned();
        let router: Router = Router::new()
            .route("/portal/enter/{token}", get(""))
            .route("/portal/{*path}", get(""))
            .layer(middleware::from_fn(tell));
        let request = Request::builder().uri(path).body(Body::empty()).expect("is a request");
        let response = router.oneshot(request).await.expect("never fails");
        let body = axum::body::to_bytes(response.into_body(), 1000).await.expect("is whole");
        String::from_utf8_lossy(&body).into_owned()
    }

    #[tokio::test]
    async fn actual_paths_are_not_logged() {
        let secret = "q8dPzN1mVxT4sKfWb7YhRj2LcGaEuC9oq8dPzN1mVxT";
        for path in [
            "/portal/enter/",
            "//portal/enter/",
            "/portal//enter/",
            "/Portal/Enter/",
            "/portal/enter//",
            "/portal/%65nter/",
            "/%70ortal/enter/",
            "/portal%2fenter%2f",
            "/portal/enter%2f",
            "/portal/enter/x/",
            "/./portal/enter/",
            "/projects/",
            "/",
        ] {
            let logged = logged(&format!("{path}{secret}")).await;
            assert!(!logged.contains(secret) && !logged.is_empty(), "{path}: {logged}");
        }
        assert_eq!(logged("/audit").await, "/audit");
        assert_eq!(logged("/projects/0198c2a5-7b1e-7c3f-9a44-0123456789ab").await, "/projects");
        assert_eq!(logged("/etc/passwd\"%0a").await, NO_ROUTE);
    }
}
