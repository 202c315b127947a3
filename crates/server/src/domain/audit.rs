//! The audit log: security events for operators, which outlive the sessions, tokens and accounts that they are
//! about.

mod event;

use std::net::IpAddr;

use doorstep_contract::audit::COMMAND_LINE;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

pub use event::Event;

use super::{account::Account, id::Id};

/// Who caused an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account, if it was one.
    pub account: Option<Id>,
    /// Its name at that time; empty without an actor.
    pub name: String,
}

impl Actor {
    /// An account.
    #[must_use]
    pub fn account(account: &Account) -> Self {
        Self { account: Some(account.id.clone()), name: account.username.clone() }
    }

    /// A person without an account here.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self { account: None, name: name.into() }
    }

    /// No actor: a timer, or an unauthenticated client.
    #[must_use]
    pub fn anonymous() -> Self {
        Self::named("")
    }

    /// An operator's command line, which is not tied to an account.
    #[must_use]
    pub fn command() -> Self {
        Self::named(COMMAND_LINE)
    }
}

/// Who performs an operation, and from which address.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The actor.
    pub actor: Actor,
    /// The actor's display name.
    pub display_name: String,
    /// The client's address, for operations over the network.
    pub address: Option<IpAddr>,
}

impl Origin {
    /// An account.
    #[must_use]
    pub fn account(account: &Account, address: IpAddr) -> Self {
        Self { actor: Actor::account(account), display_name: account.display_name().to_owned(), address: Some(address) }
    }

    /// An operator's command.
    #[must_use]
    pub fn command() -> Self {
        let actor = Actor::command();
        Self { display_name: actor.name.clone(), actor, address: None }
    }
}

/// An audit event.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The id, which sorts by time.
    pub id: Id,
    /// When it happened.
    pub at: Timestamp,
    /// The kind of event.
    pub event: Event,
    /// Who caused it.
    pub actor: Actor,
    /// The client's address, if it came over the network.
    pub address: Option<IpAddr>,
    /// The name of the object, as displayed.
    pub subject: String,
    /// Further details: ids and names, never secrets.
    pub detail: Map<String, Value>,
    /// How often it happened; more than once only for a [`Repeated`] event.
    pub times: u32,
}

/// An event that a client can cause any number of times, such as a wrong password. Each address has one row per
/// minute, which counts repetitions.
///
/// Events about an existing account always get that row, so that no flood hides them; the limits of the account
/// bound their number. Events about no account could come from any number of addresses: beyond
/// [`ANONYMOUS_PER_HOUR`] rows, one row per hour counts all of them. Rows about no account are kept for
/// [`ANONYMOUS_KEPT`] only.
#[derive(Debug, Clone)]
pub struct Repeated {
    /// The row of its address and minute.
    pub own: Entry,
    /// The row of all addresses and the hour, for events about no account.
    pub all: Option<Entry>,
}

/// The number of rows per hour for events about no account.
pub const ANONYMOUS_PER_HOUR: u32 = 100;
/// How long they are kept.
pub const ANONYMOUS_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The start of the minute or hour that contains a time.
#[must_use]
pub fn beginning(at: Timestamp, unit: SignedDuration) -> Timestamp {
    let length = i64::try_from(unit.as_millis()).unwrap_or(1).max(1);
    let millis = at.as_millisecond();
    Timestamp::from_millisecond(millis - millis.rem_euclid(length)).unwrap_or(at)
}

impl Entry {
    /// Adds a detail.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.detail.insert(name.to_owned(), value.into());
        self
    }
}

/// A filter for the list of events.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only events of this kind.
    pub event: Option<Event>,
    /// Only events of accounts whose name begins with this, or did so at the time of the event.
    pub actor: Option<String>,
    /// Only those with this text in actor, subject or address.
    pub text: Option<String>,
    /// Only events at or after this time.
    pub since: Option<Timestamp>,
    /// Only events before this time.
    pub until: Option<Timestamp>,
}
