//! A copy of the database in a file.

use std::{fs, io, path::Path};

use super::{Store, StoreError, dialect::Dialect};
use crate::private_files;

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// It is not for us to make one.
    #[error(
        "a database on PostgreSQL is backed up by pg_dump: pg_dump --format=custom --file=FILE service=NAME, with what is in \
         the URL in pg_service.conf and the password in .pgpass, not on the command line"
    )]
    OfPostgres,
    /// The file is there already or can't be written, or the database did not do what was asked.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Copies an SQLite database as it is at one moment into a new file, which its owner alone can read, and gives its size in
    /// bytes. Others go on reading and writing meanwhile.
    ///
    /// # Errors
    /// As [`BackupError`] says; then no file is left behind.
    pub async fn copy_to(&self, path: &Path) -> Result<u64, BackupError> {
        if self.dialect == Dialect::Postgres {
            return Err(BackupError::OfPostgres);
        }
        let failed = |error| StoreError::Unavailable(sqlx::Error::Io(error));
        let file = private_files::options().write(true).create_new(true).open(path).map_err(failed)?;
        let copy = async {
            let name = path.to_str().ok_or_else(|| failed(io::Error::other("its name is not in UTF-8")))?;
            // https://www.sqlite.org/lang_vacuum.html: into an empty file, and not on disk before it is synced.
            sqlx::query("VACUUM INTO $1").bind(name).execute(&mut *self.writer.acquire().await?).await?;
            file.sync_all().and_then(|()| file.metadata()).map_err(failed)
        };
        match copy.await {
            Ok(metadata) => Ok(metadata.len()),
            Err(error) => {
                // The error says why there is no copy.
                let _ = fs::remove_file(path);
                Err(error.into())
            }
        }
    }
}
