//! The portal, `/portal*`: what clients see, authenticated by the cookie that a magic link or a preview sets. It
//! works behind a proxy that passes no other paths, and links to no others. Its pages are rendered like all pages
//! ([`super::shell`]).

mod answer;
mod api;
mod cookies;
mod enter;
mod openapi;
mod session;

use axum::{
    extract::{Request, State},
    http::StatusCode,
    middleware::{self, Next},
    response::Response,
};
pub(super) use cookies::PORTAL_SESSION;
use doorstep_contract::paths;
pub(super) use openapi::operations;

use super::{
    AppState, assets,
    csrf::MissingOrigin,
    dialect,
    routes::{Authentication, Limit, Needs, Routes, Surface},
};
use crate::{domain::quota::Quota, error::Error};

/// The endpoints of the surface, magic links, and the app's files.
#[must_use]
pub fn routes(state: &AppState) -> Routes {
    const FOLLOWED: Needs = Needs::NOTHING.limited(&[Limit::Times(Quota::PortalEnter)]);
    Routes::of(Surface::Pages)
        .merge(api(state))
        .get(&format!("{}/{{token}}", paths::PORTAL_ENTER), FOLLOWED, enter::enter)
        .unknown([format!("{}/{{token}}/", paths::PORTAL_ENTER)], &enter::without_slash)
        .get(&format!("{}{{name}}", paths::PORTAL_ASSETS), Needs::NOTHING, assets::serve)
}

/// The endpoints that its pages call, and a JSON error for all other paths below them.
fn api(state: &AppState) -> Routes {
    const VIEWING: Needs = Needs::authenticated_by(Authentication::PortalSession);
    Routes::of(Surface::Portal)
        .get(paths::PORTAL_ME, VIEWING, api::me)
        .get(paths::PORTAL_PROJECTS, VIEWING, api::projects)
        .get(&format!("{}/{{id}}", paths::PORTAL_PROJECTS), VIEWING, api::project)
        .post(paths::PORTAL_LEAVE, VIEWING, api::leave)
        .wrap(|router| router.method_not_allowed_fallback(async || answer::render(&Error::MethodNotAllowed)))
        .unknown(["/portal/api", "/portal/api/", "/portal/api/{*path}"], &async || answer::render(&Error::NotFound))
        .wrap(|router| {
            router
                .layer(dialect::catch_panics::<answer::Bare>())
                .layer(middleware::from_fn_with_state(state.clone(), guard))
        })
}

/// The status and the code of an error on this surface.
pub(super) fn status_and_code(error: &Error) -> (StatusCode, &'static str) {
    let (status, code) = answer::status_and_code(error);
    (status, code.as_str())
}

/// Middleware of all endpoints: the origin check, and `Cache-Control: no-store`.
async fn guard(State(state): State<AppState>, request: Request, next: Next) -> Response {
    dialect::guard::<answer::Bare>(&state.public_url, MissingOrigin::Refused, request, next).await
}
