//! Copying the database into a file.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{Store, StoreError, dialect::Dialect};
use crate::private_files;

/// Why a copy failed.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The database can't be copied by this program.
    #[error(
        "a database on PostgreSQL is backed up by pg_dump: pg_dump --format=custom --file=FILE service=NAME, with what is in \
         the URL in pg_service.conf and the password in .pgpass, not on the command line"
    )]
    OfPostgres,
    /// The file exists already.
    #[error("{} already exists; choose a new file", .0.display())]
    Exists(PathBuf),
    /// The file can't be written.
    #[error(transparent)]
    File(io::Error),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<io::Error> for BackupError {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

impl From<sqlx::Error> for BackupError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

impl Store {
    /// Copies a consistent snapshot of an SQLite database into a new file, readable only by its owner, and returns
    /// its size in bytes. Others can read and write meanwhile.
    ///
    /// # Errors
    /// See [`BackupError`]; then no file is left behind.
    pub async fn copy_to(&self, path: &Path) -> Result<u64, BackupError> {
        if self.dialect == Dialect::Postgres {
            return Err(BackupError::OfPostgres);
        }
        let file = private_files::options().write(true).create_new(true).open(path);
        let file = file.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => BackupError::Exists(path.to_owned()),
            _ => error.into(),
        })?;
        let copy = async {
            let name = path.to_str().ok_or_else(|| io::Error::other("its name is not in UTF-8"))?;
            // `VACUUM INTO` writes to an empty file without syncing it (https://www.sqlite.org/lang_vacuum.html).
            sqlx::query("VACUUM INTO $1").bind(name).execute(&mut *self.writer.acquire().await?).await?;
            file.sync_all()?;
            Ok(file.metadata()?.len())
        };
        let copied: Result<u64, BackupError> = copy.await;
        if copied.is_err() {
            // The first error is the one to report.
            let _ = fs::remove_file(path);
        }
        copied
    }
}
