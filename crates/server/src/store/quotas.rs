//! How often something was done within a window of time.

use jiff::Timestamp;

use super::{Store, StoreError, row};
use crate::domain::{clock, quota::Quota};

/// Whose quota is drawn from.
#[derive(Debug, Clone)]
pub struct QuotaKey {
    /// What is counted.
    pub quota: Quota,
    /// A keyed hash of that and of who does it.
    pub hash: Vec<u8>,
}

impl Store {
    /// Counts one more time, at most `times` within a window: the inner `Err` says when the next window begins.
    pub async fn count_use(
        &self,
        key: &QuotaKey,
        times: u32,
        now: Timestamp,
    ) -> Result<Result<(), Timestamp>, StoreError> {
        // A flood of refused requests only reads.
        if let Some(end) = self.used_up_until(key, times, now).await? {
            return Ok(Err(end));
        }
        let ends_at = now.checked_add(key.quota.window()).unwrap_or(Timestamp::MAX);
        let latest = clock::latest(ends_at);
        let counted = self
            .execute(|| {
                sqlx::query(
                    "INSERT INTO quotas (key, times, ends_at) VALUES ($1, 1, $2) \
                     ON CONFLICT (key) DO UPDATE SET \
                     times = CASE WHEN quotas.ends_at <= $3 OR quotas.ends_at > $5 THEN 1 ELSE quotas.times + 1 END, \
                     ends_at = CASE WHEN quotas.ends_at <= $3 OR quotas.ends_at > $5 THEN excluded.ends_at \
                     ELSE quotas.ends_at END \
                     WHERE quotas.ends_at <= $3 OR quotas.ends_at > $5 OR quotas.times < $4",
                )
                .bind(row::short(&key.hash))
                .bind(ends_at.as_millisecond())
                .bind(now.as_millisecond())
                .bind(i64::from(times))
                .bind(latest.as_millisecond())
            })
            .await?;
        if counted.rows_affected() == 1 {
            return Ok(Ok(()));
        }
        Ok(Err(self.used_up_until(key, times, now).await?.unwrap_or(ends_at)))
    }

    /// Takes a time back that does not count after all. In a window that began since, it is one less to count.
    ///
    /// # Errors
    /// When the database does not answer: it stays counted.
    pub async fn take_back_use(&self, key: &QuotaKey) -> Result<(), StoreError> {
        self.execute(|| {
            sqlx::query("UPDATE quotas SET times = times - 1 WHERE key = $1 AND times > 0").bind(row::short(&key.hash))
        })
        .await?;
        Ok(())
    }

    /// Removes the windows that have ended.
    pub async fn prune_quotas(&self, now: Timestamp) -> Result<(), StoreError> {
        self.remove(|| sqlx::query("DELETE FROM quotas WHERE ends_at <= $1").bind(now.as_millisecond())).await?;
        Ok(())
    }

    async fn used_up_until(&self, key: &QuotaKey, times: u32, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        // A window that ends later than one that begins now was begun by a wrong clock, and counts for nothing.
        let latest = clock::latest(now.checked_add(key.quota.window()).unwrap_or(Timestamp::MAX));
        let row =
            sqlx::query("SELECT ends_at FROM quotas WHERE key = $1 AND ends_at > $2 AND ends_at <= $4 AND times >= $3")
                .bind(row::short(&key.hash))
                .bind(now.as_millisecond())
                .bind(i64::from(times))
                .bind(latest.as_millisecond())
                .fetch_optional(&self.readers)
                .await?;
        row.map(|row| row::time(&row, "ends_at")).transpose()
    }
}
