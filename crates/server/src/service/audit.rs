//! The audit log: its pages, and its retention.

use doorstep_contract::{account::List, audit::AuditEntry};
use jiff::Timestamp;
use serde_json::Value;
use tracing::{info, warn};

use crate::{
    domain::{
        audit::{ANONYMOUS_KEPT, Entry, Filter},
        page::Page,
        session::wire_time,
    },
    error::Error,
    service::{core::Core, heavy::heavy},
};

/// Up to this many events are converted on an async thread; more on a blocking one.
const ON_THE_SPOT: u32 = 1000;

/// The audit log.
#[derive(Debug, Clone, Copy)]
pub struct AuditLog<'a> {
    core: &'a Core,
}

impl<'a> AuditLog<'a> {
    pub(super) const fn new(core: &'a Core) -> Self {
        Self { core }
    }
}

impl AuditLog<'_> {
    /// A page of the events, newest first.
    pub async fn list(self, filter: &Filter, page: Page) -> Result<List<AuditEntry>, Error> {
        let total = self.core.store.count_audit(filter).await?;
        let entries = self.core.store.list_audit(filter, page).await?;
        let told = move || entries.into_iter().map(to_wire).collect();
        // A page has few events; an export has up to ten thousand.
        let told = if page.limit > ON_THE_SPOT { heavy(told).await? } else { told() };
        Ok(page.list(told, total))
    }

    /// Removes events older than the retention period.
    pub async fn prune(self) {
        let before = |life| self.core.clock.now().checked_sub(life).unwrap_or(Timestamp::MIN);
        let strangers = before(self.core.policy.audit_life.map_or(ANONYMOUS_KEPT, |life| life.min(ANONYMOUS_KEPT)));
        match self.core.store.prune_audit(self.core.policy.audit_life.map(before), strangers).await {
            Ok(0) => {}
            Ok(count) => info!(count, "old events were removed"),
            Err(error) => warn!(%error, "old events were not removed"),
        }
    }
}

fn to_wire(mut entry: Entry) -> AuditEntry {
    if entry.times > 1 {
        entry.detail.insert("times".to_owned(), entry.times.into());
    }
    AuditEntry {
        id: entry.id.to_string(),
        at: wire_time(entry.at),
        event: entry.event.as_str().to_owned(),
        actor_id: entry.actor.account.map(|account| account.to_string()),
        actor: entry.actor.name,
        ip: entry.address.map(|address| address.to_string()),
        subject: entry.subject,
        detail: Value::Object(entry.detail).to_string(),
    }
}
