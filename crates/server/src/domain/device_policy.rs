//! What an operator has decided about devices.

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::{device_client::Clients, jws::SharedKey};

/// What an operator has decided about devices.
#[derive(Debug, Clone)]
pub struct DevicePolicy {
    /// Whether devices are let in at all.
    pub enabled: bool,
    /// How long their tokens live.
    pub token_life: SignedDuration,
    /// The programs that may ask.
    pub clients: Clients,
    /// The version of Dify whose device API this is, for clients that compare it with those that they know.
    pub dify_version: String,
    /// Another identity system whose people may decide too, in the place of providers.
    pub external: Option<ExternalSystem>,
}

/// The version of Dify whose device API this is, unless configured.
pub const DIFY_VERSION: &str = "1.15.0";

impl Default for DevicePolicy {
    fn default() -> Self {
        let token_life = SignedDuration::from_hours(14 * 24);
        let dify_version = DIFY_VERSION.to_owned();
        Self { enabled: true, token_life, clients: Clients::default(), dify_version, external: None }
    }
}

impl DevicePolicy {
    /// When the token of a device ends that is approved now.
    #[must_use]
    pub fn access_until(&self, now: Timestamp) -> Timestamp {
        now.checked_add(self.token_life).unwrap_or(now)
    }
}

/// Another identity system.
#[derive(Debug, Clone)]
pub struct ExternalSystem {
    /// Where browsers are sent.
    pub acs_url: Url,
    /// What both sign with.
    pub key: SharedKey,
}
