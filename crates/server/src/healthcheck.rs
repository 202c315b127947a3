//! `doorstep healthcheck`: asks the server of the same configuration how it is, once. For containers, which have no other
//! program to do so, and for monitoring.
//!
//! The address is read as `doorstep serve` reads it; where the server listens on every address, it is asked on loopback. It
//! is asked in plain http, as what stands in front of it does.

use std::time::Duration;

use ureq::Agent;
use url::Url;

use crate::{
    cli::Healthcheck,
    config::{Config, ConfigError, local_origin},
    http::health,
    serve::Terminal,
};

/// The longest answer that is read, in bytes.
const LIMIT: u64 = 1024;

/// Why the server does not count as healthy.
#[derive(Debug, thiserror::Error)]
pub enum HealthcheckError {
    /// The configuration makes no sense.
    #[error("configuration: {0}")]
    Config(#[from] ConfigError),
    /// The configuration lets the system choose the port.
    #[error("the configuration names no port: say --listen")]
    NoPort,
    /// The server can't be reached, or does not respond in time.
    #[error("{0} does not respond: {1}")]
    Silent(Url, String),
    /// It says that it is not.
    #[error("{url} responds {status}: {text}")]
    Unhealthy {
        /// Where it was asked.
        url: Url,
        /// The status of its answer.
        status: u16,
        /// The first line of it.
        text: String,
    },
}

/// Asks. It waits without doing anything else: give it a thread of its own.
///
/// # Errors
/// As [`HealthcheckError`] says.
pub fn run(command: &Healthcheck, terminal: &impl Terminal) -> Result<(), HealthcheckError> {
    let address = Config::listen_address(command.listen, &command.location)?;
    if address.port() == 0 {
        return Err(HealthcheckError::NoPort);
    }
    let mut url = local_origin(address).map_err(|_| HealthcheckError::NoPort)?;
    url.set_path(if command.ready { health::DATABASE } else { health::PROCESS });
    let config = Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(command.timeout)))
        .proxy(None)
        .max_redirects(0)
        .http_status_as_error(false)
        .user_agent(concat!("doorstep/", env!("CARGO_PKG_VERSION")));
    let asked = Agent::from(config.build()).get(url.as_str()).call();
    let mut response = asked.map_err(|error| HealthcheckError::Silent(url.clone(), error.to_string()))?;
    let status = response.status().as_u16();
    let text = response.body_mut().with_config().limit(LIMIT).read_to_string().unwrap_or_default();
    let text = text.lines().next().unwrap_or_default().to_owned();
    if status == 200 {
        terminal.line(&text);
        return Ok(());
    }
    Err(HealthcheckError::Unhealthy { url, status, text })
}
