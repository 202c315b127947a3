//! Cookies of the device flow: the SSO approval grant, the SSO binding, and the user code.

use axum::http::{HeaderMap, HeaderValue};
use cookie::time::Duration;
use doorstep_contract::{paths::DEVICE_MOUNTS, user_code::UserCode};

use crate::{
    http::cookies::{Cookies, jar::values},
    service::devices::{BINDING_LIFE, GRANT_LIFE},
};

/// The contract fixes the name and the paths, so it can't be a `__Host-` cookie.
pub(in crate::http) const APPROVAL_GRANT: &str = "device_approval_grant";
const SSO_BINDING: &str = "doorstep_device_sso";
/// Grants no access. Sent to all pages, because the user may visit others, such as sign-in, before the device page.
const USER_CODE: &str = "doorstep_user_code";

impl Cookies {
    /// Candidates for the approval grant of a user who returned from SSO: one, unless another program on the host
    /// set more.
    #[must_use]
    pub fn approval_grants(self, headers: &HeaderMap) -> Vec<&str> {
        self.accompanied(headers, APPROVAL_GRANT)
    }

    /// `Set-Cookie` values with an approval grant, one for each mount of the device flow; it is sent to those paths
    /// only.
    #[must_use]
    pub fn set_approval_grant(self, grant: &str) -> Vec<HeaderValue> {
        self.approval_grant(grant, Duration::seconds(GRANT_LIFE.as_secs()))
    }

    /// `Set-Cookie` values that clear the approval grant, one for each mount.
    #[must_use]
    pub fn clear_approval_grant(self) -> Vec<HeaderValue> {
        self.approval_grant("", Duration::ZERO)
    }

    /// Candidates for the value that binds an SSO flow to this browser.
    #[must_use]
    pub fn sso_bindings(self, headers: &HeaderMap) -> Vec<&str> {
        self.candidates(values(headers, &self.own(SSO_BINDING)), Some)
    }

    /// A `Set-Cookie` with that value.
    #[must_use]
    pub fn set_sso_binding(self, binding: &str) -> Option<HeaderValue> {
        self.set_own(SSO_BINDING, binding.to_owned(), Duration::seconds(BINDING_LIFE.as_secs()))
    }

    /// A `Set-Cookie` that clears it.
    #[must_use]
    pub fn clear_sso_binding(self) -> Option<HeaderValue> {
        self.set_own(SSO_BINDING, String::new(), Duration::ZERO)
    }

    /// The user code that was last looked up in this browser.
    #[must_use]
    pub fn user_code(self, headers: &HeaderMap) -> Option<UserCode> {
        values(headers, &self.own(USER_CODE)).find_map(UserCode::parse)
    }

    /// A `Set-Cookie` that keeps the user code until it expires. It must survive signing in; scripts can't read it.
    #[must_use]
    pub fn set_user_code(self, code: &UserCode, seconds: u32) -> Option<HeaderValue> {
        self.kept_user_code(code.letters(), Duration::seconds(seconds.into()))
    }

    /// A `Set-Cookie` that clears the user code.
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
