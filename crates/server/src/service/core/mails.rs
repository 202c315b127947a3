//! Writing mails: they are queued here, and delivered by `doorstep serve` when it can
//! ([`MailQueue`](crate::service::MailQueue)). So a mail server that is missing fails no request, and what was acknowledged
//! is sent even after a crash.

use super::{ClientContext, Core};
use crate::{
    domain::{
        accent::Accent,
        account::Account,
        id::Id,
        mail::{By, Letterhead, Mail, Notice, Occasion},
        secret_key::Purpose,
        session::Visitor,
    },
    error::Error,
    store::SealedMail,
};

/// How many bytes a mail has that anyone may ask for, blank ones included: more than any of them needs, so that all are alike.
const ASKED_FOR: usize = 8192;

/// What waits in the queue.
#[derive(Debug)]
pub(in crate::service) enum Opened {
    Mail(Mail),
    /// Nothing to send.
    Blank,
}

impl<'a> From<&'a Visitor> for By<'a> {
    fn from(visitor: &'a Visitor) -> Self {
        Self::Visitor(visitor)
    }
}

impl<'a> From<&'a ClientContext> for By<'a> {
    fn from(context: &'a ClientContext) -> Self {
        Self::Visitor(&context.visitor)
    }
}

impl Core {
    /// The letter that tells the user of an account what happens, sealed: the store queues it in the transaction of what it
    /// tells of, so that neither is without the other. Ring the bell then ([`Bell::ring`](super::bell::Bell::ring)).
    ///
    /// # Errors
    /// When there are no random bytes.
    pub(in crate::service) fn write_notice<'a>(
        &self,
        account: &Account,
        notice: Notice<'_>,
        by: impl Into<By<'a>>,
    ) -> Result<SealedMail, Error> {
        self.seal_mail(&notice.letter(self.occasion(account), by.into()).to(&account.email), Some(&account.id))
    }

    /// What letters about an account need to know.
    pub(in crate::service) fn occasion<'a>(&'a self, account: &'a Account) -> Occasion<'a> {
        let head = Letterhead {
            installation: &self.branding.name,
            public_url: &self.public_url,
            accent: Accent::of(self.branding.accent.as_deref()),
            support: self.support.as_deref(),
        };
        Occasion { head, account, at: self.clock.now() }
    }

    /// Seals a mail for the queue: it may hold a token, which must not be read in the database. It counts for the account, or
    /// among those that anyone may ask for.
    ///
    /// # Errors
    /// When there are no random bytes.
    pub(in crate::service) fn seal_mail(&self, mail: &Mail, account: Option<&Id>) -> Result<SealedMail, Error> {
        let mut plain = serde_json::to_vec(mail).map_err(|_| Error::NotJson)?;
        if account.is_none() {
            // JSON may have white space behind it.
            plain.resize(plain.len().max(ASKED_FOR), b' ');
        }
        self.seal_content(&plain, account)
    }

    /// A mail with nothing in it, as long as others that anyone may ask for: it is queued and taken out of the queue as they are.
    ///
    /// # Errors
    /// When there are no random bytes.
    pub(in crate::service) fn blank_mail(&self) -> Result<SealedMail, Error> {
        self.seal_content(&[b' '; ASKED_FOR], None)
    }

    fn seal_content(&self, plain: &[u8], account: Option<&Id>) -> Result<SealedMail, Error> {
        let id = Id::new(&self.clock, &self.random)?;
        let sealed = self.secret_keys.seal(Purpose::Mails, id.as_str().as_bytes(), plain, &self.random)?;
        Ok(SealedMail { id, sealed, created_at: self.clock.now(), account: account.cloned() })
    }

    /// Opens it again; `None` when the secret that sealed it is gone.
    pub(in crate::service) fn open_mail(&self, mail: &SealedMail) -> Option<Opened> {
        let plain = self.secret_keys.open(Purpose::Mails, mail.id.as_str().as_bytes(), &mail.sealed)?;
        if plain.iter().all(|byte| *byte == b' ') {
            return Some(Opened::Blank);
        }
        serde_json::from_slice(&plain).ok().map(Opened::Mail)
    }
}
