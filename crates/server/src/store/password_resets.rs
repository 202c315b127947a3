//! Passwords that are reset by mail.

use jiff::Timestamp;
use sqlx::{AnyConnection, Row as _, any::AnyRow};

use super::{
    Store, StoreError, audit,
    credentials::set_password,
    endings::end_what_was_opened,
    mails::{self, SealedMail},
    row::{self, account_columns},
};
use crate::domain::{
    account::{Account, Status},
    audit::Entry,
    id::Id,
    token::TokenHash,
};

/// A request for a mail that resets a password.
#[derive(Debug, Clone)]
pub struct PasswordRequest {
    /// Names it, and its place to be sealed at.
    pub id: Id,
    /// Who asks for whom, sealed.
    pub sealed: Vec<u8>,
    /// The wide network that it came from.
    pub network: String,
}

/// How many requests wait at most, of all clients together. They are settled within moments.
const MOST_WAITING: i64 = 500;

/// A token that is about to be sent.
#[derive(Debug, Clone)]
pub struct NewReset<'a> {
    /// Its hash.
    pub token: TokenHash,
    /// Whose password it resets.
    pub account: &'a Id,
    /// Until when it counts.
    pub expires_at: Timestamp,
    /// The mail that has it.
    pub mail: SealedMail,
    /// What is remembered of it.
    pub entry: &'a Entry,
}

/// What a request comes to.
#[derive(Debug, Clone, Copy)]
pub enum Settled<'a> {
    /// A token, and the mail that has it.
    Sent(&'a NewReset<'a>),
    /// Nothing; this mail without a recipient goes the same way.
    Blank(&'a SealedMail),
}

/// A token that was sent.
#[derive(Debug, Clone)]
pub struct Reset {
    /// Whose password it resets.
    pub account: Account,
    /// Until when it counts.
    pub expires_at: Timestamp,
    /// Whether it was used.
    pub is_used: bool,
}

impl Store {
    /// Keeps a request until it is settled; `false` when there is no room. Where too many wait, the oldest of the network that
    /// has most of them makes room, and none does where every network has one: what was answered is not dropped.
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

    /// The oldest request, unless so many mails wait that its own has to: then it waits, and in the end those who ask are refused.
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

    /// Settles a request: all happens or nothing, and once. A new token ends the one before. Both ways queue a mail.
    pub async fn settle_password_request(&self, request: &Id, settled: Settled<'_>) -> Result<(), StoreError> {
        self.write(|mut transaction| async move {
            let taken = sqlx::query("DELETE FROM password_requests WHERE id = $1")
                .bind(request.as_str())
                .execute(&mut *transaction)
                .await?;
            if taken.rows_affected() == 0 {
                return Ok(());
            }
            let mail = match settled {
                Settled::Sent(new) => &new.mail,
                Settled::Blank(blank) => blank,
            };
            mails::queue(&mut transaction, std::slice::from_ref(mail)).await?;
            if let Settled::Sent(new) = settled {
                put(&mut transaction, new.account, new.token, new.expires_at).await?;
                audit::record(&mut transaction, new.entry).await?;
            }
            transaction.commit().await?;
            Ok(())
        })
        .await
    }

    /// The token that was sent, if its account is active.
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

    /// Uses a token for a new password, once. Everything that the old one has opened ends, and a mail says so.
    /// `false`, and nothing happened, when it counts no more.
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
            end_what_was_opened(&mut transaction, account, None).await?;
            mails::tell_if(true, transaction, entry, notice).await
        })
        .await
    }

    /// Removes what expired before this time.
    pub async fn prune_password_resets(&self, before: Timestamp) -> Result<(), StoreError> {
        self.execute(|| {
            sqlx::query("DELETE FROM password_resets WHERE expires_at <= $1").bind(before.as_millisecond())
        })
        .await?;
        Ok(())
    }
}

/// From now on this token resets the password, in place of the one before.
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
