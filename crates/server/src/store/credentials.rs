//! What an account is signed in to with.

use jiff::Timestamp;
use sqlx::{AnyConnection, any::AnyQueryResult};

use super::StoreError;
use crate::domain::{account::NameKey, id::Id};

/// Gives an account another email; `false` when it is that of another account. Then nothing else can be done in the transaction.
pub(super) async fn set_email(connection: &mut AnyConnection, account: &Id, email: &str) -> Result<bool, StoreError> {
    let changed = sqlx::query("UPDATE accounts SET email = $2, email_key = $3 WHERE id = $1")
        .bind(account.as_str())
        .bind(email)
        .bind(NameKey::new(email).as_str())
        .execute(connection);
    unless_taken(changed.await)
}

/// Gives an account another name; `false` when it is that of another account, as for [`set_email`].
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

/// The account has another password, of its user's choice. What the old one has opened ends by
/// [`end_what_was_opened`](super::endings::end_what_was_opened), in the same transaction.
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
