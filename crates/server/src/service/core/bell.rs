//! The bell of the mail queue.

use std::sync::Arc;

use tokio::sync::Notify;

/// Rung when a mail was queued, so that it need not wait until the task of the queue looks.
#[derive(Debug, Clone, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    /// Rings it. It is heard even if no task listens at the moment.
    pub fn ring(&self) {
        self.0.notify_one();
    }

    /// Waits until it rings.
    pub async fn rung(&self) {
        self.0.notified().await;
    }
}
