//! The dashboard surface, `/api/*`, which the browser app uses: JSON in an envelope, authenticated by the session
//! cookie.
//!
//! ```text
//! routes below -> guard: the origin -> extractors: session.rs (who), id.rs, paging.rs, json.rs (what)
//!              -> the handler -> service -> Answer: data in the envelope, or an Error that answer.rs renders
//! ```

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
mod openapi;
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
    http::StatusCode,
    middleware::{self, Next},
    response::Response,
};
use doorstep_contract::paths;
pub(super) use login::session_cookies;
pub(super) use openapi::operations;
pub(super) use session::Context;

use super::{
    AppState,
    csrf::MissingOrigin,
    dialect,
    routes::{Authentication, Limit, Needs, Routes, Surface},
};
use crate::{domain::quota::Quota, error::Error};

/// The endpoints of the surface, and a JSON error for all other paths below `/api`.
#[must_use]
pub fn routes(state: &AppState) -> Routes {
    /// A `proof` in the body counts against the limits of signing in.
    const PROVED: Needs = Needs::SESSION.fresh().limited(&[Limit::SignIn]);
    Routes::of(Surface::Dashboard)
        .get(paths::SETUP_STATUS, Needs::NOTHING, setup_status::read)
        .post(
            paths::LOGIN,
            Needs::NOTHING.limited(&[Limit::SignIn, Limit::Times(Quota::TemporaryToken)]),
            login::create,
        )
        .post(paths::LOGOUT, Needs::NOTHING, logout::create)
        .get(paths::ME, Needs::authenticated_by(Authentication::AnySession), me::read)
        .post(paths::SETUP, Needs::NOTHING, setup::create)
        .post(
            paths::SETUP_AUTHENTICATED,
            Needs::authenticated_by(Authentication::AnySession),
            setup::create_authenticated,
        )
        .post(paths::REAUTH, Needs::SESSION.allow_temporary().limited(&[Limit::SignIn]), reauth::create)
        .post(paths::ACCOUNT_EDIT, PROVED.allow_temporary(), account::edit)
        .post(paths::CONFIRM_EMAIL, Needs::SESSION, account::confirm_email)
        .get(paths::IDENTITIES, Needs::SESSION, identities::list)
        .post(paths::IDENTITIES, Needs::SESSION.fresh().limited(&[Limit::Times(Quota::SsoStart)]), identities::add)
        .delete(&format!("{}/{{id}}", paths::IDENTITIES), Needs::SESSION.fresh(), identities::remove)
        .get(paths::CHALLENGE, Needs::NOTHING, identities::challenge)
        .get(paths::SESSIONS, Needs::SESSION, sessions::list)
        .delete(&format!("{}/{{id}}", paths::SESSIONS), Needs::SESSION, sessions::delete)
        .delete(paths::OTHER_SESSIONS, Needs::SESSION, sessions::delete_others)
        .post(paths::TOTP_SETUP, PROVED, totp::setup)
        .post(paths::TOTP_DISABLE, PROVED.allow_temporary(), totp::disable)
        .post(paths::TOTP_RECOVERY, Needs::SESSION.fresh(), totp::recovery)
        .get(paths::TRUSTED_DEVICES, Needs::SESSION, trusted_devices::list)
        .delete(&format!("{}/{{id}}", paths::TRUSTED_DEVICES), Needs::SESSION.fresh(), trusted_devices::end)
        .get(paths::DEVICES, Needs::SESSION, devices::list)
        .delete(paths::ALL_DEVICES, Needs::SESSION, devices::remove_all)
        .delete(&format!("{}/{{id}}", paths::DEVICES), Needs::SESSION, devices::remove)
        .get(paths::AUDIT, Needs::OPERATOR, audit::list)
        .get(paths::AUDIT_EVENTS, Needs::OPERATOR, audit::events)
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

/// The status and the code of an error on this surface.
pub(super) fn status_and_code(error: &Error) -> (StatusCode, &'static str) {
    let (status, code) = answer::status_and_code(error);
    (status, code.as_str())
}

/// Middleware of all endpoints: the origin check, and `Cache-Control: no-store`.
async fn guard(State(state): State<AppState>, request: Request, next: Next) -> Response {
    dialect::guard::<answer::Enveloped>(&state.public_url, MissingOrigin::Refused, request, next).await
}
