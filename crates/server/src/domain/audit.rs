//! What an installation remembers of who did what, for its operators: security events that outlive the sessions,
//! tokens and accounts that they are about.

use std::net::IpAddr;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{account::Account, id::Id};

/// What happened. A word of the database: it must not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Somebody let a device in.
    DeviceApproved,
    /// Somebody did not.
    DeviceDenied,
    /// A device has picked up its token.
    DeviceTokenIssued,
    /// A device's token came to the end of its life.
    DeviceTokenExpired,
    /// A device's token was ended before that.
    DeviceTokenRevoked,
    /// A device asked for its token from another network than it had asked to be let in from.
    DeviceCrossIpPoll,
    /// Somebody made a project.
    ProjectCreated,
    /// Somebody changed a project, or linked it to a client.
    ProjectEdited,
    /// Somebody made a client.
    ClientCreated,
    /// Somebody changed what a client is called.
    ClientEdited,
    /// Somebody shut a client out of the portal.
    ClientDeactivated,
    /// Somebody let a client in again.
    ClientActivated,
    /// Somebody made a magic link.
    LinkMade,
    /// Somebody revoked a magic link.
    LinkRevoked,
    /// Somebody let an account see a project.
    MemberAdded,
    /// Somebody took an account out of a project.
    MemberRemoved,
    /// Somebody wrote an update for a client.
    UpdateWritten,
    /// Somebody changed an update.
    UpdateEdited,
    /// Somebody removed an update.
    UpdateRemoved,
}

impl Event {
    /// Every event.
    pub const ALL: [Self; 19] = [
        Self::DeviceApproved,
        Self::DeviceDenied,
        Self::DeviceTokenIssued,
        Self::DeviceTokenExpired,
        Self::DeviceTokenRevoked,
        Self::DeviceCrossIpPoll,
        Self::ProjectCreated,
        Self::ProjectEdited,
        Self::ClientCreated,
        Self::ClientEdited,
        Self::ClientDeactivated,
        Self::ClientActivated,
        Self::LinkMade,
        Self::LinkRevoked,
        Self::MemberAdded,
        Self::MemberRemoved,
        Self::UpdateWritten,
        Self::UpdateEdited,
        Self::UpdateRemoved,
    ];

    /// The word in the database and in the log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DeviceApproved => "device_approved",
            Self::DeviceDenied => "device_denied",
            Self::DeviceTokenIssued => "device_token_issued",
            Self::DeviceTokenExpired => "device_token_expired",
            Self::DeviceTokenRevoked => "device_token_revoked",
            Self::DeviceCrossIpPoll => "device_cross_ip_poll",
            Self::ProjectCreated => "project_created",
            Self::ProjectEdited => "project_edited",
            Self::ClientCreated => "client_created",
            Self::ClientEdited => "client_edited",
            Self::ClientDeactivated => "client_deactivated",
            Self::ClientActivated => "client_activated",
            Self::LinkMade => "link_made",
            Self::LinkRevoked => "link_revoked",
            Self::MemberAdded => "member_added",
            Self::MemberRemoved => "member_removed",
            Self::UpdateWritten => "update_written",
            Self::UpdateEdited => "update_edited",
            Self::UpdateRemoved => "update_removed",
        }
    }

    /// From the word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.as_str() == word)
    }
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account, when it was one of ours.
    pub account: Option<Id>,
    /// What it was called then; empty when nobody did it.
    pub name: String,
}

impl Actor {
    /// An account.
    #[must_use]
    pub fn account(account: &Account) -> Self {
        Self { account: Some(account.id.clone()), name: account.username.clone() }
    }

    /// Somebody who is no account here.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self { account: None, name: name.into() }
    }

    /// Nobody: time, or a program that has not said whose it is.
    #[must_use]
    pub fn nobody() -> Self {
        Self::named("")
    }

    /// Whoever runs an operator's command: they control the server, and have no account that we know of.
    #[must_use]
    pub fn command() -> Self {
        Self::named("command line")
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
    /// Only those of this account.
    pub account: Option<Id>,
    /// Only those from then on.
    pub since: Option<Timestamp>,
    /// Only those before.
    pub until: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_has_a_word_of_its_own() {
        for event in Event::ALL {
            assert_eq!(Event::parse(event.as_str()), Some(event));
        }
        assert_eq!(Event::parse("something_else"), None);
    }
}
