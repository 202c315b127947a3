//! The browser sessions of an account: listing them, and ending others.

use std::net::IpAddr;

use doorstep_contract::account::{List, SessionEntry};

use super::Sessions;
use crate::{
    domain::{audit::Event, id::Id, session::Opened},
    error::Error,
    service::core::Identity,
};

impl Sessions<'_> {
    /// The live sessions of the user, the last used first.
    pub async fn list(self, identity: &Identity) -> Result<List<SessionEntry>, Error> {
        let sessions = self.core.store.sessions_of(&identity.account.id).await?;
        let now = self.core.clock.now();
        let live = sessions.iter().filter(|opened| self.core.policy.sessions.is_live(&opened.session, now));
        let entry =
            |opened: &Opened| self.core.policy.sessions.to_entry(opened, opened.session.id == identity.session.id);
        Ok(List::whole(live.map(entry).collect()))
    }

    /// Ends one of the user's sessions; if it is the caller's own, this is a sign-out.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is unknown, has ended, or belongs to another user; database errors.
    pub async fn end(self, identity: &Identity, session: &Id, address: IpAddr) -> Result<(), Error> {
        let account = &identity.account;
        let own = *session == identity.session.id;
        let event = if own { Event::SignedOut } else { Event::SessionEnded };
        let entry = self.core.own_event(event, account, address)?.with("session_id", session.as_str());
        let entry = if own { entry } else { entry.with("which", "one") };
        let ended = self.core.store.end_session_of(&account.id, session, &entry).await?.ok_or(Error::NotFound)?;
        entry.log();
        if self.core.policy.sessions.is_live(&ended, self.core.clock.now()) { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Ends all sessions of the user except the caller's, and returns how many of them were live.
    pub async fn end_others(self, identity: &Identity, address: IpAddr) -> Result<u32, Error> {
        let Identity { session, account, .. } = identity;
        let entry = self.core.own_event(Event::SessionEnded, account, address)?;
        let entry = entry.with("which", "others").with("session_id", session.id.as_str());
        let ended = self.core.store.end_other_sessions_of(&account.id, &session.id, &entry).await?;
        if !ended.is_empty() {
            entry.log();
        }
        let now = self.core.clock.now();
        let count = ended.iter().filter(|session| self.core.policy.sessions.is_live(session, now)).count();
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }
}
