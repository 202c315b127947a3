//! Using second factors: one-time and recovery codes, and pending second steps.

use jiff::Timestamp;
use sqlx::{Row as _, any::AnyRow};

use super::{
    Store, StoreError,
    mails::{self, SealedMail},
    row::{self, account_columns},
};
use crate::domain::{
    account::{Account, Status},
    audit::Entry,
    id::Id,
    second_factor::CHALLENGE_ATTEMPTS,
    token::TokenHash,
    totp::Step,
};

/// An attempt at a second factor, counted as wrong until it succeeds.
#[derive(Debug, Clone)]
pub struct CountedFactor {
    /// The sealed secret of the account's one-time codes.
    pub sealed: Vec<u8>,
    /// The number of wrong codes in a row, including this attempt.
    pub wrong: u32,
}

/// A new second step.
#[derive(Debug, Clone, Copy)]
pub struct NewChallenge<'a> {
    /// The hash of its token.
    pub token: TokenHash,
    /// The account.
    pub account: &'a Id,
    /// The hash against which the password was checked.
    pub password_hash: &'a str,
    /// When it expires.
    pub expires_at: Timestamp,
}

impl Store {
    /// Counts an attempt at a second factor before it is checked; `None` when two-factor authentication is off.
    pub async fn count_second_factor(&self, account: &Id) -> Result<Option<CountedFactor>, StoreError> {
        self.write(|mut transaction| async move {
            let row = sqlx::query(
                "UPDATE accounts SET wrong_second_factors = wrong_second_factors + 1 \
                 WHERE id = $1 AND totp_secret IS NOT NULL RETURNING totp_secret, wrong_second_factors",
            )
            .bind(account.as_str())
            .fetch_optional(&mut *transaction)
            .await?;
            transaction.commit().await?;
            row.map(|row| counted(&row)).transpose()
        })
        .await
    }

    /// Undoes the count of an undecided attempt.
    ///
    /// # Errors
    /// When the database fails: it stays counted.
    pub async fn take_back_second_factor(&self, account: &Id) -> Result<(), StoreError> {
        self.execute(|| {
            sqlx::query(
                "UPDATE accounts SET wrong_second_factors = wrong_second_factors - 1 \
                 WHERE id = $1 AND wrong_second_factors > 0",
            )
            .bind(account.as_str())
        })
        .await?;
        Ok(())
    }

    /// Uses the code of a step; `false` when it or a later one up to `latest` was used already, or the secret was
    /// replaced. A single statement decides, so that of two concurrent attempts only one succeeds (RFC 6238 §5.2).
    pub async fn use_totp_step(
        &self,
        account: &Id,
        sealed: &[u8],
        step: Step,
        latest: Step,
    ) -> Result<bool, StoreError> {
        self.write(|mut transaction| async move {
            let used = sqlx::query(
                "INSERT INTO totp_steps (account_id, step) SELECT $1, $3 \
                 WHERE EXISTS (SELECT 1 FROM accounts WHERE id = $1 AND totp_secret = $2) \
                 AND NOT EXISTS (SELECT 1 FROM totp_steps WHERE account_id = $1 AND step >= $3 AND step <= $4) \
                 ON CONFLICT DO NOTHING",
            )
            .bind(account.as_str())
            .bind(sealed)
            .bind(step.0)
            .bind(latest.0)
            .execute(&mut *transaction)
            .await?;
            if used.rows_affected() == 0 {
                return Ok(false);
            }
            sqlx::query("UPDATE accounts SET wrong_second_factors = 0 WHERE id = $1")
                .bind(account.as_str())
                .execute(&mut *transaction)
                .await?;
            sqlx::query("DELETE FROM totp_steps WHERE account_id = $1 AND step < $2")
                .bind(account.as_str())
                .bind(step.0.saturating_sub(Step::MEMORY))
                .execute(&mut *transaction)
                .await?;
            transaction.commit().await?;
            Ok(true)
        })
        .await
    }

    /// Uses a recovery code, given the hashes under which it may be stored; `false` when the account has no such
    /// code.
    pub async fn use_recovery_code(
        &self,
        account: &Id,
        hashes: &[Vec<u8>],
        entry: &Entry,
        notice: &SealedMail,
    ) -> Result<bool, StoreError> {
        self.write(|mut transaction| async move {
            let mut used = 0;
            for hash in hashes {
                let result = sqlx::query("DELETE FROM recovery_codes WHERE account_id = $1 AND hash = $2")
                    .bind(account.as_str())
                    .bind(hash)
                    .execute(&mut *transaction)
                    .await?;
                used += result.rows_affected();
            }
            if used > 0 {
                sqlx::query("UPDATE accounts SET wrong_second_factors = 0 WHERE id = $1")
                    .bind(account.as_str())
                    .execute(&mut *transaction)
                    .await?;
            }
            mails::notify_if(used > 0, transaction, entry, notice).await
        })
        .await
    }

    /// Stores a pending second step; `false` when meanwhile the account was suspended, its password changed, or
    /// two-factor authentication disabled.
    pub async fn put_challenge(&self, new: NewChallenge<'_>) -> Result<bool, StoreError> {
        let result = self
            .execute(|| {
                sqlx::query(
                    "INSERT INTO challenges (token_hash, account_id, expires_at) SELECT $1, $2, $3 WHERE EXISTS \
                     (SELECT 1 FROM accounts WHERE id = $2 AND password_hash = $4 AND totp_secret IS NOT NULL AND status = $5)",
                )
                .bind(new.token.as_bytes())
                .bind(new.account.as_str())
                .bind(new.expires_at.as_millisecond())
                .bind(new.password_hash)
                .bind(Status::Active.as_str())
            })
            .await?;
        Ok(result.rows_affected() > 0)
    }

    /// The account of a pending second step; `None` when there is none, or it has no attempts left.
    pub async fn challenged(&self, token: TokenHash, now: Timestamp) -> Result<Option<Account>, StoreError> {
        let row = sqlx::query(concat!(
            "SELECT ",
            account_columns!(),
            " FROM challenges c JOIN accounts a ON a.id = c.account_id \
             WHERE c.token_hash = $1 AND c.expires_at > $2 AND c.attempts < $3 AND a.status = $4"
        ))
        .bind(token.as_bytes())
        .bind(now.as_millisecond())
        .bind(i64::from(CHALLENGE_ATTEMPTS))
        .bind(Status::Active.as_str())
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(row::account).transpose()
    }

    /// Counts a code before it is checked; `false` when the second step has no attempts left.
    pub async fn count_challenge(&self, token: TokenHash, now: Timestamp) -> Result<bool, StoreError> {
        let result = self
            .execute(|| {
                sqlx::query(
                    "UPDATE challenges SET attempts = attempts + 1 \
                     WHERE token_hash = $1 AND expires_at > $2 AND attempts < $3",
                )
                .bind(token.as_bytes())
                .bind(now.as_millisecond())
                .bind(i64::from(CHALLENGE_ATTEMPTS))
            })
            .await?;
        Ok(result.rows_affected() > 0)
    }

    /// Removes expired rows and returns their number: pending second steps, unconfirmed secrets, trusted browsers.
    pub async fn prune_second_factors(&self, now: Timestamp) -> Result<u64, StoreError> {
        let mut removed = 0;
        for statement in [
            "DELETE FROM challenges WHERE expires_at <= $1",
            "DELETE FROM totp_enrolments WHERE expires_at <= $1",
            "DELETE FROM trusted_devices WHERE expires_at <= $1",
        ] {
            removed += self.execute(|| sqlx::query(statement).bind(now.as_millisecond())).await?.rows_affected();
        }
        Ok(removed)
    }
}

fn counted(row: &AnyRow) -> Result<CountedFactor, StoreError> {
    Ok(CountedFactor {
        sealed: row.try_get("totp_secret")?,
        wrong: u32::try_from(row.try_get::<i64, _>("wrong_second_factors")?).unwrap_or(u32::MAX),
    })
}
