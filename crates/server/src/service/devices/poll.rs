//! Polling for a device's token.

use std::net::IpAddr;

use doorstep_contract::{device::OAuthErrorCode, secret::Secret};
use tracing::error;

use super::Devices;
use crate::{
    domain::{
        audit::{Actor, Entry, Event},
        device_grant::{Grant, Poll, State, hash_device_code},
        device_token::{Authorization, title},
        secret_key::Purpose,
    },
    error::Error,
    metrics,
    service::core::Judged,
    store::PickUp,
};

/// A token, which is returned once.
#[derive(Debug)]
pub struct Issued {
    /// The token.
    pub token: Secret,
    /// Its authorization.
    pub authorization: Authorization,
    /// Its lifetime in seconds.
    pub expires_in: i64,
}

/// How often a poll is retried when the request changes concurrently.
const TRIES: u32 = 4;

impl Devices<'_> {
    /// Answers a poll (RFC 8628 §3.5). Never [`Error::RateLimited`], whose counterpart is `slow_down`.
    ///
    /// # Errors
    /// `authorization_pending`, `slow_down`, `access_denied`, `expired_token`, `invalid_grant`; database errors.
    pub async fn poll(self, device_code: &str, client_id: &str, address: IpAddr) -> Result<Issued, Error> {
        let refused = |code| Err(Error::Device(code));
        let hash = hash_device_code(device_code);
        for _ in 0..TRIES {
            let Some(grant) = self.core.store.find_grant(&hash).await? else {
                return refused(OAuthErrorCode::ExpiredToken);
            };
            let now = self.core.clock.now();
            let Judged { poll, write } = self.core.polls.judge(&grant, client_id, now);
            match poll {
                Poll::AnotherClient => return refused(OAuthErrorCode::InvalidGrant),
                Poll::Over => return refused(OAuthErrorCode::ExpiredToken),
                Poll::Denied => {
                    let told = self.core.store.consume(&grant.id, State::Denied, now).await?;
                    return refused(if told { OAuthErrorCode::AccessDenied } else { OAuthErrorCode::ExpiredToken });
                }
                Poll::Approved => return self.pick_up(&grant, client_id, address).await,
                Poll::Wait(mut wait) => {
                    // The program that requested the code can cause this event, before any account is involved.
                    let stray = self.stray(&grant, address)?.map(|entry| self.core.repeated(entry, true));
                    if write || stray.is_some() {
                        // The write reports the current state; if a decision was made meanwhile, look again.
                        let found = self.core.store.wait(&grant.id, client_id, wait, now, stray.as_ref()).await?;
                        let Poll::Wait(found) = found else { continue };
                        log(stray.as_ref().map(|stray| &stray.own));
                        self.core.polls.learn(&grant.id, found.interval);
                        wait = found;
                    }
                    if wait.too_soon {
                        self.core.metrics.limit_hit(metrics::DEVICE_POLL);
                        return refused(OAuthErrorCode::SlowDown);
                    }
                    return refused(OAuthErrorCode::AuthorizationPending);
                }
            }
        }
        refused(OAuthErrorCode::AuthorizationPending)
    }

    async fn pick_up(self, grant: &Grant, client_id: &str, address: IpAddr) -> Result<Issued, Error> {
        let now = self.core.clock.now();
        let over = || Error::Device(OAuthErrorCode::ExpiredToken);
        let authorization = match &grant.token {
            Some(token) => self.core.store.device_token(token, now).await?,
            None => None,
        };
        let Some(authorization) = authorization else {
            // It was revoked, or its account suspended, before the device fetched it.
            let told = self.core.store.consume(&grant.id, State::Approved, now).await?;
            return Err(if told { Error::Device(OAuthErrorCode::AccessDenied) } else { over() });
        };
        let actor = authorization.holder.actor();
        let entry = self
            .core
            .event(Event::DeviceTokenIssued, actor, Some(address), authorization.title())?
            .with("grant_id", grant.id.as_str())
            .with("token_id", authorization.id.as_str())
            .with("prefix", authorization.prefix.as_str());
        let stray = self.stray(grant, address)?;
        let open = |sealed: &[u8]| {
            let opened = self.core.secret_keys.open(Purpose::DeviceTokens, grant.id.as_str().as_bytes(), sealed);
            opened.and_then(|bytes| String::from_utf8(bytes).ok())
        };
        let token = match self.core.store.pick_up(&grant.id, open, now, &entry, stray.as_ref()).await? {
            PickUp::Token(token) => token,
            PickUp::Over => return Err(over()),
            PickUp::Sealed => return Err(self.leave(grant, client_id)),
        };
        entry.log();
        log(stray.as_ref());
        let expires_in = authorization.expires_at.duration_since(now).as_secs();
        Ok(Issued { token: Secret::new(token), authorization, expires_in })
    }

    /// The response when the sealed token can't be opened: another server may have the secret key for it. To the
    /// device this looks like a pending request, so it has to respect its interval.
    fn leave(self, grant: &Grant, client_id: &str) -> Error {
        let waits = Grant { state: State::Pending, ..grant.clone() };
        let Judged { poll, .. } = self.core.polls.judge(&waits, client_id, self.core.clock.now());
        if matches!(poll, Poll::Wait(wait) if wait.too_soon) {
            self.core.metrics.limit_hit(metrics::DEVICE_POLL);
            return Error::Device(OAuthErrorCode::SlowDown);
        }
        error!(grant = %grant.id, "a sealed token can't be opened: this server lacks a secret key");
        Error::Device(OAuthErrorCode::AuthorizationPending)
    }

    /// An event, when a device polls from another network for the first time.
    fn stray(self, grant: &Grant, address: IpAddr) -> Result<Option<Entry>, Error> {
        if !grant.is_from_another_network(address) {
            return Ok(None);
        }
        let device = title(&grant.client_id, grant.label.as_deref());
        let entry = self.core.event(Event::DeviceCrossIpPoll, Actor::anonymous(), Some(address), device)?;
        Ok(Some(entry.with("grant_id", grant.id.as_str()).with("requested_from", grant.address.to_string())))
    }
}

fn log(entry: Option<&Entry>) {
    if let Some(entry) = entry {
        entry.log();
    }
}
