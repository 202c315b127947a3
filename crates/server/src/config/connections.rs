//! `[connections]` of the configuration file: limits on connections and their memory.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::ConfigError;
use crate::listen::{Deadlines, Settings};

/// The settings of connections.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Connections {
    /// Concurrent connections, as far as the limit of file descriptors allows.
    pub max: usize,
    /// Concurrent connections from one address, except trusted proxies.
    pub max_per_address: usize,
    /// Concurrent requests on one HTTP/2 connection.
    pub http2_streams: u32,
    /// Memory for all requests together, in megabytes: heads, bodies, and unsent responses.
    pub held_megabytes: usize,
    /// The time for the head of a request.
    pub head_seconds: u32,
    /// The time for each further part of a body.
    pub body_seconds: u32,
    /// The time for a whole body.
    pub body_total_seconds: u32,
    /// The time until the next request.
    pub idle_seconds: u32,
    /// The time for the client to accept each further part of a response.
    pub send_seconds: u32,
    /// The time for the client to accept a whole response.
    pub send_total_seconds: u32,
}

impl Default for Connections {
    fn default() -> Self {
        Self {
            max: 1024,
            max_per_address: 256,
            http2_streams: 32,
            held_megabytes: 32,
            head_seconds: 10,
            body_seconds: 10,
            body_total_seconds: 60,
            idle_seconds: 150,
            send_seconds: 30,
            send_total_seconds: 300,
        }
    }
}

impl Connections {
    pub(super) fn settings(&self) -> Result<Settings, ConfigError> {
        let seconds = |name, count: u32| match count {
            1..=86_400 => Ok(Duration::from_secs(count.into())),
            _ => Err(ConfigError::Value { name, problem: format!("{count} is not a number from 1 to 86400") }),
        };
        let at_least_one = |name, count: usize| match count {
            0 => Err(ConfigError::Value { name, problem: "must be at least 1".to_owned() }),
            _ => Ok(count),
        };
        let streams = usize::try_from(self.http2_streams).unwrap_or(usize::MAX);
        at_least_one("connections.http2_streams", streams)?;
        Ok(Settings {
            max: at_least_one("connections.max", self.max)?,
            max_per_address: at_least_one("connections.max_per_address", self.max_per_address)?,
            http2_streams: self.http2_streams,
            held_bytes: at_least_one("connections.held_megabytes", self.held_megabytes)?.saturating_mul(1_000_000),
            deadlines: Deadlines {
                head: seconds("connections.head_seconds", self.head_seconds)?,
                body: seconds("connections.body_seconds", self.body_seconds)?,
                body_total: seconds("connections.body_total_seconds", self.body_total_seconds)?,
                idle: seconds("connections.idle_seconds", self.idle_seconds)?,
                send: seconds("connections.send_seconds", self.send_seconds)?,
                send_total: seconds("connections.send_total_seconds", self.send_total_seconds)?,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_limit_can_be_disabled() {
        let settings = Connections::default().settings().expect("fits");
        assert_eq!((settings.max, settings.max_per_address, settings.held_bytes), (1024, 256, 32_000_000));
        for none in [
            Connections { max: 0, ..Connections::default() },
            Connections { http2_streams: 0, ..Connections::default() },
            Connections { held_megabytes: 0, ..Connections::default() },
            Connections { head_seconds: 0, ..Connections::default() },
            Connections { send_total_seconds: 86_401, ..Connections::default() },
        ] {
            assert!(none.settings().expect_err("is refused").to_string().starts_with("connections."));
        }
    }
}
