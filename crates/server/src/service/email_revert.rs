//! Restoring an email that was changed, with the link in the mail to it.
//!
//! 1. The change takes effect (`account_edit.rs`, `setup.rs`). In its transaction the token's hash is stored with the email until
//!    then, and the mail to that email is queued.
//! 2. The link leads to a page of the server (`http/email_revert.rs`), which asks; its button sends the token. No session is
//!    needed: the user may have none any longer.
//! 3. One transaction restores the email, ends all sessions and device tokens, and the links of later changes. Both emails get
//!    a mail. The next step is a new password, by a mail to the restored email.

use doorstep_contract::{
    paths::{REVERT_EMAIL, REVERT_TOKEN_PARAMETER},
    secret::Secret,
};
use tracing::warn;
use url::Url;

use super::Service;
use crate::{
    domain::{
        account::{Account, NameKey},
        audit::Event,
        mail::{Notice, REVERT_LIFE},
        session::Visitor,
        token::Token,
    },
    error::Error,
    store::{EmailRevert, NewRevert, Reverted},
};

impl Service {
    /// What restores the email of an account once it is changed, and the link to it.
    ///
    /// # Errors
    /// When there are no random bytes.
    pub(super) fn new_email_revert(&self, account: &Account) -> Result<(NewRevert, Url), Error> {
        let token = Token::new(&self.random)?;
        let now = self.clock.now();
        let mut link = self.public_url.clone();
        link.set_path(REVERT_EMAIL);
        link.query_pairs_mut().append_pair(REVERT_TOKEN_PARAMETER, &token.reveal());
        let expires_at = now.checked_add(REVERT_LIFE).unwrap_or(now);
        Ok((NewRevert { email: account.email.clone(), token: token.hash(), expires_at }, link))
    }

    /// What a token restores.
    ///
    /// # Errors
    /// [`Error::InvalidToken`], [`Error::TokenUsed`], [`Error::TokenExpired`]; that of the database.
    pub async fn email_revert(&self, token: &Secret) -> Result<EmailRevert, Error> {
        let token = Token::parse(token.reveal()).ok_or(Error::InvalidToken)?;
        let revert = self.store.find_email_revert(token.hash()).await?.ok_or(Error::InvalidToken)?;
        if revert.is_used {
            return Err(Error::TokenUsed);
        }
        if self.clock.now() >= revert.expires_at {
            return Err(Error::TokenExpired);
        }
        Ok(revert)
    }

    /// Restores the email that a token is for. It begins no session.
    ///
    /// # Errors
    /// As [`Self::email_revert`]; [`Error::UsernameTaken`] when another account has the email meanwhile.
    pub async fn revert_email(&self, token: &Secret, visitor: &Visitor) -> Result<EmailRevert, Error> {
        let revert = self.email_revert(token).await?;
        let token = Token::parse(token.reveal()).ok_or(Error::InvalidToken)?.hash();
        let account = &revert.account;
        let restored = Account { email: revert.email.clone(), ..account.clone() };
        let mut mails = vec![self.write_notice(&restored, Notice::EmailRestored(&revert.email), visitor)?];
        if NameKey::new(&account.email) != NameKey::new(&revert.email) {
            mails.push(self.write_notice(account, Notice::EmailWithdrawn(&revert.email), visitor)?);
        }
        let entry = self.own_event(Event::EmailRestored, account, visitor.address)?;
        let entry = entry.with("from", account.email.as_str()).with("to", revert.email.as_str());
        match self.store.revert_email(token, &revert, &mails, &entry, self.clock.now()).await? {
            Reverted::Done => {}
            Reverted::Taken => return Err(Error::UsernameTaken),
            Reverted::Gone => return Err(Error::TokenUsed),
        }
        self.mail_bell.ring();
        entry.log();
        Ok(revert)
    }

    /// Removes emails that can be restored no longer, as long after their time: until then the link says that it is too late.
    pub async fn prune_email_reverts(&self) {
        let before = self.clock.now().checked_sub(REVERT_LIFE).unwrap_or(jiff::Timestamp::MIN);
        if let Err(error) = self.store.prune_email_reverts(before).await {
            warn!(%error, "emails of the past were not removed");
        }
    }
}
