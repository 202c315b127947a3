//! Browser sessions: authenticating their tokens, and signing out.

mod begin;
mod list;

use std::net::IpAddr;

use doorstep_contract::auth::{self, BeganWith, Me};
use jiff::Timestamp;
use tracing::{info, warn};

pub use self::begin::SignedIn;
pub(super) use self::begin::{NewSessionSpec, SessionOrigin};
use crate::{
    domain::{
        account::Account,
        audit::Event,
        clock,
        session::{Session, SessionToken, TokenHash},
    },
    error::Error,
    service::{
        core::{ClientContext, Core, Identity},
        projects::Projects,
        provider::ProviderLogin,
    },
};

/// Beginning, authenticating and ending sessions.
#[derive(Debug, Clone, Copy)]
pub struct Sessions<'a> {
    core: &'a Core,
}

impl<'a> Sessions<'a> {
    pub(super) const fn new(core: &'a Core) -> Self {
        Self { core }
    }
}

impl Sessions<'_> {
    /// The session and account of the first valid session token; `None` when all are unknown, ended, expired, or of
    /// a suspended account. Looked up on each request, so that ending a session takes effect at the next one (ASVS
    /// 7.4.1).
    pub async fn identify(self, tokens: &[SessionToken]) -> Result<Option<Identity>, Error> {
        for token in tokens {
            if let Some((session, account)) = self.core.store.find_session(token.hash()).await? {
                let identity = self.seen(session, account, token.hash(), self.core.clock.now()).await?;
                if identity.is_some() {
                    return Ok(identity);
                }
            }
        }
        Ok(None)
    }

    /// The user of a session, unless it has expired. Updates when it was last used.
    pub(in crate::service) async fn seen(
        self,
        mut session: Session,
        account: Account,
        opened_with: TokenHash,
        now: Timestamp,
    ) -> Result<Option<Identity>, Error> {
        if !self.core.policy.sessions.is_live(&session, now) {
            return Ok(None);
        }
        if self.core.policy.sessions.is_due(&session, now) {
            // While the database is read-only, users can still read.
            match self.core.store.touch_session(&session.id, now).await {
                Ok(()) => {
                    session.last_seen_at = now;
                    if clock::is_ahead(session.created_at, now) {
                        session.created_at = now;
                    }
                }
                Err(error) => warn!(%error, session = %session.id, "the use of a session was not recorded"),
            }
        }
        if session.began_with == BeganWith::Sso && !ProviderLogin::new(self.core).agrees(&session, &account).await? {
            return Ok(None);
        }
        Ok(Some(Identity { session, account, opened_with }))
    }

    /// Ends the sessions of these tokens, if there are any. Returns the name of the SSO provider that one of them
    /// began with.
    ///
    /// # Errors
    /// When the database fails: a session may still be live.
    pub async fn log_out(self, tokens: &[SessionToken], address: IpAddr) -> Result<Option<String>, Error> {
        let mut provider = None;
        for token in tokens {
            let Some((session, account)) = self.core.store.find_session(token.hash()).await? else { continue };
            if session.began_with == BeganWith::Sso && provider.is_none() {
                provider = self.core.store.provider_of(&session.id).await?;
            }
            self.sign_out(&session, &account, address).await?;
        }
        Ok(provider)
    }

    /// Ends a session of its user.
    pub(in crate::service) async fn sign_out(
        self,
        session: &Session,
        account: &Account,
        address: IpAddr,
    ) -> Result<(), Error> {
        let entry = self.core.own_event(Event::SignedOut, account, address)?.with("session_id", session.id.as_str());
        if self.core.store.end_session_of(&account.id, &session.id, &entry).await?.is_some() {
            entry.log();
        }
        Ok(())
    }

    /// The response of `me`.
    pub async fn me(self, identity: &Identity) -> Result<Me, Error> {
        Ok(Me {
            account: identity.account.to_wire(self.core.clock.now()),
            session: self.core.policy.sessions.to_wire(&identity.session),
            memberships: Projects::new(self.core).memberships(&identity.account).await?,
            change_pwd_hint: identity.account.password_is_initial,
        })
    }

    /// The response of a sign-in.
    #[must_use]
    pub fn signed_in(self, identity: &Identity) -> auth::SignedIn {
        auth::SignedIn {
            username: identity.account.username.clone(),
            change_pwd_hint: identity.account.password_is_initial,
            password_upgrade_required: false,
            session: self.core.policy.sessions.to_wire(&identity.session),
        }
    }

    /// Removes expired sessions, which have no effect any more, to keep the table small.
    pub async fn prune(self) {
        match self.core.store.prune_sessions(&self.core.policy.sessions, self.core.clock.now()).await {
            Ok(0) => {}
            Ok(count) => info!(count, "expired sessions removed"),
            Err(error) => warn!(%error, "expired sessions were not removed"),
        }
    }

    /// Rotates the token of a session after a proof of identity; `None` when the session has ended.
    pub(in crate::service) async fn renew(
        self,
        identity: &Identity,
        with: &'static str,
        proved_at: Timestamp,
        context: &ClientContext,
    ) -> Result<Option<SessionToken>, Error> {
        let Identity { session, account, .. } = identity;
        let token = SessionToken::new(&self.core.random)?;
        let entry = self.core.own_event(Event::Reauthenticated, account, context.visitor.address)?;
        let entry = entry.with("with", with).with("session_id", session.id.as_str());
        if !self.core.store.renew_session(&session.id, token.hash(), &entry, proved_at, self.core.clock.now()).await? {
            return Ok(None);
        }
        entry.log();
        Ok(Some(token))
    }
}
