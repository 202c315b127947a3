//! The credentials of an account.

use jiff::Timestamp;
use sqlx::{AnyConnection, any::AnyQueryResult};

use super::StoreError;
use crate::domain::{account::NameKey, id::Id};

/// Changes the email of an account; `false` when another account has it. The transaction can't be used further
/// then.
pub(super) async fn set_email(connection: &mut AnyConnection, account: &Id, email: &str) -> Result<bool, StoreError> {
    let changed = sqlx::query("UPDATE accounts SET email = $2, email_key = $3 WHERE id = $1")
        .bind(account.as_str())
        .bind(email)
        .bind(NameKey::new(email).as_str())
        .execute(connection);
    unless_taken(changed.await)
}

/// Changes the username of an account; `false` when another account has it, as in [`set_email`].
pub(super) async fn set_username(
    connection: &mut AnyConnection,
    account: &Id,
    username: &str,
) -> Result<bool, StoreError> {
    let changed = sqlx::query("UPDATE accounts SET username = $2, username_key = $3 WHERE id = $1")
        .bind(account.as_str())
        .bind(username)
        .bind(NameKey::new(username).as_str())
        .execute(connection);
    unless_taken(changed.await)
}

fn unless_taken(changed: Result<AnyQueryResult, sqlx::Error>) -> Result<bool, StoreError> {
    match changed {
        Ok(_) => Ok(true),
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Changes the password of an account to one that its user chose. In the same transaction,
/// [`end_all_access`](super::endings::end_all_access) ends what the old one opened.
pub(super) async fn set_password(
    connection: &mut AnyConnection,
    account: &Id,
    hash: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE accounts SET password_hash = $2, password_is_initial = 0, password_changed_at = $3 WHERE id = $1",
    )
    .bind(account.as_str())
    .bind(hash)
    .bind(now.as_millisecond())
    .execute(connection)
    .await?;
    Ok(())
}
