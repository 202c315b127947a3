//! `[connections]` of the configuration file: what clients may hold of the server, and for how long.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::ConfigError;
use crate::listen::{Deadlines, Settings};

/// What the file may say of connections.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Connections {
    /// At once, as far as the limit of descriptors allows.
    pub max: usize,
    /// At once from one address that is no trusted proxy.
    pub max_per_address: usize,
    /// Requests at once on one HTTP/2 connection.
    pub http2_streams: u32,
    /// What is kept for requests, in all, in megabytes: heads, bodies, and answers that were not yet sent.
    pub held_megabytes: usize,
    /// For the head of a request.
    pub head_seconds: u32,
    /// For the next part of a body.
    pub body_seconds: u32,
    /// For a whole body.
    pub body_total_seconds: u32,
    /// For another request.
    pub idle_seconds: u32,
    /// For the next part of an answer to be taken.
    pub send_seconds: u32,
    /// For a whole answer to be taken.
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
            0 => Err(ConfigError::Value { name, problem: "at least 1".to_owned() }),
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
    fn nothing_is_without_a_bound() {
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
