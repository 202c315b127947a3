//! Restoring the previous email of an account by the link in the mail to it.
//!
//! 1. The email is changed (`edit.rs`). The same transaction stores the hash of a token with the previous email,
//!    and queues a mail to it.
//! 2. The link leads to a page (`http/email_revert.rs`) whose button sends the token. No session is needed: the
//!    user may have lost theirs.
//! 3. One transaction restores the email and ends all sessions, device tokens, revert links of later changes, and
//!    the password, which an attacker who changed the email may know. The page and the mail to the restored email link
//!    to choosing a new password, with a token that is exempt from the limit on such requests. The other email gets a
//!    mail without a link.
//!
//! The server cannot know which email is the user's, so **an email that the account had earlier outranks later
//! ones**, for as long as it is remembered ([`EMAIL_MEMORY`]):
//!
//! - A change back to an email that the account had before counts as restoring it: it ends its link and all later
//!   ones, and the email in between gets no link. Otherwise the attacker's mailbox would receive a link that undoes
//!   the user's change.
//! - An operator's intervention decides for the user: a new password, a temporary token whose session sets one, or
//!   a suspension. Of the pending links, only the one to the oldest email stays; those to emails that were set by a
//!   change end. If the current email was set by a remembered change, it gets no link either when it is changed
//!   later. The email that replaces it counts as the user's and gets a link when it is changed.
//!
//! An attacker's email counts as the user's if neither the user nor an operator acted while the earlier email was
//! remembered.

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

/// The result of restoring an email.
#[derive(Debug)]
pub struct Restored {
    /// The restored change.
    pub revert: EmailRevert,
    /// The link to choose a new password, if the account can sign in with one.
    pub reset: Option<Url>,
}

impl OwnAccount<'_> {
    /// A new token that restores the account's email after a change, and the link with it.
    ///
    /// # Errors
    /// When the random source fails.
    pub(super) fn new_email_revert(self, account: &Account) -> Result<(NewRevert, Url), Error> {
        let token = Token::new(&self.core.random)?;
        let now = self.core.clock.now();
        let mut link = self.core.public_url.clone();
        link.set_path(REVERT_EMAIL);
        link.query_pairs_mut().append_pair(REVERT_TOKEN_PARAMETER, &token.reveal());
        let expires_at = now.checked_add(REVERT_LIFE).unwrap_or(now);
        Ok((NewRevert { email: account.email.clone(), token: token.hash(), expires_at }, link))
    }

    /// Looks up the change that a token undoes.
    ///
    /// # Errors
    /// [`Error::InvalidToken`], [`Error::TokenUsed`], [`Error::TokenExpired`]; database errors.
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

    /// Restores the email of a token, and invalidates the password. It begins no session.
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

    /// Removes previous emails that are no longer remembered: until then their link is reported as expired.
    pub async fn prune_email_reverts(self) {
        let before = self.core.clock.now().checked_sub(EMAIL_MEMORY - REVERT_LIFE).unwrap_or(jiff::Timestamp::MIN);
        if let Err(error) = self.core.store.prune_email_reverts(before).await {
            warn!(%error, "expired previous emails were not removed");
        }
    }
}
