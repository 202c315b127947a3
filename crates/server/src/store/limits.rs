//! Counts of failures.

use jiff::Timestamp;
use sqlx::{AnyConnection, Row as _, any::AnyRow};

use super::{Store, StoreError, row};
use crate::domain::{
    clock,
    limits::{Backoff, Bucket, Key, Tally},
};

/// A counted attempt, with what is needed to undo the count.
#[derive(Debug, Clone)]
pub struct Counted {
    key: Key,
    before: Option<Tally>,
    after: Tally,
}

impl Store {
    /// Until when one of these buckets is blocked; `None` when none is. Writes nothing.
    pub async fn blocked_until(
        &self,
        keys: &[Key],
        backoff: Backoff,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let looked_up = self.readers.read(async |connection| {
            for key in keys {
                let tally = find(connection, key).await?;
                if let Some(until) = backoff.blocked_until(key.bucket, tally, now) {
                    return Ok(Some(until));
                }
            }
            Ok(None)
        });
        looked_up.await
    }

    /// Counts an attempt in all these buckets or, if one is blocked, in none: the inner `Err` has the end of the
    /// block.
    pub async fn count_attempt(
        &self,
        keys: Vec<Key>,
        backoff: Backoff,
        now: Timestamp,
    ) -> Result<Result<Vec<Counted>, Timestamp>, StoreError> {
        let keys = &keys;
        self.write(|mut transaction| async move {
            let mut counted = Vec::with_capacity(keys.len());
            for key in keys {
                let before = find(&mut transaction, key).await?;
                match backoff.count(key.bucket, before, now) {
                    Ok(after) => counted.push(Counted { key: key.clone(), before, after }),
                    Err(until) => return Ok(Err(until)),
                }
            }
            for Counted { key, after, .. } in &counted {
                put(&mut transaction, key, *after).await?;
            }
            transaction.commit().await?;
            Ok(Ok(counted))
        })
        .await
    }

    /// Undoes the count of an attempt. Attempts counted since then stay counted.
    ///
    /// # Errors
    /// When the database fails: the attempt stays counted.
    pub async fn take_back(&self, counted: &Counted) -> Result<(), StoreError> {
        let Counted { key, before, after } = counted;
        // Without an earlier tally, no block may remain, not even for a time that the clock shows twice.
        let before = before.unwrap_or(Tally { failures: 0, blocked_until: Timestamp::UNIX_EPOCH, ..*after });
        self.execute(|| {
            sqlx::query(
                "UPDATE limits SET failures = failures - 1, \
                 blocked_until = CASE WHEN blocked_until = $3 THEN $4 ELSE blocked_until END, \
                 last_at = CASE WHEN last_at = $5 THEN $6 ELSE last_at END \
                 WHERE bucket = $1 AND key = $2 AND failures > 0",
            )
            .bind(key.bucket.as_str())
            .bind(row::short(&key.hash))
            .bind(after.blocked_until.as_millisecond())
            .bind(before.blocked_until.min(after.last).as_millisecond())
            .bind(after.last.as_millisecond())
            .bind(before.last.as_millisecond())
        })
        .await?;
        Ok(())
    }

    /// Clears all failures of a key.
    ///
    /// # Errors
    /// When the database fails: they stay counted.
    pub async fn forget_failures(&self, counted: &Counted) -> Result<(), StoreError> {
        self.execute(|| {
            sqlx::query("DELETE FROM limits WHERE bucket = $1 AND key = $2")
                .bind(counted.key.bucket.as_str())
                .bind(row::short(&counted.key.hash))
        })
        .await?;
        Ok(())
    }

    /// Removes expired counts, and those of a wrong clock.
    pub async fn prune_limits(&self, now: Timestamp) -> Result<(), StoreError> {
        for bucket in Bucket::ALL {
            let forgotten = now.checked_sub(bucket.memory()).unwrap_or(Timestamp::MIN);
            self.remove(|| {
                sqlx::query("DELETE FROM limits WHERE bucket = $1 AND (last_at <= $2 OR last_at > $3)")
                    .bind(bucket.as_str())
                    .bind(forgotten.as_millisecond())
                    .bind(clock::latest(now).as_millisecond())
            })
            .await?;
        }
        Ok(())
    }
}

impl Counted {
    /// The bucket of the attempt.
    #[must_use]
    pub const fn bucket(&self) -> Bucket {
        self.key.bucket
    }
}

async fn find(connection: &mut AnyConnection, key: &Key) -> Result<Option<Tally>, StoreError> {
    let row = sqlx::query("SELECT failures, blocked_until, last_at FROM limits WHERE bucket = $1 AND key = $2")
        .bind(key.bucket.as_str())
        .bind(row::short(&key.hash))
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(tally).transpose()
}

fn tally(row: &AnyRow) -> Result<Tally, StoreError> {
    Ok(Tally {
        failures: u32::try_from(row.try_get::<i64, _>("failures")?).unwrap_or(u32::MAX),
        blocked_until: row::time(row, "blocked_until")?,
        last: row::time(row, "last_at")?,
    })
}

async fn put(connection: &mut AnyConnection, key: &Key, tally: Tally) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO limits (bucket, key, failures, blocked_until, last_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (bucket, key) DO UPDATE SET failures = excluded.failures, \
         blocked_until = excluded.blocked_until, last_at = excluded.last_at",
    )
    .bind(key.bucket.as_str())
    .bind(row::short(&key.hash))
    .bind(i64::from(tally.failures))
    .bind(tally.blocked_until.as_millisecond())
    .bind(tally.last.as_millisecond())
    .execute(connection)
    .await?;
    Ok(())
}
