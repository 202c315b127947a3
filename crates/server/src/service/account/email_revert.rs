//! Restoring an email that was changed, with the link in the mail to it.
//!
//! 1. The change takes effect (`edit.rs`). In its transaction the token's hash is stored with the email until
//!    then, and the mail to that email is queued.
//! 2. The link leads to a page of the server (`http/email_revert.rs`), which asks; its button sends the token. No session is
//!    needed: the user may have none any longer.
//! 3. One transaction restores the email, ends all sessions and device tokens, the links of later changes, and the password: an
//!    author of the change may know it. The page and the mail to the restored email lead on to a new one, with a token that no
//!    limit of requests for such tokens holds back. The other email gets a mail without a link.
//!
//! The server can't know which email is the user's, so **an email that the account had earlier outranks those that came later**,
//! for as long as it is remembered ([`EMAIL_MEMORY`]):
//!
//! - A change to an email that the account had before restores that: it ends its link and all later ones, and the email in
//!   between gets no link. Otherwise a thief's mailbox would be mailed what brings the thief back, by the change that undoes his.
//! - What an operator does decides for the user: a new password or a temporary token whose session chooses one, and a
//!   suspension. Of the links that wait the one to the oldest email stays, the user's; those to emails that came by a change end,
//!   and when the email of that moment is changed it gets none either, if it came by a change that is remembered. The email that
//!   takes its place is the user's: it gets a link when it is changed.
//!
//! A thief whose email was not changed back and not doubted by an operator while it is remembered is taken for the user.

use doorstep_contract::{
    paths::{REVERT_EMAIL, REVERT_TOKEN_PARAMETER},
    secret::Secret,
};
use tracing::warn;
use url::Url;

use super::OwnAccount;
use crate::{
    domain::{
        account::{Account, NameKey, Status},
        audit::Event,
        email_revert::EmailRevert,
        mail::{EMAIL_MEMORY, Notice, REVERT_LIFE},
        password_reset::{self, RESET_LIFE},
        session::Visitor,
        token::Token,
    },
    error::Error,
    store::{NewRevert, Restoring, Reverted},
};

/// An email that was restored.
#[derive(Debug)]
pub struct Restored {
    /// What was.
    pub revert: EmailRevert,
    /// Where a new password is chosen, if passwords open the account.
    pub reset: Option<Url>,
}

impl OwnAccount<'_> {
    /// What restores the email of an account once it is changed, and the link to it.
    ///
    /// # Errors
    /// When there are no random bytes.
    pub(super) fn new_email_revert(self, account: &Account) -> Result<(NewRevert, Url), Error> {
        let token = Token::new(&self.core.random)?;
        let now = self.core.clock.now();
        let mut link = self.core.public_url.clone();
        link.set_path(REVERT_EMAIL);
        link.query_pairs_mut().append_pair(REVERT_TOKEN_PARAMETER, &token.reveal());
        let expires_at = now.checked_add(REVERT_LIFE).unwrap_or(now);
        Ok((NewRevert { email: account.email.clone(), token: token.hash(), expires_at }, link))
    }

    /// What a token restores.
    ///
    /// # Errors
    /// [`Error::InvalidToken`], [`Error::TokenUsed`], [`Error::TokenExpired`]; that of the database.
    pub async fn email_revert(self, token: &Secret) -> Result<EmailRevert, Error> {
        let token = Token::parse(token.reveal()).ok_or(Error::InvalidToken)?;
        let revert = self.core.store.find_email_revert(token.hash()).await?.ok_or(Error::InvalidToken)?;
        if revert.is_used {
            return Err(Error::TokenUsed);
        }
        if self.core.clock.now() >= revert.expires_at {
            return Err(Error::TokenExpired);
        }
        Ok(revert)
    }

    /// Restores the email that a token is for, and ends the password. It begins no session.
    ///
    /// # Errors
    /// As [`Self::email_revert`]; [`Error::UsernameTaken`] when another account has the email meanwhile.
    pub async fn revert_email(self, token: &Secret, visitor: &Visitor) -> Result<Restored, Error> {
        let revert = self.email_revert(token).await?;
        let token = Token::parse(token.reveal()).ok_or(Error::InvalidToken)?.hash();
        let now = self.core.clock.now();
        let account = &revert.account;
        let restored = Account { email: revert.email.clone(), ..account.clone() };
        let password_hash = account.has_password.then(|| self.core.passwords.unusable()).transpose()?;
        let may_reset = account.has_password && self.core.policy.password_login && account.status == Status::Active;
        let reset = may_reset.then(|| Token::new(&self.core.random)).transpose()?;
        let link =
            reset.as_ref().map(|token| password_reset::link(None, &self.core.public_url, token, &account.username));
        let notice = Notice::EmailRestored { email: &revert.email, reset: link.as_ref() };
        let mut mails = vec![self.core.write_notice(&restored, notice, visitor)?];
        if NameKey::new(&account.email) != NameKey::new(&revert.email) {
            mails.push(self.core.write_notice(account, Notice::EmailWithdrawn(&revert.email), visitor)?);
        }
        let entry = self.core.own_event(Event::EmailRestored, account, visitor.address)?;
        let entry = entry.with("from", account.email.as_str()).with("to", revert.email.as_str());
        let restoring = Restoring {
            token,
            account: &account.id,
            email: &revert.email,
            password_hash: password_hash.as_deref(),
            reset: reset.map(|token| (token.hash(), now.checked_add(RESET_LIFE).unwrap_or(now))),
            mails: &mails,
            entry: &entry,
        };
        match self.core.store.revert_email(&restoring, now).await? {
            Reverted::Done => {}
            Reverted::Taken => return Err(Error::UsernameTaken),
            Reverted::Gone => return Err(Error::TokenUsed),
        }
        self.core.mail_bell.ring();
        entry.log();
        Ok(Restored { revert, reset: link })
    }

    /// Removes emails of the past once they are remembered no longer: until then the link says that it is too late.
    pub async fn prune_email_reverts(self) {
        let before = self.core.clock.now().checked_sub(EMAIL_MEMORY - REVERT_LIFE).unwrap_or(jiff::Timestamp::MIN);
        if let Err(error) = self.core.store.prune_email_reverts(before).await {
            warn!(%error, "emails of the past were not removed");
        }
    }
}
