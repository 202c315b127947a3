//! Accounts.

use super::{
    Store, StoreError,
    row::{self, account_columns},
};
use crate::domain::{
    account::{Account, NameKey, Status},
    id::Id,
};
use sqlx::Row as _;

/// An account that is about to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// The account.
    pub account: Account,
    /// A PHC string.
    pub password_hash: Option<String>,
}

/// What a sign-in is checked against.
#[derive(Debug, Clone)]
pub struct Login {
    /// The account.
    pub account: Account,
    /// A PHC string; `None` when the account has no password.
    pub password_hash: Option<String>,
}

impl Store {
    /// The account with this user name or email.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find_login(&self, name: &NameKey) -> Result<Option<Login>, StoreError> {
        let row = sqlx::query(concat!(
            "SELECT ",
            account_columns!(),
            ", a.password_hash FROM accounts a WHERE a.username_key = $1 OR a.email_key = $1"
        ))
        .bind(name.as_str())
        .fetch_optional(&self.readers)
        .await?;
        row.map(|row| Ok(Login { account: row::account(&row)?, password_hash: row.try_get("password_hash")? }))
            .transpose()
    }

    /// Makes the first account of the database; `false`, and nothing made, when there is one already.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn insert_first_account(&self, new: &NewAccount) -> Result<bool, StoreError> {
        let account = &new.account;
        let result = sqlx::query(
            "INSERT INTO accounts (id, username, username_key, email, email_key, name, role, status, password_hash, \
             password_is_initial, created_at) \
             SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 WHERE NOT EXISTS (SELECT 1 FROM accounts)",
        )
        .bind(account.id.as_str())
        .bind(&account.username)
        .bind(NameKey::new(&account.username).as_str())
        .bind(&account.email)
        .bind(NameKey::new(&account.email).as_str())
        .bind(&account.name)
        .bind(account.role.as_str())
        .bind(account.status.as_str())
        .bind(&new.password_hash)
        .bind(i64::from(account.password_is_initial))
        .bind(account.created_at.as_millisecond())
        .execute(&self.writer)
        .await?;
        Ok(result.rows_affected() == 1)
    }

    /// Replaces the stored hash of an unchanged password.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn update_password_hash(&self, account: &Id, old: &str, new: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE accounts SET password_hash = $3 WHERE id = $1 AND password_hash = $2")
            .bind(account.as_str())
            .bind(old)
            .bind(new)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Whether an active account still has the password of the first start.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn initial_password_in_force(&self) -> Result<bool, StoreError> {
        let found = sqlx::query("SELECT 1 FROM accounts WHERE password_is_initial = 1 AND status = $1 LIMIT 1")
            .bind(Status::Active.as_str())
            .fetch_optional(&self.readers)
            .await?;
        Ok(found.is_some())
    }
}
