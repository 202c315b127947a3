//! Device tokens that ended without being revoked, and removing expired rows.

use jiff::Timestamp;
use sqlx::Row as _;

use super::{Store, StoreError, audit::record_if, row};
use crate::domain::{
    audit::Entry,
    device_token::{End, title},
    id::Id,
};

/// A token that has ended.
#[derive(Debug, Clone)]
pub struct EndedToken {
    /// The id.
    pub id: Id,
    /// The email of its owner.
    pub subject_email: String,
    /// Its first characters.
    pub prefix: String,
    /// The display name of the device.
    pub title: String,
    /// How it ended.
    pub end: End,
    /// When it ended.
    pub ended_at: Timestamp,
}

impl Store {
    /// Up to a hundred ended tokens that are not in the audit log yet.
    pub async fn ended_device_tokens(&self, now: Timestamp) -> Result<Vec<EndedToken>, StoreError> {
        let rows = sqlx::query(
            "SELECT t.id, t.subject_email, t.prefix, t.client_id, t.device_label, t.created_at, t.expires_at, \
             t.revoked_at, a.password_changed_at FROM device_tokens t LEFT JOIN accounts a ON a.id = t.account_id \
             WHERE t.end_told = 0 \
             AND (t.expires_at <= $1 OR t.revoked_at IS NOT NULL OR a.password_changed_at > t.created_at) LIMIT 100",
        )
        .bind(now.as_millisecond())
        .fetch_all(&self.readers)
        .await?;
        let mut ended = Vec::with_capacity(rows.len());
        for row in &rows {
            let created_at = row::time(row, "created_at")?;
            let password = row::optional_time(row, "password_changed_at")?.filter(|changed| *changed > created_at);
            let revoked = row::optional_time(row, "revoked_at")?;
            let (ended_at, end) = End::first(row::time(row, "expires_at")?, revoked, password);
            let (client_id, label): (String, Option<String>) =
                (row.try_get("client_id")?, row.try_get("device_label")?);
            ended.push(EndedToken {
                id: Id::stored(row.try_get("id")?),
                subject_email: row.try_get("subject_email")?,
                prefix: row.try_get("prefix")?,
                title: title(&client_id, label.as_deref()),
                end,
                ended_at,
            });
        }
        Ok(ended)
    }

    /// Records in the audit log how a token ended; `false` when that was done before.
    pub async fn record_end(&self, token: &EndedToken, entry: &Entry) -> Result<bool, StoreError> {
        let revoked_at = (token.end != End::Expired).then(|| token.ended_at.as_millisecond());
        self.write(|mut transaction| async move {
        let told = sqlx::query(
            "UPDATE device_tokens SET end_told = 1, revoked_at = COALESCE(revoked_at, $2) WHERE id = $1 AND end_told = 0",
        )
        .bind(token.id.as_str())
        .bind(revoked_at)
        .execute(&mut *transaction)
        .await?;
        record_if(told.rows_affected() > 0, transaction, entry).await
        })
        .await
    }

    /// Removes expired requests and nonces, tokens that were not fetched, and tokens that ended before
    /// `kept_since`.
    pub async fn prune_devices(&self, now: Timestamp, kept_since: Timestamp) -> Result<u64, StoreError> {
        self.write_for_long(|mut transaction| async move {
            let mut removed = 0;
            for (statement, before) in [
                (
                    "DELETE FROM device_tokens WHERE id IN \
                     (SELECT token_id FROM device_grants WHERE state = 'approved' AND expires_at <= $1)",
                    now,
                ),
                ("DELETE FROM device_grants WHERE expires_at <= $1", now),
                ("DELETE FROM device_nonces WHERE expires_at <= $1", now),
                ("DELETE FROM device_tokens WHERE revoked_at <= $1 OR expires_at <= $1", kept_since),
            ] {
                let before = before.as_millisecond();
                removed += sqlx::query(statement).bind(before).execute(&mut *transaction).await?.rows_affected();
            }
            transaction.commit().await?;
            Ok(removed)
        })
        .await
    }
}
