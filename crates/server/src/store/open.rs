//! Opening the database.

use std::path::Path;

use sqlx::{
    AnyConnection, ConnectOptions as _, Connection as _, Executor as _, any::AnyConnectOptions, migrate::MigrateError,
};
use url::Url;

use super::{
    DatabaseUrl, Store, StoreError,
    connections::{Connections, DEADLINE, within},
    dialect::Dialect,
    inspect::Found,
    times::Readers,
};
use crate::{domain::random::Random, metrics::DatabaseTimes, private_files};

impl DatabaseUrl {
    /// The driver's options, for reading only or for writing. They do not create a missing file.
    pub(super) fn options(&self, writes: bool) -> Result<AnyConnectOptions, StoreError> {
        let url = match self.file()? {
            Some(file) => sqlite_url(&file, if writes { "rw" } else { "ro" })?,
            None => self.of_postgres()?,
        };
        Ok(AnyConnectOptions::from_url(&url)?)
    }

    /// Creates SQLite's file if it is missing. The database contains password hashes, so only its owner may read
    /// it. SQLite creates its other files with the same mode.
    fn make_private_file(&self) -> Result<(), StoreError> {
        if let Some(file) = self.file()? {
            private_files::options().append(true).create(true).open(file).map_err(sqlx::Error::Io)?;
        }
        Ok(())
    }
}

impl Store {
    /// Opens a database, creating SQLite's file if it is missing, and upgrades the tables.
    ///
    /// # Errors
    /// When it can't be opened, or belongs to a newer version.
    pub async fn open(url: &DatabaseUrl) -> Result<Self, StoreError> {
        url.make_private_file()?;
        url.inspect().await?;
        Self::connect(url, &[url.options(true)?, url.options(false)?]).await
    }

    /// As [`open`](Self::open), but the database must contain an installation.
    ///
    /// # Errors
    /// When it contains none, can't be opened, or belongs to a newer version.
    pub async fn open_existing(url: &DatabaseUrl) -> Result<Self, StoreError> {
        if let Found::Nothing | Found::Foreign = url.inspect().await? {
            return Err(StoreError::Foreign);
        }
        Self::connect(url, &[url.options(true)?, url.options(false)?]).await
    }

    /// As [`open`](Self::open), but tables of another program or version are an error. Slow statements are not
    /// logged.
    ///
    /// # Errors
    /// When there are such tables, or it can't be opened.
    pub async fn open_to_copy_into(url: &DatabaseUrl) -> Result<Self, StoreError> {
        url.make_private_file()?;
        match url.inspect().await? {
            Found::Nothing | Found::Current => {}
            Found::Foreign | Found::Older => return Err(StoreError::Taken),
            Found::Newer(version) => return Err(StoreError::Newer(version)),
        }
        let options = [url.options(true)?, url.options(false)?].map(AnyConnectOptions::disable_statement_logging);
        Self::connect(url, &options).await
    }

    async fn connect(url: &DatabaseUrl, [write, read]: &[AnyConnectOptions; 2]) -> Result<Self, StoreError> {
        let dialect = url.dialect;
        migrate(dialect, write).await?;
        let times = DatabaseTimes::default();
        Ok(Self {
            dialect,
            writer: Connections::open(dialect, true, write.clone()).await?,
            readers: Readers::new(Connections::open(dialect, false, read.clone()).await?, &times),
            times,
            random: Random::system(),
            has_been_set_up: <_>::default(),
            writes: <_>::default(),
            login_token: <_>::default(),
            written_at: <_>::default(),
        })
    }
}

/// Upgrades the tables. If several servers on PostgreSQL start at once, one does it while the others wait as long
/// as it takes; so this uses a separate connection without the usual lock timeout.
async fn migrate(dialect: Dialect, options: &AnyConnectOptions) -> Result<(), StoreError> {
    let mut connection = within(Some(DEADLINE), AnyConnection::connect_with(options)).await?;
    if dialect == Dialect::Sqlite {
        connection.execute(dialect.set_up(true)).await?;
    }
    let done = dialect.migrations().run(&mut connection).await.map_err(|error| match error {
        MigrateError::VersionMissing(version) | MigrateError::VersionTooNew(version, _) => StoreError::Newer(version),
        MigrateError::Execute(error) => error.into(),
        other => StoreError::Migration(other),
    });
    // The result of the migrations matters, not that of closing.
    let _ = connection.close().await;
    done
}

/// The URL of a file, as the driver requires one.
fn sqlite_url(file: &Path, mode: &str) -> Result<Url, StoreError> {
    let failed = |problem: &'static str| StoreError::Failed(sqlx::Error::Configuration(problem.into()));
    let file = std::path::absolute(file).map_err(sqlx::Error::Io)?;
    // Characters with a meaning in URLs are escaped.
    let path = Url::from_file_path(file).map_err(|()| failed("the path of the database is no path"))?;
    Url::parse(&format!("sqlite://{}?mode={mode}", path.path()))
        .map_err(|_| failed("the path of the database is no path"))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[tokio::test]
    async fn file_names_may_have_any_characters() {
        let folder = std::env::temp_dir().join(format!("doorstep-names-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("is created");
        for name in ["a b%41#c.sqlite3", "ä{}.sqlite3"] {
            let file = folder.join(name);
            let escaped = name.replace('%', "%25").replace('#', "%23");
            let url = DatabaseUrl::parse(&format!("sqlite://{}/{escaped}", folder.display())).expect("is valid");
            Store::open(&url).await.expect("opens").close().await;
            assert!(file.is_file(), "{name}");
        }
        fs::remove_dir_all(&folder).expect("is removed");
    }
}
