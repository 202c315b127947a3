//! The device flow (RFC 8628): a program requests authorization, a user decides in a browser, and the program
//! fetches its token.

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
pub use request::{Codes, NewRequest};

/// Authorizing devices, and revoking them.
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
    /// Checks that device sign-in is enabled.
    ///
    /// # Errors
    /// `bearer_auth_disabled` when it is not.
    pub fn require_enabled(self) -> Result<(), Error> {
        if self.core.policy.devices.enabled { Ok(()) } else { Err(Error::Device(OAuthErrorCode::BearerAuthDisabled)) }
    }

    /// The request with this user code, in any state. Counts as a wrong code; the caller gives the count back when
    /// the code was right by its own rules.
    async fn find_counted(self, user_code: &str, address: IpAddr) -> Result<(Option<Grant>, Spent<'a>), Error> {
        let spent = self.core.spend(Quota::WrongUserCodes, Whose::Address(address)).await?;
        let grant = match UserCode::parse(user_code) {
            Some(code) => self.find_by_code(&code).await?,
            None => None,
        };
        Ok((grant, spent))
    }

    /// The request with this user code. The hash depends on the secret key, so all configured keys are tried.
    async fn find_by_code(self, code: &UserCode) -> Result<Option<Grant>, Error> {
        for hash in device_grant::user_code_hashes(code, &self.core.secret_keys) {
            if let Some(grant) = self.core.store.find_grant_by_user_code(&hash).await? {
                return Ok(Some(grant));
            }
        }
        Ok(None)
    }

    /// The request with this user code, if it is pending. Any other code counts as wrong.
    async fn find_pending_counted(self, user_code: &str, address: IpAddr) -> Result<Option<Grant>, Error> {
        let (grant, spent) = self.find_counted(user_code, address).await?;
        let pending = grant.filter(|grant| grant.is_pending(self.core.clock.now()));
        if pending.is_some() {
            spent.give_back().await;
        } else {
            spent.keep();
        }
        Ok(pending)
    }
}
