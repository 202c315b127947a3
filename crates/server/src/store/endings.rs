//! What ends with a change of credentials, and pending mails.

use sqlx::AnyConnection;

use super::{StoreError, login_tokens};
use crate::domain::id::Id;

/// Ends what the credentials of an account opened: its sessions with their tokens, except the one of the request;
/// trusted browsers; pending second steps; the pending email, which an attacker may have requested; the password
/// reset link; the unused temporary sign-in token. Called for every change of password, second factor or status, in
/// its transaction. Returns the number of sessions.
pub(super) async fn end_all_access(
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

/// Cancels the pending email.
pub(super) async fn cancel_email_change(connection: &mut AnyConnection, account: &Id) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM email_changes WHERE account_id = $1 AND used_at IS NULL")
        .bind(account.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// Invalidates the password reset token.
pub(super) async fn cancel_password_reset(connection: &mut AnyConnection, account: &Id) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM password_resets WHERE account_id = $1 AND used_at IS NULL")
        .bind(account.as_str())
        .execute(connection)
        .await?;
    Ok(())
}
