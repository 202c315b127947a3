//! The device surface (RFC 8628): programs request authorization, users decide in a browser, and programs fetch
//! their tokens. Errors are OAuth errors.
//!
//! The flow is mounted twice ([`DEVICE_MOUNTS`]). [`Caller`] distinguishes programs, which send no cookie, from
//! pages, which do, and endpoints that accept both.

mod about;
mod answer;
mod authorizations;
mod body;
mod caller;
mod catalog;
mod code;
mod cookies;
mod decision;
mod external;
mod lookup;
mod openapi;
mod sso;
mod subject;
mod token;
mod workspaces;

use axum::{
    extract::{Request, State},
    http::StatusCode,
    middleware::{self, Next},
    response::Response,
};
use doorstep_contract::paths::{self, DEVICE_MOUNTS};

pub(super) use cookies::APPROVAL_GRANT;
pub(super) use openapi::operations;
pub(super) use sso::came_back;

use super::{
    AppState,
    csrf::MissingOrigin,
    dialect,
    routes::{
        Authentication,
        Limit::{self, Times},
        Needs, Routes, Surface,
    },
};
use crate::{domain::quota::Quota, error::Error, service::devices::CALLBACK};

/// The server's token endpoint (RFC 6749 §3.2).
const TOKEN_ENDPOINT: &str = "/oauth/token";

const OWNER: Needs = Needs::authenticated_by(Authentication::DeviceTokenOrSession);
const GRANTED: Needs = Needs::authenticated_by(Authentication::ApprovalGrant);
/// Every use of a device token is limited, except its revocation.
const COUNTED: Needs = Needs::authenticated_by(Authentication::DeviceToken).limited(&[Times(Quota::Me)]);
/// Wrong user codes are counted together over all endpoints that look one up.
const LOOKED_UP: &[Limit] = &[Times(Quota::DeviceLookup), Times(Quota::WrongUserCodes)];
const INITIATED: &[Limit] = &[Times(Quota::DeviceSsoInitiate), Times(Quota::WrongUserCodes)];
const DECIDED: Needs = Needs::SESSION.fresh().limited(&[Times(Quota::DeviceApprove), Times(Quota::WrongUserCodes)]);
const DECIDED_EXTERNAL: Needs = GRANTED.limited(&[Times(Quota::DeviceApproveExternal)]);

/// The endpoints of the surface, and an OAuth error for all other paths below it.
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
    Routes::of(Surface::Device)
        .merge(guarded(while_enabled(of_programs()), Caller::Program))
        .merge(guarded(while_enabled(of_pages()), Caller::Page))
        .merge(guarded(always(), Caller::Program))
        .merge(guarded(of_either(), Caller::Either))
        .merge(guarded(beside(), Caller::Program))
        .wrap(|router| router.layer(dialect::catch_panics::<answer::OAuth>()))
}

/// Authenticated by the request's own fields, or not at all.
fn of_programs() -> Routes {
    let mut routes = Routes::of(Surface::Device)
        .post(TOKEN_ENDPOINT, Needs::NOTHING, token::create_by_grant_type)
        .get("/.well-known/oauth-authorization-server", Needs::NOTHING, about::metadata)
        .get("/v1/me", COUNTED, subject::read)
        .get("/openapi/v1/account", COUNTED, subject::read)
        .get("/openapi/v1/workspaces", COUNTED, workspaces::list)
        .get("/openapi/v1/workspaces/{id}", COUNTED, workspaces::read)
        .post("/openapi/v1/workspaces/{id}", COUNTED, workspaces::switch_by_verb)
        .post("/openapi/v1/workspaces/{id}/switch", COUNTED, workspaces::switch)
        .get(CALLBACK, Needs::NOTHING, sso::complete);
    for mount in DEVICE_MOUNTS {
        routes = routes
            .post(&format!("{mount}/code"), Needs::NOTHING.limited(&[Times(Quota::DeviceCode)]), code::create)
            .post(&format!("{mount}/token"), Needs::NOTHING, token::create)
            .get(&format!("{mount}/lookup"), Needs::NOTHING.limited(LOOKED_UP), lookup::read)
            .get(&format!("{mount}/sso-initiate"), Needs::NOTHING.limited(INITIATED), sso::initiate)
            .get(&format!("{mount}/sso-complete"), Needs::NOTHING, sso::complete);
    }
    routes
}

/// Authenticated by a cookie.
fn of_pages() -> Routes {
    let mut routes = Routes::of(Surface::Device)
        .post(paths::DEVICE_APPROVE, DECIDED, decision::approve)
        .post(paths::DEVICE_DENY, DECIDED, decision::deny)
        .get(paths::DEVICE_CONTEXT, Needs::SESSION.limited(LOOKED_UP), lookup::read_context);
    for mount in DEVICE_MOUNTS {
        routes = routes
            .post(&format!("{mount}/approve"), DECIDED, decision::approve)
            .post(&format!("{mount}/deny"), DECIDED, decision::deny)
            .get(&format!("{mount}/approval-context"), GRANTED, external::read)
            .post(&format!("{mount}/approve-external"), DECIDED_EXTERNAL, external::approve)
            .post(&format!("{mount}/deny-external"), DECIDED_EXTERNAL, external::deny);
    }
    routes
}

/// Available even while device sign-in is disabled, so that tokens can be revoked.
fn always() -> Routes {
    Routes::of(Surface::Device)
        .delete("/v1/oauth/authorizations/self", Needs::NOTHING, authorizations::remove_own)
        .delete("/openapi/v1/account/sessions/self", Needs::NOTHING, authorizations::remove_own)
        .get("/openapi/v1/_version", Needs::NOTHING, about::version)
        .get("/openapi/v1/_catalog", Needs::NOTHING, catalog::read)
}

/// Authenticated by a cookie or by a token.
fn of_either() -> Routes {
    Routes::of(Surface::Device)
        .get("/openapi/v1/account/sessions", OWNER, authorizations::list)
        .get("/openapi/v1/account/sessions/{id}", OWNER, authorizations::read)
        .delete("/openapi/v1/account/sessions/{id}", OWNER, authorizations::remove)
}

/// Unknown paths.
fn beside() -> Routes {
    let below = ["/v1", "/openapi", "/oauth", "/console"];
    let paths = below.iter().flat_map(|prefix| ["", "/", "/{*path}"].map(|rest| [*prefix, rest].concat()));
    Routes::of(Surface::Device).unknown(paths, &async || answer::error(&Error::NotFound))
}

/// The status and the code of an error on this surface.
pub(super) fn status_and_code(error: &Error) -> (StatusCode, &'static str) {
    let (status, code) = answer::status_and_code(error);
    (status, code.as_str())
}

/// Who calls an endpoint, which decides the origin check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Caller {
    /// No cookie: a request without `Origin` is accepted.
    Program,
    /// A cookie: a request without `Origin` may be forged and is refused.
    Page,
    /// As a program if the request has a token, else as a page.
    Either,
}

/// Middleware of all endpoints: the origin check, and `Cache-Control: no-store`.
async fn guard(State((state, caller)): State<(AppState, Caller)>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let missing_origin = match caller {
        Caller::Program => MissingOrigin::Accepted,
        Caller::Either if caller::has_authorization(headers) => MissingOrigin::Accepted,
        Caller::Page | Caller::Either => MissingOrigin::Refused,
    };
    dialect::guard::<answer::OAuth>(&state.public_url, missing_origin, request, next).await
}

/// Middleware that refuses requests while device sign-in is disabled.
async fn enabled(State(state): State<AppState>, request: Request, next: Next) -> Response {
    match state.service.devices().require_enabled() {
        Ok(()) => next.run(request).await,
        Err(error) => answer::error(&error),
    }
}
