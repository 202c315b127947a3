//! What can be done, whatever surface asks for it: the rules of [`domain`](crate::domain) joined with the
//! [`store`](crate::store). No HTTP here: a caller hands in plain values and gets plain values or an
//! [`Error`](crate::error::Error).

pub mod accounts;
pub mod first_start;
pub mod limits;
mod passwords;
mod reauth;
pub mod sessions;
mod setup;
mod setup_status;
pub mod sign_in;

use doorstep_contract::auth::Branding;

pub use limits::Turns;
pub use passwords::Passwords;

use crate::{
    domain::{
        clock::Clock, limits::Backoff, password_policy::PasswordPolicy, random::Random, secret_key::SecretKeys,
        session::SessionPolicy,
    },
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
    /// The server's secrets.
    pub keys: SecretKeys,
    /// How long sessions live.
    pub sessions: SessionPolicy,
    /// Which new passwords are taken.
    pub password_policy: PasswordPolicy,
    /// How often a password or code may be tried.
    pub sign_in_limit: Backoff,
    /// Attempts on the same bucket take turns.
    pub turns: Turns,
    /// How this installation presents itself.
    pub branding: Branding,
}
