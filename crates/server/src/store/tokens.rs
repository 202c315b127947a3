//! Access and refresh tokens.

use jiff::{SignedDuration, Timestamp};
use sqlx::{AnyConnection, Row as _};

use super::{
    Store, StoreError, audit,
    row::{self, account_columns, session_columns},
};
use crate::domain::{
    access::{IssuedHashes, REUSE_GRACE},
    account::{Account, Status},
    audit::Entry,
    clock,
    id::Id,
    session::{Session, TokenHash},
};

/// The use of a refresh token.
#[derive(Debug, Clone)]
pub struct Rotation<'a> {
    /// Its hash.
    pub token: TokenHash,
    /// The new tokens.
    pub issued: IssuedHashes,
    /// The new refresh token, sealed, if the old one may return it again.
    pub successor: Option<&'a [u8]>,
    /// The audit event in case it was reused.
    pub reused: &'a Entry,
}

/// The outcome of using a refresh token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rotated {
    /// The new tokens are valid.
    Done,
    /// It was used a moment ago; contains the sealed token that replaced it, if it may be returned again.
    Again(Option<Vec<u8>>),
    /// It was used long ago, so it was probably stolen. Its session has ended.
    Reused,
    /// It is unknown or has expired.
    Gone,
}

/// The session and account of a token in this table, if the account is active, and the token's expiry.
macro_rules! opened_by {
    ($table:literal) => {
        concat!(
            "SELECT t.expires_at, ",
            session_columns!(),
            ", ",
            account_columns!(),
            " FROM ",
            $table,
            " t JOIN sessions s ON s.id = t.session_id JOIN accounts a ON a.id = s.account_id \
             WHERE t.token_hash = $1 AND a.status = $2"
        )
    };
}

impl Store {
    /// The session and account of an access token, and its expiry, if the account is active.
    pub async fn find_access(&self, token: TokenHash) -> Result<Option<(Session, Account, Timestamp)>, StoreError> {
        let row = sqlx::query(opened_by!("access_tokens"))
            .bind(token.as_bytes())
            .bind(Status::Active.as_str())
            .fetch_optional(&self.readers)
            .await?;
        row.map(|row| Ok((row::session(&row)?, row::account(&row)?, row::time(&row, "expires_at")?))).transpose()
    }

    /// The session and account of a refresh token, used or not, if the account is active.
    pub async fn find_refresh(&self, token: TokenHash) -> Result<Option<(Session, Account)>, StoreError> {
        let row = sqlx::query(opened_by!("refresh_tokens"))
            .bind(token.as_bytes())
            .bind(Status::Active.as_str())
            .fetch_optional(&self.readers)
            .await?;
        row.map(|row| Ok((row::session(&row)?, row::account(&row)?))).transpose()
    }

    /// Whether a refresh token is unused and valid.
    pub async fn is_refresh_unused(&self, token: TokenHash, now: Timestamp) -> Result<bool, StoreError> {
        let row = sqlx::query(
            "SELECT 1 FROM refresh_tokens WHERE token_hash = $1 AND expires_at > $2 AND rotated_at IS NULL",
        )
        .bind(token.as_bytes())
        .bind(now.as_millisecond())
        .fetch_optional(&self.readers)
        .await?;
        Ok(row.is_some())
    }

    /// Uses a refresh token, once. Of several concurrent uses, one succeeds; a reuse after some time ends the
    /// session (RFC 9700 §4.14.2).
    pub async fn rotate_refresh_token(&self, rotation: &Rotation<'_>, now: Timestamp) -> Result<Rotated, StoreError> {
        self.write(|mut transaction| async move {
            let row = sqlx::query(
            "SELECT session_id, rotated_at, successor FROM refresh_tokens WHERE token_hash = $1 AND expires_at > $2",
        )
        .bind(rotation.token.as_bytes())
        .bind(now.as_millisecond())
        .fetch_optional(&mut *transaction)
        .await?;
            let Some(row) = row else { return Ok(Rotated::Gone) };
            let session = Id::stored(row.try_get("session_id")?);
            if row.try_get::<Option<i64>, _>("rotated_at")?.is_some() {
                // A rotation by a clock that was ahead is not recent.
                let rotated_at = row::time(&row, "rotated_at")?;
                if !clock::is_ahead(rotated_at, now) && now.duration_since(rotated_at) <= REUSE_GRACE {
                    return Ok(Rotated::Again(row.try_get("successor")?));
                }
                sqlx::query("DELETE FROM sessions WHERE id = $1")
                    .bind(session.as_str())
                    .execute(&mut *transaction)
                    .await?;
                audit::record_if(true, transaction, rotation.reused).await?;
                return Ok(Rotated::Reused);
            }
            sqlx::query("UPDATE refresh_tokens SET rotated_at = $2, successor = $3 WHERE token_hash = $1")
                .bind(rotation.token.as_bytes())
                .bind(now.as_millisecond())
                .bind(rotation.successor)
                .execute(&mut *transaction)
                .await?;
            // In session mode it is an access token too; it stays valid for requests already under way.
            let grace = now.checked_add(REUSE_GRACE).unwrap_or(now);
            sqlx::query("UPDATE access_tokens SET expires_at = $2 WHERE token_hash = $1 AND expires_at > $2")
                .bind(rotation.token.as_bytes())
                .bind(grace.as_millisecond())
                .execute(&mut *transaction)
                .await?;
            insert(&mut transaction, &session, &rotation.issued).await?;
            sqlx::query("UPDATE sessions SET last_seen_at = $2 WHERE id = $1 AND last_seen_at < $2")
                .bind(session.as_str())
                .bind(now.as_millisecond())
                .execute(&mut *transaction)
                .await?;
            transaction.commit().await?;
            Ok(Rotated::Done)
        })
        .await
    }

    /// Removes expired tokens and their successors. Expired access tokens are kept for `memory`, to be recognized.
    pub async fn prune_tokens(&self, memory: SignedDuration, now: Timestamp) -> Result<(), StoreError> {
        let before = |memory| now.checked_sub(memory).unwrap_or(Timestamp::MIN).as_millisecond();
        for (statement, before) in [
            ("DELETE FROM access_tokens WHERE expires_at <= $1", before(memory)),
            ("DELETE FROM refresh_tokens WHERE expires_at <= $1", now.as_millisecond()),
            (
                "UPDATE refresh_tokens SET successor = NULL WHERE successor IS NOT NULL AND rotated_at < $1",
                before(REUSE_GRACE),
            ),
        ] {
            self.remove(|| sqlx::query(statement).bind(before)).await?;
        }
        Ok(())
    }
}

/// Stores tokens of a session.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    session: &Id,
    issued: &IssuedHashes,
) -> Result<(), StoreError> {
    for (statement, hash, until) in [
        (
            "INSERT INTO access_tokens (token_hash, session_id, expires_at) VALUES ($1, $2, $3)",
            issued.access,
            issued.access_until,
        ),
        (
            "INSERT INTO refresh_tokens (token_hash, session_id, expires_at) VALUES ($1, $2, $3)",
            issued.refresh,
            issued.refresh_until,
        ),
    ] {
        sqlx::query(statement)
            .bind(hash.as_bytes())
            .bind(session.as_str())
            .bind(until.as_millisecond())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Ends the tokens of a session, so that programs have to sign in again. The session itself continues.
pub(super) async fn end_of_session(connection: &mut AnyConnection, session: &Id) -> Result<(), StoreError> {
    for statement in
        ["DELETE FROM access_tokens WHERE session_id = $1", "DELETE FROM refresh_tokens WHERE session_id = $1"]
    {
        sqlx::query(statement).bind(session.as_str()).execute(&mut *connection).await?;
    }
    Ok(())
}
