//! One log line a request, with an id that the response repeats; and what is measured of it, in the same place.

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

/// The response header that names the request, for people who report a problem.
const REQUEST_ID: &str = "x-request-id";

/// Where a request goes: the route, and nothing that the client wrote. A path may hold a secret, that of a magic link, also
/// where it is misspelt and leads nowhere; and what strangers write is no text for a log.
fn route(request: &Request) -> &str {
    match request.extensions().get::<MatchedPath>() {
        Some(matched) => matched.as_str(),
        None => ClientRoute::parse(request.uri().path()).map_or(NO_ROUTE, ClientRoute::path),
    }
}

/// What stands around all requests knows.
#[derive(Clone)]
pub(super) struct Traced {
    pub(super) state: AppState,
    /// The routes that there are.
    pub(super) known: KnownRoutes,
}

/// Logs method, route, client and status; never a path as it came, the query or a header, which may hold secrets.
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

/// The method of a request; a client may send any word for one.
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

    /// What would be logged for a path.
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
    async fn no_path_is_logged_as_it_came() {
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
