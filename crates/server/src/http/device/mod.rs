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
    extract::{Request, State},
    middleware::{self, Next},
    response::Response,
};
use doorstep_contract::paths::{self, DEVICE_MOUNTS};

pub(super) use sso::came_back;

use super::{AppState, csrf::Unmarked, dialect, routes::Routes};
use crate::{error::Error, service::device::CALLBACK};

/// The token endpoint of the server (RFC 6749 §3.2).
const TOKEN_ENDPOINT: &str = "/oauth/token";

/// The surface: its endpoints, and an answer for every other path beside them.
#[must_use]
pub fn routes(state: &AppState) -> Routes {
    let while_enabled =
        |routes: Routes| routes.wrap(|router| router.layer(middleware::from_fn_with_state(state.clone(), enabled)));
    let guarded = |routes: Routes, caller: Caller| {
        routes.wrap(|router| {
            router
                .method_not_allowed_fallback(async || answer::error(&Error::MethodNotAllowed))
                .layer(middleware::from_fn_with_state((state.clone(), caller), guard))
        })
    };
    Routes::new()
        .merge(guarded(while_enabled(of_programs()), Caller::Program))
        .merge(guarded(while_enabled(of_pages()), Caller::Page))
        .merge(guarded(always(), Caller::Program))
        .merge(guarded(of_either(), Caller::Either))
        .merge(guarded(beside(), Caller::Program))
        .wrap(|router| router.layer(dialect::catch_panics::<answer::OAuth>()))
}

/// Opened by what a program says, or by nothing.
fn of_programs() -> Routes {
    let mut routes = Routes::new()
        .post(TOKEN_ENDPOINT, token::create_by_grant_type)
        .get("/.well-known/oauth-authorization-server", about::metadata)
        .get("/v1/me", subject::read)
        .get("/openapi/v1/account", subject::read)
        .get("/openapi/v1/workspaces", workspaces::list)
        .get("/openapi/v1/workspaces/{id}", workspaces::read)
        .post("/openapi/v1/workspaces/{id}", workspaces::switch_by_verb)
        .post("/openapi/v1/workspaces/{id}/switch", workspaces::switch)
        .get(CALLBACK, sso::complete);
    for mount in DEVICE_MOUNTS {
        routes = routes
            .post(&format!("{mount}/code"), code::create)
            .post(&format!("{mount}/token"), token::create)
            .get(&format!("{mount}/lookup"), lookup::read)
            .get(&format!("{mount}/sso-initiate"), sso::initiate)
            .get(&format!("{mount}/sso-complete"), sso::complete);
    }
    routes
}

/// Opened by a cookie.
fn of_pages() -> Routes {
    let mut routes = Routes::new()
        .post(paths::DEVICE_APPROVE, decision::approve)
        .post(paths::DEVICE_DENY, decision::deny)
        .get(paths::DEVICE_CONTEXT, lookup::read_context);
    for mount in DEVICE_MOUNTS {
        routes = routes
            .post(&format!("{mount}/approve"), decision::approve)
            .post(&format!("{mount}/deny"), decision::deny)
            .get(&format!("{mount}/approval-context"), external::read)
            .post(&format!("{mount}/approve-external"), external::approve)
            .post(&format!("{mount}/deny-external"), external::deny);
    }
    routes
}

/// There when devices are not let in, too: what was given out can be given back.
fn always() -> Routes {
    Routes::new()
        .delete("/v1/oauth/authorizations/self", authorizations::remove_own)
        .delete("/openapi/v1/account/sessions/self", authorizations::remove_own)
        .get("/openapi/v1/_version", about::version)
        .get("/openapi/v1/_catalog", about::catalog)
}

/// Opened by a cookie or by a token.
fn of_either() -> Routes {
    Routes::new()
        .get("/openapi/v1/account/sessions", authorizations::list)
        .get("/openapi/v1/account/sessions/{id}", authorizations::read)
        .delete("/openapi/v1/account/sessions/{id}", authorizations::remove)
}

/// What is not there.
fn beside() -> Routes {
    let below = ["/v1", "/openapi", "/oauth", "/console"];
    let paths = below.iter().flat_map(|prefix| ["", "/", "/{*path}"].map(|rest| [*prefix, rest].concat()));
    Routes::new().unknown(paths, &async || answer::error(&Error::NotFound))
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
