//! The caller of the token surface.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};

use crate::{
    error::Error,
    http::{AppState, cookies::Cookies, dashboard::Context},
    service::{ClientContext, Identity},
};

/// The client of a request, signed in or not.
pub(super) struct Caller {
    /// The context of a sign-in. It names no earlier session: tokens do not replace any.
    pub(super) context: ClientContext,
    headers: HeaderMap,
    cookies: Cookies,
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let Context(context) = Context::from_request_parts(parts, state).await?;
        let context = ClientContext { earlier: Vec::new(), ..context };
        Ok(Self { context, headers: parts.headers.clone(), cookies: Cookies::new(&state.public_url) })
    }
}

impl Caller {
    /// Authenticates the access token: the one in `Authorization`, else the one in the session cookie of this
    /// surface. Called only where the caller must be signed in, so that a stale token does not matter elsewhere.
    pub(super) async fn identify(&self, state: &AppState) -> Result<Identity, Error> {
        let bearer = self.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(bearer);
        let tokens = bearer.map_or_else(|| self.session_tokens(), |token| vec![token]);
        state.service.tokens().identify(&tokens).await
    }

    /// The request's headers.
    pub(super) const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The server's cookies.
    pub(super) const fn cookies(&self) -> Cookies {
        self.cookies
    }

    /// Candidates for the token in the refresh cookie.
    pub(super) fn refresh_tokens(&self) -> Vec<&str> {
        self.cookies.refresh_tokens(&self.headers)
    }

    /// Candidates for the token in the session cookie.
    pub(super) fn session_tokens(&self) -> Vec<&str> {
        self.cookies.session_tokens(&self.headers)
    }
}

/// The token of a Bearer credential (RFC 6750 §2.1). The scheme is case-insensitive (RFC 9110 §11.1).
fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
