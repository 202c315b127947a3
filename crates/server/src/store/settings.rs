//! Internal settings of the installation.

use sqlx::{Any, Row as _, any::AnyArguments, query::Query};

use super::{Store, StoreError};

impl Store {
    /// The value of a setting.
    pub async fn setting(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let row =
            sqlx::query("SELECT value FROM settings WHERE name = $1").bind(name).fetch_optional(&self.readers).await?;
        Ok(row.map(|row| row.try_get("value")).transpose()?)
    }

    /// Stores the value of a setting, unless there is one that is not `right`; then returns `false`. In one
    /// transaction.
    pub async fn put_setting_after(
        &self,
        name: &str,
        value: &[u8],
        right: impl Fn(&[u8]) -> bool,
    ) -> Result<bool, StoreError> {
        let right = &right;
        self.write(|mut transaction| async move {
            let row = sqlx::query("SELECT value FROM settings WHERE name = $1")
                .bind(name)
                .fetch_optional(&mut *transaction)
                .await?;
            if let Some(row) = row
                && !right(row.try_get("value")?)
            {
                return Ok(false);
            }
            put(name, value).execute(&mut *transaction).await?;
            transaction.commit().await?;
            Ok(true)
        })
        .await
    }

    /// Stores the value of a setting.
    pub async fn put_setting(&self, name: &str, value: &[u8]) -> Result<(), StoreError> {
        self.execute(|| put(name, value)).await?;
        Ok(())
    }
}

fn put<'q>(name: &str, value: &[u8]) -> Query<'q, Any, AnyArguments> {
    sqlx::query(
        "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .bind(name)
    .bind(value)
}
