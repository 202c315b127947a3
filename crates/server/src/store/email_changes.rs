//! Emails that wait to be confirmed.

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

/// An email that waits to be confirmed, or was.
#[derive(Debug, Clone)]
pub struct EmailChange {
    /// The email.
    pub email: String,
    /// Until when it can be.
    pub expires_at: Timestamp,
    /// Whether it was.
    pub is_used: bool,
}

/// An email that is to be confirmed.
#[derive(Debug, Clone)]
pub struct NewEmail {
    /// The email.
    pub email: String,
    /// The hash of the token in the mail to it.
    pub token: TokenHash,
    /// Until when that counts.
    pub expires_at: Timestamp,
}

/// What becomes of the email that waits.
#[derive(Debug, Clone)]
pub enum EmailEdit<T> {
    /// Nothing.
    Keep,
    /// It waits no more.
    Cancel,
    /// This one waits instead.
    Await(T),
}

/// The email that waits becomes the account's.
#[derive(Debug, Clone)]
pub struct Confirmation<'a> {
    /// Whose account it is.
    pub account: &'a Id,
    /// The hash of the token in the mail to the email.
    pub token: TokenHash,
    /// The email.
    pub email: &'a str,
    /// What restores the one until now.
    pub revert: &'a NewRevert,
    /// What tells of it, with the link that restores the one until now.
    pub with_link: SealedMail,
    /// The same without, where that can't be restored.
    pub without_link: SealedMail,
    /// What is remembered of it.
    pub entry: &'a Entry,
}

/// What came of confirming an email.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmed {
    /// It is the account's.
    Done,
    /// Nothing changed: another account has it meanwhile.
    Taken,
    /// Nothing changed: it waits no more.
    Gone,
}

impl Store {
    /// The email of an account that the token confirms.
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

    /// Makes the email that waits the account's, once, and queues the mails that tell of it.
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
            // A link that was sent to the old address resets nothing any more.
            cancel_password_reset(&mut transaction, account).await?;
            let mail = if can_be_restored { with_link } else { without_link };
            mails::queue(&mut transaction, std::slice::from_ref(mail)).await?;
            audit::record(&mut transaction, entry).await?;
            transaction.commit().await?;
            Ok(Confirmed::Done)
        })
        .await
    }

    /// Removes what expired before this time.
    pub async fn prune_email_changes(&self, before: Timestamp) -> Result<(), StoreError> {
        self.execute(|| sqlx::query("DELETE FROM email_changes WHERE expires_at <= $1").bind(before.as_millisecond()))
            .await?;
        Ok(())
    }
}

/// From now on this email waits, in place of the one before.
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
