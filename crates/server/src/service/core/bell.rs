//! Wakes the task that delivers mails.

use std::sync::Arc;

use tokio::sync::Notify;

/// Notifies the task when a mail was queued, so that it does not have to wait for its next poll.
#[derive(Debug, Clone, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    /// Notifies the task, even if it is not waiting at the moment.
    pub fn ring(&self) {
        self.0.notify_one();
    }

    /// Waits for a notification.
    pub async fn rung(&self) {
        self.0.notified().await;
    }
}
