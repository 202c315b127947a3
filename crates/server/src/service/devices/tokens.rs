//! Device tokens: authenticating them, listing them, and revoking them.

use std::net::IpAddr;

use doorstep_contract::device::DeviceEntry;
use tracing::{info, warn};

use super::Devices;
use crate::{
    domain::{
        account::Account,
        audit::{Actor, Entry, Event},
        device_token::{Authorization, DeviceToken, End, KEPT, Subject},
        limits::Whose,
        quota::Quota,
        session::wire_time,
    },
    error::Error,
};

impl Devices<'_> {
    /// The authorization of a token; `None` when it is unknown, expired or revoked, or its account is suspended or
    /// has changed its password since. Looked up on each request.
    pub async fn authorize(self, token: &DeviceToken) -> Result<Option<Authorization>, Error> {
        let now = self.core.clock.now();
        let Some(authorization) = self.core.store.find_device_token(&token.hash(), now).await? else {
            return Ok(None);
        };
        if authorization.is_due(now)
            && let Err(error) = self.core.store.touch_device_token(&authorization.id, now).await
        {
            // While the database is read-only, devices can still read.
            warn!(%error, token = %authorization.id, "the use of a token was not recorded");
        }
        Ok(Some(authorization))
    }

    /// Counts the use of a token against its quota.
    ///
    /// # Errors
    /// [`Error::RateLimited`]; database errors.
    pub async fn count_use(self, authorization: &Authorization) -> Result<(), Error> {
        self.core.spend(Quota::Me, Whose::Id(authorization.id.as_str())).await?.keep();
        Ok(())
    }

    /// The user's authorized devices, newest first.
    pub async fn list(self, subject: &Subject) -> Result<Vec<Authorization>, Error> {
        Ok(self.core.store.list_device_tokens(subject, self.core.clock.now()).await?)
    }

    /// The same for the page of the account.
    pub async fn entries(self, account: &Account) -> Result<Vec<DeviceEntry>, Error> {
        let devices = self.list(&Subject::account(&account.id)).await?;
        Ok(devices.into_iter().map(|device| self.device_entry(device)).collect())
    }

    fn device_entry(self, device: Authorization) -> DeviceEntry {
        DeviceEntry {
            id: device.id.to_string(),
            prefix: device.prefix,
            client_name: self.core.policy.devices.clients.name(&device.client_id).to_owned(),
            client_id: device.client_id,
            device_label: device.label,
            scope: device.scope,
            created_at: wire_time(device.created_at),
            last_used_at: device.last_used_at.map(wire_time),
            expires_at: wire_time(device.expires_at),
        }
    }

    /// Revokes one of the user's tokens, by its id.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the user has no such token; database errors.
    pub async fn revoke(self, subject: &Subject, id: &str, actor: Actor, address: IpAddr) -> Result<(), Error> {
        let devices = self.list(subject).await?;
        let device = devices.into_iter().find(|device| device.id.as_str() == id).ok_or(Error::NotFound)?;
        self.end_device(&device, actor, address, "revoked").await?;
        Ok(())
    }

    /// Revokes all of the user's tokens and returns their number.
    ///
    /// # Errors
    /// Database errors.
    pub async fn revoke_all(self, subject: &Subject, actor: &Actor, address: IpAddr) -> Result<u64, Error> {
        let mut ended = 0;
        for device in self.list(subject).await? {
            ended += u64::from(self.end_device(&device, actor.clone(), address, "revoked").await?);
        }
        Ok(ended)
    }

    /// Revokes the token of the request; does nothing when it is not valid any more.
    ///
    /// # Errors
    /// Database errors.
    pub async fn revoke_own(self, token: &DeviceToken, address: IpAddr) -> Result<(), Error> {
        if let Some(device) = self.core.store.find_device_token(&token.hash(), self.core.clock.now()).await? {
            let actor = device.holder.actor();
            self.end_device(&device, actor, address, "given_back").await?;
        }
        Ok(())
    }

    async fn end_device(
        self,
        device: &Authorization,
        actor: Actor,
        address: IpAddr,
        why: &'static str,
    ) -> Result<bool, Error> {
        let entry = self
            .core
            .event(Event::DeviceTokenRevoked, actor, Some(address), device.title())?
            .with("token_id", device.id.as_str())
            .with("prefix", device.prefix.as_str())
            .with("why", why);
        let ended = self.core.store.revoke_device_token(&device.id, &entry, self.core.clock.now()).await?;
        if ended {
            entry.log();
        }
        Ok(ended)
    }

    /// Records in the audit log how tokens ended, and removes those that are over.
    pub async fn prune(self) {
        if let Err(error) = self.record_ends().await {
            warn!(%error, "the end of tokens was not recorded");
            // Keep them until they are recorded.
            return;
        }
        let now = self.core.clock.now();
        self.core.polls.prune(now);
        match self.core.store.prune_devices(now, now.checked_sub(KEPT).unwrap_or(now)).await {
            Ok(0) => {}
            Ok(count) => info!(count, "expired device requests and tokens were removed"),
            Err(error) => warn!(%error, "expired device requests and tokens were not removed"),
        }
    }

    async fn record_ends(self) -> Result<(), Error> {
        loop {
            let ended = self.core.store.ended_device_tokens(self.core.clock.now()).await?;
            if ended.is_empty() {
                return Ok(());
            }
            for token in ended {
                let event = match token.end {
                    End::Expired => Event::DeviceTokenExpired,
                    End::PasswordChanged | End::AccountSuspended => Event::DeviceTokenRevoked,
                };
                let entry = self
                    .core
                    .event(event, Actor::anonymous(), None, token.title.clone())?
                    .with("token_id", token.id.as_str())
                    .with("prefix", token.prefix.as_str())
                    .with("holder", token.subject_email.as_str())
                    .with("why", token.end.as_str());
                let entry = Entry { at: token.ended_at, ..entry };
                if self.core.store.record_end(&token, &entry).await? {
                    entry.log();
                }
            }
        }
    }
}
