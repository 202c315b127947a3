//! Database URLs: parsing them, and displaying them without secrets.

use std::{collections::BTreeSet, fmt, path::PathBuf, str::FromStr as _};

use sqlx::{
    postgres::{PgConnectOptions, PgSslMode},
    sqlite::SqliteConnectOptions,
};
use url::{Host, Url};

use super::{StoreError, dialect::Dialect};

/// The URL of a database: `sqlite://PATH`, or `postgres://USER:PASSWORD@HOST:PORT/NAME?sslmode=…`. It is displayed
/// without user, password and parameters.
#[derive(Clone)]
pub struct DatabaseUrl {
    pub(super) dialect: Dialect,
    /// The original text.
    pub(super) text: String,
}

/// Why a URL is refused. The messages do not repeat it: it may contain a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadDatabaseUrl {
    /// It has another scheme, or unknown parts.
    #[error(
        "expected sqlite://PATH or postgres://USER:PASSWORD@HOST:PORT/NAME?sslmode=verify-full, with each of these parameters once \
         at most: {}",
        PARAMETERS.join(", ")
    )]
    Unknown,
    /// A character in it is not escaped.
    #[error(
        "what has a meaning in a URL must be percent-encoded in user, password and name of the database: / as %2F, ? as %3F, \
         # as %23, @ as %40, % as %25"
    )]
    Unescaped,
    /// It names certificates that are not used for verification.
    #[error("sslrootcert checks nothing without sslmode=verify-full or sslmode=verify-ca: give one of them")]
    Unchecked,
}

/// The accepted parameters of PostgreSQL. The driver only logs unknown ones: they might be part of a password, and
/// a typing error in `sslmode` would leave the connection without the requested protection.
const PARAMETERS: [&str; 10] =
    ["sslmode", "sslrootcert", "sslcert", "sslkey", "host", "port", "dbname", "user", "password", "application_name"];

impl DatabaseUrl {
    /// Parses a URL.
    ///
    /// # Errors
    /// When the scheme is unknown, the database would be in memory only, or parts of the URL are invalid.
    pub fn parse(text: &str) -> Result<Self, BadDatabaseUrl> {
        let dialect = match text.split_once("://") {
            Some(("sqlite", rest)) if !rest.contains(":memory:") && !rest.contains("mode=memory") => {
                check_sqlite(text, rest)?;
                Dialect::Sqlite
            }
            Some(("postgres" | "postgresql", _)) => {
                check_postgres(text)?;
                Dialect::Postgres
            }
            _ => return Err(BadDatabaseUrl::Unknown),
        };
        Ok(Self { dialect, text: text.to_owned() })
    }

    /// The path of SQLite's file.
    pub(super) fn file(&self) -> Result<Option<PathBuf>, StoreError> {
        if self.dialect == Dialect::Postgres {
            return Ok(None);
        }
        Ok(Some(SqliteConnectOptions::from_str(&self.text)?.get_filename().to_owned()))
    }

    /// The URL of PostgreSQL in the form that the driver understands: it takes the brackets of an IPv6 address for
    /// part of a name, but accepts an address in `host`.
    pub(super) fn of_postgres(&self) -> Result<Url, StoreError> {
        let mut url = Url::parse(&self.text).map_err(|error| sqlx::Error::Configuration(error.into()))?;
        if let Some(Host::Ipv6(address)) = url.host()
            && url.query_pairs().all(|(name, _)| name != "host")
        {
            url.query_pairs_mut().append_pair("host", &address.to_string());
        }
        Ok(url)
    }
}

/// User and password are not accepted: they belong to URLs of the other kind.
fn check_sqlite(text: &str, rest: &str) -> Result<(), BadDatabaseUrl> {
    let looks_like_password =
        !rest.starts_with('/') && rest.split_once(':').is_some_and(|(_, rest)| rest.contains('@'));
    if looks_like_password || SqliteConnectOptions::from_str(text).is_err() {
        return Err(BadDatabaseUrl::Unknown);
    }
    Ok(())
}

/// Checked before the driver sees the URL, which would log unknown parameters.
fn check_postgres(text: &str) -> Result<(), BadDatabaseUrl> {
    // An unescaped `/`, `?` or `#` in a password ends the host, and the rest of it becomes part of what follows.
    let is_cut = || {
        let rest = text.split_once("://").and_then(|(_, rest)| rest.split_once(['/', '?', '#']));
        rest.is_some_and(|(_, rest)| rest.contains('@'))
    };
    let parsed = Url::parse(text);
    let url = parsed.map_err(|_| if is_cut() { BadDatabaseUrl::Unescaped } else { BadDatabaseUrl::Unknown })?;
    let name = url.path().trim_start_matches('/');
    if url.fragment().is_some() || name.contains(['/', '@']) {
        return Err(BadDatabaseUrl::Unescaped);
    }
    let mut seen = BTreeSet::new();
    for (name, _) in url.query_pairs() {
        if !PARAMETERS.contains(&name.as_ref()) || !seen.insert(name.clone()) {
            let is_rest = name.contains('@') || url.query().is_some_and(|query| query.contains('@'));
            return Err(if is_rest { BadDatabaseUrl::Unescaped } else { BadDatabaseUrl::Unknown });
        }
    }
    let options = PgConnectOptions::from_str(text).map_err(|_| BadDatabaseUrl::Unknown)?;
    let checks = matches!(options.get_ssl_mode(), PgSslMode::VerifyCa | PgSslMode::VerifyFull);
    if !checks && seen.contains("sslrootcert") {
        return Err(BadDatabaseUrl::Unchecked);
    }
    Ok(())
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.dialect, Url::parse(&self.text)) {
            (Dialect::Sqlite, _) => f.write_str(self.text.split('?').next().unwrap_or_default()),
            (Dialect::Postgres, Ok(url)) => {
                let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
                write!(f, "postgres://{}{port}{}", url.host_str().unwrap_or_default(), url.path())
            }
            (Dialect::Postgres, Err(_)) => f.write_str("postgres://"),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_displayed_without_secrets() {
        for (text, shown) in [
            ("sqlite:///var/lib/doorstep.sqlite3", "sqlite:///var/lib/doorstep.sqlite3"),
            ("sqlite:///srv/a:b@c.sqlite3?vfs=hunter2", "sqlite:///srv/a:b@c.sqlite3"),
            ("postgres://ada:hunter2@db.example:5433/x?sslmode=require", "postgres://db.example:5433/x"),
            ("postgresql://db.example/x?password=hunter2&user=ada", "postgres://db.example/x"),
            ("postgres://ada:hunter2@[::1]:5433/x", "postgres://[::1]:5433/x"),
            ("postgres://ada:hun%2Fter2@db/x%40y", "postgres://db/x%40y"),
        ] {
            let url = DatabaseUrl::parse(text).expect("is valid");
            assert_eq!((url.to_string(), format!("{url:?}")), (shown.to_owned(), shown.to_owned()));
        }
    }

    #[test]
    fn invalid_and_in_memory_urls_are_refused_without_repeating_them() {
        for text in [
            "mysql://u:hunter2@db/x",
            "/var/lib/hunter2",
            "sqlite://:memory:",
            "sqlite://hunter2?mode=memory",
            "sqlite://u:hunter2@db/x",
            "sqlite://u:12/hunter2@db/x",
            "postgres://u:hunter2@db:port/x",
            "postgres://u:hunter2@db/x?sslmode=perhaps",
            "postgres://u:hunter2@db/x?sslmodus=verify-full",
            "postgres://u:hunter2@db/x?sslmode=verify-full&sslmode=disable",
            "postgres://u:hunter2@db/x?options=-c%20synchronous_commit=off",
            "postgres://db/x?user=u&passwd=hunter2",
            "postgres://db/x?user=u&password=a&hunter2",
        ] {
            let error = DatabaseUrl::parse(text).expect_err("is refused");
            assert!(!format!("{error}{error:?}").contains("hunter2"), "{text}");
            assert_eq!(error, BadDatabaseUrl::Unknown, "{text}");
        }
    }

    #[test]
    fn an_unescaped_password_is_refused_with_a_helpful_message() {
        for text in [
            "postgres://u:12/hunter2@db/x",
            "postgres://u:abc/hunter2@db/x",
            "postgres://u:abc?hunter2@db/x",
            "postgres://u:abc#hunter2@db/x",
            "postgres://u:/hunter2@db/x",
            "postgres://u:12?hunter2@db/x",
            "postgres://u:12#hunter2@db/x",
            "postgres://u:12/hunter2?3@db/x",
            "postgres://u:12/hunter2/3@db/x",
            "postgres://u@db/x/hunter2",
        ] {
            assert_eq!(DatabaseUrl::parse(text).expect_err("is refused"), BadDatabaseUrl::Unescaped, "{text}");
        }
    }

    #[test]
    fn unused_certificates_are_refused() {
        for (mode, is_one) in [
            ("", false),
            ("&sslmode=prefer", false),
            ("&sslmode=require", false),
            ("&sslmode=verify-ca", true),
            ("&sslmode=verify-full", true),
        ] {
            let read = DatabaseUrl::parse(&format!("postgres://db/x?sslrootcert=/ca.pem{mode}"));
            assert_eq!(read.map(drop), if is_one { Ok(()) } else { Err(BadDatabaseUrl::Unchecked) }, "{mode}");
        }
    }

    #[test]
    fn an_ipv6_address_is_a_host() {
        for (text, host) in [
            ("postgres://u@[::1]:5433/x", "::1"),
            ("postgres://u@[2001:db8::7]/x?sslmode=require", "2001:db8::7"),
            ("postgres://u@[::1]/x?host=db.example", "db.example"),
            ("postgres://u@db.example/x", "db.example"),
        ] {
            let url = DatabaseUrl::parse(text).expect("is valid").of_postgres().expect("is a URL");
            assert_eq!(PgConnectOptions::from_str(url.as_str()).expect("is read").get_host(), host, "{text}");
        }
    }
}
