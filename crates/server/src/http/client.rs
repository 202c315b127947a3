//! Who sent a request.

use std::{convert::Infallible, net::SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderValue, header, request::Parts},
};

use crate::domain::session::Visitor;

/// The sender of a request, for limits, lists and logs.
#[derive(Debug, Clone)]
pub struct Client(pub Visitor);

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let unknown = || SocketAddr::from(([0, 0, 0, 0], 0));
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map_or_else(unknown, |info| info.0);
        let user_agent = parts.headers.get(header::USER_AGENT).map(HeaderValue::as_bytes);
        Ok(Self(Visitor::new(peer.ip().to_canonical(), &String::from_utf8_lossy(user_agent.unwrap_or_default()))))
    }
}
