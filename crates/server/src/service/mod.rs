//! What can be done, whatever surface asks for it: the rules of [`domain`](crate::domain) joined with the
//! [`store`](crate::store). No HTTP here: a caller hands in plain values and gets plain values or an
//! [`Error`](crate::error::Error).

mod account_edit;
pub mod accounts;
mod audit;
mod begin_session;
mod client_links;
mod clients;
mod delivery;
mod demo;
pub mod device;
pub mod email_revert;
pub mod first_start;
mod hashing;
pub mod heavy;
mod identities;
pub mod limits;
pub mod login_token;
mod mails;
mod moment;
mod password_reset;
mod passwords;
mod portal;
mod project_members;
mod project_updates;
mod projects;
pub mod queue;
pub mod quotas;
pub mod reauth;
pub mod second_factor;
mod session_list;
pub mod sessions;
mod setup;
pub mod setup_status;
pub mod sign_in;
pub mod sso;
pub mod sso_arrival;
pub mod tokens;
mod totp;
mod trusted_devices;
pub mod workspaces;

use doorstep_contract::auth::Branding;
use jiff::SignedDuration;
use url::Url;

pub use account_edit::Edited;
pub use device::Polls;
pub use limits::KeyedLocks;
pub use mails::Bell;
pub use passwords::Passwords;

use crate::{
    domain::{
        clock::Clock, device_policy::DevicePolicy, limits::Backoff, password_policy::PasswordPolicy, quota::Quotas,
        random::Random, secret_key::SecretKeys, session::SessionPolicy,
    },
    idp::Providers,
    metrics::Metrics,
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
    /// How long a temporary login token waits to be used.
    pub login_token_life: SignedDuration,
    /// Whether people may sign in with a password.
    pub password_login: bool,
    /// Which new passwords are taken.
    pub password_policy: PasswordPolicy,
    /// How often a password or code may be tried.
    pub sign_in_limit: Backoff,
    /// How often anything else may be done.
    pub quotas: Quotas,
    /// What the operator has decided about devices.
    pub device: DevicePolicy,
    /// How long is remembered who did what; `None` for ever.
    pub audit_life: Option<SignedDuration>,
    /// Attempts on the same bucket take turns, each with its lock.
    pub attempts: KeyedLocks,
    /// The polls of devices that wait.
    pub polls: Polls,
    /// How this installation presents itself.
    pub branding: Branding,
    /// Where users find help, an absolute URL; mails name it.
    pub support: Option<String>,
    /// Where people find it: where links in mails lead.
    pub public_url: Url,
    /// Other identity systems.
    pub idp: Providers,
    /// Where links in mails that reset a password may lead, beside this server's own page.
    pub reset_urls: Vec<Url>,
    /// Rung when a mail waits to be delivered.
    pub mail_bell: Bell,
    /// What is counted.
    pub metrics: Metrics,
}
