//! Cookies as part of a response: adds one `Set-Cookie` header each to those already present.

use std::convert::Infallible;

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponseParts, ResponseParts},
};

/// The values of `Set-Cookie` headers.
#[derive(Debug, Default)]
pub(super) struct SetCookies(Vec<HeaderValue>);

impl SetCookies {
    /// These values, in this order.
    pub(super) fn of(values: impl IntoIterator<Item = HeaderValue>) -> Self {
        Self(values.into_iter().collect())
    }
}

impl IntoResponseParts for SetCookies {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        for value in self.0 {
            parts.headers_mut().append(header::SET_COOKIE, value);
        }
        Ok(parts)
    }
}
