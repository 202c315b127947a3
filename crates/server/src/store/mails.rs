//! The mail queue.
//!
//! It is bounded in case no mail server accepts mails, in two ways. Notices tell users what happened to their
//! account: the newest ones of each account are kept. Mails that anyone can request were not promised to a user
//! yet: when there are too many, the requests wait instead ([`MOST_ASKED_FOR`]).

use jiff::Timestamp;
use sqlx::{Any, AnyConnection, Row as _, Transaction};

use super::{Store, StoreError, audit, row};
use crate::domain::{audit::Entry, id::Id, mail};

/// The maximum number of queued mails of an account. The audit log has the events of those dropped.
const MOST_OF_ACCOUNT: i64 = 100;
/// The maximum number of queued mails that anyone can request, including blank ones.
pub(super) const MOST_ASKED_FOR: i64 = 200;

/// A mail to be queued.
#[derive(Debug, Clone)]
pub struct SealedMail {
    /// The id, to which the sealed data is bound.
    pub id: Id,
    /// A sealed [`mail::Mail`].
    pub sealed: Vec<u8>,
    /// When it was created.
    pub created_at: Timestamp,
    /// The account that it is about; `None` for a mail that anyone can request.
    pub account: Option<Id>,
}

/// A mail claimed for delivery.
#[derive(Debug, Clone)]
pub struct ClaimedMail {
    /// The mail.
    pub mail: SealedMail,
    /// The number of attempts, including this one.
    pub attempts: u32,
    /// When the next attempt is due.
    pub due_at: Timestamp,
}

impl Store {
    /// Records an event without another change, and queues a mail about it.
    ///
    /// # Errors
    /// When the database fails: neither happened.
    pub async fn record_and_notify(&self, entry: &Entry, notice: &SealedMail) -> Result<(), StoreError> {
        self.write(|transaction| async move {
            notify_if(true, transaction, entry, notice).await?;
            Ok(())
        })
        .await
    }

    /// Claims the mail that has been due for longest: until its next attempt is due, no other server takes it; if
    /// this attempt is interrupted, the next one is still made.
    pub async fn claim_mail(&self, now: Timestamp) -> Result<Option<ClaimedMail>, StoreError> {
        let latest = mail::latest_attempt(now);
        // Usually none is due, and a read does not block writers.
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
    /// When the database fails: it will be delivered again.
    pub async fn remove_mail(&self, mail: &Id) -> Result<(), StoreError> {
        self.execute(|| sqlx::query("DELETE FROM mails WHERE id = $1").bind(mail.as_str())).await?;
        Ok(())
    }

    /// The number of queued mails.
    pub async fn count_mails(&self) -> Result<u64, StoreError> {
        let row = sqlx::query("SELECT count(*) AS count FROM mails").fetch_one(&self.readers).await?;
        Ok(u64::try_from(row.try_get::<i64, _>("count")?).unwrap_or_default())
    }
}

/// Commits a transaction with its event and its mail if `happened`, and returns that flag.
pub(super) async fn notify_if(
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

/// Queues mails in the transaction of the change that they are about.
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
