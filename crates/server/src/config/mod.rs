//! Configuration: flags take precedence over environment variables, these over the file, and the file over
//! defaults.
//!
//! ```text
//! cli.rs (flags, environment), file.rs (keys, defaults) -> Config::join: validates each value -> Config
//!     -> serve.rs: builds the Service, the AppState, the connections and the mails
//! ```
//!
//! Larger sections have a file each.

mod audit;
mod branding;
mod connections;
mod device;
mod file;
#[cfg(unix)]
mod file_access;
mod limits;
mod mail;
mod permissions;
mod pictures;
mod policy;
mod secret;
mod sso;

use std::{
    env,
    ffi::OsString,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::{Path, PathBuf},
};

use doorstep_contract::{auth::Branding, secret::Secret};
use ipnet::IpNet;
use jiff::SignedDuration;
use url::Url;

pub use branding::{Footer, style_link};
pub use file::File;
pub use mail::Mail;

use crate::{
    cli,
    domain::{account::FirstAccount, email, network::is_local, policy::Policy, secret_key::SecretKeys},
    idp, listen, private_files,
    store::DatabaseUrl,
};

/// The shortest accepted initial password, in characters (ASVS 6.2.1).
const MIN_INITIAL_PASSWORD: usize = 12;

/// The database file in the data folder.
const DATABASE: &str = "doorstep.sqlite3";

/// What to do when the secret key is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MissingKey {
    /// Create one: for the server.
    Create,
    /// Fail: for commands that work on existing data.
    Fail,
}

/// The validated configuration of `serve`.
#[derive(Debug)]
pub struct Config {
    /// The listen address.
    pub listen: SocketAddr,
    /// The listen address for metrics, if any.
    pub metrics_listen: Option<SocketAddr>,
    /// The public URL, if configured: an origin without a path.
    pub public_url: Option<Url>,
    /// Folder of the database, the secret key and the outbox.
    pub data_dir: PathBuf,
    /// The SSO providers.
    pub sso: Vec<idp::Settings>,
    /// Limits on connections.
    pub connections: listen::Settings,
    /// Proxies whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Vec<IpNet>,
    /// Whether a client on this machine may set up the first account without signing in.
    pub anonymous_setup: bool,
    /// Permissions, limits and lifetimes.
    pub policy: Policy,
    /// The database.
    pub database_url: DatabaseUrl,
    /// The secret keys.
    pub secret_keys: SecretKeys,
    /// Whether to create a temporary sign-in token at start and print it.
    pub print_login_token: bool,
    /// Whether an empty database is filled with sample data.
    pub demo: bool,
    /// The name and appearance of the installation.
    pub branding: Branding,
    /// The links in the footer of every page.
    pub footer: Footer,
    /// The operator's images and styles, by the names under which they are served.
    pub files: Vec<(String, Vec<u8>)>,
    /// The settings for sending mails.
    pub mail: Mail,
    /// Problems that do not prevent the start.
    pub warnings: Vec<String>,
    /// The operator's settings for the first account.
    pub first_start: FirstAccount,
}

/// A configuration error.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file can't be read.
    #[error("{}: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The cause.
        error: std::io::Error,
    },
    /// The file's content is invalid.
    #[error("{}: {problem}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        problem: String,
    },
    /// There is no data folder.
    #[error("no data found in {}; set --data-dir (or DOORSTEP_SECRET_KEY with --database-url)", path.display())]
    NoData {
        /// The expected folder.
        path: PathBuf,
    },
    /// A value is invalid, from any source.
    #[error("{name}: {problem}")]
    Value {
        /// Its name in the file or the environment.
        name: &'static str,
        /// What is wrong.
        problem: String,
    },
}

impl Config {
    /// Merges flags and environment (already merged by clap), the file, and the defaults. Creates the data folder
    /// and, on first start, the secret key.
    ///
    /// # Errors
    /// When something can't be read or is invalid.
    pub fn load(flags: cli::Serve) -> Result<Self, ConfigError> {
        let file = File::at(&flags.location)?;
        let data_dir = data_dir(&flags.location, &file);
        make_private_folder(&data_dir)?;
        let of_file = flags.location.config.as_deref().map(|path| permissions::of_file(path, &file)).transpose()?;
        let warnings = [permissions::of_folder(&data_dir)?, of_file.flatten()].into_iter().flatten().collect();
        Ok(Self { warnings, ..Self::join(flags, file, data_dir, MissingKey::Create)? })
    }

    /// As [`load`](Self::load), for commands that work on existing data. The data folder is only required if the
    /// database or the secret key is in it.
    ///
    /// # Errors
    /// [`ConfigError::NoData`] when the data folder is required and missing; otherwise as for `load`.
    pub fn load_existing(location: cli::Location) -> Result<Self, ConfigError> {
        let file = File::at(&location)?;
        let data_dir = data_dir(&location, &file);
        let flags = cli::Serve { location, ..cli::Serve::default() };
        let configured = flags.location.database_url.as_ref().or(file.database_url.as_ref());
        // Report an invalid URL first.
        configured.map(|url| parsed(url.reveal())).transpose()?;
        let is_elsewhere = configured.is_some() && (file.secret_key_file.is_some() || secret::is_in_environment()?);
        let is_here = data_dir.is_dir() && (configured.is_some() || data_dir.join(DATABASE).is_file());
        if !is_elsewhere && !is_here {
            return Err(ConfigError::NoData { path: data_dir });
        }
        if data_dir.is_dir() {
            // The server warns about the rest.
            permissions::of_folder(&data_dir)?;
        }
        Self::join(flags, file, data_dir, MissingKey::Fail)
    }

    /// The listen address of the server with this configuration. Nothing else is read: the caller may have no
    /// access to the secrets.
    ///
    /// # Errors
    /// When the file can't be read or is invalid.
    pub fn listen_address(listen: Option<SocketAddr>, location: &cli::Location) -> Result<SocketAddr, ConfigError> {
        Ok(match listen {
            Some(address) => address,
            None => File::at(location)?.listen,
        })
    }

    fn join(flags: cli::Serve, file: File, data_dir: PathBuf, absent: MissingKey) -> Result<Self, ConfigError> {
        let listen = flags.listen.unwrap_or(file.listen);
        let public_url = flags.public_url.or_else(|| file.public_url.clone()).map(checked_origin).transpose()?;
        let anonymous_setup = anonymous_setup(&file, listen, public_url.as_ref())?;
        let demo = demo(flags.demo || file.demo, listen)?;
        let host = public_url.as_ref().and_then(|url| url.host_str().map(str::to_owned));
        let footer = Footer::check(&file.branding)?;
        let (branding, mut files) = branding::check(file.branding.clone())?;
        // Created once, and needed as long as the program runs.
        let installation = Vec::leak([Some(branding.name.clone()), host].into_iter().flatten().collect());
        let policy = policy::policy(&file, installation)?;
        let (sso, icons) = file.sso.settings(file.login.password)?;
        files.extend(icons);
        Ok(Self {
            listen,
            database_url: database_url(flags.location.database_url.or(file.database_url), &data_dir)?,
            secret_keys: secret::load(file.secret_key_file, &data_dir, absent)?,
            metrics_listen: flags.metrics_listen.or(file.metrics_listen),
            public_url,
            connections: file.connections.settings()?,
            trusted_proxies: file.trusted_proxies,
            anonymous_setup,
            sso,
            policy,
            print_login_token: flags.print_login_token,
            demo,
            branding,
            footer,
            files,
            mail: mail::check(&file.mail)?,
            warnings: Vec::new(),
            first_start: first_account()?,
            data_dir,
        })
    }
}

/// Whether the first account may be set up without signing in. Refused for a server that others can reach, directly
/// or through a proxy: the first client would become its operator.
fn anonymous_setup(file: &File, listen: SocketAddr, public_url: Option<&Url>) -> Result<bool, ConfigError> {
    if !file.login.skip_default_password_auth {
        return Ok(false);
    }
    if listen.ip().is_loopback() && public_url.is_none_or(is_local) && file.trusted_proxies.is_empty() {
        return Ok(true);
    }
    Err(ConfigError::Value {
        name: "login.skip_default_password_auth",
        problem: "allowed only if the server can be reached from this machine alone: a loopback `listen`, no other \
                  `public_url`, and no `trusted_proxies`"
            .to_owned(),
    })
}

/// Whether an empty database is filled with sample data. Refused for a server that others can reach.
fn demo(wished: bool, listen: SocketAddr) -> Result<bool, ConfigError> {
    if wished && !listen.ip().is_loopback() {
        let problem = format!("allowed only on a loopback address; {listen} can be reached from other machines");
        return Err(ConfigError::Value { name: "demo", problem });
    }
    Ok(wished)
}

fn data_dir(location: &cli::Location, file: &File) -> PathBuf {
    location.data_dir.clone().unwrap_or_else(|| file.data_dir.clone())
}

fn first_account() -> Result<FirstAccount, ConfigError> {
    let password = text_variable("DOORSTEP_INITIAL_PASSWORD")?;
    if password.as_ref().is_some_and(|password| password.chars().count() < MIN_INITIAL_PASSWORD) {
        let problem = format!("must have at least {MIN_INITIAL_PASSWORD} characters");
        return Err(ConfigError::Value { name: "DOORSTEP_INITIAL_PASSWORD", problem });
    }
    let email = text_variable("DOORSTEP_INITIAL_EMAIL")?.unwrap_or_else(|| "admin@localhost".to_owned());
    let problem = format!("{email:?} is not an email address");
    let email = email::read(&email).ok_or(ConfigError::Value { name: "DOORSTEP_INITIAL_EMAIL", problem })?;
    Ok(FirstAccount { email, password })
}

/// A variable without a flag: secrets do not belong on a command line.
fn text_variable(name: &'static str) -> Result<Option<String>, ConfigError> {
    let text = env::var_os(name).filter(|value| !value.is_empty()).map(OsString::into_string).transpose();
    text.map_err(|_| ConfigError::Value { name, problem: "must be valid UTF-8".to_owned() })
}

/// Creates the data folder, accessible only to its owner.
fn make_private_folder(path: &Path) -> Result<(), ConfigError> {
    private_files::make_folder(path).map_err(|error| ConfigError::Unreadable { path: path.to_owned(), error })
}

/// Allows only scheme, host and port.
fn checked_origin(url: Url) -> Result<Url, ConfigError> {
    let problem = |problem: &str| ConfigError::Value { name: "public_url", problem: problem.to_owned() };
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(problem("must be an http or https URL, such as https://login.example.org"));
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
        return Err(problem("must have only scheme, host, and port; Doorstep can't run under a path"));
    }
    Ok(url)
}

/// The URL at which this machine reaches a server that listens on this address, for when no URL is configured.
///
/// # Errors
/// Never for a listen address; the signature is that of the URL parser.
pub fn local_origin(address: SocketAddr) -> Result<Url, url::ParseError> {
    // The unspecified address can't be opened; use loopback.
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    Url::parse(&format!("http://{}", SocketAddr::new(ip, address.port())))
}

fn database_url(configured: Option<Secret>, data_dir: &Path) -> Result<DatabaseUrl, ConfigError> {
    match configured {
        Some(url) => parsed(url.reveal()),
        None => parsed(&format!("sqlite://{}", data_dir.join(DATABASE).display())),
    }
}

fn parsed(url: &str) -> Result<DatabaseUrl, ConfigError> {
    DatabaseUrl::parse(url).map_err(|error| ConfigError::Value { name: "database_url", problem: error.to_string() })
}

/// Converts a positive number of units to a duration.
fn duration(name: &'static str, count: u32, unit: SignedDuration) -> Result<SignedDuration, ConfigError> {
    let invalid = |problem: &str| ConfigError::Value { name, problem: problem.to_owned() };
    match i32::try_from(count).ok().and_then(|count| unit.checked_mul(count)) {
        Some(duration) if duration.is_zero() => Err(invalid("must be greater than 0")),
        Some(duration) => Ok(duration),
        None => Err(invalid("is too large")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_public_url_it_is_that_of_the_listen_address() {
        for (address, origin) in [
            ("127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("0.0.0.0:80", "http://127.0.0.1"),
            ("[::]:8080", "http://[::1]:8080"),
        ] {
            let url = local_origin(address.parse().expect("is an address")).expect("is a URL");
            assert_eq!(url.origin().ascii_serialization(), origin);
        }
    }

    #[test]
    fn the_public_url_is_an_origin() {
        let check = |url: &str| checked_origin(url.parse().expect("is a URL"));
        assert!(check("https://login.example.org/").is_ok());
        for url in ["ftp://x.org", "https://x.org/path", "https://x.org/?q", "https://u@x.org", "mailto:x@y.org"] {
            let error = check(url).expect_err("does not fit").to_string();
            assert!(error.starts_with("public_url: "), "{error}");
        }
    }

    #[test]
    fn a_duration_is_positive_and_can_be_counted() {
        let of = |count, unit| duration("session.idle_minutes", count, unit).map_err(|error| error.to_string());
        assert_eq!(of(90, SignedDuration::from_mins(1)), Ok(SignedDuration::from_mins(90)));
        let zero = Err("session.idle_minutes: must be greater than 0".to_owned());
        assert_eq!(of(0, SignedDuration::from_mins(1)), zero);
        let most = Err("session.idle_minutes: is too large".to_owned());
        assert_eq!(of(u32::MAX, SignedDuration::from_hours(24)), most);
    }

    #[test]
    fn a_database_url_of_another_kind_is_refused_without_repeating_its_password() {
        let error = database_url(Some(Secret::new("mysql://u:hunter2@db/x")), Path::new("x")).expect_err("is refused");
        assert!(!error.to_string().contains("hunter2"));
    }
}
