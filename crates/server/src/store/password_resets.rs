//! Password resets by mail.

use jiff::Timestamp;
use sqlx::{AnyConnection, Row as _, any::AnyRow};

use super::{
    Store, StoreError, audit,
    credentials::set_password,
    endings::end_all_access,
    mails::{self, SealedMail},
    row::{self, account_columns},
};
use crate::domain::{
    account::{Account, Status},
    audit::Entry,
    id::Id,
    token::TokenHash,
};

/// A pending request for a reset mail.
#[derive(Debug, Clone)]
pub struct PasswordRequest {
    /// The id, to which the sealed data is bound.
    pub id: Id,
    /// The sealed request.
    pub sealed: Vec<u8>,
    /// The wide network of the client.
    pub network: String,
}

/// The maximum number of pending requests, of all clients together. They are processed within moments.
const MOST_WAITING: i64 = 500;

/// A new token.
#[derive(Debug, Clone)]
pub struct NewReset<'a> {
    /// Its hash.
    pub token: TokenHash,
    /// The account whose password it resets.
    pub account: &'a Id,
    /// When it expires.
    pub expires_at: Timestamp,
    /// The mail with the token.
    pub mail: SealedMail,
    /// The audit event.
    pub entry: &'a Entry,
}

/// The result of processing a request.
#[derive(Debug, Clone, Copy)]
pub enum Processed<'a> {
    /// A token, with its mail.
    Sent(&'a NewReset<'a>),
    /// Nothing to send; a blank mail is queued instead.
    Blank(&'a SealedMail),
}

/// A reset token.
#[derive(Debug, Clone)]
pub struct Reset {
    /// The account whose password it resets.
    pub account: Account,
    /// When it expires.
    pub expires_at: Timestamp,
    /// Whether it was used.
    pub is_used: bool,
}

impl Store {
    /// Stores a request; `false` when there is no room. If too many are pending, the oldest one from the network
    /// that has the most is dropped; if every network has only one, none is, because they have been acknowledged.
    pub async fn put_password_request(&self, request: &PasswordRequest, now: Timestamp) -> Result<bool, StoreError> {
        self.write_alone("password_requests", |mut transaction| async move {
            let waiting =
                sqlx::query("SELECT COUNT(*) AS waiting FROM password_requests").fetch_one(&mut *transaction).await?;
            if waiting.try_get::<i64, _>("waiting")? >= MOST_WAITING {
                let dropped = sqlx::query(
                    "DELETE FROM password_requests WHERE id = (SELECT MIN(id) FROM password_requests WHERE network = \
                     (SELECT network FROM password_requests GROUP BY network HAVING COUNT(*) > 1 \
                     ORDER BY COUNT(*) DESC, MIN(id) LIMIT 1))",
                );
                if dropped.execute(&mut *transaction).await?.rows_affected() == 0 {
                    return Ok(false);
                }
            }
            sqlx::query("INSERT INTO password_requests (id, sealed, created_at, network) VALUES ($1, $2, $3, $4)")
                .bind(request.id.as_str())
                .bind(&request.sealed)
                .bind(now.as_millisecond())
                .bind(&request.network)
                .execute(&mut *transaction)
                .await?;
            transaction.commit().await?;
            Ok(true)
        })
        .await
    }

    /// The oldest request; `None` while the mail queue has no room for it. Then requests pile up, and in the end
    /// new ones are refused.
    pub async fn next_password_request(&self) -> Result<Option<PasswordRequest>, StoreError> {
        let mails =
            sqlx::query("SELECT COUNT(*) AS waiting FROM mails WHERE account_id = ''").fetch_one(&self.readers).await?;
        if mails.try_get::<i64, _>("waiting")? >= mails::MOST_ASKED_FOR {
            return Ok(None);
        }
        let row = sqlx::query("SELECT id, sealed, network FROM password_requests ORDER BY id LIMIT 1")
            .fetch_optional(&self.readers)
            .await?;
        let request = |row: AnyRow| {
            let id = Id::stored(row.try_get("id")?);
            Ok(PasswordRequest { id, sealed: row.try_get("sealed")?, network: row.try_get("network")? })
        };
        row.map(request).transpose()
    }

    /// Processes a request in one transaction, once. A new token replaces the previous one. In both cases a mail is
    /// queued.
    pub async fn process_password_request(&self, request: &Id, settled: Processed<'_>) -> Result<(), StoreError> {
        self.write(|mut transaction| async move {
            let taken = sqlx::query("DELETE FROM password_requests WHERE id = $1")
                .bind(request.as_str())
                .execute(&mut *transaction)
                .await?;
            if taken.rows_affected() == 0 {
                return Ok(());
            }
            let mail = match settled {
                Processed::Sent(new) => &new.mail,
                Processed::Blank(blank) => blank,
            };
            mails::queue(&mut transaction, std::slice::from_ref(mail)).await?;
            if let Processed::Sent(new) = settled {
                put(&mut transaction, new.account, new.token, new.expires_at).await?;
                audit::record(&mut transaction, new.entry).await?;
            }
            transaction.commit().await?;
            Ok(())
        })
        .await
    }

    /// A reset token, if its account is active.
    pub async fn find_reset(&self, token: TokenHash) -> Result<Option<Reset>, StoreError> {
        let row = sqlx::query(concat!(
            "SELECT p.expires_at, p.used_at IS NOT NULL AS is_used, ",
            account_columns!(),
            " FROM password_resets p JOIN accounts a ON a.id = p.account_id WHERE p.token_hash = $1 AND a.status = $2"
        ))
        .bind(token.as_bytes())
        .bind(Status::Active.as_str())
        .fetch_optional(&self.readers)
        .await?;
        row.map(|row| {
            Ok(Reset {
                account: row::account(&row)?,
                expires_at: row::time(&row, "expires_at")?,
                is_used: row::flag(&row, "is_used")?,
            })
        })
        .transpose()
    }

    /// Uses a token to set a new password, once. Everything that the old one opened ends, and a notice is queued.
    /// `false` when the token is not valid any more.
    pub async fn reset_password(
        &self,
        token: TokenHash,
        account: &Id,
        password_hash: &str,
        notice: &SealedMail,
        entry: &Entry,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write(|mut transaction| async move {
            let used = sqlx::query(
                "UPDATE password_resets SET used_at = $3 \
                 WHERE token_hash = $1 AND account_id = $2 AND used_at IS NULL AND expires_at > $3 \
                 AND EXISTS (SELECT 1 FROM accounts WHERE id = $2 AND status = $4)",
            )
            .bind(token.as_bytes())
            .bind(account.as_str())
            .bind(now.as_millisecond())
            .bind(Status::Active.as_str())
            .execute(&mut *transaction)
            .await?;
            if used.rows_affected() == 0 {
                return Ok(false);
            }
            set_password(&mut transaction, account, password_hash, now).await?;
            end_all_access(&mut transaction, account, None).await?;
            mails::notify_if(true, transaction, entry, notice).await
        })
        .await
    }

    /// Removes tokens that expired before this time.
    pub async fn prune_password_resets(&self, before: Timestamp) -> Result<(), StoreError> {
        self.execute(|| {
            sqlx::query("DELETE FROM password_resets WHERE expires_at <= $1").bind(before.as_millisecond())
        })
        .await?;
        Ok(())
    }
}

/// Stores the reset token of an account, in place of the previous one.
pub(super) async fn put(
    connection: &mut AnyConnection,
    account: &Id,
    token: TokenHash,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO password_resets (account_id, token_hash, expires_at) VALUES ($1, $2, $3) \
         ON CONFLICT (account_id) DO UPDATE SET token_hash = excluded.token_hash, \
         expires_at = excluded.expires_at, used_at = NULL",
    )
    .bind(account.as_str())
    .bind(token.as_bytes())
    .bind(expires_at.as_millisecond())
    .execute(connection)
    .await?;
    Ok(())
}
