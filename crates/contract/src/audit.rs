//! Answers of `/api/audit`: the audit log. For operators only.

use crate::auth::Timestamp;

/// The maximum number of events in a download; use `page` for the others.
pub const DOWNLOAD_MAX: u32 = 10_000;

/// The actor of commands on the server.
pub const COMMAND_LINE: &str = "command line";

/// GET `/api/audit`: an event of the audit log, newest first.
///
/// Filters: `?event=` (an [`EventTitle`]), `actor=` (its current username, or the one it had then), `q=` (in actor,
/// target or address), `since=` and `until=` (RFC 3339, exclusive). Paging: `page` (from 1) and `limit` (1 to 200,
/// default 50). `format=csv` or `json` downloads a file with up to [`DOWNLOAD_MAX`] events, or `limit` if it is less.
/// Invalid values are refused with `invalid_request`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEntry {
    /// A `UUIDv7`.
    pub id: String,
    /// When it happened.
    pub at: Timestamp,
    /// The event: one of a fixed list, such as `device_approved`.
    pub event: String,
    /// The account that acted; null if none did.
    pub actor_id: Option<String>,
    /// Its username at the time; empty if no account acted.
    pub actor: String,
    /// The client's IP address; null for actions within the server.
    pub ip: Option<String>,
    /// The name of the target.
    pub subject: String,
    /// Further details: a JSON object, as text.
    pub detail: String,
}

/// GET `/api/audit/events`: the titles of all events, in the user's language.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EventTitle {
    /// The value of [`AuditEntry::event`].
    pub event: String,
    /// The display name.
    pub title: String,
}
