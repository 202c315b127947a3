//! What ends when an account is proved in another way than before.

use sqlx::AnyConnection;

use super::{StoreError, email_changes, login_tokens, password_resets};
use crate::domain::id::Id;

/// Ends everything that password and second factor of an account have opened: its sessions with their tokens, but for
/// the one that asks; its trusted browsers; its sign-ins that wait for a second step; its email that waits to be
/// confirmed, which somebody else may have asked for; the link in a mail that resets its password; its temporary login
/// token that nobody has used. For every change of password, second factor or status, in the transaction of the change.
/// How many sessions there were.
pub(super) async fn end_what_was_opened(
    connection: &mut AnyConnection,
    account: &Id,
    but_for: Option<&Id>,
) -> Result<u64, StoreError> {
    email_changes::cancel(&mut *connection, account).await?;
    password_resets::cancel(&mut *connection, account).await?;
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
