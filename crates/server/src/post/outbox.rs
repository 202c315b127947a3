//! Mails as files: for installations without a mail server, and for trying the server.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use tokio::task::spawn_blocking;

use super::PostError;
use crate::{domain::id::Id, private_files};

/// A folder that only its owner can access, with one file per mail.
#[derive(Debug, Clone)]
pub struct Outbox(PathBuf);

impl Outbox {
    /// A folder, created with the first mail.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// Writes a message into a file whose name sorts by creation time. The file appears only once it is complete.
    pub(super) async fn put(&self, id: &Id, message: Vec<u8>, written_at: Timestamp) -> Result<PathBuf, PostError> {
        let name = format!("{}-{id}.eml", written_at.strftime("%Y%m%dT%H%M%S%.3fZ"));
        let (folder, path) = (self.0.clone(), self.0.join(name));
        let to = path.clone();
        let written = spawn_blocking(move || write(&folder, &to, &message)).await;
        let result = written.unwrap_or_else(|_| Err(io::Error::other("the task ended")));
        result.map_err(|error| PostError::Outbox { path: path.clone(), error })?;
        Ok(path)
    }
}

fn write(folder: &Path, path: &Path, message: &[u8]) -> io::Result<()> {
    private_files::make_folder(folder)?;
    let unfinished = path.with_extension("unfinished");
    // An interrupted attempt may have left one.
    let mut file = private_files::options().write(true).create(true).truncate(true).open(&unfinished)?;
    file.write_all(message)?;
    file.sync_all()?;
    fs::rename(&unfinished, path)?;
    // The directory entry must survive a power loss too, because the mail is removed from the queue next.
    #[cfg(unix)]
    fs::File::open(folder)?.sync_all()?;
    Ok(())
}
