//! `[device]` of the configuration file: the device flow.

use std::path::PathBuf;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{ConfigError, secret};
use crate::domain::{
    device_client,
    device_policy::{DIFY_VERSION, DevicePolicy, ExternalSystem},
    jws::SharedKey,
    network::is_local,
};

/// The settings of the device flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Device {
    /// Whether device sign-in is enabled.
    pub enabled: bool,
    /// Lifetime of device tokens in days, 1 to 365.
    pub token_days: u32,
    /// The version of Dify reported to clients: newer clients may refuse versions that they do not know.
    pub dify_version: String,
    /// The URL of an identity system with signed assertions, whose users may decide about devices. Empty for none.
    pub external_acs_url: String,
    /// The file with the key shared with it. Empty for none.
    pub external_key_file: PathBuf,
    /// Programs that may use the flow, in addition to the built-in ones.
    pub clients: Vec<Client>,
}

/// A program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// Its `client_id`.
    pub id: String,
    /// Its display name.
    pub name: String,
}

impl Default for Device {
    fn default() -> Self {
        Self {
            enabled: true,
            token_days: 14,
            dify_version: DIFY_VERSION.to_owned(),
            external_acs_url: String::new(),
            external_key_file: PathBuf::new(),
            clients: Vec::new(),
        }
    }
}

impl Device {
    pub(super) fn policy(self) -> Result<DevicePolicy, ConfigError> {
        if !(1..=365).contains(&self.token_days) {
            let problem = format!("{} is not a number from 1 to 365", self.token_days);
            return Err(ConfigError::Value { name: "device.token_days", problem });
        }
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !(self.dify_version.split('.').count() == 3 && self.dify_version.split('.').all(is_number)) {
            let problem = format!("{:?} is not a version such as {DIFY_VERSION}", self.dify_version);
            return Err(ConfigError::Value { name: "device.dify_version", problem });
        }
        if self.clients.iter().any(|client| client.id.is_empty() || client.name.is_empty()) {
            let problem = "each client must have an `id` and a `name`".to_owned();
            return Err(ConfigError::Value { name: "device.clients", problem });
        }
        let external = external(&self.external_acs_url, self.external_key_file)?;
        let clients = self.clients.into_iter().map(|Client { id, name }| device_client::Client { id, name }).collect();
        Ok(DevicePolicy {
            enabled: self.enabled,
            token_life: SignedDuration::from_hours(24 * i64::from(self.token_days)),
            clients: device_client::Clients::new(clients),
            dify_version: self.dify_version,
            external,
        })
    }
}

/// The identity system; its URL and its key are configured together or not at all.
fn external(url: &str, key_file: PathBuf) -> Result<Option<ExternalSystem>, ConfigError> {
    match (url.is_empty(), key_file.as_os_str().is_empty()) {
        (true, true) => Ok(None),
        (false, true) => Err(missing("device.external_key_file", "external_acs_url")),
        (true, false) => Err(missing("device.external_acs_url", "external_key_file")),
        (false, false) => {
            let problem = "must be an https URL; http is allowed for this machine only".to_owned();
            let invalid = || ConfigError::Value { name: "device.external_acs_url", problem };
            let acs_url = Url::parse(url).ok().filter(|url| url.scheme() == "https" || is_local_http(url));
            let acs_url = acs_url.ok_or_else(invalid)?;
            let key = SharedKey::parse(&secret::read(&key_file)?)
                .map_err(|error| ConfigError::File { path: key_file, problem: error.to_string() })?;
            Ok(Some(ExternalSystem { acs_url, key }))
        }
    }
}

fn is_local_http(url: &Url) -> bool {
    url.scheme() == "http" && is_local(url)
}

fn missing(name: &'static str, beside: &str) -> ConfigError {
    ConfigError::Value { name, problem: format!("required together with `{beside}`") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(device: Device) -> String {
        device.policy().expect_err("is invalid").to_string()
    }

    #[test]
    fn by_default_devices_are_enabled_for_two_weeks_without_an_external_system() {
        let policy = Device::default().policy().expect("is valid");
        assert!(policy.enabled && policy.external.is_none());
        assert_eq!(policy.token_life, SignedDuration::from_hours(14 * 24));
    }

    #[test]
    fn invalid_settings_are_named() {
        for days in [0, 366] {
            assert!(problem(Device { token_days: days, ..Device::default() }).starts_with("device.token_days: "));
        }
        let clients = vec![Client { id: String::new(), name: "x".to_owned() }];
        assert!(problem(Device { clients, ..Device::default() }).starts_with("device.clients: "));
        let url = |url: &str, file: &str| Device {
            external_acs_url: url.to_owned(),
            external_key_file: file.into(),
            ..Device::default()
        };
        assert!(
            problem(url("https://id.example.org/acs", ""))
                .starts_with("device.external_key_file: required together with")
        );
        assert!(problem(url("", "/key")).starts_with("device.external_acs_url: required together with"));
        for plain in ["http://id.example.org/acs", "id.example.org", "javascript:x"] {
            assert!(problem(url(plain, "/key")).contains("must be an https URL"), "{plain}");
        }
        assert!(problem(url("http://127.0.0.1:1/acs", "/nowhere/key")).starts_with("/nowhere/key: "));
    }
}
