//! Counts of requests within windows.

use jiff::Timestamp;

use super::{Store, StoreError, row};
use crate::domain::{clock, quota::Quota};

/// The key of a count.
#[derive(Debug, Clone)]
pub struct QuotaKey {
    /// The quota.
    pub quota: Quota,
    /// A keyed hash of the quota and its subject.
    pub hash: Vec<u8>,
}

impl Store {
    /// Counts one request, at most `times` within a window: otherwise the inner `Err` has the time of the next
    /// window.
    pub async fn count_use(
        &self,
        key: &QuotaKey,
        times: u32,
        now: Timestamp,
    ) -> Result<Result<(), Timestamp>, StoreError> {
        // A flood of refused requests causes only reads.
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

    /// Undoes the count of a request. If a new window has begun since, its count is reduced instead.
    ///
    /// # Errors
    /// When the database fails: it stays counted.
    pub async fn take_back_use(&self, key: &QuotaKey) -> Result<(), StoreError> {
        self.execute(|| {
            sqlx::query("UPDATE quotas SET times = times - 1 WHERE key = $1 AND times > 0").bind(row::short(&key.hash))
        })
        .await?;
        Ok(())
    }

    /// Removes windows that have ended.
    pub async fn prune_quotas(&self, now: Timestamp) -> Result<(), StoreError> {
        self.remove(|| sqlx::query("DELETE FROM quotas WHERE ends_at <= $1").bind(now.as_millisecond())).await?;
        Ok(())
    }

    async fn used_up_until(&self, key: &QuotaKey, times: u32, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        // A window that ends later than one beginning now was begun by a wrong clock, and is ignored.
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
