//! The audit log.

use doorstep_contract::{
    account::List,
    audit::{AuditEntry, EventTitle},
    paths::{AUDIT, AUDIT_EVENTS},
};

use super::{ApiError, get};

/// A page of the audit log, newest first.
pub(crate) async fn entries(query: &str) -> Result<List<AuditEntry>, ApiError> {
    get(&address(query)).await
}

/// The titles of all events.
pub(crate) async fn events() -> Result<List<EventTitle>, ApiError> {
    get(AUDIT_EVENTS).await
}

/// The address of the log with this query.
pub(crate) fn address(query: &str) -> String {
    [AUDIT, "?", query].concat()
}
