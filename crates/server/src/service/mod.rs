//! What can be done, whatever surface asks for it: the rules of [`domain`](crate::domain) joined with the
//! [`store`](crate::store). No HTTP here: a caller hands in plain values and gets plain values or an
//! [`Error`](crate::error::Error).

pub mod first_start;
mod passwords;
pub mod sessions;
mod setup_status;
pub mod sign_in;

use doorstep_contract::auth::Branding;

pub use passwords::Passwords;

use crate::{
    domain::{clock::Clock, random::Random, session::SessionPolicy},
    store::Store,
};

/// Everything that a request may need.
#[derive(Debug, Clone)]
pub struct Service {
    /// The database.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// Chance.
    pub random: Random,
    /// Hashing, with its limits.
    pub passwords: Passwords,
    /// How long sessions live.
    pub sessions: SessionPolicy,
    /// How this installation presents itself.
    pub branding: Branding,
}
