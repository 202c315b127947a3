//! Letting devices in (RFC 8628): a program asks, a person decides in a browser, the program picks its token up.

mod approval;
mod decide;
mod external;
mod poll;
mod provider;
mod request;
mod tokens;

use std::net::IpAddr;

use doorstep_contract::{device::OAuthErrorCode, user_code::UserCode};

use crate::{
    domain::{
        device_grant::{self, Grant},
        limits::Whose,
        quota::Quota,
    },
    error::Error,
    service::core::{Core, Spent},
};
pub(super) use approval::nonce_hash;
pub use approval::{ApprovalGrant, GRANT_LIFE};
pub use external::{BINDING_LIFE, CALLBACK, Initiated};
pub use poll::Issued;
pub use request::{Asked, Codes};

/// Devices: authorizing them, and ending that.
#[derive(Debug, Clone, Copy)]
pub struct Devices<'a> {
    core: &'a Core,
}

impl<'a> Devices<'a> {
    pub(super) const fn new(core: &'a Core) -> Self {
        Self { core }
    }
}

impl<'a> Devices<'a> {
    /// Whether devices are let in at all.
    ///
    /// # Errors
    /// `bearer_auth_disabled` when they are not.
    pub fn require_enabled(self) -> Result<(), Error> {
        if self.core.policy.devices.enabled { Ok(()) } else { Err(Error::Device(OAuthErrorCode::BearerAuthDisabled)) }
    }

    /// The request with a user code, whatever its state. It counts as a wrong code until the caller, who knows what is
    /// told apart from what, gives that back.
    async fn look_for(self, user_code: &str, address: IpAddr) -> Result<(Option<Grant>, Spent<'a>), Error> {
        let spent = self.core.spend(Quota::WrongUserCodes, Whose::Address(address)).await?;
        let grant = match UserCode::parse(user_code) {
            Some(code) => self.find_by_code(&code).await?,
            None => None,
        };
        Ok((grant, spent))
    }

    /// The request with a user code, by whichever secret its hash was made with.
    async fn find_by_code(self, code: &UserCode) -> Result<Option<Grant>, Error> {
        for hash in device_grant::user_code_hashes(code, &self.core.secret_keys) {
            if let Some(grant) = self.core.store.find_grant_by_user_code(&hash).await? {
                return Ok(Some(grant));
            }
        }
        Ok(None)
    }

    /// The request with a user code, if it waits for a user to decide. Everything else is a wrong code.
    async fn look_for_pending(self, user_code: &str, address: IpAddr) -> Result<Option<Grant>, Error> {
        let (grant, spent) = self.look_for(user_code, address).await?;
        let pending = grant.filter(|grant| grant.is_pending(self.core.clock.now()));
        if pending.is_some() {
            spent.give_back().await;
        } else {
            spent.keep();
        }
        Ok(pending)
    }
}
