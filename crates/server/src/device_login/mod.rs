//! `doorstep device-login`: a small client of the device flow (RFC 8628), for trying it and for scripts.

mod flow;
mod token_file;

use std::{path::PathBuf, sync::Arc, thread, time::Duration};

use doorstep_contract::paths::DEVICE_MOUNTS;
use jiff::SignedDuration;
use qrcode::{QrCode, render::unicode::Dense1x2};
use serde_json::{Value, json};
use ureq::{
    Agent,
    tls::{Certificate, RootCerts, TlsConfig},
};
use url::Url;

use crate::{
    cli::DeviceLogin,
    domain::{clock::Clock, network::is_local},
    serve::Terminal,
};
use flow::{Codes, Pace, Reply, Step, explain};

/// The timeout of a request.
const PATIENCE: Duration = Duration::from_secs(30);
/// The longest response read, in bytes.
const LIMIT: u64 = 64 * 1024;

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum DeviceLoginError {
    /// The token would be sent unencrypted.
    #[error("{0}: use https:// for a server on another machine: plain http would expose the token")]
    Insecure(Url),
    /// The URL is not an origin.
    #[error("{0}: enter only scheme, host and port of the server, such as https://login.example.org")]
    NotAnOrigin(Url),
    /// The server can't be reached.
    #[error("the server does not respond: {0}")]
    Unreachable(String),
    /// The server refused.
    #[error("the server refused the request: {0}")]
    Refused(String),
    /// The user denied the device.
    #[error("the request was denied in the browser")]
    Denied,
    /// The request has expired.
    #[error("the request expired; start again")]
    Expired,
    /// There is no default folder for the token.
    #[error("there is no home folder for the token; choose a file with --token-file")]
    NoFolder,
    /// The token can't be stored.
    #[error("{}: {error}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// The cause.
        error: std::io::Error,
    },
}

/// Signs in, and stores or prints the token. Blocks: call it on a separate thread.
///
/// # Errors
/// See [`DeviceLoginError`].
pub fn run(command: DeviceLogin, terminal: &impl Terminal, prompts: &impl Terminal) -> Result<(), DeviceLoginError> {
    let server = checked_server(command.server)?;
    let place = command.token_file.or_else(|| token_file::default_path(&server));
    let place = if command.json { None } else { Some(place.ok_or(DeviceLoginError::NoFolder)?) };
    let client = Client::new(&server);
    let prompts: &dyn Terminal = if command.json { prompts } else { terminal };
    let token = client.sign_in(&command.client_id, command.label.or_else(host_name), prompts)?;
    match place {
        None => terminal.line(&pretty(&token)),
        Some(path) => {
            let kept = json!({ "server": server.origin().ascii_serialization(), "token": token });
            token_file::write(&path, &format!("{}\n", pretty(&kept)))
                .map_err(|error| DeviceLoginError::Unwritable { path: path.clone(), error })?;
            terminal.line(&format!("Signed in. The token is in {}", path.display()));
        }
    }
    Ok(())
}

struct Client {
    agent: Agent,
    mount: Url,
    clock: Clock,
}

impl Client {
    fn new(server: &Url) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let trusted = if server.scheme() == "https" { system_certificates() } else { Vec::new() };
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::Specific(Arc::new(trusted)))
            .unversioned_rustls_crypto_provider(provider)
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .timeout_global(Some(PATIENCE))
            // The token must only be sent to the named server.
            .max_redirects(0)
            .http_status_as_error(false)
            .user_agent(user_agent());
        let config = if is_local(server) { config.proxy(None) } else { config };
        let mut mount = server.clone();
        let [path, _] = DEVICE_MOUNTS;
        mount.set_path(path);
        Self { agent: config.build().into(), mount, clock: Clock::system() }
    }

    fn sign_in(
        &self,
        client_id: &str,
        label: Option<String>,
        terminal: &dyn Terminal,
    ) -> Result<Value, DeviceLoginError> {
        let codes = self.ask(client_id, label)?;
        show(&codes, terminal);
        let end =
            self.clock.now().checked_add(SignedDuration::from_secs(i64::try_from(codes.expires_in).unwrap_or(900)));
        let end = end.unwrap_or(jiff::Timestamp::MAX);
        let mut pace = Pace::new(&codes);
        let mut wait = pace.first();
        let request = json!({ "client_id": client_id, "device_code": codes.device_code });
        // One more poll after the end: a request approved at the last moment stays valid a little longer.
        let mut last = false;
        loop {
            thread::sleep(wait);
            match pace.after(self.post("token", &request)) {
                Step::Wait(_) if last => return Err(DeviceLoginError::Expired),
                Step::Wait(longer) => wait = longer,
                Step::Done(token) => return Ok(token),
                Step::Denied => return Err(DeviceLoginError::Denied),
                Step::Expired => return Err(DeviceLoginError::Expired),
                Step::Refused(why) => return Err(DeviceLoginError::Refused(printable(&why))),
            }
            last = self.clock.now() >= end;
        }
    }

    fn ask(&self, client_id: &str, label: Option<String>) -> Result<Codes, DeviceLoginError> {
        let mut request = json!({ "client_id": client_id });
        if let (Some(label), Some(fields)) = (label, request.as_object_mut()) {
            fields.insert("device_label".to_owned(), label.into());
        }
        match self.post("code", &request) {
            Reply::Answer(200, body) => serde_json::from_value(body)
                .map_err(|error| DeviceLoginError::Refused(format!("unreadable response: {error}"))),
            Reply::Answer(status, body) => Err(DeviceLoginError::Refused(printable(&explain(status, &body)))),
            Reply::NoResponse(why) => Err(DeviceLoginError::Unreachable(why)),
        }
    }

    fn post(&self, what: &str, body: &Value) -> Reply {
        let url = format!("{}/{what}", self.mount);
        let sent = self.agent.post(&url).content_type("application/json").send(body.to_string());
        match sent {
            Ok(mut response) => {
                let status = response.status().as_u16();
                let text = response.body_mut().with_config().limit(LIMIT).read_to_string().unwrap_or_default();
                Reply::Answer(status, serde_json::from_str(&text).unwrap_or(Value::Null))
            }
            Err(error) => Reply::NoResponse(error.to_string()),
        }
    }
}

/// Shows the code for comparison, and the link as text and QR code.
fn show(codes: &Codes, terminal: &dyn Terminal) {
    let uri = printable(&codes.verification_uri);
    let complete = codes.verification_uri_complete.as_deref().map(printable);
    terminal.line(&format!("Open this page: {}", complete.as_deref().unwrap_or(&uri)));
    terminal.line(&format!("Check that the browser shows this code: {}", printable(&codes.user_code)));
    if let Ok(code) = QrCode::new(complete.unwrap_or(uri).as_bytes()) {
        // Light on dark, as most terminals are; QR readers accept both.
        let picture = code.render::<Dense1x2>().dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).build();
        terminal.line("");
        picture.lines().for_each(|line| terminal.line(line));
        terminal.line("");
    }
    let minutes = codes.expires_in.div_ceil(60);
    let minutes = if minutes == 1 { "1 minute".to_owned() } else { format!("{minutes} minutes") };
    terminal.line(&format!("Waiting for approval. The code expires in {minutes}."));
}

/// Allows only scheme, host and port, and plain http only to this machine.
fn checked_server(server: Url) -> Result<Url, DeviceLoginError> {
    let is_origin = server.path() == "/" && server.query().is_none() && server.fragment().is_none();
    if !is_origin || !server.username().is_empty() || server.password().is_some() || server.host().is_none() {
        return Err(DeviceLoginError::NotAnOrigin(server));
    }
    match server.scheme() {
        "https" => Ok(server),
        "http" if is_local(&server) => Ok(server),
        "http" => Err(DeviceLoginError::Insecure(server)),
        _ => Err(DeviceLoginError::NotAnOrigin(server)),
    }
}

/// The system's certificate authorities. Unreadable ones are skipped.
fn system_certificates() -> Vec<Certificate<'static>> {
    let found = rustls_native_certs::load_native_certs().certs;
    found.into_iter().map(|certificate| Certificate::from_der(&certificate).to_owned()).collect()
}

/// The server's text without control characters, which could manipulate the terminal.
fn printable(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).collect()
}

/// The name of this machine, so that signing in again replaces its token.
fn host_name() -> Option<String> {
    let told = ["HOSTNAME", "COMPUTERNAME"].into_iter().find_map(|name| std::env::var(name).ok());
    let name = told.or_else(|| std::fs::read_to_string("/proc/sys/kernel/hostname").ok())?;
    let name = name.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

fn user_agent() -> String {
    let system = match std::env::consts::OS {
        "linux" => "Linux",
        "macos" => "Macintosh",
        "windows" => "Windows",
        other => other,
    };
    format!("doorstep/{} ({system})", env!("CARGO_PKG_VERSION"))
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_never_sent_unencrypted() {
        let check = |text: &str| checked_server(text.parse().expect("is a URL"));
        for fine in ["https://login.example.org", "http://127.0.0.1:8080", "http://localhost", "http://[::1]:1"] {
            assert!(check(fine).is_ok(), "{fine}");
        }
        for plain in ["http://login.example.org", "http://192.0.2.1", "http://localhost.example.org"] {
            assert!(matches!(check(plain), Err(DeviceLoginError::Insecure(_))), "{plain}");
        }
        for other in
            ["https://x.example/path", "https://x.example/?q", "https://u@x.example", "ftp://x.example", "file:///x"]
        {
            assert!(matches!(check(other), Err(DeviceLoginError::NotAnOrigin(_))), "{other}");
        }
    }

    #[test]
    fn text_of_the_server_has_no_control_characters() {
        assert_eq!(printable("a\u{1b}[2Jb\nc"), "a[2Jbc");
    }
}
