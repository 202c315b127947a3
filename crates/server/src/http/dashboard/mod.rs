//! The dashboard surface, `/api/*`: what the browser app speaks. JSON in an envelope, opened by the session cookie.

mod account;
mod answer;
mod audit;
mod clients;
mod devices;
mod id;
mod identities;
mod json;
mod login;
mod logout;
mod me;
mod paging;
mod projects;
mod reauth;
mod session;
mod sessions;
mod setup;
mod setup_status;
mod totp;
mod trusted_devices;

use axum::{
    Router,
    extract::{Request, State},
    middleware::{self, Next},
    response::Response,
    routing::{any, delete, get, post},
};
use doorstep_contract::paths;
pub(super) use login::session_cookies;
pub(super) use session::Arriving;

use super::{AppState, csrf::Unmarked, dialect};
use crate::error::Error;

/// The surface: its endpoints, and an answer for every other path below `/api`.
pub fn router(state: &AppState) -> Router<AppState> {
    let not_found = || any(async || answer::error(&Error::NotFound));
    Router::new()
        .route(paths::SETUP_STATUS, get(setup_status::read))
        .route(paths::LOGIN, post(login::create))
        .route(paths::LOGOUT, post(logout::create))
        .route(paths::ME, get(me::read))
        .route(paths::SETUP, post(setup::create))
        .route(paths::SETUP_AUTHENTICATED, post(setup::create_authenticated))
        .route(paths::REAUTH, post(reauth::create))
        .route(paths::ACCOUNT_EDIT, post(account::edit))
        .route(paths::CONFIRM_EMAIL, post(account::confirm_email))
        .route(paths::IDENTITIES, get(identities::list).post(identities::add))
        .route(&format!("{}/{{id}}", paths::IDENTITIES), delete(identities::remove))
        .route(paths::CHALLENGE, get(identities::challenge))
        .route(paths::SESSIONS, get(sessions::list))
        .route(&format!("{}/{{id}}", paths::SESSIONS), delete(sessions::delete))
        .route(paths::OTHER_SESSIONS, delete(sessions::delete_others))
        .route(paths::TOTP_SETUP, post(totp::setup))
        .route(paths::TOTP_DISABLE, post(totp::disable))
        .route(paths::TOTP_RECOVERY, post(totp::recovery))
        .route(paths::TRUSTED_DEVICES, get(trusted_devices::list))
        .route(&format!("{}/{{id}}", paths::TRUSTED_DEVICES), delete(trusted_devices::end))
        .route(paths::DEVICES, get(devices::list))
        .route(paths::ALL_DEVICES, delete(devices::remove_all))
        .route(&format!("{}/{{id}}", paths::DEVICES), delete(devices::remove))
        .route(paths::AUDIT, get(audit::list))
        .route(paths::AUDIT_EVENTS, get(audit::events))
        .merge(projects::router())
        .merge(clients::router())
        .method_not_allowed_fallback(async || answer::error(&Error::MethodNotAllowed))
        .route("/api", not_found())
        .route("/api/", not_found())
        .route("/api/{*path}", not_found())
        .layer(dialect::catch_panics::<answer::Enveloped>())
        .layer(middleware::from_fn_with_state(state.clone(), guard))
}

/// Around every endpoint: writes come from pages of this origin, and answers are kept by nobody.
async fn guard(State(state): State<AppState>, request: Request, next: Next) -> Response {
    dialect::guard::<answer::Enveloped>(&state.public_url, Unmarked::Refused, request, next).await
}
