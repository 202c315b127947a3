//! Copying the database into a file.

use std::{fs, io, path::Path};

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
    /// The file exists already or can't be written, or the database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
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
        let failed = |error| StoreError::Unavailable(sqlx::Error::Io(error));
        let file = private_files::options().write(true).create_new(true).open(path).map_err(failed)?;
        let copy = async {
            let name = path.to_str().ok_or_else(|| failed(io::Error::other("its name is not in UTF-8")))?;
            // `VACUUM INTO` writes to an empty file without syncing it (https://www.sqlite.org/lang_vacuum.html).
            sqlx::query("VACUUM INTO $1").bind(name).execute(&mut *self.writer.acquire().await?).await?;
            file.sync_all().and_then(|()| file.metadata()).map_err(failed)
        };
        match copy.await {
            Ok(metadata) => Ok(metadata.len()),
            Err(error) => {
                // The first error is the one to report.
                let _ = fs::remove_file(path);
                Err(error.into())
            }
        }
    }
}
