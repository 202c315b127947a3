//! The cookie of the portal.

use axum::http::{HeaderMap, HeaderValue};
use cookie::time::Duration;

use crate::{
    domain::portal::LIFE,
    http::cookies::{Cookies, pairs},
};

/// The name that other programs know it by, so that nothing can stand in front of it.
const PORTAL_SESSION: &str = "portal_session";

impl Cookies {
    /// What the browser sends as the session of the portal: one text, unless somebody planted more.
    pub(in crate::http) fn portal_sessions(headers: &HeaderMap) -> impl Iterator<Item = &str> {
        pairs(headers).filter(|(found, _)| *found == PORTAL_SESSION).map(|(_, value)| value)
    }

    /// A `Set-Cookie` with the session of the portal.
    #[must_use]
    pub fn set_portal_session(self, sealed: &str) -> Option<HeaderValue> {
        self.build(PORTAL_SESSION.to_owned(), sealed.to_owned(), "/", Duration::seconds(LIFE.as_secs()))
    }

    /// A `Set-Cookie` that makes the browser forget it.
    #[must_use]
    pub fn clear_portal_session(self) -> Option<HeaderValue> {
        self.build(PORTAL_SESSION.to_owned(), String::new(), "/", Duration::ZERO)
    }
}
