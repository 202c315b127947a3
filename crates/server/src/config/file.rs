//! The configuration file.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use doorstep_contract::{password::DEFAULT_MIN, secret::Secret};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{ConfigError, audit::Audit, connections::Connections, device::Device, limits::Limits, sso::Sso};
use crate::cli::Location;

/// The keys whose values may contain a password.
const SECRET_KEYS: [&str; 3] = ["smtp_url", "client_secret", "database_url"];

/// The content of the file; missing keys have defaults, and unknown keys are errors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct File {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// Address and port to serve metrics on.
    pub metrics_listen: Option<SocketAddr>,
    /// The public URL of the server.
    pub public_url: Option<Url>,
    /// Folder of the database, the secret key and the outbox.
    pub data_dir: PathBuf,
    /// The database.
    pub database_url: Option<Secret>,
    /// The file with the secret keys, newest first.
    pub secret_key_file: Option<PathBuf>,
    /// Networks of proxies whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Vec<IpNet>,
    /// Pages outside this server that password reset links may lead to.
    pub password_reset_url_allow_list: Vec<Url>,
    /// The name and appearance of the installation.
    pub branding: Branding,
    /// Signing in with a password.
    pub login: Login,
    /// Rate limits.
    pub limits: Limits,
    /// Sending mails.
    pub mail: Mail,
    /// SSO providers.
    pub sso: Sso,
    /// Lifetimes of sessions.
    pub session: SessionLife,
    /// The device flow.
    pub device: Device,
    /// Whether an empty database is filled with sample data.
    pub demo: bool,
    /// The audit log.
    pub audit: Audit,
    /// Limits on connections.
    pub connections: Connections,
}

impl Default for File {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            metrics_listen: None,
            public_url: None,
            data_dir: PathBuf::from("doorstep-data"),
            database_url: None,
            secret_key_file: None,
            trusted_proxies: Vec::new(),
            password_reset_url_allow_list: Vec::new(),
            branding: Branding::default(),
            login: Login::default(),
            limits: Limits::default(),
            mail: Mail::default(),
            sso: Sso::default(),
            session: SessionLife::default(),
            device: Device::default(),
            demo: false,
            audit: Audit::default(),
            connections: Connections::default(),
        }
    }
}

/// `[branding]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Branding {
    /// The name, shown above forms and in the window's title.
    pub name: String,
    /// The logo, shown before the name: an SVG, PNG, WebP or JPEG file.
    pub logo: Option<PathBuf>,
    /// The logo for dark themes; requires `logo`.
    pub logo_dark: Option<PathBuf>,
    /// The colour of links and buttons, `#rrggbb`. Its lightness is adjusted where text would not be readable.
    pub accent: Option<String>,
    /// A note shown on the sign-in page.
    pub public_note: Option<String>,
    /// The support page, linked in the footer of every page: `https://…` or `mailto:…`.
    pub support: Option<String>,
    /// Other links in the footer of every page.
    pub links: LegalLinks,
}

/// `[branding.links]`: web addresses.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LegalLinks {
    /// The privacy policy.
    pub privacy: Option<String>,
    /// The terms of use.
    pub terms: Option<String>,
}

impl Default for Branding {
    fn default() -> Self {
        Self {
            name: "Doorstep".to_owned(),
            logo: None,
            logo_dark: None,
            accent: None,
            public_note: None,
            support: None,
            links: LegalLinks::default(),
        }
    }
}

/// `[login]`.
#[expect(clippy::struct_field_names, reason = "the names of the configuration keys")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Login {
    /// Whether users may sign in with a password. If not, there must be an SSO provider.
    pub password: bool,
    /// Whether the first client on this machine may set the first password without the initial one. Only with a
    /// loopback listen address, and never through a proxy.
    pub skip_default_password_auth: bool,
    /// The shortest password, in characters; at least 8.
    pub password_min_length: usize,
    /// Lifetime of an unused temporary sign-in token in minutes.
    pub login_token_minutes: u32,
}

impl Default for Login {
    fn default() -> Self {
        Self {
            password: true,
            skip_default_password_auth: false,
            password_min_length: DEFAULT_MIN,
            login_token_minutes: 60,
        }
    }
}

/// `[mail]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mail {
    /// The mail server: `smtps://user:password@host`, `smtp://host:587?tls=required`. Without one, mails are
    /// written to the folder `outbox` in the data folder.
    pub smtp_url: Option<Secret>,
    /// The sender: `Doorstep <doorstep@example.org>`.
    pub from: Option<String>,
}

/// `[session]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SessionLife {
    /// A session ends after this many days without use.
    pub idle_days: u32,
    /// A session ends this many days after it began.
    pub absolute_days: u32,
    /// A session begun with a temporary token ends this many minutes after it began.
    pub temporary_minutes: u32,
}

impl Default for SessionLife {
    fn default() -> Self {
        Self { idle_days: 7, absolute_days: 30, temporary_minutes: 60 }
    }
}

impl File {
    /// Reads the file of a location; without one, returns the defaults.
    ///
    /// # Errors
    /// As for [`read`](Self::read).
    pub fn at(location: &Location) -> Result<Self, ConfigError> {
        location.config.as_deref().map_or_else(|| Ok(Self::default()), Self::read)
    }

    /// Reads a file.
    ///
    /// # Errors
    /// When it can't be read, is not TOML, has a value of the wrong type, or an unknown key.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text =
            fs::read_to_string(path).map_err(|error| ConfigError::Unreadable { path: path.to_owned(), error })?;
        Self::parse(&text).map_err(|problem| ConfigError::File { path: path.to_owned(), problem })
    }

    fn parse(text: &str) -> Result<Self, String> {
        let mut unknown = Vec::new();
        let document = toml::Deserializer::parse(text).map_err(|error| redacted(&error))?;
        let file = serde_ignored::deserialize(document, |path| unknown.push(path.to_string()))
            .map_err(|error: toml::de::Error| redacted(&error))?;
        match unknown.first() {
            Some(key) => Err(unknown_key(key)),
            None => Ok(file),
        }
    }
}

/// An error message without the quoted line if that may contain a password.
fn redacted(error: &toml::de::Error) -> String {
    let safe = |line: &str| match line.split_once('=') {
        Some((before, _)) if SECRET_KEYS.iter().any(|key| line.contains(key)) => format!("{before}= …"),
        _ => line.to_owned(),
    };
    error.to_string().lines().map(safe).collect::<Vec<_>>().join("\n")
}

/// Names the unknown key and the most similar known one.
fn unknown_key(key: &str) -> String {
    let known = known_keys();
    let nearest = known
        .iter()
        .map(|candidate| (strsim::normalized_damerau_levenshtein(key, candidate), candidate))
        .max_by(|(a, _), (b, _)| a.total_cmp(b));
    match nearest {
        Some((likeness, candidate)) if likeness > 0.5 => {
            format!("there is no key `{key}`; did you mean `{candidate}`?")
        }
        _ => format!("there is no key `{key}`; there are: {}", known.join(", ")),
    }
}

/// All keys as `section.key`, taken from the defaults, so that the list is always complete.
fn known_keys() -> Vec<String> {
    fn walk(prefix: &str, value: &serde_json::Value, keys: &mut Vec<String>) {
        match value {
            serde_json::Value::Object(table) => {
                for (key, value) in table {
                    let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
                    walk(&path, value, keys);
                }
            }
            _ => keys.push(prefix.to_owned()),
        }
    }
    let mut keys = Vec::new();
    walk("", &serde_json::to_value(File::default()).unwrap_or_default(), &mut keys);
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_is_the_defaults() {
        assert_eq!(File::parse("").expect("is read"), File::default());
    }

    #[test]
    fn the_file_overrides_the_defaults() {
        let file = File::parse("listen = \"[::1]:9000\"\n[branding]\nname = \"Acme\"\n[session]\nidle_days = 1\n")
            .expect("is read");
        assert_eq!(file.listen.to_string(), "[::1]:9000");
        assert_eq!((file.branding.name.as_str(), file.session.idle_days), ("Acme", 1));
        assert_eq!(file.session.absolute_days, 30);
    }

    #[test]
    fn an_unknown_key_is_named_with_the_most_similar_one() {
        let error = File::parse("listn = \"127.0.0.1:1\"").expect_err("is refused");
        assert_eq!(error, "there is no key `listn`; did you mean `listen`?");
        let error = File::parse("[session]\nidel_days = 1").expect_err("is refused");
        assert_eq!(error, "there is no key `session.idel_days`; did you mean `session.idle_days`?");
        let error = File::parse("[zzz]\nx = 1").expect_err("is refused");
        assert!(error.starts_with("there is no key `zzz`; there are: audit.keep_days, "), "{error}");
    }

    #[test]
    fn errors_do_not_repeat_the_password_of_the_mail_server() {
        for text in [
            "[mail]\nsmtp_url = \"smtps://u:hunter2@mail.example.org\n",
            "[mail]\nsmtp_url = [\"smtps://u:hunter2@mail.example.org\"]\n",
            "mail = { smtp_url = \"smtps://u:hunter2@mail.example.org\", from = 7 }\n",
        ] {
            let error = File::parse(text).expect_err("is refused");
            assert!(error.contains("line ") && !error.contains("hunter2"), "{error}");
        }
        let file = File::parse("[mail]\nsmtp_url = \"smtps://u:hunter2@mail.example.org\"").expect("is read");
        assert!(!format!("{file:?}").contains("hunter2"));
    }

    #[test]
    fn a_value_of_the_wrong_type_is_an_error_that_names_the_place() {
        let error = File::parse("[session]\nidle_days = \"seven\"").expect_err("is refused");
        assert!(error.contains("line 2") && error.contains("idle_days"), "{error}");
    }
}
