//! Temporary sign-in tokens, created on the server's command line.

use std::sync::{Arc, Mutex, PoisonError, atomic::Ordering};

use jiff::{SignedDuration, Timestamp};
use sqlx::{AnyConnection, Row as _, any::AnyRow};

use super::{
    Store, StoreError, audit,
    row::{self, account_columns},
};
use crate::domain::{
    account::{Account, Status},
    audit::Entry,
    id::Id,
    token::TokenHash,
};
use doorstep_contract::auth::Role;

/// A token without its secret.
#[derive(Debug, Clone)]
pub struct LoginToken {
    /// The account that it signs in.
    pub account: Account,
    /// When it expires.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
}

/// A new token.
#[derive(Debug, Clone)]
pub struct NewLoginToken<'a> {
    /// Its hash.
    pub token: TokenHash,
    /// The account that it signs in.
    pub account: &'a Id,
    /// When it expires.
    pub expires_at: Timestamp,
    /// The audit event.
    pub entry: &'a Entry,
}

/// How long a cached answer is used that another process may have changed.
const KNOWN_FOR: SignedDuration = SignedDuration::from_secs(1);

/// The cached answer of [`Store::has_login_token`]: this process's write count, the time, and the answer.
#[derive(Debug, Clone, Default)]
pub(super) struct Known(Arc<Mutex<Option<(u64, Timestamp, bool)>>>);

impl Known {
    fn get(&self, writes: u64, now: Timestamp) -> Option<bool> {
        let (then, at, answer) = (*self.0.lock().unwrap_or_else(PoisonError::into_inner))?;
        let is_recent = at <= now && now.duration_since(at) < KNOWN_FOR;
        (then == writes && is_recent).then_some(answer)
    }

    fn keep(&self, writes: u64, now: Timestamp, answer: bool) -> bool {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((writes, now, answer));
        answer
    }
}

impl Store {
    /// Stores a token. All unused ones end.
    pub async fn put_login_token(&self, new: NewLoginToken<'_>) -> Result<(), StoreError> {
        self.write(|mut transaction| async move {
            end_unused(&mut transaction).await?;
            sqlx::query("INSERT INTO login_tokens (token_hash, account_id, expires_at) VALUES ($1, $2, $3)")
                .bind(new.token.as_bytes())
                .bind(new.account.as_str())
                .bind(new.expires_at.as_millisecond())
                .execute(&mut *transaction)
                .await?;
            audit::record(&mut transaction, new.entry).await?;
            transaction.commit().await?;
            Ok(())
        })
        .await
    }

    /// Ends all unused tokens.
    pub async fn end_login_tokens(&self) -> Result<(), StoreError> {
        self.write(|mut transaction| async move {
            end_unused(&mut transaction).await?;
            transaction.commit().await?;
            Ok(())
        })
        .await
    }

    /// A token, used or not, expired or not, if its account is active.
    pub async fn find_login_token(&self, token: TokenHash) -> Result<Option<LoginToken>, StoreError> {
        let row = sqlx::query(concat!(
            "SELECT t.expires_at, t.used_at, ",
            account_columns!(),
            " FROM login_tokens t JOIN accounts a ON a.id = t.account_id WHERE t.token_hash = $1 AND a.status = $2"
        ))
        .bind(token.as_bytes())
        .bind(Status::Active.as_str())
        .fetch_optional(&self.readers)
        .await?;
        row.map(|row| login_token(&row)).transpose()
    }

    /// Whether there is a valid unused token. Every anonymous page contains this, so it is cached until this
    /// process writes, and for [`KNOWN_FOR`] because another process may create one.
    pub async fn has_login_token(&self, now: Timestamp) -> Result<bool, StoreError> {
        let writes = self.writes.load(Ordering::Relaxed);
        if let Some(known) = self.login_token.get(writes, now) {
            return Ok(known);
        }
        let row = sqlx::query(
            "SELECT 1 FROM login_tokens t JOIN accounts a ON a.id = t.account_id \
             WHERE t.used_at IS NULL AND t.expires_at > $1 AND a.status = $2 LIMIT 1",
        )
        .bind(now.as_millisecond())
        .bind(Status::Active.as_str())
        .fetch_optional(&self.readers)
        .await?;
        Ok(self.login_token.keep(writes, now, row.is_some()))
    }

    /// The first active operator.
    pub async fn first_operator(&self) -> Result<Option<Account>, StoreError> {
        let row = sqlx::query(concat!(
            "SELECT ",
            account_columns!(),
            " FROM accounts a WHERE a.role = $1 AND a.status = $2 ORDER BY a.created_at, a.id LIMIT 1"
        ))
        .bind(Role::Operator.as_str())
        .bind(Status::Active.as_str())
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(row::account).transpose()
    }

    /// Removes tokens that expired or were used longer ago than `memory`.
    pub async fn prune_login_tokens(&self, memory: SignedDuration, now: Timestamp) -> Result<(), StoreError> {
        let before = now.checked_sub(memory).unwrap_or(Timestamp::MIN);
        self.execute(|| {
            sqlx::query("DELETE FROM login_tokens WHERE used_at <= $1 OR (used_at IS NULL AND expires_at <= $1)")
                .bind(before.as_millisecond())
        })
        .await?;
        Ok(())
    }
}

/// Uses a token; `false` when it was used already, has ended or has expired.
pub(super) async fn use_one(
    connection: &mut AnyConnection,
    token: TokenHash,
    account: &Id,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let result = sqlx::query(
        "UPDATE login_tokens SET used_at = $3 \
         WHERE token_hash = $1 AND account_id = $2 AND used_at IS NULL AND expires_at > $3",
    )
    .bind(token.as_bytes())
    .bind(account.as_str())
    .bind(now.as_millisecond())
    .execute(connection)
    .await?;
    Ok(result.rows_affected() > 0)
}

/// Ends the unused token of an account.
pub(super) async fn end_of_account(connection: &mut AnyConnection, account: &Id) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM login_tokens WHERE account_id = $1 AND used_at IS NULL")
        .bind(account.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

async fn end_unused(connection: &mut AnyConnection) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM login_tokens WHERE used_at IS NULL").execute(connection).await?;
    Ok(())
}

fn login_token(row: &AnyRow) -> Result<LoginToken, StoreError> {
    let used: Option<i64> = row.try_get("used_at")?;
    Ok(LoginToken {
        account: row::account(row)?,
        expires_at: row::time(row, "expires_at")?,
        used_at: used.map(|_| row::time(row, "used_at")).transpose()?,
    })
}
