//! Approving and denying device requests.

use std::net::IpAddr;

use doorstep_contract::device::OAuthErrorCode;

use super::Devices;
use crate::{
    domain::{
        account::Account,
        audit::{Actor, Entry, Event},
        device_grant::{Grant, PROVED_WITHIN},
        device_token::{Authorization, DeviceToken, Holder, title},
        id::Id,
        limits::Whose,
        mail::{AuthorizedDevice, Notice},
        network,
        quota::Quota,
        secret_key::Purpose,
        session::Visitor,
    },
    error::Error,
    service::core::Identity,
    store::{Approval, Decider, Decision, NewToken, SealedMail},
};

impl Devices<'_> {
    /// Approves a device on behalf of the signed-in user.
    ///
    /// # Errors
    /// [`Error::TemporarySession`], [`Error::ReauthRequired`]; `expired_or_unknown`, `already_resolved`;
    /// [`Error::RateLimited`]; [`Error::Unauthenticated`] when the session has ended meanwhile; database errors.
    pub async fn approve(self, identity: &Identity, user_code: &str, visitor: &Visitor) -> Result<(), Error> {
        let grant = self.decided_on(identity, user_code, visitor.address).await?;
        let holder = Holder::Account(identity.account.clone());
        let decider = Decider::Session(&identity.session.id);
        let decision = self.approve_as(&grant, holder, decider, Actor::account(&identity.account), visitor).await?;
        self.decided(&decision, &grant)
    }

    /// Denies a device.
    ///
    /// # Errors
    /// As [`approve`](Self::approve).
    pub async fn deny(self, identity: &Identity, user_code: &str, address: IpAddr) -> Result<(), Error> {
        let grant = self.decided_on(identity, user_code, address).await?;
        let decider = Decider::Session(&identity.session.id);
        let decision = self.deny_as(&grant, decider, Actor::account(&identity.account), address).await?;
        self.decided(&decision, &grant)
    }

    fn decided(self, decision: &Decision, grant: &Grant) -> Result<(), Error> {
        match decision {
            Decision::Made(_) => Ok(()),
            // The request may have expired meanwhile.
            Decision::NotPending if self.core.clock.now() >= grant.expires_at => {
                Err(Error::Device(OAuthErrorCode::ExpiredOrUnknown))
            }
            Decision::NotPending => Err(Error::Device(OAuthErrorCode::AlreadyResolved)),
            Decision::DeciderGone => Err(Error::Unauthenticated),
        }
    }

    /// The pending request that the user decides about.
    async fn decided_on(self, identity: &Identity, user_code: &str, address: IpAddr) -> Result<Grant, Error> {
        identity.require_lasting()?;
        if !identity.session.is_proved_within(PROVED_WITHIN, self.core.clock.now()) {
            return Err(Error::ReauthRequired);
        }
        let decision = self.core.spend(Quota::DeviceApprove, Whose::Id(identity.session.id.as_str())).await?;
        let (grant, spent) = self.find_counted(user_code, address).await?;
        let Some(grant) = grant.filter(|grant| self.core.clock.now() < grant.expires_at) else {
            decision.keep();
            spent.keep();
            return Err(Error::Device(OAuthErrorCode::ExpiredOrUnknown));
        };
        spent.give_back().await;
        if !identity.session.is_proved_within(grant.proved_within(address), self.core.clock.now()) {
            // The decision will be sent again with the proof, so it must not count twice.
            decision.give_back().await;
            return Err(Error::ReauthRequired);
        }
        decision.keep();
        Ok(grant)
    }

    /// Approves a request: creates its token, and seals it until the device fetches it.
    pub(super) async fn approve_as(
        self,
        grant: &Grant,
        holder: Holder,
        decider: Decider<'_>,
        actor: Actor,
        visitor: &Visitor,
    ) -> Result<Decision, Error> {
        let address = visitor.address;
        let now = self.core.clock.now();
        let kind = holder.kind();
        let token = DeviceToken::new(kind, &self.core.random)?;
        let authorization = Authorization {
            id: Id::new(&self.core.clock, &self.core.random)?,
            holder,
            prefix: token.prefix(),
            client_id: grant.client_id.clone(),
            label: grant.label.clone(),
            scope: kind.scope(&grant.scopes),
            created_at: now,
            expires_at: self.core.policy.devices.access_until(now),
            last_used_at: None,
        };
        let place = grant.id.as_str().as_bytes();
        let sealed =
            self.core.secret_keys.seal(Purpose::DeviceTokens, place, token.reveal().as_bytes(), &self.core.random)?;
        let entry = self
            .decision_entry(Event::DeviceApproved, grant, actor.clone(), address)?
            .with("token_id", authorization.id.as_str())
            .with("scope", authorization.scope.as_str());
        let replaced = self
            .core
            .event(Event::DeviceTokenRevoked, actor, Some(address), authorization.title())?
            .with("why", "replaced")
            .with("replaced_by", authorization.id.as_str());
        let notice = match &authorization.holder {
            Holder::Account(account) => Some(self.authorized_notice(account, &authorization, grant, visitor)?),
            // There is no account to notify.
            Holder::External(_) => None,
        };
        let decision = self
            .core
            .store
            .approve_grant(
                Approval {
                    grant: &grant.id,
                    pick_up_until: grant.pick_up_until(now),
                    token: NewToken { authorization: &authorization, hash: &token.hash() },
                    sealed: &sealed,
                    decider,
                    entry: &entry,
                    replaced,
                    notice,
                },
                now,
            )
            .await?;
        log(&decision, &entry);
        if matches!(decision, Decision::Made(_)) {
            self.core.mail_bell.ring();
        }
        Ok(decision)
    }

    fn authorized_notice(
        self,
        account: &Account,
        authorization: &Authorization,
        grant: &Grant,
        visitor: &Visitor,
    ) -> Result<SealedMail, Error> {
        let device = AuthorizedDevice {
            application: self.core.policy.devices.clients.name(&grant.client_id),
            label: grant.label.as_deref(),
            address: grant.address,
            scope: authorization.scope,
            until: authorization.expires_at,
        };
        self.core.write_notice(account, Notice::DeviceAuthorized(&device), visitor)
    }

    /// Denies a request.
    pub(super) async fn deny_as(
        self,
        grant: &Grant,
        decider: Decider<'_>,
        actor: Actor,
        address: IpAddr,
    ) -> Result<Decision, Error> {
        let entry = self.decision_entry(Event::DeviceDenied, grant, actor, address)?;
        let decision = self.core.store.deny_grant(&grant.id, decider, &entry, self.core.clock.now()).await?;
        log(&decision, &entry);
        Ok(decision)
    }

    fn decision_entry(self, event: Event, grant: &Grant, actor: Actor, address: IpAddr) -> Result<Entry, Error> {
        let device = title(&grant.client_id, grant.label.as_deref());
        Ok(self
            .core
            .event(event, actor, Some(address), device)?
            .with("grant_id", grant.id.as_str())
            .with("requested_from", grant.address.to_string())
            .with("same_network", network::is_same(grant.address, address)))
    }
}

fn log(decision: &Decision, entry: &Entry) {
    if let Decision::Made(replaced) = decision {
        entry.log();
        if let Some(replaced) = replaced {
            replaced.log();
        }
    }
}
