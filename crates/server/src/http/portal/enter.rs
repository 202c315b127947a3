//! GET `/portal/enter/{token}`: opens a magic link.

use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::HeaderMap,
    response::Response,
};
use doorstep_contract::paths;

use crate::{
    domain::token::Token,
    error::Error,
    http::{AppState, client::Client, cookies::Cookies, navigation::Navigation, redirect, shell},
};

/// Sets the portal's cookie, or responds with a page that says what to do.
pub(super) async fn enter(
    _: Navigation,
    State(state): State<AppState>,
    Client(visitor): Client,
    token: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    // A token that can't be decoded is treated as unknown.
    let token = token.map(|Path(token)| token).unwrap_or_default();
    match state.service.portal().enter(&token, visitor.address).await {
        Ok(Some(sealed)) => {
            redirect::found(paths::PORTAL_ENTERED, Cookies::new(&state.public_url).set_portal_session(&sealed))
        }
        Ok(None) => shell::access_required(&state, &headers),
        Err(Error::RateLimited(seconds)) => shell::too_many_attempts(&state, &headers, seconds),
        Err(error) => shell::failed(&headers, &error),
    }
}

/// A link with a trailing slash: redirects to the link.
pub(super) async fn without_slash(
    State(state): State<AppState>,
    token: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    match token.ok().and_then(|Path(token)| Token::parse(&token)) {
        Some(token) => redirect::permanent(&format!("{}/{}", paths::PORTAL_ENTER, token.reveal())),
        None => shell::access_required(&state, &headers),
    }
}
