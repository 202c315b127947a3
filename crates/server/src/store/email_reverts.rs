//! Emails that can be restored after they were changed.
//!
//! A new password or another second factor does not end them: the author of the change could do that next. What an operator
//! does ends all but the link to the oldest email: `service/account/email_revert.rs` has the rule.

use jiff::{SignedDuration, Timestamp};
use sqlx::{AnyConnection, Row as _};

use super::{
    Store, StoreError, audit,
    credentials::{set_email, set_password},
    device_tokens::end_device_tokens,
    endings::end_what_was_opened,
    mails::{self, SealedMail},
    password_resets,
    row::{self, account_columns},
};
use crate::domain::{account::NameKey, audit::Entry, email_revert::EmailRevert, id::Id, token::TokenHash};

/// An email that is about to be changed.
#[derive(Debug, Clone)]
pub struct NewRevert {
    /// The email until now.
    pub email: String,
    /// The hash of the token in the mail to it.
    pub token: TokenHash,
    /// Until when that counts.
    pub expires_at: Timestamp,
}

/// An email that is to be restored.
#[derive(Debug, Clone, Copy)]
pub struct Restoring<'a> {
    /// The hash of the token in the mail to it.
    pub token: TokenHash,
    /// Whose email it is.
    pub account: &'a Id,
    /// The email.
    pub email: &'a str,
    /// What stands in place of the password's hash from now on, if the account has one.
    pub password_hash: Option<&'a str>,
    /// What chooses a new one: the hash of its token, and until when that counts.
    pub reset: Option<(TokenHash, Timestamp)>,
    /// What tells of it.
    pub mails: &'a [SealedMail],
    /// What is remembered of it.
    pub entry: &'a Entry,
}

/// What came of restoring an email.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reverted {
    /// It is the account's again.
    Done,
    /// Nothing changed: another account has it meanwhile.
    Taken,
    /// Nothing changed: the token counts no longer.
    Gone,
}

impl Store {
    /// The email that the token restores.
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

    /// Restores an email, once, and ends the password, what the account has opened and the links of later changes.
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
            // What was changed after it is undone with it, and must not be brought back by its own link.
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
            end_what_was_opened(&mut transaction, account, None).await?;
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

    /// Removes what expired before this time.
    pub async fn prune_email_reverts(&self, before: Timestamp) -> Result<(), StoreError> {
        self.execute(|| sqlx::query("DELETE FROM email_reverts WHERE expires_at <= $1").bind(before.as_millisecond()))
            .await?;
        Ok(())
    }
}

/// The email of an account is changed to another. Whether the token restores the one until now: not where the other is one
/// that the account had before, which restores that, and not where the one until now is in doubt.
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
    // Their order decides, whatever the clock says.
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

/// An operator gives the account back to its user, or takes it from everyone: the emails that came by a change are in doubt.
/// The oldest one stays what can be restored, and those that came after it no longer are.
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
