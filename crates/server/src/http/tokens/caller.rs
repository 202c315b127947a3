//! Who asks, and with what.

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

/// The sender of a request, signed in or not.
pub(super) struct Caller {
    /// What comes along with a sign-in. No earlier session: tokens replace none.
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
    /// Who is behind the access token: the one in `Authorization`, else the one in the session cookie of this surface.
    /// Looked at only where the caller has to be signed in, so that a stale one does no harm.
    pub(super) async fn identify(&self, state: &AppState) -> Result<Identity, Error> {
        let bearer = self.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(bearer);
        let tokens = bearer.map_or_else(|| self.session_tokens(), |token| vec![token]);
        state.service.tokens().identify(&tokens).await
    }

    /// What the request said.
    pub(super) const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The cookies of this server.
    pub(super) const fn cookies(&self) -> Cookies {
        self.cookies
    }

    /// What may be the token of the refresh cookie.
    pub(super) fn refresh_tokens(&self) -> Vec<&str> {
        self.cookies.refresh_tokens(&self.headers)
    }

    /// What may be the token of the session cookie.
    pub(super) fn session_tokens(&self) -> Vec<&str> {
        self.cookies.session_tokens(&self.headers)
    }
}

/// RFC 6750 §2.1. The scheme is written in any case (RFC 9110 §11.1).
fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
