//! The sessions of an account, for its user.

use sqlx::{Row as _, any::AnyRow};

use super::{Store, StoreError, audit, row};
use crate::domain::{
    audit::Entry,
    id::Id,
    session::{Opened, Session, Visitor},
};

impl Store {
    /// All sessions of an account with their clients, the last used first. The caller checks their expiry.
    pub async fn sessions_of(&self, account: &Id) -> Result<Vec<Opened>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, began_with, created_at, proved_at, last_seen_at, address, user_agent, \
             EXISTS (SELECT 1 FROM refresh_tokens r WHERE r.session_id = sessions.id) AS has_tokens FROM sessions \
             WHERE account_id = $1 ORDER BY last_seen_at DESC, id DESC",
        )
        .bind(account.as_str())
        .fetch_all(&self.readers)
        .await?;
        let opened = |row: &AnyRow| {
            let has_tokens = row::flag(row, "has_tokens")?;
            Ok(Opened { session: row::session(row)?, visitor: visitor(row)?, has_tokens })
        };
        rows.iter().map(opened).collect()
    }

    /// Ends one session of an account and returns it; `None` when the account has no such session.
    pub async fn end_session_of(
        &self,
        account: &Id,
        session: &Id,
        entry: &Entry,
    ) -> Result<Option<Session>, StoreError> {
        self.write(|mut transaction| async move {
            let row = sqlx::query(
                "DELETE FROM sessions WHERE account_id = $1 AND id = $2 \
                 RETURNING id, began_with, created_at, proved_at, last_seen_at",
            )
            .bind(account.as_str())
            .bind(session.as_str())
            .fetch_optional(&mut *transaction)
            .await?;
            audit::record_if(row.is_some(), transaction, entry).await?;
            row.as_ref().map(row::session).transpose()
        })
        .await
    }

    /// Ends all sessions of an account except one, and returns those that ended.
    pub async fn end_other_sessions_of(
        &self,
        account: &Id,
        kept: &Id,
        entry: &Entry,
    ) -> Result<Vec<Session>, StoreError> {
        self.write(|mut transaction| async move {
            let rows = sqlx::query(
                "DELETE FROM sessions WHERE account_id = $1 AND id <> $2 \
                 RETURNING id, began_with, created_at, proved_at, last_seen_at",
            )
            .bind(account.as_str())
            .bind(kept.as_str())
            .fetch_all(&mut *transaction)
            .await?;
            audit::record_if(!rows.is_empty(), transaction, entry).await?;
            rows.iter().map(row::session).collect()
        })
        .await
    }
}

fn visitor(row: &AnyRow) -> Result<Visitor, StoreError> {
    let address: String = row.try_get("address")?;
    match address.parse() {
        Ok(address) => Ok(Visitor { address, user_agent: row.try_get("user_agent")? }),
        Err(_) => Err(StoreError::Unknown { what: "address", value: address }),
    }
}
