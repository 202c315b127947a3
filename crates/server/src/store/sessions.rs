//! Browser sessions.

use jiff::{SignedDuration, Timestamp};

use super::{
    Store, StoreError,
    row::{self, account_columns},
};
use crate::domain::{
    account::{Account, Status},
    id::Id,
    session::{Session, TokenHash, Visitor},
};

/// A session that is about to begin.
#[derive(Debug, Clone)]
pub struct NewSession<'a> {
    /// The session.
    pub session: &'a Session,
    /// The hash of the token that opens it.
    pub token: TokenHash,
    /// Whose it is.
    pub account: &'a Id,
    /// Who opened it.
    pub visitor: &'a Visitor,
    /// The session that the same browser had before: it ends with this one's beginning.
    pub replaces: Option<TokenHash>,
    /// The hash that the password was checked against.
    pub password_hash: &'a str,
}

impl Store {
    /// Begins a session. Both happen or neither: the new one begins, and the one it replaces ends. `false`, and nothing
    /// happened, when meanwhile the account was suspended or has another password: a sign-in that began before that must
    /// not outlive it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn begin_session(&self, new: NewSession<'_>) -> Result<bool, StoreError> {
        let mut transaction = self.writer.begin().await?;
        if let Some(replaced) = new.replaces {
            sqlx::query("DELETE FROM sessions WHERE token_hash = $1")
                .bind(replaced.as_bytes())
                .execute(&mut *transaction)
                .await?;
        }
        let session = new.session;
        let result = sqlx::query(
            "INSERT INTO sessions (id, token_hash, account_id, began_with, created_at, proved_at, last_seen_at, \
             address, user_agent) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9 \
             WHERE EXISTS (SELECT 1 FROM accounts WHERE id = $3 AND password_hash = $10 AND status = $11)",
        )
        .bind(session.id.as_str())
        .bind(new.token.as_bytes())
        .bind(new.account.as_str())
        .bind(session.began_with.as_str())
        .bind(session.created_at.as_millisecond())
        .bind(session.proved_at.as_millisecond())
        .bind(session.last_seen_at.as_millisecond())
        .bind(new.visitor.address.to_string())
        .bind(&new.visitor.user_agent)
        .bind(new.password_hash)
        .bind(Status::Active.as_str())
        .execute(&mut *transaction)
        .await?;
        if result.rows_affected() == 0 {
            return Ok(false);
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// The session of a token and its account, if the account is active. Whether it has expired is for the caller to
    /// judge.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find_session(&self, token: TokenHash) -> Result<Option<(Session, Account)>, StoreError> {
        let row = sqlx::query(concat!(
            "SELECT s.id, s.began_with, s.created_at, s.proved_at, s.last_seen_at, ",
            account_columns!(),
            " FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE s.token_hash = $1 AND a.status = $2"
        ))
        .bind(token.as_bytes())
        .bind(Status::Active.as_str())
        .fetch_optional(&self.readers)
        .await?;
        row.map(|row| Ok((row::session(&row)?, row::account(&row)?))).transpose()
    }

    /// Writes down that a session was used.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn touch_session(&self, session: &Id, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query("UPDATE sessions SET last_seen_at = $2 WHERE id = $1 AND last_seen_at < $2")
            .bind(session.as_str())
            .bind(now.as_millisecond())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Gives a session another token, after its person proved again who they are; `false` when it has ended.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn renew_session(&self, session: &Id, token: TokenHash, now: Timestamp) -> Result<bool, StoreError> {
        let result =
            sqlx::query("UPDATE sessions SET token_hash = $2, proved_at = $3, last_seen_at = $3 WHERE id = $1")
                .bind(session.as_str())
                .bind(token.as_bytes())
                .bind(now.as_millisecond())
                .execute(&self.writer)
                .await?;
        Ok(result.rows_affected() > 0)
    }

    /// Ends the session of a token; `true` when there was one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_session(&self, token: TokenHash) -> Result<bool, StoreError> {
        let result = sqlx::query("DELETE FROM sessions WHERE token_hash = $1")
            .bind(token.as_bytes())
            .execute(&self.writer)
            .await?;
        Ok(result.rows_affected() > 0)
    }

    /// Removes the sessions that have expired; how many there were.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn prune_sessions(
        &self,
        now: Timestamp,
        idle: SignedDuration,
        absolute: SignedDuration,
    ) -> Result<u64, StoreError> {
        let before = |life| now.checked_sub(life).unwrap_or(Timestamp::MIN).as_millisecond();
        let result = sqlx::query("DELETE FROM sessions WHERE last_seen_at <= $1 OR created_at <= $2")
            .bind(before(idle))
            .bind(before(absolute))
            .execute(&self.writer)
            .await?;
        Ok(result.rows_affected())
    }
}
