//! Letting devices in (RFC 8628): a program asks, a person decides in a browser, the program picks its token up.

mod approval;
mod decide;
mod external;
mod poll;
mod polls;
mod provider;
mod request;
mod tokens;

use std::net::IpAddr;

use doorstep_contract::{device::OAuthErrorCode, user_code::UserCode};
use jiff::{SignedDuration, Timestamp};
use url::Url;

pub(super) use approval::nonce_hash;
pub use approval::{ApprovalGrant, GRANT_LIFE};
pub use external::{BINDING_LIFE, CALLBACK, Initiated};
pub use poll::Issued;
pub use polls::Polls;
pub use request::{Asked, Codes};

use super::{
    Service,
    quotas::{Spent, Whose},
};
use crate::{
    domain::{
        device_client::Clients,
        device_grant::{self, Grant},
        jws::SharedKey,
        quota::Quota,
    },
    error::Error,
};

/// What an operator has decided about devices.
#[derive(Debug, Clone)]
pub struct DevicePolicy {
    /// Whether devices are let in at all.
    pub enabled: bool,
    /// How long their tokens live.
    pub token_life: SignedDuration,
    /// The programs that may ask.
    pub clients: Clients,
    /// The version of Dify whose device API this is, for clients that compare it with those that they know.
    pub dify_version: String,
    /// Another identity system whose people may decide too, in the place of providers.
    pub external: Option<ExternalSystem>,
}

/// The version of Dify whose device API this is, unless configured.
pub const DIFY_VERSION: &str = "1.15.0";

impl Default for DevicePolicy {
    fn default() -> Self {
        let token_life = SignedDuration::from_hours(14 * 24);
        let dify_version = DIFY_VERSION.to_owned();
        Self { enabled: true, token_life, clients: Clients::default(), dify_version, external: None }
    }
}

impl DevicePolicy {
    /// When the token of a device ends that is approved now.
    fn access_until(&self, now: Timestamp) -> Timestamp {
        now.checked_add(self.token_life).unwrap_or(now)
    }
}

/// Another identity system.
#[derive(Debug, Clone)]
pub struct ExternalSystem {
    /// Where browsers are sent.
    pub acs_url: Url,
    /// What both sign with.
    pub key: SharedKey,
}

impl Service {
    /// Whether devices are let in at all.
    ///
    /// # Errors
    /// `bearer_auth_disabled` when they are not.
    pub fn require_devices(&self) -> Result<(), Error> {
        if self.device.enabled { Ok(()) } else { Err(Error::Device(OAuthErrorCode::BearerAuthDisabled)) }
    }

    /// The request with a user code, whatever its state. It counts as a wrong code until the caller, who knows what is
    /// told apart from what, gives that back.
    async fn look_for(&self, user_code: &str, address: IpAddr) -> Result<(Option<Grant>, Spent<'_>), Error> {
        let spent = self.spend(Quota::WrongUserCodes, Whose::Address(address)).await?;
        let grant = match UserCode::parse(user_code) {
            Some(code) => self.find_by_code(&code).await?,
            None => None,
        };
        Ok((grant, spent))
    }

    /// The request with a user code, by whichever secret its hash was made with.
    async fn find_by_code(&self, code: &UserCode) -> Result<Option<Grant>, Error> {
        for hash in device_grant::user_code_hashes(code, &self.keys) {
            if let Some(grant) = self.store.find_grant_by_user_code(&hash).await? {
                return Ok(Some(grant));
            }
        }
        Ok(None)
    }

    /// The request with a user code, if it waits for somebody to decide. Everything else is a wrong code.
    async fn look_for_pending(&self, user_code: &str, address: IpAddr) -> Result<Option<Grant>, Error> {
        let (grant, spent) = self.look_for(user_code, address).await?;
        let pending = grant.filter(|grant| grant.is_pending(self.clock.now()));
        if pending.is_some() {
            spent.give_back().await;
        } else {
            spent.keep();
        }
        Ok(pending)
    }
}
