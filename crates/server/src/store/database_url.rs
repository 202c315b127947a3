//! The URL of a database: what it may say, and what of it may be shown.

use std::{collections::BTreeSet, fmt, path::PathBuf, str::FromStr as _};

use sqlx::{
    postgres::{PgConnectOptions, PgSslMode},
    sqlite::SqliteConnectOptions,
};
use url::{Host, Url};

use super::{StoreError, dialect::Dialect};

/// Where a database is: `sqlite://PATH`, or `postgres://USER:PASSWORD@HOST:PORT/NAME?sslmode=…`. It is shown without user,
/// password and parameters.
#[derive(Clone)]
pub struct DatabaseUrl {
    pub(super) dialect: Dialect,
    /// As it was given.
    pub(super) text: String,
}

/// A URL that names no database which Doorstep can use. None says what it is: it may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadDatabaseUrl {
    /// It is of another kind, or says something that is unknown.
    #[error(
        "expected sqlite://PATH or postgres://USER:PASSWORD@HOST:PORT/NAME?sslmode=verify-full, with each of these parameters once \
         at most: {}",
        PARAMETERS.join(", ")
    )]
    Unknown,
    /// A part of it ends where it should not.
    #[error(
        "what has a meaning in a URL must be percent-encoded in user, password and name of the database: / as %2F, ? as %3F, \
         # as %23, @ as %40, % as %25"
    )]
    Unescaped,
    /// It names certificates that nothing is checked by.
    #[error("sslrootcert checks nothing without sslmode=verify-full or sslmode=verify-ca: give one of them")]
    Unchecked,
}

/// What may be said of PostgreSQL after the `?`. The driver logs what it does not know, and goes on: a part of a password may
/// stand there, and a mistake in `sslmode` would leave the connection without what was asked for.
const PARAMETERS: [&str; 10] =
    ["sslmode", "sslrootcert", "sslcert", "sslkey", "host", "port", "dbname", "user", "password", "application_name"];

impl DatabaseUrl {
    /// Reads one.
    ///
    /// # Errors
    /// When it is neither of the two, a database that is gone with the process, or says what can't be meant.
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

    /// The file of SQLite.
    pub(super) fn file(&self) -> Result<Option<PathBuf>, StoreError> {
        if self.dialect == Dialect::Postgres {
            return Ok(None);
        }
        Ok(Some(SqliteConnectOptions::from_str(&self.text)?.get_filename().to_owned()))
    }

    /// The URL of PostgreSQL as the driver understands it: it takes the brackets of an IPv6 address for a part of a name, and an
    /// address in `host` for what it is.
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

/// A user and password are no part of it: it is one of another kind then.
fn check_sqlite(text: &str, rest: &str) -> Result<(), BadDatabaseUrl> {
    let looks_like_password =
        !rest.starts_with('/') && rest.split_once(':').is_some_and(|(_, rest)| rest.contains('@'));
    if looks_like_password || SqliteConnectOptions::from_str(text).is_err() {
        return Err(BadDatabaseUrl::Unknown);
    }
    Ok(())
}

/// The driver sees it last: it logs what it does not know.
fn check_postgres(text: &str) -> Result<(), BadDatabaseUrl> {
    // A `/`, `?` or `#` in a password ends the host, and the rest of it stands in what follows.
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
    fn a_url_is_shown_without_what_it_keeps_secret() {
        for (text, shown) in [
            ("sqlite:///var/lib/doorstep.sqlite3", "sqlite:///var/lib/doorstep.sqlite3"),
            ("sqlite:///srv/a:b@c.sqlite3?vfs=hunter2", "sqlite:///srv/a:b@c.sqlite3"),
            ("postgres://ada:hunter2@db.example:5433/x?sslmode=require", "postgres://db.example:5433/x"),
            ("postgresql://db.example/x?password=hunter2&user=ada", "postgres://db.example/x"),
            ("postgres://ada:hunter2@[::1]:5433/x", "postgres://[::1]:5433/x"),
            ("postgres://ada:hun%2Fter2@db/x%40y", "postgres://db/x%40y"),
        ] {
            let url = DatabaseUrl::parse(text).expect("is one");
            assert_eq!((url.to_string(), format!("{url:?}")), (shown.to_owned(), shown.to_owned()));
        }
    }

    #[test]
    fn what_names_no_database_that_stays_is_refused_without_repeating_it() {
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
    fn a_password_that_is_not_escaped_is_refused_in_a_sentence_that_says_so() {
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
    fn certificates_that_nothing_is_checked_by_are_refused() {
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
    fn an_address_of_ipv6_is_a_host() {
        for (text, host) in [
            ("postgres://u@[::1]:5433/x", "::1"),
            ("postgres://u@[2001:db8::7]/x?sslmode=require", "2001:db8::7"),
            ("postgres://u@[::1]/x?host=db.example", "db.example"),
            ("postgres://u@db.example/x", "db.example"),
        ] {
            let url = DatabaseUrl::parse(text).expect("is one").of_postgres().expect("is a URL");
            assert_eq!(PgConnectOptions::from_str(url.as_str()).expect("is read").get_host(), host, "{text}");
        }
    }
}
