//! A lock per key.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

/// A lock per key, each held by one task at a time. A lock that is not held takes no memory.
#[derive(Debug, Clone, Default)]
pub struct KeyedLocks(Arc<Mutex<HashMap<Vec<u8>, Lock>>>);

type Lock = Arc<AsyncMutex<()>>;

impl KeyedLocks {
    /// Waits for the lock of a key and holds it until the guard is dropped.
    pub(super) async fn take(&self, key: &[u8]) -> OwnedMutexGuard<()> {
        let lock = {
            let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            // Drop locks that no task holds or waits for, so that the map does not grow.
            locks.retain(|_, lock| Arc::strong_count(lock) > 1);
            Arc::clone(locks.entry(key.to_vec()).or_default())
        };
        lock.lock_owned().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn locks_are_exclusive_and_are_removed_when_unused() {
        let locks = KeyedLocks::default();
        let first = locks.take(b"a").await;
        let mut second = std::pin::pin!(locks.take(b"a"));
        assert!(futures_util::poll!(second.as_mut()).is_pending());
        drop(locks.take(b"b").await);
        drop(first);
        drop(second.await);
        drop(locks.take(b"c").await);
        assert_eq!(locks.0.lock().expect("no panic").len(), 1);
    }
}
