//! The cookies of people who come back from another identity system.

use axum::http::{HeaderMap, HeaderValue};
use cookie::time::Duration;
use doorstep_contract::{paths::DEVICE_MOUNTS, user_code::UserCode};

use crate::{
    http::cookies::{Cookies, pairs},
    service::device::{BINDING_LIFE, GRANT_LIFE},
};

/// Its path is not `/`, so it can't be a `__Host-` cookie; what it holds is signed.
const APPROVAL_GRANT: &str = "device_approval_grant";
const SSO_BINDING: &str = "doorstep_device_sso";
/// It opens nothing. Sent to every page: the way to that of the device may lead over others.
const USER_CODE: &str = "doorstep_user_code";

impl Cookies {
    /// The grants of people who came back from another identity system; a request has one, unless somebody planted more.
    #[must_use]
    pub fn approval_grants(self, headers: &HeaderMap) -> Vec<&str> {
        pairs(headers).filter(|(found, _)| *found == APPROVAL_GRANT).map(|(_, value)| value).collect()
    }

    /// A `Set-Cookie` with such a grant for each mount: only those paths get it.
    #[must_use]
    pub fn set_approval_grant(self, grant: &str) -> Vec<HeaderValue> {
        self.approval_grant(grant, Duration::seconds(GRANT_LIFE.as_secs()))
    }

    /// A `Set-Cookie` that makes the browser forget such a grant, for each mount.
    #[must_use]
    pub fn clear_approval_grant(self) -> Vec<HeaderValue> {
        self.approval_grant("", Duration::ZERO)
    }

    /// What binds this browser to its way to another identity system and back.
    #[must_use]
    pub fn sso_binding(self, headers: &HeaderMap) -> Option<&str> {
        let name = self.name(SSO_BINDING);
        pairs(headers).find(|(found, _)| *found == name).map(|(_, value)| value)
    }

    /// A `Set-Cookie` for it.
    #[must_use]
    pub fn set_sso_binding(self, binding: &str) -> Option<HeaderValue> {
        self.header(SSO_BINDING, binding.to_owned(), Duration::seconds(BINDING_LIFE.as_secs()))
    }

    /// A `Set-Cookie` that makes the browser forget it.
    #[must_use]
    pub fn clear_sso_binding(self) -> Option<HeaderValue> {
        self.header(SSO_BINDING, String::new(), Duration::ZERO)
    }

    /// The code that was looked up in this browser a moment ago.
    #[must_use]
    pub fn user_code(self, headers: &HeaderMap) -> Option<UserCode> {
        let name = self.name(USER_CODE);
        pairs(headers).filter(|(found, _)| *found == name).find_map(|(_, value)| UserCode::parse(value))
    }

    /// A `Set-Cookie` that keeps it as long as it waits: it has to survive signing in, and no script has to read it.
    #[must_use]
    pub fn set_user_code(self, code: &UserCode, seconds: u32) -> Option<HeaderValue> {
        self.kept_user_code(code.letters(), Duration::seconds(seconds.into()))
    }

    /// A `Set-Cookie` that makes the browser forget it.
    #[must_use]
    pub fn clear_user_code(self) -> Option<HeaderValue> {
        self.kept_user_code("", Duration::ZERO)
    }

    fn kept_user_code(self, value: &str, max_age: Duration) -> Option<HeaderValue> {
        self.header(USER_CODE, value.to_owned(), max_age)
    }

    fn approval_grant(self, value: &str, max_age: Duration) -> Vec<HeaderValue> {
        let at = |path| self.build(APPROVAL_GRANT.to_owned(), value.to_owned(), path, max_age);
        DEVICE_MOUNTS.into_iter().filter_map(at).collect()
    }
}
