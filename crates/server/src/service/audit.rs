//! Remembering who did what.

use std::net::IpAddr;

use serde_json::{Map, Value};
use tracing::info;

use super::Service;
use crate::{
    domain::{
        audit::{Actor, Entry, Event},
        id::Id,
    },
    error::Error,
};

impl Service {
    /// An event that happens now. Whoever makes it happen stores it, and then [logs](Entry::log) it.
    pub(super) fn event(
        &self,
        event: Event,
        actor: Actor,
        address: Option<IpAddr>,
        subject: impl Into<String>,
    ) -> Result<Entry, Error> {
        Ok(Entry {
            id: Id::new(&self.clock, &self.random)?,
            at: self.clock.now(),
            event,
            actor,
            address,
            subject: subject.into(),
            detail: Map::new(),
        })
    }
}

impl Entry {
    /// Writes it to the log, once it is stored.
    pub fn log(&self) {
        let account = self.actor.account.as_ref().map(Id::as_str);
        let address = self.address.map(tracing::field::display);
        let detail = Value::Object(self.detail.clone());
        info!(event = self.event.as_str(), account, address, subject = ?self.subject, %detail);
    }
}
