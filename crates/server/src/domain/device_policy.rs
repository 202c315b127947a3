//! The operator's settings for the device flow.

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::{device_client::Clients, jws::SharedKey};

/// The operator's settings for the device flow.
#[derive(Debug, Clone)]
pub struct DevicePolicy {
    /// Whether device sign-in is enabled.
    pub enabled: bool,
    /// Lifetime of device tokens.
    pub token_life: SignedDuration,
    /// The programs that may use it.
    pub clients: Clients,
    /// The version of Dify whose device API this implements, for clients that check it.
    pub dify_version: String,
    /// An identity system with signed assertions, used instead of the SSO providers.
    pub external: Option<ExternalSystem>,
}

/// The default of [`DevicePolicy::dify_version`].
pub const DIFY_VERSION: &str = "1.15.0";

impl Default for DevicePolicy {
    fn default() -> Self {
        let token_life = SignedDuration::from_hours(14 * 24);
        let dify_version = DIFY_VERSION.to_owned();
        Self { enabled: true, token_life, clients: Clients::default(), dify_version, external: None }
    }
}

impl DevicePolicy {
    /// When the token of a device that is approved now expires.
    #[must_use]
    pub fn access_until(&self, now: Timestamp) -> Timestamp {
        now.checked_add(self.token_life).unwrap_or(now)
    }
}

/// An identity system with signed assertions.
#[derive(Debug, Clone)]
pub struct ExternalSystem {
    /// The URL to which browsers are sent.
    pub acs_url: Url,
    /// The key shared with it.
    pub key: SharedKey,
}
