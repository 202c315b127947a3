//! A copy of the database in a file.

use std::{fs, io, path::Path};

use super::{Store, StoreError};
use crate::private_files;

impl Store {
    /// Copies the database as it is at one moment into a new file, which its owner alone can read, and gives its size in
    /// bytes. Others go on reading and writing meanwhile.
    ///
    /// # Errors
    /// When the file is there already or can't be written; then none is left behind.
    pub async fn copy_to(&self, path: &Path) -> Result<u64, StoreError> {
        let failed = |error| StoreError::Unavailable(sqlx::Error::Io(error));
        let file = private_files::options().write(true).create_new(true).open(path).map_err(failed)?;
        let copy = async {
            let name = path.to_str().ok_or_else(|| failed(io::Error::other("its name is not in UTF-8")))?;
            // https://www.sqlite.org/lang_vacuum.html: into an empty file, and not on disk before it is told to be.
            sqlx::query("VACUUM INTO $1").bind(name).execute(&self.writer).await?;
            file.sync_all().and_then(|()| file.metadata()).map_err(failed)
        };
        match copy.await {
            Ok(metadata) => Ok(metadata.len()),
            Err(error) => {
                // What is told is why there is no copy.
                let _ = fs::remove_file(path);
                Err(error)
            }
        }
    }
}
