//! Trusted browsers, which skip the one-time code.

use jiff::Timestamp;
use sqlx::{AnyConnection, Row as _, any::AnyRow};

use super::{Store, StoreError, audit, row};
use crate::domain::{audit::Entry, id::Id, session::Visitor, token::TokenHash};

/// A trusted browser, without its token.
#[derive(Debug, Clone)]
pub struct TrustedDevice {
    /// The id.
    pub id: Id,
    /// The hash of the token in its cookie.
    pub token: Vec<u8>,
    /// When it was trusted.
    pub created_at: Timestamp,
    /// When a sign-in last skipped the code.
    pub last_used_at: Timestamp,
    /// When its trust expires.
    pub expires_at: Timestamp,
    /// The address of its last use.
    pub address: String,
    /// Its `User-Agent`.
    pub user_agent: String,
}

/// A newly trusted browser.
#[derive(Debug, Clone)]
pub struct NewTrustedDevice {
    /// The id.
    pub id: Id,
    /// The hash of the token for its cookie.
    pub token: TokenHash,
    /// When its trust expires.
    pub expires_at: Timestamp,
}

impl Store {
    /// The account's trusted browser with this token.
    pub async fn find_trusted_device(
        &self,
        account: &Id,
        token: TokenHash,
        now: Timestamp,
    ) -> Result<Option<Id>, StoreError> {
        let row =
            sqlx::query("SELECT id FROM trusted_devices WHERE account_id = $1 AND token_hash = $2 AND expires_at > $3")
                .bind(account.as_str())
                .bind(token.as_bytes())
                .bind(now.as_millisecond())
                .fetch_optional(&self.readers)
                .await?;
        Ok(row.map(|row| row.try_get("id")).transpose()?.map(Id::stored))
    }

    /// The trusted browsers of an account, the last used first.
    pub async fn trusted_devices(&self, account: &Id, now: Timestamp) -> Result<Vec<TrustedDevice>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, token_hash, created_at, last_used_at, expires_at, address, user_agent FROM trusted_devices \
             WHERE account_id = $1 AND expires_at > $2 ORDER BY last_used_at DESC, id DESC",
        )
        .bind(account.as_str())
        .bind(now.as_millisecond())
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(device).collect()
    }

    /// Removes a trusted browser; `false` when the account has none with this id.
    pub async fn end_trusted_device(&self, account: &Id, id: &str, entry: &Entry) -> Result<bool, StoreError> {
        self.write(|mut transaction| async move {
            let result = sqlx::query("DELETE FROM trusted_devices WHERE account_id = $1 AND id = $2")
                .bind(account.as_str())
                .bind(id)
                .execute(&mut *transaction)
                .await?;
            audit::record_if(result.rows_affected() > 0, transaction, entry).await
        })
        .await
    }
}

/// Stores a trusted browser.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    account: &Id,
    new: &NewTrustedDevice,
    visitor: &Visitor,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO trusted_devices (id, token_hash, account_id, created_at, last_used_at, expires_at, address, \
         user_agent) VALUES ($1, $2, $3, $4, $4, $5, $6, $7)",
    )
    .bind(new.id.as_str())
    .bind(new.token.as_bytes())
    .bind(account.as_str())
    .bind(now.as_millisecond())
    .bind(new.expires_at.as_millisecond())
    .bind(visitor.address.to_string())
    .bind(&visitor.user_agent)
    .execute(connection)
    .await?;
    Ok(())
}

/// Records the use of a trusted browser; `false` when its trust has ended.
pub(super) async fn use_one(
    connection: &mut AnyConnection,
    device: &Id,
    visitor: &Visitor,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let result = sqlx::query(
        "UPDATE trusted_devices SET last_used_at = $2, address = $3, user_agent = $4 \
         WHERE id = $1 AND expires_at > $2",
    )
    .bind(device.as_str())
    .bind(now.as_millisecond())
    .bind(visitor.address.to_string())
    .bind(&visitor.user_agent)
    .execute(connection)
    .await?;
    Ok(result.rows_affected() > 0)
}

fn device(row: &AnyRow) -> Result<TrustedDevice, StoreError> {
    Ok(TrustedDevice {
        id: Id::stored(row.try_get("id")?),
        token: row.try_get("token_hash")?,
        created_at: row::time(row, "created_at")?,
        last_used_at: row::time(row, "last_used_at")?,
        expires_at: row::time(row, "expires_at")?,
        address: row.try_get("address")?,
        user_agent: row.try_get("user_agent")?,
    })
}
