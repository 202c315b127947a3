//! The browser sessions of an account: listing them, and ending them from another browser.

use doorstep_contract::account::{List, SessionEntry};
use tracing::info;

use super::{Service, sessions::Identity};
use crate::{
    domain::{id::Id, session::Opened},
    error::Error,
};

impl Service {
    /// The live sessions of whoever asks, the one that was used last first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn list_sessions(&self, identity: &Identity) -> Result<List<SessionEntry>, Error> {
        let sessions = self.store.sessions_of(&identity.account.id).await?;
        let now = self.clock.now();
        let live = sessions.iter().filter(|opened| self.sessions.is_live(&opened.session, now));
        let entry = |opened: &Opened| self.sessions.to_entry(opened, opened.session.id == identity.session.id);
        Ok(List::whole(live.map(entry).collect()))
    }

    /// Ends one session of whoever asks; it may be the one that asks.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is unknown, has ended, or is somebody else's; that of the database.
    pub async fn end_session(&self, identity: &Identity, session: &Id) -> Result<(), Error> {
        let ended = self.store.end_session_of(&identity.account.id, session).await?;
        ended.filter(|session| self.sessions.is_live(session, self.clock.now())).ok_or(Error::NotFound)?;
        info!(event = "session_ended", account = %identity.account.id, %session, by = %identity.session.id);
        Ok(())
    }

    /// Ends all sessions of whoever asks but the one that asks; how many people could still have used.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_other_sessions(&self, identity: &Identity) -> Result<u32, Error> {
        let Identity { session, account } = identity;
        let ended = self.store.end_other_sessions_of(&account.id, &session.id).await?;
        let now = self.clock.now();
        let count = ended.iter().filter(|session| self.sessions.is_live(session, now)).count();
        info!(event = "sessions_ended", account = %account.id, count, by = %session.id);
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }
}
