//! What users do with their own account: profile, credentials, recovery.

mod edit;
mod email_revert;
mod password_reset;
mod setup;
mod totp;
mod trusted_devices;

pub use self::{edit::Edited, email_revert::Restored};
pub use crate::domain::email_revert::EmailRevert;
use crate::service::core::Core;

/// The account of the signed-in user.
#[derive(Debug, Clone, Copy)]
pub struct OwnAccount<'a> {
    core: &'a Core,
}

impl<'a> OwnAccount<'a> {
    pub(super) const fn new(core: &'a Core) -> Self {
        Self { core }
    }
}
