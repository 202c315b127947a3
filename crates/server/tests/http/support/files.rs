//! The server's files.

use std::path::PathBuf;

use super::{Database, Server};

impl Server {
    /// The folder of outgoing mails.
    pub(crate) fn outbox(&self) -> PathBuf {
        self.folder.join("outbox")
    }

    /// The database.
    pub(crate) fn database(&self) -> &Database {
        self.database.as_ref().expect("no other server has it")
    }

    /// Whether the database contains this anywhere.
    pub(crate) async fn stores(&self, what: impl AsRef<[u8]>) -> bool {
        let what = what.as_ref();
        self.database().bytes().await.windows(what.len()).any(|window| window == what)
    }
}
