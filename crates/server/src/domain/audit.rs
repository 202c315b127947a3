//! What an installation remembers of who did what, for its operators: security events that outlive the sessions,
//! tokens and accounts that they are about.

mod event;

use std::net::IpAddr;

use doorstep_contract::audit::COMMAND_LINE;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

pub use event::Event;

use super::{account::Account, id::Id};

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account, when it was one of ours.
    pub account: Option<Id>,
    /// What it was called then; empty when no one did it.
    pub name: String,
}

impl Actor {
    /// An account.
    #[must_use]
    pub fn account(account: &Account) -> Self {
        Self { account: Some(account.id.clone()), name: account.username.clone() }
    }

    /// A person who has no account here.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self { account: None, name: name.into() }
    }

    /// No actor: time, or a program that has not said whose it is.
    #[must_use]
    pub fn nobody() -> Self {
        Self::named("")
    }

    /// The user of an operator's command: they control the server, and have no account that we know of.
    #[must_use]
    pub fn command() -> Self {
        Self::named(COMMAND_LINE)
    }
}

/// Who does something, and from where.
#[derive(Debug, Clone)]
pub struct Origin {
    /// Who.
    pub actor: Actor,
    /// What people call them.
    pub called: String,
    /// From where, when it comes over the network.
    pub address: Option<IpAddr>,
}

impl Origin {
    /// An account.
    #[must_use]
    pub fn account(account: &Account, address: IpAddr) -> Self {
        Self { actor: Actor::account(account), called: account.called().to_owned(), address: Some(address) }
    }

    /// An operator's command.
    #[must_use]
    pub fn command() -> Self {
        let actor = Actor::command();
        Self { called: actor.name.clone(), actor, address: None }
    }
}

/// One event.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Names it, and sorts by time.
    pub id: Id,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
    /// Who did it.
    pub actor: Actor,
    /// From where, when it came over the network.
    pub address: Option<IpAddr>,
    /// What it was done to, as people know it.
    pub subject: String,
    /// What else there is to say: ids and names, never a secret.
    pub detail: Map<String, Value>,
    /// How often it happened; more than once for a [`Repeated`] one.
    pub times: u32,
}

/// An event that a client can bring about as often as it likes: a wrong password, say. It has one row for each address and
/// minute, which counts.
///
/// What names an account always has that row, so no flood hides from operators what happens to an account; the limits of
/// the account bound how many there are. What names none could be brought about from any number of addresses: beyond
/// [`STRANGERS_AN_HOUR`] one row of the hour counts for all of them, and it is kept for [`STRANGERS_KEPT`] only.
#[derive(Debug, Clone)]
pub struct Repeated {
    /// For its address and minute.
    pub own: Entry,
    /// For all addresses and the hour, of what names no account.
    pub all: Option<Entry>,
}

/// How many rows there are an hour of what names no account.
pub const STRANGERS_AN_HOUR: u32 = 100;
/// How long they are kept.
pub const STRANGERS_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The beginning of the minute or hour that a time is in.
#[must_use]
pub fn beginning(at: Timestamp, unit: SignedDuration) -> Timestamp {
    let length = i64::try_from(unit.as_millis()).unwrap_or(1).max(1);
    let millis = at.as_millisecond();
    Timestamp::from_millisecond(millis - millis.rem_euclid(length)).unwrap_or(at)
}

impl Entry {
    /// Adds what else there is to say.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.detail.insert(name.to_owned(), value.into());
        self
    }
}

/// Which events to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only this one.
    pub event: Option<Event>,
    /// Only those of the account that is called so now, or was then.
    pub actor: Option<String>,
    /// Only those with this text in actor, subject or address.
    pub text: Option<String>,
    /// Only those from then on.
    pub since: Option<Timestamp>,
    /// Only those before.
    pub until: Option<Timestamp>,
}
