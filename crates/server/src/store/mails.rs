//! Mails that wait to be delivered.
//!
//! While no mail server takes them, they are bounded by what they promise. A notice tells the user of an account what was done:
//! the newest ones wait. One that anyone may ask for was promised to no user yet: its request waits instead
//! ([`MOST_ASKED_FOR`]).

use jiff::Timestamp;
use sqlx::{Any, AnyConnection, Row as _, Transaction};

use super::{Store, StoreError, audit, row};
use crate::domain::{audit::Entry, id::Id, mail};

/// How many mails of an account wait at most. A user who gets that many knows; the audit log has the rest.
const MOST_OF_ACCOUNT: i64 = 100;
/// How many of the mails that anyone may ask for wait at most, blank ones included.
pub(super) const MOST_ASKED_FOR: i64 = 200;

/// A mail that is about to be queued.
#[derive(Debug, Clone)]
pub struct SealedMail {
    /// Names it, and its place to be sealed at.
    pub id: Id,
    /// A [`mail::Mail`], sealed.
    pub sealed: Vec<u8>,
    /// When it was written.
    pub created_at: Timestamp,
    /// The account that it is about; `None` when anyone may have asked for it.
    pub account: Option<Id>,
}

/// A mail whose delivery has begun.
#[derive(Debug, Clone)]
pub struct ClaimedMail {
    /// The mail.
    pub mail: SealedMail,
    /// How many attempts were begun, with this one.
    pub attempts: u32,
    /// When the next one is due.
    pub due_at: Timestamp,
}

impl Store {
    /// Remembers an event that changes nothing else, and queues the mail that tells of it.
    ///
    /// # Errors
    /// When the database does not answer: neither happened.
    pub async fn record_and_tell(&self, entry: &Entry, notice: &SealedMail) -> Result<(), StoreError> {
        self.write(|transaction| async move {
            tell_if(true, transaction, entry, notice).await?;
            Ok(())
        })
        .await
    }

    /// Claims the mail that has been due for longest: no other server takes it up before its next attempt is due, and
    /// that attempt is made if this one is cut short.
    pub async fn claim_mail(&self, now: Timestamp) -> Result<Option<ClaimedMail>, StoreError> {
        let latest = mail::latest_attempt(now);
        // Mostly there is none, and a read disturbs no writer.
        let due = sqlx::query("SELECT 1 FROM mails WHERE due_at <= $1 OR due_at > $2 LIMIT 1");
        let due = due.bind(now.as_millisecond()).bind(latest.as_millisecond());
        if due.fetch_optional(&self.readers).await?.is_none() {
            return Ok(None);
        }
        self.write(|mut transaction| async move {
            let row = sqlx::query(
                "SELECT id, sealed, created_at, account_id, attempts FROM mails WHERE due_at <= $1 OR due_at > $2 \
                 ORDER BY due_at, id LIMIT 1",
            )
            .bind(now.as_millisecond())
            .bind(latest.as_millisecond())
            .fetch_optional(&mut *transaction)
            .await?;
            let Some(row) = row else { return Ok(None) };
            let mail = SealedMail {
                id: Id::stored(row.try_get("id")?),
                sealed: row.try_get("sealed")?,
                created_at: row::time(&row, "created_at")?,
                account: Some(Id::stored(row.try_get("account_id")?)).filter(|id| !id.as_str().is_empty()),
            };
            let attempts = u32::try_from(row.try_get::<i64, _>("attempts")?).unwrap_or(u32::MAX).saturating_add(1);
            let due_at = mail::next_attempt(attempts, now);
            sqlx::query("UPDATE mails SET attempts = $2, due_at = $3 WHERE id = $1")
                .bind(mail.id.as_str())
                .bind(i64::from(attempts))
                .bind(due_at.as_millisecond())
                .execute(&mut *transaction)
                .await?;
            transaction.commit().await?;
            Ok(Some(ClaimedMail { mail, attempts, due_at }))
        })
        .await
    }

    /// Removes a mail that was delivered or given up.
    ///
    /// # Errors
    /// When the database does not answer: it will be delivered again.
    pub async fn remove_mail(&self, mail: &Id) -> Result<(), StoreError> {
        self.execute(|| sqlx::query("DELETE FROM mails WHERE id = $1").bind(mail.as_str())).await?;
        Ok(())
    }

    /// How many mails wait.
    pub async fn count_mails(&self) -> Result<u64, StoreError> {
        let row = sqlx::query("SELECT count(*) AS count FROM mails").fetch_one(&self.readers).await?;
        Ok(u64::try_from(row.try_get::<i64, _>("count")?).unwrap_or_default())
    }
}

/// Ends a transaction: with its event and the mail that tells of it, when what they are about has happened, and it says
/// whether it has.
pub(super) async fn tell_if(
    happened: bool,
    mut transaction: Transaction<'_, Any>,
    entry: &Entry,
    notice: &SealedMail,
) -> Result<bool, StoreError> {
    if happened {
        queue(&mut transaction, std::slice::from_ref(notice)).await?;
    }
    audit::record_if(happened, transaction, entry).await
}

/// Queues mails along with what they tell of: both happen or neither.
pub(super) async fn queue(connection: &mut AnyConnection, mails: &[SealedMail]) -> Result<(), StoreError> {
    for mail in mails {
        let account = mail.account.as_ref().map_or("", Id::as_str);
        sqlx::query("INSERT INTO mails (id, sealed, created_at, due_at, account_id) VALUES ($1, $2, $3, $3, $4)")
            .bind(mail.id.as_str())
            .bind(&mail.sealed)
            .bind(mail.created_at.as_millisecond())
            .bind(account)
            .execute(&mut *connection)
            .await?;
        if !account.is_empty() {
            sqlx::query(
                "DELETE FROM mails WHERE account_id = $1 AND id <= \
                 (SELECT id FROM mails WHERE account_id = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)",
            )
            .bind(account)
            .bind(MOST_OF_ACCOUNT)
            .execute(&mut *connection)
            .await?;
        }
    }
    Ok(())
}
