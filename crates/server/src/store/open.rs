//! Where the database is, and how it is opened.

use std::{
    collections::BTreeSet,
    fmt,
    path::{Path, PathBuf},
    str::FromStr as _,
};

use sqlx::{
    AnyConnection, ConnectOptions as _, Connection as _, Executor as _,
    any::{AnyConnectOptions, AnyPoolOptions, install_default_drivers},
    migrate::MigrateError,
    postgres::PgConnectOptions,
    sqlite::SqliteConnectOptions,
};
use url::Url;

use super::{PATIENCE, Store, StoreError, dialect::Dialect, times::Readers};
use crate::{domain::random::Random, metrics::DatabaseTimes, private_files};

/// Where a database is: `sqlite://PATH`, or `postgres://USER:PASSWORD@HOST:PORT/NAME?sslmode=…`. It is shown without the
/// password.
#[derive(Clone)]
pub struct DatabaseUrl {
    pub(super) dialect: Dialect,
    /// As it was given.
    pub(super) text: String,
}

/// A URL that names no database which Doorstep can use. Neither says what it is: it may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "sqlite://PATH or postgres://USER:PASSWORD@HOST:PORT/NAME?sslmode=verify-full, with each of these parameters once at most: {}",
    PARAMETERS.join(", ")
)]
pub struct BadDatabaseUrl;

/// What may be said of PostgreSQL after the `?`. The driver passes over what it does not know, and a mistake in `sslmode` would
/// leave the connection without what was asked for.
const PARAMETERS: [&str; 10] =
    ["sslmode", "sslrootcert", "sslcert", "sslkey", "host", "port", "dbname", "user", "password", "application_name"];

impl DatabaseUrl {
    /// Reads one.
    ///
    /// # Errors
    /// When it is neither of the two, or a database that is gone with the process.
    pub fn parse(text: &str) -> Result<Self, BadDatabaseUrl> {
        let dialect = match text.split_once("://") {
            Some(("sqlite", rest)) if !rest.contains(":memory:") && !rest.contains("mode=memory") => Dialect::Sqlite,
            Some(("postgres" | "postgresql", _)) => Dialect::Postgres,
            _ => return Err(BadDatabaseUrl),
        };
        let can_be_read = match dialect {
            Dialect::Sqlite => SqliteConnectOptions::from_str(text).is_ok(),
            Dialect::Postgres => PgConnectOptions::from_str(text).is_ok() && has_known_parameters(text),
        };
        if can_be_read { Ok(Self { dialect, text: text.to_owned() }) } else { Err(BadDatabaseUrl) }
    }

    /// How the driver connects, to read alone or to write too. A file that is not there is not made.
    pub(super) fn options(&self, writes: bool) -> Result<AnyConnectOptions, StoreError> {
        let url = match self.file()? {
            Some(file) => sqlite_url(&file, if writes { "rw" } else { "ro" })?,
            None => Url::parse(&self.text).map_err(|error| sqlx::Error::Configuration(error.into()))?,
        };
        Ok(AnyConnectOptions::from_url(&url)?)
    }

    /// For SQLite, makes the file when it is not there. The database holds hashes of passwords: only its owner may read it.
    /// SQLite gives its other files the same mode.
    fn make_private_file(&self) -> Result<(), StoreError> {
        if let Some(file) = self.file()? {
            private_files::options().append(true).create(true).open(file).map_err(sqlx::Error::Io)?;
        }
        Ok(())
    }

    /// The file of SQLite.
    pub(super) fn file(&self) -> Result<Option<PathBuf>, StoreError> {
        if self.dialect == Dialect::Postgres {
            return Ok(None);
        }
        Ok(Some(SqliteConnectOptions::from_str(&self.text)?.get_filename().to_owned()))
    }
}

/// Whether it has no parameter that is unknown, and none twice.
fn has_known_parameters(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let mut seen = BTreeSet::new();
    url.query_pairs().all(|(name, _)| PARAMETERS.contains(&name.as_ref()) && seen.insert(name))
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.dialect, Url::parse(&self.text)) {
            (Dialect::Sqlite, _) => f.write_str(&self.text),
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

impl Store {
    /// Opens a database, makes SQLite's file when it is not there, and brings the tables up to date.
    ///
    /// # Errors
    /// When it can't be opened, or belongs to a newer version.
    pub async fn open(url: &DatabaseUrl) -> Result<Self, StoreError> {
        url.make_private_file()?;
        Self::open_existing(url).await
    }

    /// As [`open`](Self::open), but a file that is not there is an error.
    ///
    /// # Errors
    /// When it is not there, can't be opened, or belongs to a newer version.
    pub async fn open_existing(url: &DatabaseUrl) -> Result<Self, StoreError> {
        install_default_drivers();
        url.check_tls_files()?;
        let dialect = url.dialect;
        migrate(dialect, &url.options(true)?).await?;
        let times = DatabaseTimes::default();
        let readers = pool(dialect, false).connect_with(url.options(false)?).await?;
        Ok(Self {
            dialect,
            writer: pool(dialect, true).connect_with(url.options(true)?).await?,
            readers: Readers::new(readers, &times),
            times,
            random: Random::system(),
            has_been_set_up: <_>::default(),
            writes: <_>::default(),
            login_token: <_>::default(),
            written_at: <_>::default(),
        })
    }
}

/// The connections that write, or those that read.
fn pool(dialect: Dialect, writes: bool) -> AnyPoolOptions {
    let set_up = dialect.set_up(writes);
    AnyPoolOptions::new()
        .max_connections(dialect.connections(writes))
        .acquire_timeout(PATIENCE)
        .test_before_acquire(dialect.loses_connections())
        .after_connect(move |connection, _| Box::pin(async move { connection.execute(set_up).await.map(drop) }))
        // Where the disk is full, SQLite ends a transaction by itself, and the connection takes itself to be in it for ever:
        // another one takes its place.
        .before_acquire(|connection, _| {
            let is_idle = !connection.is_in_transaction();
            Box::pin(async move { Ok(is_idle) })
        })
}

/// Brings the tables up to date. On PostgreSQL, of several servers that start at once one does it, and the others wait: for as
/// long as it takes, so this has a connection of its own, without the patience of others.
async fn migrate(dialect: Dialect, options: &AnyConnectOptions) -> Result<(), StoreError> {
    let mut connection = AnyConnection::connect_with(options).await?;
    if dialect == Dialect::Sqlite {
        connection.execute(dialect.set_up(true)).await?;
    }
    let done = dialect.migrations().run(&mut connection).await.map_err(|error| match error {
        MigrateError::VersionMissing(version) | MigrateError::VersionTooNew(version, _) => StoreError::Newer(version),
        MigrateError::Execute(error) => error.into(),
        other => StoreError::Migration(other),
    });
    connection.close().await?;
    done
}

/// The URL of a file: the driver takes nothing else.
fn sqlite_url(file: &Path, mode: &str) -> Result<Url, StoreError> {
    let failed = |problem: &'static str| StoreError::Failed(sqlx::Error::Configuration(problem.into()));
    let file = std::path::absolute(file).map_err(sqlx::Error::Io)?;
    // What has a meaning in a URL is escaped, as it would be for any file.
    let path = Url::from_file_path(file).map_err(|()| failed("the path of the database is no path"))?;
    Url::parse(&format!("sqlite://{}?mode={mode}", path.path()))
        .map_err(|_| failed("the path of the database is no path"))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_url_is_shown_without_what_it_keeps_secret() {
        for (text, shown) in [
            ("sqlite:///var/lib/doorstep.sqlite3", "sqlite:///var/lib/doorstep.sqlite3"),
            ("postgres://ada:hunter2@db.example:5433/x?sslmode=require", "postgres://db.example:5433/x"),
            ("postgresql://db.example/x?password=hunter2&user=ada", "postgres://db.example/x"),
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
            "postgres://u:hunter2@db:port/x",
            "postgres://u:hunter2@db/x?sslmode=perhaps",
            "postgres://u:hunter2@db/x?sslmodus=verify-full",
            "postgres://u:hunter2@db/x?sslmode=verify-full&sslmode=disable",
            "postgres://u:hunter2@db/x?options=-c%20synchronous_commit=off",
        ] {
            let error = DatabaseUrl::parse(text).expect_err("is refused");
            assert!(!format!("{error}{error:?}").contains("hunter2"), "{text}");
        }
    }

    #[tokio::test]
    async fn a_file_has_any_name() {
        let folder = std::env::temp_dir().join(format!("doorstep-names-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("is made");
        for name in ["a b%41#c.sqlite3", "ä{}.sqlite3"] {
            let file = folder.join(name);
            let escaped = name.replace('%', "%25").replace('#', "%23");
            let url = DatabaseUrl::parse(&format!("sqlite://{}/{escaped}", folder.display())).expect("is one");
            Store::open(&url).await.expect("opens").close().await;
            assert!(file.is_file(), "{name}");
        }
        fs::remove_dir_all(&folder).expect("is removed");
    }
}
