//! What a server keeps on disk.

use std::path::PathBuf;

use super::Server;

impl Server {
    /// Where mails are put.
    pub(crate) fn outbox(&self) -> PathBuf {
        self.folder.join("outbox")
    }

    /// The files of the database.
    pub(crate) fn database_files(&self) -> Vec<PathBuf> {
        let files = std::fs::read_dir(&self.folder).expect("is read");
        files.map(|file| file.expect("is read").path()).filter(|path| path.is_file()).collect()
    }
}
