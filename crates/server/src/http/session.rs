//! Who is behind a request.

use axum::http::{HeaderMap, request::Parts};

use super::{AppState, cookies::Cookies};
use crate::{domain::portal::Viewer, error::Error, service::Identity};

/// The user whom a session cookie belongs to; `None` without a cookie, or when none that came opens anything.
pub async fn identify(state: &AppState, headers: &HeaderMap) -> Result<Option<Identity>, Error> {
    state.service.sessions().identify(&Cookies::new(&state.public_url).sessions(headers)).await
}

/// The user who may use what a session opens. In the session of a temporary token, before a password has been set there,
/// that is what only reads: a write may outlive the session. What is for such a session asks
/// [`signed_in_for_now`].
///
/// # Errors
/// [`Error::TemporarySession`]; as [`signed_in_for_now`].
pub async fn signed_in(state: &AppState, parts: &Parts) -> Result<Identity, Error> {
    let identity = signed_in_for_now(state, parts).await?;
    if !parts.method.is_safe() {
        identity.require_lasting()?;
    }
    Ok(identity)
}

/// The same, also for a write in the session of a temporary token.
///
/// # Errors
/// [`Error::Unauthenticated`]; [`Error::PasswordChangeRequired`] while the password is that of the first start; that of
/// the database.
pub async fn signed_in_for_now(state: &AppState, parts: &Parts) -> Result<Identity, Error> {
    let identity = identify(state, &parts.headers).await?.ok_or(Error::Unauthenticated)?;
    if identity.account.password_is_initial { Err(Error::PasswordChangeRequired) } else { Ok(identity) }
}

/// The viewer whom the portal's cookie lets in; `None` without one, or with one that opens nothing (any more).
pub(super) async fn viewer(state: &AppState, headers: &HeaderMap) -> Result<Option<Viewer>, Error> {
    let cookies = Cookies::new(&state.public_url);
    state.service.portal().viewer(&cookies.portal_sessions(headers), &cookies.sessions(headers)).await
}
