//! Who asks, and with what.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};

use crate::{
    error::Error,
    http::{AppState, cookies::Cookies, dashboard::Arriving},
    service::{sessions::Identity, sign_in::Arrival},
};

/// Whoever sent a request, signed in or not.
pub(super) struct Caller {
    /// What comes along with a sign-in. No earlier session: tokens replace none.
    pub(super) arrival: Arrival,
    headers: HeaderMap,
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let Arriving(arrival) = Arriving::from_request_parts(parts, state).await?;
        let arrival = Arrival { earlier: None, ..arrival };
        Ok(Self { arrival, headers: parts.headers.clone() })
    }
}

impl Caller {
    /// Who is behind the access token: the one in `Authorization`, else the one in the session cookie of this surface.
    /// Looked at only where somebody has to be signed in, so that a stale one is in nobody's way.
    pub(super) async fn identify(&self, state: &AppState) -> Result<Identity, Error> {
        let bearer = self.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(bearer);
        let token = bearer.or_else(|| self.session_token()).ok_or(Error::InvalidCredentials)?;
        state.service.identify_by_access(token).await
    }

    /// What the request said.
    pub(super) const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The token of the refresh cookie.
    pub(super) fn refresh_token(&self) -> Option<&str> {
        Cookies::refresh_token(&self.headers)
    }

    /// The token of the session cookie.
    pub(super) fn session_token(&self) -> Option<&str> {
        Cookies::session_token(&self.headers)
    }
}

/// RFC 6750 §2.1. The scheme is written in any case (RFC 9110 §11.1).
fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
