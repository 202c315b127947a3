//! Accounts.

use std::sync::atomic::Ordering;

use jiff::Timestamp;

use super::{
    Store, StoreError, audit,
    credentials::set_password,
    device_tokens::end_device_tokens,
    email_changes::{self, NewEmail},
    email_reverts,
    endings::end_all_access,
    mails::{self, SealedMail},
    row::{self, account_columns},
};
use crate::domain::{
    account::{Account, NameKey, Status},
    audit::Entry,
    clock,
    id::Id,
};
use sqlx::{Any, AnyConnection, Row as _, any::AnyArguments, query::Query};

/// A new account.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// The account.
    pub account: Account,
    /// The password hash, a PHC string.
    pub password_hash: Option<String>,
}

/// An account with its password hash.
#[derive(Debug, Clone)]
pub struct Login {
    /// The account.
    pub account: Account,
    /// A PHC string; `None` if the account has no password.
    pub password_hash: Option<String>,
}

/// The new credentials of an account.
#[derive(Debug, Clone)]
pub struct NewCredentials {
    /// The username.
    pub username: String,
    /// The email.
    pub email: String,
    /// Another email, which must be confirmed.
    pub awaited: Option<NewEmail>,
    /// The password hash, a PHC string.
    pub password_hash: String,
}

/// The condition for replacing credentials.
#[derive(Debug, Clone, Copy)]
pub enum Replaceable<'a> {
    /// The initial password is still in use.
    StillInitial,
    /// This session is live. The change ends it, so of two concurrent changes one fails.
    By(&'a Id),
}

/// The outcome of replacing credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replaced {
    /// They were replaced.
    Done,
    /// Nothing was changed: another account has the name or email.
    NameTaken,
    /// Nothing was changed: the [`Replaceable`] condition does not hold any more.
    TooLate,
}

/// An `INSERT` of the values of [`bind_account`], to be followed by a condition.
macro_rules! insert_account {
    () => {
        "INSERT INTO accounts (id, username, username_key, email, email_key, name, role, status, password_hash, \
         password_is_initial, password_changed_at, created_at) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12"
    };
}

impl Store {
    /// The account with this username or email.
    pub async fn find_login(&self, name: &NameKey) -> Result<Option<Login>, StoreError> {
        let row = sqlx::query(concat!(
            "SELECT ",
            account_columns!(),
            ", a.password_hash FROM accounts a WHERE a.username_key IN ($1, $2) OR a.email_key IN ($1, $2) \
             ORDER BY a.username_key = $1 OR a.email_key = $1 DESC LIMIT 1"
        ))
        .bind(name.as_str())
        .bind(name.earlier())
        .fetch_optional(&self.readers)
        .await?;
        row.map(|row| Ok(Login { account: row::account(&row)?, password_hash: row.try_get("password_hash")? }))
            .transpose()
    }

    /// Creates the first account of the database; `false` when there is an account already.
    pub async fn insert_first_account(&self, new: &NewAccount, entry: &Entry) -> Result<bool, StoreError> {
        self.write(|mut transaction| async move {
            let query = sqlx::query(concat!(insert_account!(), " WHERE NOT EXISTS (SELECT 1 FROM accounts)"));
            let made = bind_account(query, new).execute(&mut *transaction).await?.rows_affected() == 1;
            audit::record_if(made, transaction, entry).await
        })
        .await
    }

    /// Creates an account; `false` when another has its name or email.
    pub async fn insert_account(&self, new: &NewAccount, entry: &Entry) -> Result<bool, StoreError> {
        self.write(|mut transaction| async move {
            let made = insert(&mut transaction, new).await?;
            audit::record_if(made, transaction, entry).await
        })
        .await
    }

    /// All accounts, by username.
    pub async fn list_accounts(&self) -> Result<Vec<Account>, StoreError> {
        let rows = sqlx::query(concat!("SELECT ", account_columns!(), " FROM accounts a ORDER BY a.username_key"))
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(row::account).collect()
    }

    /// Replaces a password, and ends everything that the old one opened.
    pub async fn replace_password(
        &self,
        account: &Id,
        password_hash: &str,
        entry: &Entry,
        notice: &SealedMail,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|mut transaction| async move {
            set_password(&mut transaction, account, password_hash, now).await?;
            email_reverts::doubt(&mut transaction, account).await?;
            end_all_access(&mut transaction, account, None).await?;
            mails::notify_if(true, transaction, entry, notice).await?;
            Ok(())
        })
        .await
    }

    /// Suspends or activates an account; `false` when it has that status already. Suspending ends its sessions and
    /// revokes its devices, permanently.
    pub async fn set_status(
        &self,
        account: &Id,
        status: Status,
        entry: &Entry,
        notice: &SealedMail,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write(|mut transaction| async move {
            let changed = sqlx::query("UPDATE accounts SET status = $2 WHERE id = $1 AND status <> $2")
                .bind(account.as_str())
                .bind(status.as_str())
                .execute(&mut *transaction)
                .await?;
            if status == Status::Suspended {
                email_reverts::doubt(&mut transaction, account).await?;
                end_all_access(&mut transaction, account, None).await?;
                end_device_tokens(&mut transaction, account, now).await?;
            }
            mails::notify_if(changed.rows_affected() > 0, transaction, entry, notice).await
        })
        .await
    }

    /// Ends all sessions of an account and returns their number.
    pub async fn end_sessions_of(&self, account: &Id, entry: &Entry) -> Result<u64, StoreError> {
        self.write(|mut transaction| async move {
            let result = sqlx::query("DELETE FROM sessions WHERE account_id = $1")
                .bind(account.as_str())
                .execute(&mut *transaction)
                .await?;
            audit::record_if(result.rows_affected() > 0, transaction, entry).await?;
            Ok(result.rows_affected())
        })
        .await
    }

    /// Replaces the hash of an unchanged password; `false` when it has changed.
    pub async fn update_password_hash(&self, account: &Id, old: &str, new: &str) -> Result<bool, StoreError> {
        let result = self
            .execute(|| {
                sqlx::query("UPDATE accounts SET password_hash = $3 WHERE id = $1 AND password_hash = $2")
                    .bind(account.as_str())
                    .bind(old)
                    .bind(new)
            })
            .await?;
        Ok(result.rows_affected() == 1)
    }

    /// The active account that still has its initial password.
    ///
    /// The sign-in page asks for it on every visit. Once a database with accounts has none, it never has one again:
    /// only the first account of an empty database begins with such a password. So that answer is cached forever,
    /// and stays right for any number of servers.
    pub async fn initial_account(&self) -> Result<Option<Account>, StoreError> {
        if self.has_been_set_up.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let row = sqlx::query(concat!(
            "SELECT ",
            account_columns!(),
            " FROM accounts a WHERE a.password_is_initial = 1 LIMIT 1"
        ))
        .fetch_optional(&self.readers)
        .await?;
        let account = row.as_ref().map(row::account).transpose()?;
        if account.is_none() {
            let any = sqlx::query("SELECT 1 FROM accounts LIMIT 1").fetch_optional(&self.readers).await?;
            self.has_been_set_up.store(any.is_some(), Ordering::Relaxed);
        }
        Ok(account.filter(|account| account.status == Status::Active))
    }

    /// The hash of an account's password.
    pub async fn password_hash(&self, account: &Id) -> Result<Option<String>, StoreError> {
        let row = sqlx::query("SELECT password_hash FROM accounts WHERE id = $1")
            .bind(account.as_str())
            .fetch_optional(&self.readers)
            .await?;
        Ok(row.map(|row| row.try_get("password_hash")).transpose()?.flatten())
    }

    /// Replaces names and password, and ends everything that the old ones opened.
    pub async fn replace_credentials(
        &self,
        account: &Id,
        new: &NewCredentials,
        replaceable: Replaceable<'_>,
        (entries, notices): (&[Entry], &[SealedMail]),
        now: Timestamp,
    ) -> Result<Replaced, StoreError> {
        let session = match replaceable {
            Replaceable::StillInitial => None,
            Replaceable::By(session) => Some(session),
        };
        self.write(|mut transaction| async move {
            let result = sqlx::query(
                "UPDATE accounts SET username = $2, username_key = $3, email = $4, email_key = $5 \
                 WHERE id = $1 AND ($6 = 1 AND password_is_initial = 1 \
                 OR EXISTS (SELECT 1 FROM sessions WHERE id = $7 AND account_id = $1))",
            )
            .bind(account.as_str())
            .bind(&new.username)
            .bind(NameKey::new(&new.username).as_str())
            .bind(&new.email)
            .bind(NameKey::new(&new.email).as_str())
            .bind(i64::from(session.is_none()))
            .bind(session.map(Id::as_str))
            .execute(&mut *transaction)
            .await;
            match result {
                Ok(result) if result.rows_affected() == 1 => {}
                Ok(_) => return Ok(Replaced::TooLate),
                Err(sqlx::Error::Database(error)) if error.is_unique_violation() => return Ok(Replaced::NameTaken),
                Err(error) => return Err(error.into()),
            }
            set_password(&mut transaction, account, &new.password_hash, now).await?;
            email_reverts::doubt(&mut transaction, account).await?;
            end_all_access(&mut transaction, account, None).await?;
            if let Some(email) = &new.awaited {
                email_changes::put(&mut transaction, account, email).await?;
            }
            mails::queue(&mut transaction, notices).await?;
            audit::record_all(&mut transaction, entries).await?;
            transaction.commit().await?;
            Ok(Replaced::Done)
        })
        .await
    }
}

/// Creates an account; `false` when another has its name or email.
pub(super) async fn insert(connection: &mut AnyConnection, new: &NewAccount) -> Result<bool, StoreError> {
    // SQLite requires a `WHERE` between `SELECT` and `ON CONFLICT`.
    let query = sqlx::query(concat!(insert_account!(), " WHERE true ON CONFLICT DO NOTHING"));
    Ok(bind_account(query, new).execute(connection).await?.rows_affected() == 1)
}

fn bind_account<'q>(query: Query<'q, Any, AnyArguments>, new: &'q NewAccount) -> Query<'q, Any, AnyArguments> {
    let account = &new.account;
    query
        .bind(account.id.as_str())
        .bind(&account.username)
        .bind(NameKey::new(&account.username).as_str().to_owned())
        .bind(&account.email)
        .bind(NameKey::new(&account.email).as_str().to_owned())
        .bind(&account.name)
        .bind(account.role.as_str())
        .bind(account.status.as_str())
        .bind(&new.password_hash)
        .bind(i64::from(account.password_is_initial))
        .bind(account.password_changed_at.as_millisecond())
        .bind(account.created_at.as_millisecond())
}

/// Corrects the time of the password if the clock was ahead when it was set: otherwise new proofs of identity would
/// count as older than the password until that time. Proofs of an earlier password stay invalid.
pub(super) async fn correct_password_time(
    connection: &mut AnyConnection,
    account: &Id,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE accounts SET password_changed_at = $2 WHERE id = $1 AND password_changed_at > $3")
        .bind(account.as_str())
        .bind(now.as_millisecond())
        .bind(clock::latest(now).as_millisecond())
        .execute(connection)
        .await?;
    Ok(())
}
