//! What all areas share. It knows none of them.

mod audit;
mod bell;
mod client_context;
mod identity;
mod keyed_locks;
mod limits;
mod mails;
mod polls;
mod quotas;

use doorstep_contract::auth::Branding;
use url::Url;

pub use self::{bell::Bell, client_context::ClientContext, identity::Identity, quotas::Spent};
pub(super) use self::{
    keyed_locks::KeyedLocks,
    limits::{Attempt, AttemptSubject},
    mails::Opened,
    polls::{Judged, Polls},
};
use crate::{
    domain::{clock::Clock, policy::Policy, random::Random, secret_key::SecretKeys},
    idp::Providers,
    metrics::Metrics,
    service::passwords::Passwords,
    store::Store,
};

/// What all areas share. The files beside this say what can be done with it: limits and quotas are drawn from, events are
/// written down, mails are sealed for the queue.
#[derive(Debug)]
pub(super) struct Core {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) random: Random,
    /// Hashing, with its limits.
    pub(super) passwords: Passwords,
    pub(super) secret_keys: SecretKeys,
    /// What the operator has decided.
    pub(super) policy: Policy,
    /// Attempts on the same bucket take turns, each with its lock.
    pub(super) attempts: KeyedLocks,
    /// The polls of devices that wait.
    pub(super) polls: Polls,
    pub(super) branding: Branding,
    /// Where users find help; mails name it.
    pub(super) support: Option<String>,
    /// Where users find the server.
    pub(super) public_url: Url,
    /// Other identity systems.
    pub(super) providers: Providers,
    /// Rung when a mail waits to be delivered.
    pub(super) mail_bell: Bell,
    /// What is counted for monitoring.
    pub(super) metrics: Metrics,
}
