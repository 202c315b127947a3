//! Edits of an account by its user.

use jiff::Timestamp;

use super::{
    Store, StoreError, audit,
    credentials::{set_password, set_username},
    email_changes::{self, EmailEdit, NewEmail},
    email_reverts,
    endings::{cancel_email_change, end_all_access},
    mails::{self, SealedMail},
    tokens,
};
use crate::domain::{
    audit::Entry,
    id::Id,
    session::{Session, TokenHash},
};

/// The changes; `None` leaves a field as it is.
#[derive(Debug, Clone)]
pub struct Edit<'a> {
    /// The account.
    pub account: &'a Id,
    /// The session of the request.
    pub session: &'a Session,
    /// The hash of its token.
    pub token: TokenHash,
    /// The new token of the session, if it is rotated.
    pub new_token: Option<TokenHash>,
    /// When the user last proved their identity.
    pub proved_at: Timestamp,
    /// The new username.
    pub username: Option<&'a str>,
    /// The new display name.
    pub name: Option<&'a str>,
    /// The new email, which must be confirmed.
    pub email: EmailEdit<NewEmail>,
    /// The hash of the new password, a PHC string.
    pub password_hash: Option<&'a str>,
    /// The mails about the edit.
    pub mails: &'a [SealedMail],
    /// The audit events of the edit.
    pub entries: &'a [Entry],
}

/// The outcome of an edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edited {
    /// The account was changed.
    Done,
    /// Nothing was changed: another account has the name.
    NameTaken,
    /// Nothing was changed: the session has ended, or its token was rotated.
    SessionGone,
}

impl Store {
    /// Changes an account, completely or not at all. A new password ends everything that the old one opened, except
    /// the session of the request.
    pub async fn edit_account(&self, edit: &Edit<'_>, now: Timestamp) -> Result<Edited, StoreError> {
        self.write(|mut transaction| async move {
            // An edit must not take effect after its session has ended.
            let session =
                sqlx::query("UPDATE sessions SET token_hash = $3, proved_at = $4 WHERE id = $1 AND token_hash = $2")
                    .bind(edit.session.id.as_str())
                    .bind(edit.token.as_bytes())
                    .bind(edit.new_token.unwrap_or(edit.token).as_bytes().to_vec())
                    .bind(edit.proved_at.as_millisecond())
                    .execute(&mut *transaction)
                    .await?;
            if session.rows_affected() == 0 {
                return Ok(Edited::SessionGone);
            }
            if let Some(hash) = edit.password_hash {
                set_password(&mut transaction, edit.account, hash, now).await?;
                end_all_access(&mut transaction, edit.account, Some(&edit.session.id)).await?;
                tokens::end_of_session(&mut transaction, &edit.session.id).await?;
                if edit.session.is_temporary() {
                    email_reverts::doubt(&mut transaction, edit.account).await?;
                }
            }
            if let Some(name) = edit.name {
                sqlx::query("UPDATE accounts SET name = $2 WHERE id = $1")
                    .bind(edit.account.as_str())
                    .bind(name)
                    .execute(&mut *transaction)
                    .await?;
            }
            if let Some(username) = edit.username
                && !set_username(&mut transaction, edit.account, username).await?
            {
                return Ok(Edited::NameTaken);
            }
            match &edit.email {
                EmailEdit::Await(new) => email_changes::put(&mut transaction, edit.account, new).await?,
                EmailEdit::Cancel => cancel_email_change(&mut transaction, edit.account).await?,
                EmailEdit::Keep => {}
            }
            mails::queue(&mut transaction, edit.mails).await?;
            audit::record_all(&mut transaction, edit.entries).await?;
            transaction.commit().await?;
            Ok(Edited::Done)
        })
        .await
    }

    /// Stores the language of the sign-in.
    pub async fn store_language(&self, account: &Id, tag: &str) -> Result<(), StoreError> {
        self.execute(|| {
            sqlx::query("UPDATE accounts SET language = $2 WHERE id = $1").bind(account.as_str()).bind(tag)
        })
        .await?;
        Ok(())
    }
}
