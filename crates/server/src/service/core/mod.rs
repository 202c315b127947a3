//! What all areas share. It does not depend on any of them.

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

/// What all areas share. The files of this folder add operations: limits and quotas, audit events, mails for the
/// queue.
#[derive(Debug)]
pub(super) struct Core {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) random: Random,
    /// Password hashing, with its queue.
    pub(super) passwords: Passwords,
    pub(super) secret_keys: SecretKeys,
    /// The operator's settings.
    pub(super) policy: Policy,
    /// Locks by which attempts on the same bucket take turns.
    pub(super) attempts: KeyedLocks,
    /// The polls of pending device requests.
    pub(super) polls: Polls,
    pub(super) branding: Branding,
    /// The URL of the support page, for mails.
    pub(super) support: Option<String>,
    /// The public URL.
    pub(super) public_url: Url,
    /// The SSO providers.
    pub(super) providers: Providers,
    /// Rung when a mail was queued.
    pub(super) mail_bell: Bell,
    /// The counters for monitoring.
    pub(super) metrics: Metrics,
}
