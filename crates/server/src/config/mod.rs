//! Configuration: a flag wins over its environment variable, that over the file, that over the default.
//!
//! ```text
//! cli.rs (flags, environment), file.rs (keys, defaults) -> Config::join: each value checked -> Config
//!     -> serve.rs: what the Service, the AppState, the connections and the mails are made with
//! ```
//!
//! A section with rules of its own has a file of its own here.

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

/// The file of the database in the data folder.
const DATABASE: &str = "doorstep.sqlite3";

/// What to do about a secret key that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Absent {
    /// Make one: this is the server.
    Make,
    /// Say so: this works on what a server has made.
    Refuse,
}

/// Everything that `serve` needs to know, checked.
#[derive(Debug)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where to serve metrics, if anywhere.
    pub metrics_listen: Option<SocketAddr>,
    /// Where users find this server, if configured: an origin, nothing behind it.
    pub public_url: Option<Url>,
    /// Folder of the database, the secret key and the outbox.
    pub data_dir: PathBuf,
    /// Other identity systems.
    pub sso: Vec<idp::Settings>,
    /// What clients may hold of the server, and for how long.
    pub connections: listen::Settings,
    /// Proxies whose word about the client's address is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Whether the first account may be set up without signing in, by a user on this machine.
    pub anonymous_setup: bool,
    /// What is allowed, how often, and for how long.
    pub policy: Policy,
    /// The database.
    pub database_url: DatabaseUrl,
    /// The server's secrets.
    pub secret_keys: SecretKeys,
    /// Whether the server makes one at start and prints it.
    pub print_login_token: bool,
    /// Whether an empty database is filled with samples.
    pub demo: bool,
    /// How this installation presents itself.
    pub branding: Branding,
    /// What stands at the foot of each page.
    pub footer: Footer,
    /// The pictures and styles that the operator brings, by the names that they are served under.
    pub files: Vec<(String, Vec<u8>)>,
    /// How mails leave.
    pub mail: Mail,
    /// What an operator should set right, and need not at once.
    pub warnings: Vec<String>,
    /// What the operator wants for the first account.
    pub first_start: FirstAccount,
}

/// What is wrong with the configuration, and where.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file can't be read.
    #[error("{}: {error}", path.display())]
    Unreadable {
        /// Which one.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The file is not what it should be; the text says where.
    #[error("{}: {problem}", path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// There is no data to work on.
    #[error("there is no data in {}: name its folder with --data-dir", path.display())]
    NoData {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A value makes no sense, wherever it came from.
    #[error("{name}: {problem}")]
    Value {
        /// What it is called in the file or the environment.
        name: &'static str,
        /// What is wrong.
        problem: String,
    },
}

impl Config {
    /// Joins flags and environment (already joined by clap), the file, and the defaults. Makes the data folder and, on
    /// first start, the secret key.
    ///
    /// # Errors
    /// When something can't be read or makes no sense.
    pub fn load(flags: cli::Serve) -> Result<Self, ConfigError> {
        let file = File::at(&flags.location)?;
        let data_dir = data_dir(&flags.location, &file);
        make_private_folder(&data_dir)?;
        let of_file = flags.location.config.as_deref().map(|path| permissions::of_file(path, &file)).transpose()?;
        let warnings = [permissions::of_folder(&data_dir)?, of_file.flatten()].into_iter().flatten().collect();
        Ok(Self { warnings, ..Self::join(flags, file, data_dir, Absent::Make)? })
    }

    /// As [`load`](Self::load), for what works on data that is there. Where database and secret key are elsewhere, it needs no
    /// data folder.
    ///
    /// # Errors
    /// [`ConfigError::NoData`] when there is no data folder, and it is needed; otherwise as for `load`.
    pub fn load_existing(location: cli::Location) -> Result<Self, ConfigError> {
        let file = File::at(&location)?;
        let data_dir = data_dir(&location, &file);
        let flags = cli::Serve { location, ..cli::Serve::default() };
        let configured = flags.location.database_url.as_ref().or(file.database_url.as_ref());
        // What is wrong with the URL is said first.
        configured.map(|url| parsed(url.reveal())).transpose()?;
        let is_elsewhere = configured.is_some() && (file.secret_key_file.is_some() || secret::is_in_environment()?);
        let is_here = data_dir.is_dir() && (configured.is_some() || data_dir.join(DATABASE).is_file());
        if !is_elsewhere && !is_here {
            return Err(ConfigError::NoData { path: data_dir });
        }
        if data_dir.is_dir() {
            // What the server only warns of, it has warned of.
            permissions::of_folder(&data_dir)?;
        }
        Self::join(flags, file, data_dir, Absent::Refuse)
    }

    /// Where the server of this configuration listens. Nothing else is looked at: what asks it need not be able to read its
    /// secrets.
    ///
    /// # Errors
    /// When the file can't be read or makes no sense.
    pub fn listen_address(listen: Option<SocketAddr>, location: &cli::Location) -> Result<SocketAddr, ConfigError> {
        Ok(match listen {
            Some(address) => address,
            None => File::at(location)?.listen,
        })
    }

    fn join(flags: cli::Serve, file: File, data_dir: PathBuf, absent: Absent) -> Result<Self, ConfigError> {
        let listen = flags.listen.unwrap_or(file.listen);
        let public_url = flags.public_url.or_else(|| file.public_url.clone()).map(checked_origin).transpose()?;
        let anonymous_setup = anonymous_setup(&file, listen, public_url.as_ref())?;
        let demo = demo(flags.demo || file.demo, listen)?;
        let host = public_url.as_ref().and_then(|url| url.host_str().map(str::to_owned));
        let footer = Footer::check(&file.branding)?;
        let (branding, mut files) = branding::check(file.branding.clone())?;
        // Read once, and needed for as long as the program runs.
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
            first_start: first_start_wishes()?,
            data_dir,
        })
    }
}

/// Whether the first account may be set up without signing in. A server that others may reach, straight or through a
/// proxy, must not: the first client would be its operator.
fn anonymous_setup(file: &File, listen: SocketAddr, public_url: Option<&Url>) -> Result<bool, ConfigError> {
    if !file.login.skip_default_password_auth {
        return Ok(false);
    }
    if listen.ip().is_loopback() && public_url.is_none_or(is_local) && file.trusted_proxies.is_empty() {
        return Ok(true);
    }
    Err(ConfigError::Value {
        name: "login.skip_default_password_auth",
        problem: "only for a server that this machine alone can reach: a loopback `listen`, no other `public_url`, no \
                  `trusted_proxies`"
            .to_owned(),
    })
}

/// Whether an empty database is filled with samples. What others come to is no place to play.
fn demo(wished: bool, listen: SocketAddr) -> Result<bool, ConfigError> {
    if wished && !listen.ip().is_loopback() {
        let problem = format!("only for a server that this machine alone can reach, and {listen} is for others too");
        return Err(ConfigError::Value { name: "demo", problem });
    }
    Ok(wished)
}

fn data_dir(location: &cli::Location, file: &File) -> PathBuf {
    location.data_dir.clone().unwrap_or_else(|| file.data_dir.clone())
}

fn first_start_wishes() -> Result<FirstAccount, ConfigError> {
    let password = text_variable("DOORSTEP_INITIAL_PASSWORD")?;
    if password.as_ref().is_some_and(|password| password.chars().count() < MIN_INITIAL_PASSWORD) {
        let problem = format!("at least {MIN_INITIAL_PASSWORD} characters");
        return Err(ConfigError::Value { name: "DOORSTEP_INITIAL_PASSWORD", problem });
    }
    let email = text_variable("DOORSTEP_INITIAL_EMAIL")?.unwrap_or_else(|| "admin@localhost".to_owned());
    let problem = format!("{email:?} is not an email address");
    let email = email::read(&email).ok_or(ConfigError::Value { name: "DOORSTEP_INITIAL_EMAIL", problem })?;
    Ok(FirstAccount { email, password })
}

/// An environment variable that is not a flag: a secret, which must not stand on a command line.
fn text_variable(name: &'static str) -> Result<Option<String>, ConfigError> {
    let text = env::var_os(name).filter(|value| !value.is_empty()).map(OsString::into_string).transpose();
    text.map_err(|_| ConfigError::Value { name, problem: "not UTF-8".to_owned() })
}

/// Only its owner may look into the data folder.
fn make_private_folder(path: &Path) -> Result<(), ConfigError> {
    private_files::make_folder(path).map_err(|error| ConfigError::Unreadable { path: path.to_owned(), error })
}

/// Only scheme, host and port.
fn checked_origin(url: Url) -> Result<Url, ConfigError> {
    let problem = |problem: &str| ConfigError::Value { name: "public_url", problem: problem.to_owned() };
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(problem("an http or https URL such as https://login.example.org"));
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
        return Err(problem("only scheme, host and port: Doorstep has an origin of its own"));
    }
    Ok(url)
}

/// Where people on this machine find a server that listens here, for when no URL is configured.
///
/// # Errors
/// Never for an address that a server listens on; there is no URL without a parser.
pub fn local_origin(address: SocketAddr) -> Result<Url, url::ParseError> {
    // "Every address" is no address to visit.
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

/// A whole number of something, as a duration.
fn duration(name: &'static str, count: u32, unit: SignedDuration) -> Result<SignedDuration, ConfigError> {
    match i32::try_from(count).ok().and_then(|count| unit.checked_mul(count)) {
        Some(duration) if !duration.is_zero() => Ok(duration),
        _ => Err(ConfigError::Value { name, problem: format!("{count} is not a time to live") }),
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
    fn a_database_url_of_another_kind_is_refused_without_repeating_its_password() {
        let error = database_url(Some(Secret::new("mysql://u:hunter2@db/x")), Path::new("x")).expect_err("is refused");
        assert!(!error.to_string().contains("hunter2"));
    }
}
