//! Queueing mails. `doorstep serve` delivers them ([`MailQueue`](crate::service::MailQueue)), so that no request
//! fails when the mail server is down, and acknowledged mails are sent even after a crash.

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

/// The size in bytes to which the content of mails that anyone can request is padded, blank ones included: more
/// than any of them needs, so that they are indistinguishable.
const ASKED_FOR: usize = 8192;

/// The content of a queued mail.
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
    /// A sealed notice to the user of an account. The store queues it in the transaction of the change that it
    /// reports, so that there is never one without the other. Ring the bell after that
    /// ([`Bell::ring`](super::bell::Bell::ring)).
    ///
    /// # Errors
    /// When the random source fails.
    pub(in crate::service) fn write_notice<'a>(
        &self,
        account: &Account,
        notice: Notice<'_>,
        by: impl Into<By<'a>>,
    ) -> Result<SealedMail, Error> {
        self.seal_mail(&notice.letter(self.occasion(account), by.into()).to(&account.email), Some(&account.id))
    }

    /// The context of letters about an account.
    pub(in crate::service) fn occasion<'a>(&'a self, account: &'a Account) -> Occasion<'a> {
        let head = Letterhead {
            installation: &self.branding.name,
            public_url: &self.public_url,
            accent: Accent::of(self.branding.accent.as_deref()),
            support: self.support.as_deref(),
        };
        Occasion { head, account, at: self.clock.now() }
    }

    /// Seals a mail for the queue: it may contain a token, which must not be readable in the database. It counts
    /// against the account's share of the queue, or that of mails that anyone can request.
    ///
    /// # Errors
    /// When the random source fails.
    pub(in crate::service) fn seal_mail(&self, mail: &Mail, account: Option<&Id>) -> Result<SealedMail, Error> {
        let mut plain = serde_json::to_vec(mail).map_err(|_| Error::NotJson)?;
        if account.is_none() {
            // JSON may be followed by white space.
            plain.resize(plain.len().max(ASKED_FOR), b' ');
        }
        self.seal_content(&plain, account)
    }

    /// A mail without content, as long as those that anyone can request: it is queued and removed in the same way.
    ///
    /// # Errors
    /// When the random source fails.
    pub(in crate::service) fn blank_mail(&self) -> Result<SealedMail, Error> {
        self.seal_content(&[b' '; ASKED_FOR], None)
    }

    fn seal_content(&self, plain: &[u8], account: Option<&Id>) -> Result<SealedMail, Error> {
        let id = Id::new(&self.clock, &self.random)?;
        let sealed = self.secret_keys.seal(Purpose::Mails, id.as_str().as_bytes(), plain, &self.random)?;
        Ok(SealedMail { id, sealed, created_at: self.clock.now(), account: account.cloned() })
    }

    /// Unseals a mail; `None` when the secret key is no longer configured.
    pub(in crate::service) fn open_mail(&self, mail: &SealedMail) -> Option<Opened> {
        let plain = self.secret_keys.open(Purpose::Mails, mail.id.as_str().as_bytes(), &mail.sealed)?;
        if plain.iter().all(|byte| *byte == b' ') {
            return Some(Opened::Blank);
        }
        serde_json::from_slice(&plain).ok().map(Opened::Mail)
    }
}
