//! Browser sessions: who is behind a cookie, and log-out.

use doorstep_contract::auth::{Me, SignedIn};
use tracing::{info, warn};

use super::Service;
use crate::{
    domain::{
        account::Account,
        session::{Session, SessionToken},
    },
    error::Error,
};

/// A live session and whose it is.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The session.
    pub session: Session,
    /// The account, which is active.
    pub account: Account,
}

impl Service {
    /// Who is behind a session token, or `None` when it opens nothing: unknown, ended, expired, or its account
    /// suspended. Looked up on each request, so that ending a session takes effect at the next one (ASVS 7.4.1).
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn identify(&self, token: &SessionToken) -> Result<Option<Identity>, Error> {
        let Some((mut session, account)) = self.store.find_session(token.hash()).await? else {
            return Ok(None);
        };
        let now = self.clock.now();
        if !self.sessions.is_live(&session, now) {
            return Ok(None);
        }
        if self.sessions.is_due(&session, now) {
            // A database that can't be written still lets people look around.
            match self.store.touch_session(&session.id, now).await {
                Ok(()) => session.last_seen_at = now,
                Err(error) => warn!(%error, session = %session.id, "the use of a session was not written down"),
            }
        }
        Ok(Some(Identity { session, account }))
    }

    /// Ends the session of a token; nothing happens when there is none.
    ///
    /// # Errors
    /// When the database does not answer: the session may live on.
    pub async fn log_out(&self, token: &SessionToken) -> Result<(), Error> {
        let found = self.store.find_session(token.hash()).await?;
        if self.store.end_session(token.hash()).await?
            && let Some((session, account)) = found
        {
            info!(event = "log_out", account = %account.id, session = %session.id);
        }
        Ok(())
    }

    /// The answer of `me`.
    #[must_use]
    pub fn me(&self, identity: &Identity) -> Me {
        Me {
            account: identity.account.to_wire(),
            session: self.sessions.to_wire(&identity.session),
            memberships: Vec::new(),
            change_pwd_hint: identity.account.password_is_initial,
        }
    }

    /// The answer of a sign-in.
    #[must_use]
    pub fn signed_in(&self, identity: &Identity) -> SignedIn {
        SignedIn {
            username: identity.account.username.clone(),
            change_pwd_hint: identity.account.password_is_initial,
            password_upgrade_required: false,
            session: self.sessions.to_wire(&identity.session),
        }
    }

    /// Removes the sessions that have expired. They open nothing already; this keeps the table small.
    pub async fn prune_sessions(&self) {
        match self.store.prune_sessions(self.clock.now(), self.sessions.idle, self.sessions.absolute).await {
            Ok(0) => {}
            Ok(count) => info!(count, "expired sessions removed"),
            Err(error) => warn!(%error, "expired sessions were not removed"),
        }
    }
}
