//! Writing mails: they are queued here, and delivered by `doorstep serve` when it can ([`super::delivery`]). So a mail
//! server that is missing fails no request, and what was acknowledged is sent even after a crash.

use std::sync::Arc;

use tokio::sync::Notify;
use tracing::warn;

use super::{Service, sign_in::Arrival};
use crate::{
    domain::{
        account::Account,
        id::Id,
        mail::{By, Mail, Notice, Occasion},
        secret_key::Purpose,
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

impl<'a> From<&'a Arrival> for By<'a> {
    fn from(arrival: &'a Arrival) -> Self {
        Self::Visitor(&arrival.visitor)
    }
}

impl Service {
    /// Tells the person of an account, by mail, of something that has happened already. If that can't be queued, it has
    /// happened all the same: so this is no error, and goes to the log.
    ///
    /// What must not happen without its mail is queued in one transaction with it, by [`Self::write_notice`].
    pub async fn notify(&self, account: &Account, notice: Notice<'_>, by: impl Into<By<'_>>) {
        let queued = async {
            let mail = self.write_notice(account, notice, by)?;
            Ok::<_, Error>(self.store.queue_mails(&[mail]).await?)
        };
        match queued.await {
            Ok(()) => self.mail_bell.ring(),
            Err(error) => warn!(%error, account = %account.id, "a person was not told by mail"),
        }
    }

    /// The letter that [`notify`](Self::notify) sends, sealed: to be queued with what it tells of. Ring the bell then.
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
