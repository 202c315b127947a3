//! Nonces that may be used once: those of signed assertions, and of approval grants.

use jiff::Timestamp;
use sqlx::AnyConnection;

use super::{Store, StoreError};

impl Store {
    /// Uses a nonce; `false` when it was used before.
    pub async fn use_nonce(&self, hash: &[u8], expires_at: Timestamp) -> Result<bool, StoreError> {
        self.write(|mut transaction| async move {
            let is_new = insert_nonce(&mut transaction, hash, expires_at).await?;
            transaction.commit().await?;
            Ok(is_new)
        })
        .await
    }

    /// Whether a nonce was used.
    pub async fn is_used(&self, nonce: &[u8]) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT 1 FROM device_nonces WHERE hash = $1")
            .bind(nonce)
            .fetch_optional(&self.readers)
            .await?;
        Ok(row.is_some())
    }
}

/// Uses a nonce, in a transaction; `false` when it was used before.
pub(super) async fn insert_nonce(
    connection: &mut AnyConnection,
    hash: &[u8],
    expires_at: Timestamp,
) -> Result<bool, StoreError> {
    let result = sqlx::query("INSERT INTO device_nonces (hash, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(hash)
        .bind(expires_at.as_millisecond())
        .execute(connection)
        .await?;
    Ok(result.rows_affected() == 1)
}
