//! Enabling and disabling two-factor authentication.

use jiff::Timestamp;
use sqlx::{AnyConnection, Row as _};

use super::{
    Store, StoreError,
    endings::end_all_access,
    mails::{self, SealedMail},
};
use crate::domain::{audit::Entry, id::Id, totp::Step};

/// The confirmation of a new secret.
#[derive(Debug, Clone)]
pub struct Enrolment<'a> {
    /// The account.
    pub account: &'a Id,
    /// The session that requested the secret; it continues, all others end.
    pub session: &'a Id,
    /// The sealed secret.
    pub sealed: &'a [u8],
    /// The step of the code, which is used up.
    pub step: Step,
    /// The hashes of the recovery codes.
    pub recovery_codes: &'a [Vec<u8>],
    /// The audit event.
    pub entry: &'a Entry,
    /// The notice to the user.
    pub notice: &'a SealedMail,
}

impl Store {
    /// Stores the pending secret of a session, in place of the previous one.
    pub async fn put_enrolment(&self, session: &Id, sealed: &[u8], expires_at: Timestamp) -> Result<(), StoreError> {
        self.execute(|| {
            sqlx::query(
                "INSERT INTO totp_enrolments (session_id, secret, expires_at) \
                 SELECT $1, $2, $3 WHERE EXISTS (SELECT 1 FROM sessions WHERE id = $1) \
                 ON CONFLICT (session_id) DO UPDATE SET secret = excluded.secret, expires_at = excluded.expires_at",
            )
            .bind(session.as_str())
            .bind(sealed)
            .bind(expires_at.as_millisecond())
        })
        .await?;
        Ok(())
    }

    /// The pending secret of a session.
    pub async fn enrolment(&self, session: &Id, now: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
        let row = sqlx::query("SELECT secret FROM totp_enrolments WHERE session_id = $1 AND expires_at > $2")
            .bind(session.as_str())
            .bind(now.as_millisecond())
            .fetch_optional(&self.readers)
            .await?;
        Ok(row.map(|row| row.try_get("secret")).transpose()?)
    }

    /// Enables two-factor authentication, and ends what was opened without it; `false` when it is enabled already
    /// or the enrolment has expired.
    pub async fn enable_totp(&self, enrolment: Enrolment<'_>, now: Timestamp) -> Result<bool, StoreError> {
        self.write(|mut transaction| async move {
            let taken =
                sqlx::query("DELETE FROM totp_enrolments WHERE session_id = $1 AND secret = $2 AND expires_at > $3")
                    .bind(enrolment.session.as_str())
                    .bind(enrolment.sealed)
                    .bind(now.as_millisecond())
                    .execute(&mut *transaction)
                    .await?;
            let enabled = sqlx::query(
                "UPDATE accounts SET totp_secret = $2, wrong_second_factors = 0 WHERE id = $1 AND totp_secret IS NULL",
            )
            .bind(enrolment.account.as_str())
            .bind(enrolment.sealed)
            .execute(&mut *transaction)
            .await?;
            if taken.rows_affected() == 0 || enabled.rows_affected() == 0 {
                return Ok(false);
            }
            // Earlier steps were of another secret.
            sqlx::query("DELETE FROM totp_steps WHERE account_id = $1")
                .bind(enrolment.account.as_str())
                .execute(&mut *transaction)
                .await?;
            sqlx::query("INSERT INTO totp_steps (account_id, step) VALUES ($1, $2)")
                .bind(enrolment.account.as_str())
                .bind(enrolment.step.0)
                .execute(&mut *transaction)
                .await?;
            put_recovery_codes(&mut transaction, enrolment.account, enrolment.recovery_codes).await?;
            end_all_access(&mut transaction, enrolment.account, Some(enrolment.session)).await?;
            mails::notify_if(true, transaction, enrolment.entry, enrolment.notice).await
        })
        .await
    }

    /// Disables two-factor authentication: recovery codes become invalid, and all sessions except this one end.
    /// `false` when it was disabled already.
    pub async fn disable_totp(
        &self,
        account: &Id,
        but_for: Option<&Id>,
        entry: &Entry,
        notice: &SealedMail,
    ) -> Result<bool, StoreError> {
        self.write(|mut transaction| async move {
            let disabled = sqlx::query(
                "UPDATE accounts SET totp_secret = NULL, wrong_second_factors = 0 \
                 WHERE id = $1 AND totp_secret IS NOT NULL",
            )
            .bind(account.as_str())
            .execute(&mut *transaction)
            .await?;
            put_recovery_codes(&mut transaction, account, &[]).await?;
            end_all_access(&mut transaction, account, but_for).await?;
            mails::notify_if(disabled.rows_affected() > 0, transaction, entry, notice).await
        })
        .await
    }

    /// Replaces the recovery codes of an account; `false` when two-factor authentication is off.
    pub async fn replace_recovery_codes(
        &self,
        account: &Id,
        hashes: &[Vec<u8>],
        entry: &Entry,
        notice: &SealedMail,
    ) -> Result<bool, StoreError> {
        self.write(|mut transaction| async move {
            let enabled = sqlx::query("SELECT 1 FROM accounts WHERE id = $1 AND totp_secret IS NOT NULL")
                .bind(account.as_str())
                .fetch_optional(&mut *transaction)
                .await?;
            if enabled.is_none() {
                return Ok(false);
            }
            put_recovery_codes(&mut transaction, account, hashes).await?;
            mails::notify_if(true, transaction, entry, notice).await
        })
        .await
    }
}

async fn put_recovery_codes(
    connection: &mut AnyConnection,
    account: &Id,
    hashes: &[Vec<u8>],
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM recovery_codes WHERE account_id = $1")
        .bind(account.as_str())
        .execute(&mut *connection)
        .await?;
    for hash in hashes {
        sqlx::query("INSERT INTO recovery_codes (account_id, hash) VALUES ($1, $2)")
            .bind(account.as_str())
            .bind(hash)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}
