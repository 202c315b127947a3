//! HTTP: the surfaces and what stands around them.
//!
//! A request passes, from the outside in: request id, log line and metrics ([`trace`]), the security headers ([`security_headers`]),
//! the note of an address that is not the public URL ([`addresses`]), the places kept for health checks ([`health`]), a net that
//! turns a panic into a 500 ([`panics`]), then its surface. Each surface adds the origin check ([`csrf`], by [`dialect`]); a page
//! whose button posts makes it itself. Everything that is no API is an asset or a shell.

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
mod followed;
pub mod health;
mod language;
pub mod metrics;
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

/// Where password managers look for the page that changes a password (<https://www.w3.org/TR/change-password-url/>).
const CHANGE_PASSWORD: &str = "/.well-known/change-password";

/// Every endpoint of the server. What is none is a page of the app ([`ClientRoute`]), or nothing.
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
}

/// Whether an answer may still be encoded: a tag stands for the very bytes (RFC 9110 §8.8.3).
fn has_no_tag(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    !headers.contains_key(header::ETAG)
}

/// A client that refuses every encoding, also none, gets the page uncompressed (RFC 9110 §12.5.3); the layer that compresses
/// would answer 406.
async fn accept_any_encoding(mut request: Request) -> Request {
    let lines = request.headers().get_all(header::ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    let is_accepted = |line: &str| ["br", "gzip", "*"].iter().any(|coding| accepts(line, coding));
    if !lines.into_iter().any(is_accepted) {
        request.headers_mut().remove(header::ACCEPT_ENCODING);
    }
    request
}

/// The whole server.
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
        .layer(middleware::from_fn(health::keep_free))
        .layer(middleware::from_fn_with_state(noticed, addresses::notice))
        .layer(middleware::from_fn_with_state(security_headers::of(&state), security_headers::set))
        .layer(middleware::from_fn_with_state(traced, trace::log))
        .with_state(state)
}
