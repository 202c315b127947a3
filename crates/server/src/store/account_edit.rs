//! Changing an account, by its person.

use jiff::Timestamp;

use super::{
    Store, StoreError, audit,
    credentials::{set_password, set_username},
    email_changes::{self, EmailEdit, NewEmail},
    email_reverts,
    endings::{cancel_email_change, end_what_was_opened},
    mails::{self, SealedMail},
    tokens,
};
use crate::domain::{
    audit::Entry,
    id::Id,
    session::{Session, TokenHash},
};

/// What is to change; what is `None` stays.
#[derive(Debug, Clone)]
pub struct Edit<'a> {
    /// Whose account it is.
    pub account: &'a Id,
    /// The session that asks.
    pub session: &'a Session,
    /// The hash of the token that it asks with.
    pub token: TokenHash,
    /// The token that opens it from now on, if it gets another.
    pub new_token: Option<TokenHash>,
    /// When its person last proved who they are.
    pub proved_at: Timestamp,
    /// A new user name.
    pub username: Option<&'a str>,
    /// What to call the person.
    pub name: Option<&'a str>,
    /// Another email, which waits to be confirmed.
    pub email: EmailEdit<NewEmail>,
    /// The hash of a new password, a PHC string.
    pub password_hash: Option<&'a str>,
    /// What tells of it.
    pub mails: &'a [SealedMail],
    /// What is remembered of it.
    pub entries: &'a [Entry],
}

/// What came of an edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edited {
    /// Everything has changed.
    Done,
    /// Nothing changed: another account has the name.
    NameTaken,
    /// Nothing changed: the session has ended, or has another token.
    SessionGone,
}

impl Store {
    /// Changes an account, all of it or nothing. With a new password, everything ends that the old one has opened, but
    /// the session that asks.
    pub async fn edit_account(&self, edit: &Edit<'_>, now: Timestamp) -> Result<Edited, StoreError> {
        self.write(|mut transaction| async move {
            // An edit that began before the session ended must not outlive it.
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
                end_what_was_opened(&mut transaction, edit.account, Some(&edit.session.id)).await?;
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

    /// Remembers the language that the person signs in with.
    pub async fn remember_language(&self, account: &Id, tag: &str) -> Result<(), StoreError> {
        self.execute(|| {
            sqlx::query("UPDATE accounts SET language = $2 WHERE id = $1").bind(account.as_str()).bind(tag)
        })
        .await?;
        Ok(())
    }
}
