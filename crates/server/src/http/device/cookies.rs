//! The cookies of people who come back from another identity system.

use axum::http::{HeaderMap, HeaderValue};
use cookie::time::Duration;
use doorstep_contract::{paths::DEVICE_MOUNTS, user_code::UserCode};

use crate::{
    http::cookies::{
        Cookies,
        jar::{candidates, values},
    },
    service::devices::{BINDING_LIFE, GRANT_LIFE},
};

/// The name and the paths are the contract's, so it can't be a `__Host-` cookie itself.
pub(in crate::http) const APPROVAL_GRANT: &str = "device_approval_grant";
const SSO_BINDING: &str = "doorstep_device_sso";
/// It opens nothing. Sent to every page: the way to that of the device may lead over others.
const USER_CODE: &str = "doorstep_user_code";

impl Cookies {
    /// The grants of people who came back from another identity system: one, unless something else on the host has set
    /// more.
    #[must_use]
    pub fn approval_grants(self, headers: &HeaderMap) -> Vec<&str> {
        self.accompanied(headers, APPROVAL_GRANT)
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
    pub fn sso_bindings(self, headers: &HeaderMap) -> Vec<&str> {
        candidates(values(headers, &self.own(SSO_BINDING)), Some)
    }

    /// A `Set-Cookie` for it.
    #[must_use]
    pub fn set_sso_binding(self, binding: &str) -> Option<HeaderValue> {
        self.set_own(SSO_BINDING, binding.to_owned(), Duration::seconds(BINDING_LIFE.as_secs()))
    }

    /// A `Set-Cookie` that makes the browser forget it.
    #[must_use]
    pub fn clear_sso_binding(self) -> Option<HeaderValue> {
        self.set_own(SSO_BINDING, String::new(), Duration::ZERO)
    }

    /// The code that was looked up in this browser a moment ago.
    #[must_use]
    pub fn user_code(self, headers: &HeaderMap) -> Option<UserCode> {
        values(headers, &self.own(USER_CODE)).find_map(UserCode::parse)
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
        self.set_own(USER_CODE, value.to_owned(), max_age)
    }

    fn approval_grant(self, value: &str, max_age: Duration) -> Vec<HeaderValue> {
        self.accompany(APPROVAL_GRANT, value, &DEVICE_MOUNTS, max_age)
    }
}
