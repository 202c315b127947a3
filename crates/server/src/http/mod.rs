//! HTTP: the surfaces and the middleware around them.
//!
//! A request passes, from the outside in: request id, log line and metrics ([`trace`]), the security headers
//! ([`security_headers`]), the warning about addresses other than the public URL ([`addresses`]), the connections
//! reserved for health checks ([`health`]), the layer that turns a panic into a 500 ([`panics`]), then its surface.
//! Each surface checks the origin ([`csrf`], by [`dialect`]); a page with a form does so itself. All paths outside
//! the APIs are assets or pages.

pub mod addresses;
pub mod assets;
pub(crate) mod body;
pub mod client;
pub mod cookies;
pub mod csrf;
pub mod dashboard;
pub mod device;
mod dialect;
pub mod email_revert;
pub mod health;
mod language;
pub mod metrics;
mod navigation;
pub mod openapi;
mod panics;
pub mod portal;
pub mod preview;
mod query;
mod redirect;
pub mod routes;
mod run_to_end;
pub mod security_headers;
pub mod session;
mod set_cookies;
pub mod shell;
mod state;
pub mod tokens;
mod trace;

use std::sync::Arc;

use axum::{
    Router,
    extract::Request,
    handler::Handler as _,
    http::{Extensions, HeaderMap, StatusCode, Version, header},
    middleware::{self, Next},
};
use doorstep_contract::{
    paths,
    route::{ClientRoute, Page},
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, DefaultPredicate, Predicate as _},
};

use self::routes::{Needs, Routes, Surface};
pub use self::state::AppState;
use crate::{assets::accepts, metrics::KnownRoutes, service};

/// The path where password managers look for the change-password page
/// (<https://www.w3.org/TR/change-password-url/>).
const CHANGE_PASSWORD: &str = "/.well-known/change-password";

/// All endpoints of the server. Other paths are pages of the app ([`ClientRoute`]) or not found.
#[must_use]
pub fn routes(state: &AppState) -> Routes {
    Routes::of(Surface::Pages)
        .merge(dashboard::routes(state))
        .merge(device::routes(state))
        .merge(tokens::routes(state))
        .merge(portal::routes(state))
        .merge(preview::routes())
        .merge(email_revert::routes())
        .get(&format!("{}{{name}}", paths::ASSETS), Needs::NOTHING, assets::serve)
        .get(health::PROCESS, Needs::NOTHING, health::process)
        .get(health::DATABASE, Needs::NOTHING, health::database)
        .get(openapi::PATH, Needs::NOTHING, openapi::serve)
        .get(CHANGE_PASSWORD, Needs::NOTHING, async || redirect::found(ClientRoute::AccountSecurity.path(), None))
        .unknown([format!("{CHANGE_PASSWORD}/")], &async || redirect::permanent(CHANGE_PASSWORD))
}

/// Whether a response may still be compressed: a strong `ETag` identifies the exact bytes (RFC 9110 §8.8.3).
fn has_no_tag(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    !headers.contains_key(header::ETAG)
}

/// A client that refuses all encodings, `identity` included, gets the page uncompressed (RFC 9110 §12.5.3); the
/// compression layer would respond with 406.
async fn accept_any_encoding(mut request: Request) -> Request {
    let lines = request.headers().get_all(header::ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    let is_accepted = |line: &str| ["br", "gzip", "*"].iter().any(|coding| accepts(line, coding));
    if !lines.into_iter().any(is_accepted) {
        request.headers_mut().remove(header::ACCEPT_ENCODING);
    }
    request
}

/// The complete router.
pub fn router(state: AppState) -> Router {
    let routes = routes(&state);
    let paths = routes.endpoints().iter().map(|endpoint| endpoint.path.as_str());
    let known = KnownRoutes::new(paths.chain(Page::ALL.iter().map(|page| page.path())));
    let traced = trace::Traced { state: state.clone(), known };
    let noticed = (Arc::clone(&state.addresses), Arc::clone(&state.public_url));
    let compression = CompressionLayer::new().compress_when(DefaultPredicate::new().and(has_no_tag));
    routes
        .into_router()
        .fallback(shell::serve.layer(compression).layer(middleware::map_request(accept_any_encoding)))
        .layer(CatchPanicLayer::custom(panics::answer))
        .layer(middleware::from_fn(async |request: Request, next: Next| service::bounded(next.run(request)).await))
        .layer(middleware::from_fn(health::reserve_for_health_checks))
        .layer(middleware::from_fn_with_state(noticed, addresses::notice))
        .layer(middleware::from_fn_with_state(security_headers::of(&state), security_headers::set))
        .layer(middleware::from_fn_with_state(traced, trace::log))
        .with_state(state)
}
