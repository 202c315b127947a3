//! The device surface (RFC 8628): programs ask, people decide in a browser, programs pick their tokens up. Errors are in
//! the dialect of OAuth.
//!
//! The flow is mounted twice ([`DEVICE_MOUNTS`]). Three kinds of callers are told apart by what opens an endpoint: programs
//! that bring no cookie, pages that do, and those that may be either.

mod about;
mod answer;
mod authorizations;
mod body;
mod caller;
mod code;
mod cookies;
mod decision;
mod external;
mod lookup;
mod sso;
mod subject;
mod token;
mod workspaces;

use axum::{
    Router,
    extract::{Request, State},
    middleware::{self, Next},
    response::Response,
    routing::{any, delete, get, post},
};
use doorstep_contract::paths::{self, DEVICE_MOUNTS};

pub(super) use sso::came_back;

use super::{AppState, csrf::Unmarked, dialect};
use crate::{error::Error, service::device::CALLBACK};

/// The token endpoint of the server (RFC 6749 §3.2).
const TOKEN_ENDPOINT: &str = "/oauth/token";

/// The surface: its endpoints, and an answer for every other path beside them.
pub fn router(state: &AppState) -> Router<AppState> {
    let enabled = middleware::from_fn_with_state(state.clone(), enabled);
    let guarded = |router: Router<AppState>, caller: Caller| {
        router
            .method_not_allowed_fallback(async || answer::error(&Error::MethodNotAllowed))
            .layer(middleware::from_fn_with_state((state.clone(), caller), guard))
    };
    Router::new()
        .merge(guarded(of_programs().layer(enabled.clone()), Caller::Program))
        .merge(guarded(of_pages().layer(enabled), Caller::Page))
        .merge(guarded(always(), Caller::Program))
        .merge(guarded(of_either(), Caller::Either))
        .merge(guarded(beside(), Caller::Program))
        .layer(dialect::catch_panics::<answer::OAuth>())
}

/// Opened by what a program says, or by nothing.
fn of_programs() -> Router<AppState> {
    let mut router = Router::new()
        .route(TOKEN_ENDPOINT, post(token::create_by_grant_type))
        .route("/.well-known/oauth-authorization-server", get(about::metadata))
        .route("/v1/me", get(subject::read))
        .route("/openapi/v1/account", get(subject::read))
        .route("/openapi/v1/workspaces", get(workspaces::list))
        .route("/openapi/v1/workspaces/{id}", get(workspaces::read).post(workspaces::switch_by_verb))
        .route("/openapi/v1/workspaces/{id}/switch", post(workspaces::switch))
        .route(CALLBACK, get(sso::complete));
    for mount in DEVICE_MOUNTS {
        router = router
            .route(&format!("{mount}/code"), post(code::create))
            .route(&format!("{mount}/token"), post(token::create))
            .route(&format!("{mount}/lookup"), get(lookup::read))
            .route(&format!("{mount}/sso-initiate"), get(sso::initiate))
            .route(&format!("{mount}/sso-complete"), get(sso::complete));
    }
    router
}

/// Opened by a cookie.
fn of_pages() -> Router<AppState> {
    let mut router = Router::new()
        .route(paths::DEVICE_APPROVE, post(decision::approve))
        .route(paths::DEVICE_DENY, post(decision::deny))
        .route(paths::DEVICE_CONTEXT, get(lookup::read_context));
    for mount in DEVICE_MOUNTS {
        router = router
            .route(&format!("{mount}/approve"), post(decision::approve))
            .route(&format!("{mount}/deny"), post(decision::deny))
            .route(&format!("{mount}/approval-context"), get(external::read))
            .route(&format!("{mount}/approve-external"), post(external::approve))
            .route(&format!("{mount}/deny-external"), post(external::deny));
    }
    router
}

/// There when devices are not let in, too: what was given out can be given back.
fn always() -> Router<AppState> {
    Router::new()
        .route("/v1/oauth/authorizations/self", delete(authorizations::remove_own))
        .route("/openapi/v1/account/sessions/self", delete(authorizations::remove_own))
        .route("/openapi/v1/_version", get(about::version))
        .route("/openapi/v1/_catalog", get(about::catalog))
}

/// Opened by a cookie or by a token.
fn of_either() -> Router<AppState> {
    Router::new()
        .route("/openapi/v1/account/sessions", get(authorizations::list))
        .route("/openapi/v1/account/sessions/{id}", get(authorizations::read).delete(authorizations::remove))
}

/// What is not there.
fn beside() -> Router<AppState> {
    let mut router = Router::new();
    for prefix in ["/v1", "/openapi", "/oauth", "/console"] {
        let not_found = || any(async || answer::error(&Error::NotFound));
        router = router
            .route(prefix, not_found())
            .route(&format!("{prefix}/"), not_found())
            .route(&format!("{prefix}/{{*path}}"), not_found());
    }
    router
}

/// What opens an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Caller {
    /// No cookie: a request that says nothing of where it comes from is a program's.
    Program,
    /// A cookie: such a request may be forged.
    Page,
    /// A token if there is one, else a cookie.
    Either,
}

/// Around every endpoint: no page of another origin writes, and answers are kept by nobody.
async fn guard(State((state, caller)): State<(AppState, Caller)>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let unmarked = match caller {
        Caller::Program => Unmarked::Taken,
        Caller::Either if caller::has_authorization(headers) => Unmarked::Taken,
        Caller::Page | Caller::Either => Unmarked::Refused,
    };
    dialect::guard::<answer::OAuth>(&state.public_url, unmarked, request, next).await
}

/// Around what lets devices in.
async fn enabled(State(state): State<AppState>, request: Request, next: Next) -> Response {
    match state.service.require_devices() {
        Ok(()) => next.run(request).await,
        Err(error) => answer::error(&error),
    }
}
