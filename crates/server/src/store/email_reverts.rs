//! Previous emails that can be restored.
//!
//! A new password or second factor does not end them: an attacker who changed the email could do that next. An
//! operator's intervention ends all except the one to the oldest email; `service/account/email_revert.rs` explains
//! the rule.

use jiff::{SignedDuration, Timestamp};
use sqlx::{AnyConnection, Row as _};

use super::{
    Store, StoreError, audit,
    credentials::{set_email, set_password},
    device_tokens::end_device_tokens,
    endings::end_all_access,
    mails::{self, SealedMail},
    password_resets,
    row::{self, account_columns},
};
use crate::domain::{account::NameKey, audit::Entry, email_revert::EmailRevert, id::Id, token::TokenHash};

/// The restorable email of an account before a change.
#[derive(Debug, Clone)]
pub struct NewRevert {
    /// The previous email.
    pub email: String,
    /// The hash of the token in the mail to it.
    pub token: TokenHash,
    /// When the token expires.
    pub expires_at: Timestamp,
}

/// An email to restore.
#[derive(Debug, Clone, Copy)]
pub struct Restoring<'a> {
    /// The hash of the token in the mail.
    pub token: TokenHash,
    /// The account.
    pub account: &'a Id,
    /// The email.
    pub email: &'a str,
    /// A hash that replaces the password's, if the account has one.
    pub password_hash: Option<&'a str>,
    /// A token for choosing a new password: its hash and expiry.
    pub reset: Option<(TokenHash, Timestamp)>,
    /// The mails about it.
    pub mails: &'a [SealedMail],
    /// The audit event.
    pub entry: &'a Entry,
}

/// The outcome of restoring an email.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reverted {
    /// It is the account's email again.
    Done,
    /// Nothing was changed: another account has it meanwhile.
    Taken,
    /// Nothing was changed: the token is not valid any more.
    Gone,
}

impl Store {
    /// The email that a token restores.
    pub async fn find_email_revert(&self, token: TokenHash) -> Result<Option<EmailRevert>, StoreError> {
        let row = sqlx::query(concat!(
            "SELECT r.email AS old_email, r.expires_at, r.used_at IS NOT NULL AS is_used, ",
            account_columns!(),
            " FROM email_reverts r JOIN accounts a ON a.id = r.account_id WHERE r.token_hash = $1"
        ))
        .bind(token.as_bytes())
        .fetch_optional(&self.readers)
        .await?;
        row.map(|row| {
            Ok(EmailRevert {
                account: row::account(&row)?,
                email: row.try_get("old_email")?,
                expires_at: row::time(&row, "expires_at")?,
                is_used: row::flag(&row, "is_used")?,
            })
        })
        .transpose()
    }

    /// Restores an email, once, and ends the password, the sessions and tokens of the account, and the links of
    /// later changes.
    pub async fn revert_email(&self, restoring: &Restoring<'_>, now: Timestamp) -> Result<Reverted, StoreError> {
        let Restoring { token, account, email, password_hash, reset, mails, entry } = *restoring;
        self.write(|mut transaction| async move {
            let used = sqlx::query(
                "UPDATE email_reverts SET used_at = $3 \
                 WHERE token_hash = $1 AND account_id = $2 AND used_at IS NULL AND expires_at > $3",
            )
            .bind(token.as_bytes())
            .bind(account.as_str())
            .bind(now.as_millisecond())
            .execute(&mut *transaction)
            .await?;
            if used.rows_affected() == 0 {
                return Ok(Reverted::Gone);
            }
            if !set_email(&mut transaction, account, email).await? {
                return Ok(Reverted::Taken);
            }
            // Later changes are undone as well, so their links must not be usable.
            sqlx::query(
                "DELETE FROM email_reverts WHERE account_id = $1 AND token_hash <> $2 \
                 AND changed_at >= (SELECT changed_at FROM email_reverts WHERE token_hash = $2)",
            )
            .bind(account.as_str())
            .bind(token.as_bytes())
            .execute(&mut *transaction)
            .await?;
            if let Some(hash) = password_hash {
                set_password(&mut transaction, account, hash, now).await?;
            }
            end_all_access(&mut transaction, account, None).await?;
            if let Some((token, expires_at)) = reset {
                password_resets::put(&mut transaction, account, token, expires_at).await?;
            }
            end_device_tokens(&mut transaction, account, now).await?;
            mails::queue(&mut transaction, mails).await?;
            audit::record(&mut transaction, entry).await?;
            transaction.commit().await?;
            Ok(Reverted::Done)
        })
        .await
    }

    /// Removes tokens that expired before this time.
    pub async fn prune_email_reverts(&self, before: Timestamp) -> Result<(), StoreError> {
        self.execute(|| sqlx::query("DELETE FROM email_reverts WHERE expires_at <= $1").bind(before.as_millisecond()))
            .await?;
        Ok(())
    }
}

/// Stores the previous email when it is changed. Returns whether the token can restore it: not if the new email is
/// one that the account had before, since that restores it, and not if the previous one is in doubt.
pub(super) async fn put(
    connection: &mut AnyConnection,
    account: &Id,
    (new, to): (&NewRevert, &str),
    now: Timestamp,
) -> Result<bool, StoreError> {
    let rows = sqlx::query(
        "SELECT email, changed_at, in_doubt FROM email_reverts WHERE account_id = $1 AND used_at IS NULL \
         ORDER BY changed_at",
    )
    .bind(account.as_str())
    .fetch_all(&mut *connection)
    .await?;
    let to = NameKey::new(to);
    for row in &rows {
        if NameKey::new(row.try_get("email")?) == to {
            sqlx::query("DELETE FROM email_reverts WHERE account_id = $1 AND changed_at >= $2 AND used_at IS NULL")
                .bind(account.as_str())
                .bind(row.try_get::<i64, _>("changed_at")?)
                .execute(connection)
                .await?;
            return Ok(false);
        }
    }
    let Some(latest) = rows.last() else {
        insert(connection, account, new, now).await?;
        return Ok(true);
    };
    if row::flag(latest, "in_doubt")? {
        sqlx::query("UPDATE email_reverts SET in_doubt = 0 WHERE account_id = $1 AND used_at IS NULL")
            .bind(account.as_str())
            .execute(connection)
            .await?;
        return Ok(false);
    }
    // Their order matters, not the clock.
    let next = row::time(latest, "changed_at")?.checked_add(SignedDuration::from_millis(1)).unwrap_or(now);
    insert(connection, account, new, now.max(next)).await?;
    Ok(true)
}

async fn insert(
    connection: &mut AnyConnection,
    account: &Id,
    new: &NewRevert,
    at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO email_reverts (token_hash, account_id, email, changed_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(new.token.as_bytes())
    .bind(account.as_str())
    .bind(&new.email)
    .bind(at.as_millisecond())
    .bind(new.expires_at.as_millisecond())
    .execute(connection)
    .await?;
    Ok(())
}

/// Marks emails that were set by a change as doubtful, when an operator returns the account to its user or suspends
/// it. Only the oldest email stays restorable.
pub(super) async fn doubt(connection: &mut AnyConnection, account: &Id) -> Result<(), StoreError> {
    for statement in [
        "DELETE FROM email_reverts WHERE account_id = $1 AND used_at IS NULL AND changed_at > \
         (SELECT MIN(changed_at) FROM email_reverts WHERE account_id = $1 AND used_at IS NULL)",
        "UPDATE email_reverts SET in_doubt = 1 WHERE account_id = $1 AND used_at IS NULL",
    ] {
        sqlx::query(statement).bind(account.as_str()).execute(&mut *connection).await?;
    }
    Ok(())
}
