//! Authenticating requests.

use axum::http::{HeaderMap, request::Parts};

use super::{AppState, cookies::Cookies};
use crate::{domain::portal::Viewer, error::Error, service::Identity};

/// The user of the session cookie; `None` without a valid one.
pub async fn identify(state: &AppState, headers: &HeaderMap) -> Result<Option<Identity>, Error> {
    state.service.sessions().identify(&Cookies::new(&state.public_url).sessions(headers)).await
}

/// The user of the session cookie. In a session begun with a temporary token only reads are allowed until a
/// password is set, because the effects of a write may outlive the session. Endpoints that such a session may use
/// call [`signed_in_or_temporary`].
///
/// # Errors
/// [`Error::TemporarySession`]; as [`signed_in_or_temporary`].
pub async fn signed_in(state: &AppState, parts: &Parts) -> Result<Identity, Error> {
    let identity = signed_in_or_temporary(state, parts).await?;
    if !parts.method.is_safe() {
        identity.require_lasting()?;
    }
    Ok(identity)
}

/// As [`signed_in`], but also accepts writes in the session of a temporary token.
///
/// # Errors
/// [`Error::Unauthenticated`]; [`Error::PasswordChangeRequired`] while the account has its initial password;
/// database errors.
pub async fn signed_in_or_temporary(state: &AppState, parts: &Parts) -> Result<Identity, Error> {
    let identity = identify(state, &parts.headers).await?.ok_or(Error::Unauthenticated)?;
    if identity.account.password_is_initial { Err(Error::PasswordChangeRequired) } else { Ok(identity) }
}

/// The viewer of the portal's cookie; `None` without a valid one.
pub(super) async fn viewer(state: &AppState, headers: &HeaderMap) -> Result<Option<Viewer>, Error> {
    let cookies = Cookies::new(&state.public_url);
    state.service.portal().viewer(&cookies.portal_sessions(headers), &cookies.sessions(headers)).await
}
