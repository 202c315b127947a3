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
    extract::{Request, State},
    middleware::{self, Next},
    response::Response,
};
use doorstep_contract::paths;
pub(super) use login::session_cookies;
pub(super) use session::Arriving;

use super::{AppState, csrf::Unmarked, dialect, routes::Routes};
use crate::error::Error;

/// The surface: its endpoints, and an answer for every other path below `/api`.
#[must_use]
pub fn routes(state: &AppState) -> Routes {
    Routes::new()
        .get(paths::SETUP_STATUS, setup_status::read)
        .post(paths::LOGIN, login::create)
        .post(paths::LOGOUT, logout::create)
        .get(paths::ME, me::read)
        .post(paths::SETUP, setup::create)
        .post(paths::SETUP_AUTHENTICATED, setup::create_authenticated)
        .post(paths::REAUTH, reauth::create)
        .post(paths::ACCOUNT_EDIT, account::edit)
        .post(paths::CONFIRM_EMAIL, account::confirm_email)
        .get(paths::IDENTITIES, identities::list)
        .post(paths::IDENTITIES, identities::add)
        .delete(&format!("{}/{{id}}", paths::IDENTITIES), identities::remove)
        .get(paths::CHALLENGE, identities::challenge)
        .get(paths::SESSIONS, sessions::list)
        .delete(&format!("{}/{{id}}", paths::SESSIONS), sessions::delete)
        .delete(paths::OTHER_SESSIONS, sessions::delete_others)
        .post(paths::TOTP_SETUP, totp::setup)
        .post(paths::TOTP_DISABLE, totp::disable)
        .post(paths::TOTP_RECOVERY, totp::recovery)
        .get(paths::TRUSTED_DEVICES, trusted_devices::list)
        .delete(&format!("{}/{{id}}", paths::TRUSTED_DEVICES), trusted_devices::end)
        .get(paths::DEVICES, devices::list)
        .delete(paths::ALL_DEVICES, devices::remove_all)
        .delete(&format!("{}/{{id}}", paths::DEVICES), devices::remove)
        .get(paths::AUDIT, audit::list)
        .get(paths::AUDIT_EVENTS, audit::events)
        .merge(projects::routes())
        .merge(clients::routes())
        .wrap(|router| router.method_not_allowed_fallback(async || answer::error(&Error::MethodNotAllowed)))
        .unknown(["/api", "/api/", "/api/{*path}"], &async || answer::error(&Error::NotFound))
        .wrap(|router| {
            router
                .layer(dialect::catch_panics::<answer::Enveloped>())
                .layer(middleware::from_fn_with_state(state.clone(), guard))
        })
}

/// Around every endpoint: writes come from pages of this origin, and answers are kept by nobody.
async fn guard(State(state): State<AppState>, request: Request, next: Next) -> Response {
    dialect::guard::<answer::Enveloped>(&state.public_url, Unmarked::Refused, request, next).await
}
