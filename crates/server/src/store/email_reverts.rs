//! Emails that can be restored after they were changed.
//!
//! A new password or another second factor does not end them: the author of the change could do that next.

use jiff::Timestamp;
use sqlx::{Row as _, SqliteConnection};

use super::{
    Store, StoreError, audit,
    device_tokens::end_device_tokens,
    endings::end_what_was_opened,
    mails::{self, SealedMail},
    row::{self, account_columns},
};
use crate::domain::{
    account::{Account, NameKey},
    audit::Entry,
    id::Id,
    token::TokenHash,
};

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

/// An email that was changed.
#[derive(Debug, Clone)]
pub struct EmailRevert {
    /// The account, as it is now.
    pub account: Account,
    /// The email until then.
    pub email: String,
    /// Until when it can be restored.
    pub expires_at: Timestamp,
    /// Whether it was.
    pub is_used: bool,
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
                is_used: row.try_get::<i64, _>("is_used")? != 0,
            })
        })
        .transpose()
    }

    /// Restores an email, once, and ends what the account has opened and the links of later changes.
    pub async fn revert_email(
        &self,
        token: TokenHash,
        revert: &EmailRevert,
        mails: &[SealedMail],
        entry: &Entry,
        now: Timestamp,
    ) -> Result<Reverted, StoreError> {
        let account = &revert.account.id;
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
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
        let changed = sqlx::query("UPDATE accounts SET email = $2, email_key = $3 WHERE id = $1")
            .bind(account.as_str())
            .bind(&revert.email)
            .bind(NameKey::new(&revert.email).as_str())
            .execute(&mut *transaction)
            .await;
        match changed {
            Ok(_) => {}
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => return Ok(Reverted::Taken),
            Err(error) => return Err(error.into()),
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
        end_what_was_opened(&mut transaction, account, None).await?;
        end_device_tokens(&mut transaction, account, now).await?;
        mails::queue(&mut transaction, mails).await?;
        audit::record(&mut transaction, entry).await?;
        transaction.commit().await?;
        Ok(Reverted::Done)
    }

    /// Removes what expired before this time.
    pub async fn prune_email_reverts(&self, before: Timestamp) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM email_reverts WHERE expires_at <= $1")
            .bind(before.as_millisecond())
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}

/// The email of an account is changed: from now on the token restores the one until now.
pub(super) async fn put(
    connection: &mut SqliteConnection,
    account: &Id,
    new: &NewRevert,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO email_reverts (token_hash, account_id, email, changed_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(new.token.as_bytes())
    .bind(account.as_str())
    .bind(&new.email)
    .bind(now.as_millisecond())
    .bind(new.expires_at.as_millisecond())
    .execute(connection)
    .await?;
    Ok(())
}
