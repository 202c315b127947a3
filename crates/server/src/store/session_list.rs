//! The browser sessions of an account, for the list that its person sees.

use sqlx::{Row as _, sqlite::SqliteRow};

use super::{Store, StoreError, row};
use crate::domain::{
    id::Id,
    session::{Session, Visitor},
};

impl Store {
    /// All sessions of an account with who opened them, the one that was used last first. Whether they have expired is
    /// for the caller to judge.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sessions_of(&self, account: &Id) -> Result<Vec<(Session, Visitor)>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, began_with, created_at, proved_at, last_seen_at, address, user_agent FROM sessions \
             WHERE account_id = $1 ORDER BY last_seen_at DESC, id DESC",
        )
        .bind(account.as_str())
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(|row| Ok((row::session(row)?, visitor(row)?))).collect()
    }

    /// Ends one session of an account, and gives it; `None` when the account has no such session.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_session_of(&self, account: &Id, session: &Id) -> Result<Option<Session>, StoreError> {
        let row = sqlx::query(
            "DELETE FROM sessions WHERE account_id = $1 AND id = $2 \
             RETURNING id, began_with, created_at, proved_at, last_seen_at",
        )
        .bind(account.as_str())
        .bind(session.as_str())
        .fetch_optional(&self.writer)
        .await?;
        row.as_ref().map(row::session).transpose()
    }

    /// Ends all sessions of an account but one, and gives those that have ended.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_other_sessions_of(&self, account: &Id, kept: &Id) -> Result<Vec<Session>, StoreError> {
        let rows = sqlx::query(
            "DELETE FROM sessions WHERE account_id = $1 AND id <> $2 \
             RETURNING id, began_with, created_at, proved_at, last_seen_at",
        )
        .bind(account.as_str())
        .bind(kept.as_str())
        .fetch_all(&self.writer)
        .await?;
        rows.iter().map(row::session).collect()
    }
}

fn visitor(row: &SqliteRow) -> Result<Visitor, StoreError> {
    let address: String = row.try_get("address")?;
    match address.parse() {
        Ok(address) => Ok(Visitor { address, user_agent: row.try_get("user_agent")? }),
        Err(_) => Err(StoreError::Unknown { what: "address", value: address }),
    }
}
