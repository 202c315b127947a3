//! Answers of `/api/audit`: who did what, from where. For operators alone.

use crate::auth::Timestamp;

/// GET `/api/audit`: an event, newest first.
///
/// `?event=`, `actor=` (a user name), `q=` (in actor or subject), `since=` and `until=` (RFC 3339) narrow the list;
/// `page` and `limit` turn its pages.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, miniserde::Deserialize)]
pub struct AuditEntry {
    /// A `UUIDv7`.
    pub id: String,
    /// When it happened.
    pub at: Timestamp,
    /// What happened: one of a fixed list of words, such as `device_approved`.
    pub event: String,
    /// The account that did it, when it was one.
    pub actor_id: Option<String>,
    /// What it was called then; empty when nobody did it.
    pub actor: String,
    /// The client's address; null when it came from inside.
    pub ip: Option<String>,
    /// What it was done to, as people know it.
    pub subject: String,
    /// What else there is to say: a JSON object, as text.
    pub detail: String,
}
