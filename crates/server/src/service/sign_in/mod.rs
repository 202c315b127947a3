//! Signing in, and reauthentication. Each method authenticates, and ends with
//! [`Sessions::begin`](super::sessions::Sessions::begin) or [`renew`](super::sessions::Sessions::renew).

mod login_token;
mod password;
mod reauth;
mod second_factor;
mod setup_status;

pub use self::{
    login_token::Made,
    password::{Credentials, Purpose},
    reauth::ReauthProof,
    second_factor::Factor,
    setup_status::Setup,
};
use crate::service::core::Core;

/// Signing in.
#[derive(Debug, Clone, Copy)]
pub struct SignIn<'a> {
    core: &'a Core,
}

impl<'a> SignIn<'a> {
    pub(super) const fn new(core: &'a Core) -> Self {
        Self { core }
    }
}
