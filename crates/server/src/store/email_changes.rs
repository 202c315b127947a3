//! Emails that must be confirmed.

use jiff::Timestamp;
use sqlx::{AnyConnection, Row as _};

use super::{
    Store, StoreError, audit,
    credentials::set_email,
    email_reverts::{self, NewRevert},
    endings::cancel_password_reset,
    mails::{self, SealedMail},
    row,
};
use crate::domain::{audit::Entry, id::Id, session::TokenHash};

/// An email that must be confirmed.
#[derive(Debug, Clone)]
pub struct EmailChange {
    /// The email.
    pub email: String,
    /// When its link expires.
    pub expires_at: Timestamp,
    /// Whether it was confirmed.
    pub is_used: bool,
}

/// A new email that must be confirmed.
#[derive(Debug, Clone)]
pub struct NewEmail {
    /// The email.
    pub email: String,
    /// The hash of the token in its mail.
    pub token: TokenHash,
    /// When the token expires.
    pub expires_at: Timestamp,
}

/// The change of the pending email.
#[derive(Debug, Clone)]
pub enum EmailEdit<T> {
    /// Leave it.
    Keep,
    /// Cancel it.
    Cancel,
    /// Replace it.
    Await(T),
}

/// The confirmation of a pending email.
#[derive(Debug, Clone)]
pub struct Confirmation<'a> {
    /// The account.
    pub account: &'a Id,
    /// The hash of the token in the mail.
    pub token: TokenHash,
    /// The email.
    pub email: &'a str,
    /// The token that restores the previous email.
    pub revert: &'a NewRevert,
    /// The mail about the change, with the link that restores the previous email.
    pub with_link: SealedMail,
    /// The same mail without the link, for when it can't be restored.
    pub without_link: SealedMail,
    /// The audit event.
    pub entry: &'a Entry,
}

/// The outcome of a confirmation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmed {
    /// It is the account's email now.
    Done,
    /// Nothing was changed: another account has it meanwhile.
    Taken,
    /// Nothing was changed: it is not pending any more.
    Gone,
}

impl Store {
    /// The pending email that a token confirms.
    pub async fn find_email_change(&self, account: &Id, token: TokenHash) -> Result<Option<EmailChange>, StoreError> {
        let row = sqlx::query(
            "SELECT email, expires_at, used_at IS NOT NULL AS is_used FROM email_changes \
             WHERE account_id = $1 AND token_hash = $2",
        )
        .bind(account.as_str())
        .bind(token.as_bytes())
        .fetch_optional(&self.readers)
        .await?;
        row.map(|row| {
            Ok(EmailChange {
                email: row.try_get("email")?,
                expires_at: row::time(&row, "expires_at")?,
                is_used: row::flag(&row, "is_used")?,
            })
        })
        .transpose()
    }

    /// Makes the pending email the account's, once, and queues the mails about it.
    pub async fn confirm_email(
        &self,
        confirmation: &Confirmation<'_>,
        now: Timestamp,
    ) -> Result<Confirmed, StoreError> {
        let Confirmation { account, token, email, revert, ref with_link, ref without_link, entry } = *confirmation;
        self.write(|mut transaction| async move {
            let used = sqlx::query(
                "UPDATE email_changes SET used_at = $4 \
                 WHERE account_id = $1 AND token_hash = $2 AND email = $3 AND used_at IS NULL AND expires_at > $4",
            )
            .bind(account.as_str())
            .bind(token.as_bytes())
            .bind(email)
            .bind(now.as_millisecond())
            .execute(&mut *transaction)
            .await?;
            if used.rows_affected() == 0 {
                return Ok(Confirmed::Gone);
            }
            if !set_email(&mut transaction, account, email).await? {
                return Ok(Confirmed::Taken);
            }
            let can_be_restored = email_reverts::put(&mut transaction, account, (revert, email), now).await?;
            // A password reset link that was sent to the old email is not valid any more.
            cancel_password_reset(&mut transaction, account).await?;
            let mail = if can_be_restored { with_link } else { without_link };
            mails::queue(&mut transaction, std::slice::from_ref(mail)).await?;
            audit::record(&mut transaction, entry).await?;
            transaction.commit().await?;
            Ok(Confirmed::Done)
        })
        .await
    }

    /// Removes changes that expired before this time.
    pub async fn prune_email_changes(&self, before: Timestamp) -> Result<(), StoreError> {
        self.execute(|| sqlx::query("DELETE FROM email_changes WHERE expires_at <= $1").bind(before.as_millisecond()))
            .await?;
        Ok(())
    }
}

/// Stores the pending email, in place of the previous one.
pub(super) async fn put(connection: &mut AnyConnection, account: &Id, new: &NewEmail) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO email_changes (account_id, email, token_hash, expires_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (account_id) DO UPDATE SET email = excluded.email, token_hash = excluded.token_hash, \
         expires_at = excluded.expires_at, used_at = NULL",
    )
    .bind(account.as_str())
    .bind(&new.email)
    .bind(new.token.as_bytes())
    .bind(new.expires_at.as_millisecond())
    .execute(connection)
    .await?;
    Ok(())
}
