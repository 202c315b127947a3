//! Who did what.

use doorstep_contract::{
    account::List,
    audit::{AuditEntry, EventTitle},
    paths::{AUDIT, AUDIT_EVENTS},
};

use super::{ApiError, get};

/// A page of what is remembered, newest first.
pub(crate) async fn entries(query: &str) -> Result<List<AuditEntry>, ApiError> {
    get(&address(query)).await
}

/// What can have happened.
pub(crate) async fn events() -> Result<List<EventTitle>, ApiError> {
    get(AUDIT_EVENTS).await
}

/// Where to ask.
pub(crate) fn address(query: &str) -> String {
    [AUDIT, "?", query].concat()
}
