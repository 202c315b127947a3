//! Recording events in the audit log.

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
    /// An event at the current time. The caller stores it and then [logs](Entry::log) it.
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

    /// An event by which users change their own account.
    pub(in crate::service) fn own_event(
        &self,
        event: Event,
        account: &Account,
        address: IpAddr,
    ) -> Result<Entry, Error> {
        self.event(event, Actor::account(account), Some(address), &account.username)
    }

    /// An event about an account, caused by an unauthenticated client.
    pub(in crate::service) fn event_of(
        &self,
        event: Event,
        account: &Account,
        address: Option<IpAddr>,
    ) -> Result<Entry, Error> {
        Ok(self.event(event, Actor::anonymous(), address, &account.username)?.with("account_id", account.id.as_str()))
    }

    /// An event about an account, caused by an operator's command.
    pub(in crate::service) fn command_event(&self, event: Event, account: &Account) -> Result<Entry, Error> {
        Ok(self.event(event, Actor::command(), None, &account.username)?.with("account_id", account.id.as_str()))
    }

    /// Records a failed sign-in, after the credentials were checked; attempts refused by a limit are only logged. A
    /// name that belongs to no account is not recorded, because users may type their password into the wrong field.
    pub(in crate::service) async fn sign_in_failed(
        &self,
        account: Option<&Account>,
        with: &'static str,
        address: IpAddr,
    ) {
        self.metrics.sign_in_failed(with);
        let entry = match account {
            Some(account) => self.event_of(Event::SignInFailed, account, Some(address)),
            None => self.event(Event::SignInFailed, Actor::anonymous(), Some(address), ""),
        };
        let repeated = entry.map(|entry| self.repeated(entry.with("with", with), account.is_none()));
        self.record_repeated_event(repeated).await;
    }

    /// The rows of an event that clients can cause any number of times. Their ids are derived from what they
    /// aggregate, so that a repetition updates the same rows.
    pub(in crate::service) fn repeated(&self, entry: Entry, names_no_account: bool) -> Repeated {
        let all = names_no_account.then(|| {
            // Values chosen by the client would create any number of rows.
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

    /// Stores and logs such an event. A failure is only logged: the response is not affected.
    pub(in crate::service) async fn record_repeated_event(&self, repeated: Result<Repeated, Error>) {
        let stored = async {
            let repeated = repeated?;
            repeated.own.log();
            Ok::<_, Error>(self.store.record_repeated(&repeated).await?)
        };
        if let Err(error) = stored.await {
            warn!(%error, "an event was not recorded");
        }
    }

    /// Records a failed reauthentication.
    pub(in crate::service) async fn reauth_failed(&self, account: &Account, with: &'static str, address: IpAddr) {
        let entry = self.own_event(Event::ReauthFailed, account, address);
        self.record_repeated_event(entry.map(|entry| self.repeated(entry.with("with", with), false))).await;
    }

    /// Stores and logs an event that accompanies no change, and so has no transaction. A failure is only logged:
    /// the response is not affected.
    pub(in crate::service) async fn record_event(&self, entry: Result<Entry, Error>) {
        let stored = async {
            let entry = entry?;
            entry.log();
            Ok::<_, Error>(self.store.record(&entry).await?)
        };
        if let Err(error) = stored.await {
            warn!(%error, "an event was not recorded");
        }
    }
}

impl Entry {
    /// Writes the event to the log, after it was stored.
    pub fn log(&self) {
        let account = self.actor.account.as_ref().map(Id::as_str);
        let address = self.address.map(tracing::field::display);
        let detail = Value::Object(self.detail.clone());
        // The person named by the provider may have no account here; only the audit log names them.
        let subject = if self.event == Event::SsoRefused { "" } else { &self.subject };
        info!(event = self.event.as_str(), account, address, ?subject, %detail);
    }
}
