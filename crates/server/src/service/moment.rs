//! What monitoring asks for, and nothing keeps count of.

use tracing::warn;

use super::Service;
use crate::metrics::Moment;

impl Service {
    /// How it is at the moment. A database that does not answer leaves out what it alone knows, and nothing else.
    pub async fn moment(&self) -> Moment {
        let waiting = self.store.count_mails().await.inspect_err(|error| warn!(%error, "mails were not counted"));
        Moment { mails_waiting: waiting.ok(), hashing: self.passwords.hashing(), database: self.store.times() }
    }
}
