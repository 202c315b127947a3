//! Remembering who did what.

use std::net::IpAddr;

use jiff::SignedDuration;
use serde_json::{Map, Value};
use tracing::{info, warn};

use super::Core;
use crate::{
    domain::{
        account::Account,
        audit::{Actor, Entry, Event, Repeated, beginning},
        id::Id,
        secret_key::Purpose,
    },
    error::Error,
};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const HOUR: SignedDuration = SignedDuration::from_hours(1);

impl Core {
    /// An event that happens now. The caller stores it, and then [logs](Entry::log) it.
    pub(in crate::service) fn event(
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
            times: 1,
        })
    }

    /// What a user does to their own account.
    pub(in crate::service) fn own_event(
        &self,
        event: Event,
        account: &Account,
        address: IpAddr,
    ) -> Result<Entry, Error> {
        self.event(event, Actor::account(account), Some(address), &account.username)
    }

    /// What happens to an account by a client that is not known.
    pub(in crate::service) fn event_of(
        &self,
        event: Event,
        account: &Account,
        address: Option<IpAddr>,
    ) -> Result<Entry, Error> {
        Ok(self.event(event, Actor::nobody(), address, &account.username)?.with("account_id", account.id.as_str()))
    }

    /// What an operator's command does to an account.
    pub(in crate::service) fn command_event(&self, event: Event, account: &Account) -> Result<Entry, Error> {
        Ok(self.event(event, Actor::command(), None, &account.username)?.with("account_id", account.id.as_str()))
    }

    /// Remembers a failed sign-in, once what was given was checked: what the limits turn away is in the log alone. A name
    /// that is no account is not remembered, because users type their password into the wrong field.
    pub(in crate::service) async fn sign_in_failed(
        &self,
        account: Option<&Account>,
        with: &'static str,
        address: IpAddr,
    ) {
        self.metrics.sign_in_failed(with);
        let entry = match account {
            Some(account) => self.event_of(Event::SignInFailed, account, Some(address)),
            None => self.event(Event::SignInFailed, Actor::nobody(), Some(address), ""),
        };
        let repeated = entry.map(|entry| self.repeated(entry.with("with", with), account.is_none()));
        self.remember_repeated(repeated).await;
    }

    /// The rows that an event has which a client can bring about as often as it likes. Their ids are made of what they
    /// stand for, so that the next one finds them.
    pub(in crate::service) fn repeated(&self, entry: Entry, names_no_account: bool) -> Repeated {
        let all = names_no_account.then(|| {
            // What the client chose would make any number of rows of it.
            let mut detail = entry.detail.clone();
            detail.retain(|name, _| matches!(name.as_str(), "with" | "provider" | "reason"));
            self.standing_for(Entry { address: None, subject: String::new(), detail, ..entry.clone() }, HOUR)
        });
        Repeated { own: self.standing_for(entry, MINUTE), all }
    }

    fn standing_for(&self, entry: Entry, unit: SignedDuration) -> Entry {
        let address = entry.address.map(|address| address.to_string()).unwrap_or_default();
        let detail = Value::Object(entry.detail.clone()).to_string();
        let actor = entry.actor.account.as_ref().map_or(entry.actor.name.as_str(), Id::as_str);
        let known = ["audit", entry.event.as_str(), actor, &entry.subject, &address, &detail];
        let hash = self.secret_keys.subkey(Purpose::LimitKeys).authenticate(known.join("\n").as_bytes());
        let mut bytes = [0; 10];
        bytes.iter_mut().zip(hash).for_each(|(byte, of_hash)| *byte = of_hash);
        Entry { id: Id::standing_for(beginning(entry.at, unit), bytes), ..entry }
    }

    /// Stores and logs such an event, which changes nothing. What was answered stays so when that fails.
    pub(in crate::service) async fn remember_repeated(&self, repeated: Result<Repeated, Error>) {
        let stored = async {
            let repeated = repeated?;
            repeated.own.log();
            Ok::<_, Error>(self.store.record_repeated(&repeated).await?)
        };
        if let Err(error) = stored.await {
            warn!(%error, "an event was not written down");
        }
    }

    /// Remembers that a signed-in user could not prove their identity.
    pub(in crate::service) async fn reauth_failed(&self, account: &Account, with: &'static str, address: IpAddr) {
        let entry = self.own_event(Event::ReauthFailed, account, address);
        self.remember_repeated(entry.map(|entry| self.repeated(entry.with("with", with), false))).await;
    }

    /// Stores and logs what changes nothing, and so has no transaction to be stored in. What was answered stays so when
    /// that fails.
    pub(in crate::service) async fn remember(&self, entry: Result<Entry, Error>) {
        let stored = async {
            let entry = entry?;
            entry.log();
            Ok::<_, Error>(self.store.record(&entry).await?)
        };
        if let Err(error) = stored.await {
            warn!(%error, "an event was not written down");
        }
    }
}

impl Entry {
    /// Writes it to the log, once it is stored.
    pub fn log(&self) {
        let account = self.actor.account.as_ref().map(Id::as_str);
        let address = self.address.map(tracing::field::display);
        let detail = Value::Object(self.detail.clone());
        // Whom a provider vouches for may have no account here; the audit log of the operators names them.
        let subject = if self.event == Event::SsoRefused { "" } else { &self.subject };
        info!(event = self.event.as_str(), account, address, ?subject, %detail);
    }
}
