//! What the server must know of itself.

use sqlx::Row as _;

use super::{Store, StoreError};

impl Store {
    /// The value of a setting.
    pub async fn setting(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let row =
            sqlx::query("SELECT value FROM settings WHERE name = $1").bind(name).fetch_optional(&self.readers).await?;
        Ok(row.map(|row| row.try_get("value")).transpose()?)
    }

    /// Keeps the value of a setting, in place of the one before.
    pub async fn put_setting(&self, name: &str, value: &[u8]) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )
        .bind(name)
        .bind(value)
        .execute(&self.writer)
        .await?;
        Ok(())
    }
}
