//! `doorstep healthcheck`: checks once whether the server with the same configuration is healthy. For containers,
//! which may have no other HTTP client, and for monitoring.
//!
//! The address is determined as by `doorstep serve`; if the server listens on all addresses, loopback is used. The
//! request is plain http, as from a reverse proxy.

use std::time::Duration;

use ureq::Agent;
use url::Url;

use crate::{
    cli::Healthcheck,
    config::{Config, ConfigError, local_origin},
    http::health,
    serve::Terminal,
};

/// The longest response read, in bytes.
const LIMIT: u64 = 1024;

/// Why the server is not healthy.
#[derive(Debug, thiserror::Error)]
pub enum HealthcheckError {
    /// The configuration is invalid.
    #[error("configuration: {0}")]
    Config(#[from] ConfigError),
    /// The port is chosen by the system.
    #[error("no port is configured; set --listen")]
    NoPort,
    /// The server can't be reached, or does not respond in time.
    #[error("{0} does not respond: {1}")]
    Unreachable(Url, String),
    /// The server reports a problem.
    #[error("{url} responds {status}: {text}")]
    Unhealthy {
        /// The URL of the check.
        url: Url,
        /// The status of the response.
        status: u16,
        /// The first line of its body.
        text: String,
    },
}

/// Performs the check. Blocks: call it on a separate thread.
///
/// # Errors
/// See [`HealthcheckError`].
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
    let mut response = asked.map_err(|error| HealthcheckError::Unreachable(url.clone(), error.to_string()))?;
    let status = response.status().as_u16();
    let text = response.body_mut().with_config().limit(LIMIT).read_to_string().unwrap_or_default();
    let text = text.lines().next().unwrap_or_default().to_owned();
    if status == 200 {
        terminal.line(&text);
        return Ok(());
    }
    Err(HealthcheckError::Unhealthy { url, status, text })
}
