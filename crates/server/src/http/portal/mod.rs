//! The portal, `/portal*`: what clients see, opened by the cookie that a magic link or a preview brings. It works behind a
//! proxy that passes nothing else, and nothing else is reached through it. Its pages are shells like all pages
//! ([`super::shell`]).

mod answer;
mod api;
mod cookies;
mod enter;
mod session;

use axum::{
    Router,
    extract::{Request, State},
    middleware::{self, Next},
    response::Response,
    routing::{any, get, post},
};
use doorstep_contract::paths;
pub(super) use session::viewer;

use super::{AppState, assets, csrf::Unmarked, dialect};
use crate::error::Error;

/// The surface: its endpoints, magic links, and the files of the app.
pub fn router(state: &AppState) -> Router<AppState> {
    Router::new()
        .merge(api(state))
        .route(&format!("{}/{{token}}", paths::PORTAL_ENTER), get(enter::enter))
        .route(&format!("{}{{name}}", paths::PORTAL_ASSETS), get(assets::serve))
}

/// What its pages call, and an answer for every other path beside it.
fn api(state: &AppState) -> Router<AppState> {
    let not_found = || any(async || answer::render(&Error::NotFound));
    Router::new()
        .route(paths::PORTAL_ME, get(api::me))
        .route(paths::PORTAL_PROJECTS, get(api::projects))
        .route(&format!("{}/{{id}}", paths::PORTAL_PROJECTS), get(api::project))
        .route(paths::PORTAL_LEAVE, post(api::leave))
        .method_not_allowed_fallback(async || answer::render(&Error::MethodNotAllowed))
        .route("/portal/api", not_found())
        .route("/portal/api/", not_found())
        .route("/portal/api/{*path}", not_found())
        .layer(dialect::catch_panics::<answer::Bare>())
        .layer(middleware::from_fn_with_state(state.clone(), guard))
}

/// Around every endpoint: writes come from pages of this origin, and answers are kept by nobody.
async fn guard(State(state): State<AppState>, request: Request, next: Next) -> Response {
    dialect::guard::<answer::Bare>(&state.public_url, Unmarked::Refused, request, next).await
}
