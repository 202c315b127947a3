//! What ends when an account is proved in another way than before, and what waits for a mail to be answered.

use sqlx::AnyConnection;

use super::{StoreError, login_tokens};
use crate::domain::id::Id;

/// Ends everything that password and second factor of an account have opened: its sessions with their tokens, but for
/// the one that asks; its trusted browsers; its sign-ins that wait for a second step; its email that waits to be
/// confirmed, which another may have asked for; the link in a mail that resets its password; its temporary login
/// token that is not used yet. For every change of password, second factor or status, in the transaction of the change.
/// How many sessions there were.
pub(super) async fn end_what_was_opened(
    connection: &mut AnyConnection,
    account: &Id,
    but_for: Option<&Id>,
) -> Result<u64, StoreError> {
    cancel_email_change(&mut *connection, account).await?;
    cancel_password_reset(&mut *connection, account).await?;
    login_tokens::end_of_account(&mut *connection, account).await?;
    for table in ["DELETE FROM trusted_devices WHERE account_id = $1", "DELETE FROM challenges WHERE account_id = $1"] {
        sqlx::query(table).bind(account.as_str()).execute(&mut *connection).await?;
    }
    let sessions = sqlx::query("DELETE FROM sessions WHERE account_id = $1 AND id <> $2")
        .bind(account.as_str())
        .bind(but_for.map_or("", Id::as_str))
        .execute(connection)
        .await?;
    Ok(sessions.rows_affected())
}

/// No email waits to be confirmed any more.
pub(super) async fn cancel_email_change(connection: &mut AnyConnection, account: &Id) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM email_changes WHERE account_id = $1 AND used_at IS NULL")
        .bind(account.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// No token that was sent to reset the password counts any more.
pub(super) async fn cancel_password_reset(connection: &mut AnyConnection, account: &Id) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM password_resets WHERE account_id = $1 AND used_at IS NULL")
        .bind(account.as_str())
        .execute(connection)
        .await?;
    Ok(())
}
