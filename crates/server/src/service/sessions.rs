//! Browser sessions: who is behind a cookie, and log-out.

use std::net::IpAddr;

use doorstep_contract::auth::{BeganWith, Me, SignedIn};
use jiff::Timestamp;
use tracing::{info, warn};

use super::Service;
use crate::{
    domain::{
        account::Account,
        audit::Event,
        clock,
        session::{FRESH, Session, SessionToken, TokenHash},
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
    /// The hash of the token that opened it.
    pub opened_with: TokenHash,
}

impl Identity {
    /// What outlives its session is not made in that of a temporary token, before a password has been set there.
    ///
    /// # Errors
    /// [`Error::TemporarySession`].
    pub fn require_lasting(&self) -> Result<(), Error> {
        let Self { session, account, .. } = self;
        let lasting = !session.is_temporary() || account.password_changed_at > session.created_at;
        if lasting { Ok(()) } else { Err(Error::TemporarySession) }
    }
}

impl Service {
    /// Who is behind the first session token that opens something, or `None` when all are unknown, ended, expired, or
    /// of a suspended account. Looked up on each request, so that ending a session takes effect at the next one (ASVS
    /// 7.4.1).
    pub async fn identify(&self, tokens: &[SessionToken]) -> Result<Option<Identity>, Error> {
        for token in tokens {
            if let Some((session, account)) = self.store.find_session(token.hash()).await? {
                let identity = self.seen(session, account, token.hash(), self.clock.now()).await?;
                if identity.is_some() {
                    return Ok(identity);
                }
            }
        }
        Ok(None)
    }

    /// Whoever uses a session now, unless it has expired.
    pub(super) async fn seen(
        &self,
        mut session: Session,
        account: Account,
        opened_with: TokenHash,
        now: Timestamp,
    ) -> Result<Option<Identity>, Error> {
        if !self.policy.sessions.is_live(&session, now) {
            return Ok(None);
        }
        if self.policy.sessions.is_due(&session, now) {
            // A database that can't be written still lets people look around.
            match self.store.touch_session(&session.id, now).await {
                Ok(()) => {
                    session.last_seen_at = now;
                    if clock::is_ahead(session.created_at, now) {
                        session.created_at = now;
                    }
                }
                Err(error) => warn!(%error, session = %session.id, "the use of a session was not written down"),
            }
        }
        if session.began_with == BeganWith::Sso && !self.provider_agrees(&session, &account).await? {
            return Ok(None);
        }
        Ok(Some(Identity { session, account, opened_with }))
    }

    /// Ends the sessions of these tokens; nothing happens when there is none. Returns the name of the provider that one of them
    /// began at.
    ///
    /// # Errors
    /// When the database does not answer: a session may live on.
    pub async fn log_out(&self, tokens: &[SessionToken], address: IpAddr) -> Result<Option<String>, Error> {
        let mut provider = None;
        for token in tokens {
            let Some((session, account)) = self.store.find_session(token.hash()).await? else { continue };
            if session.began_with == BeganWith::Sso && provider.is_none() {
                provider = self.store.provider_of(&session.id).await?;
            }
            self.sign_out(&session, &account, address).await?;
        }
        Ok(provider)
    }

    /// Ends a session, for whoever is in it.
    pub(super) async fn sign_out(&self, session: &Session, account: &Account, address: IpAddr) -> Result<(), Error> {
        let entry = self.own_event(Event::SignedOut, account, address)?.with("session_id", session.id.as_str());
        if self.store.end_session_of(&account.id, &session.id, &entry).await?.is_some() {
            entry.log();
        }
        Ok(())
    }

    /// Whether the session's person proved who they are a moment ago. What asks for less or more time has its own word.
    ///
    /// # Errors
    /// [`Error::ReauthRequired`] when they did not.
    pub fn require_fresh(&self, identity: &Identity) -> Result<(), Error> {
        let fresh = identity.session.is_proved_within(FRESH, self.clock.now());
        if fresh { Ok(()) } else { Err(Error::ReauthRequired) }
    }

    /// The answer of `me`.
    pub async fn me(&self, identity: &Identity) -> Result<Me, Error> {
        Ok(Me {
            account: identity.account.to_wire(self.clock.now()),
            session: self.policy.sessions.to_wire(&identity.session),
            memberships: self.memberships(&identity.account).await?,
            change_pwd_hint: identity.account.password_is_initial,
        })
    }

    /// The answer of a sign-in.
    #[must_use]
    pub fn signed_in(&self, identity: &Identity) -> SignedIn {
        SignedIn {
            username: identity.account.username.clone(),
            change_pwd_hint: identity.account.password_is_initial,
            password_upgrade_required: false,
            session: self.policy.sessions.to_wire(&identity.session),
        }
    }

    /// Removes the sessions that have expired. They open nothing already; this keeps the table small.
    pub async fn prune_sessions(&self) {
        match self.store.prune_sessions(&self.policy.sessions, self.clock.now()).await {
            Ok(0) => {}
            Ok(count) => info!(count, "expired sessions removed"),
            Err(error) => warn!(%error, "expired sessions were not removed"),
        }
    }
}
