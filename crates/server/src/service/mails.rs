//! Writing mails: they are queued here, and delivered by `doorstep serve` when it can ([`super::delivery`]). So a mail
//! server that is missing fails no request, and what was acknowledged is sent even after a crash.

use std::sync::Arc;

use tokio::sync::Notify;

use super::{Service, sign_in::Arrival};
use crate::{
    domain::{
        account::Account,
        id::Id,
        mail::{By, Mail, Notice, Occasion},
        secret_key::Purpose,
        session::Visitor,
    },
    error::Error,
    store::SealedMail,
};

/// Rung when a mail was queued, so that it need not wait until somebody looks.
#[derive(Debug, Clone, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    /// Rings it. It is heard even if nobody listens at the moment.
    pub fn ring(&self) {
        self.0.notify_one();
    }

    /// Waits until it rings.
    pub async fn rung(&self) {
        self.0.notified().await;
    }
}

impl<'a> From<&'a Visitor> for By<'a> {
    fn from(visitor: &'a Visitor) -> Self {
        Self::Visitor(visitor)
    }
}

impl<'a> From<&'a Arrival> for By<'a> {
    fn from(arrival: &'a Arrival) -> Self {
        Self::Visitor(&arrival.visitor)
    }
}

impl Service {
    /// The letter that tells the user of an account what happens, sealed: the store queues it in the transaction of what it
    /// tells of, so that neither is without the other. [Ring](Bell::ring) the bell then.
    ///
    /// # Errors
    /// When there are no random bytes.
    pub(super) fn write_notice<'a>(
        &self,
        account: &Account,
        notice: Notice<'_>,
        by: impl Into<By<'a>>,
    ) -> Result<SealedMail, Error> {
        self.seal_mail(&notice.letter(self.occasion(account), by.into()).to(&account.email))
    }

    /// What letters about an account need to know.
    pub(super) fn occasion<'a>(&'a self, account: &'a Account) -> Occasion<'a> {
        Occasion { installation: &self.branding.name, public_url: &self.public_url, account, at: self.clock.now() }
    }

    /// Seals a mail for the queue: it may hold a token, and whoever reads the database must not get it.
    ///
    /// # Errors
    /// When there are no random bytes.
    pub(super) fn seal_mail(&self, mail: &Mail) -> Result<SealedMail, Error> {
        let id = Id::new(&self.clock, &self.random)?;
        let plain = serde_json::to_vec(mail).map_err(|_| Error::TaskLost)?;
        let sealed = self.keys.seal(Purpose::Mails, id.as_str().as_bytes(), &plain, &self.random)?;
        Ok(SealedMail { id, sealed, created_at: self.clock.now() })
    }

    /// Opens it again; `None` when the secret that sealed it is gone.
    pub(super) fn open_mail(&self, mail: &SealedMail) -> Option<Mail> {
        let plain = self.keys.open(Purpose::Mails, mail.id.as_str().as_bytes(), &mail.sealed)?;
        serde_json::from_slice(&plain).ok()
    }
}
