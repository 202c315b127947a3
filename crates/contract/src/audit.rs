//! Answers of `/api/audit`: who did what, from where. For operators alone.

use crate::auth::Timestamp;

/// How many events a download has at most; `page` has the others.
pub const DOWNLOAD_MAX: u32 = 10_000;

/// The actor of what was done by a command on the server.
pub const COMMAND_LINE: &str = "command line";

/// GET `/api/audit`: an event, newest first.
///
/// `?event=` (one of [`EventTitle`]), `actor=` (whoever has this user name, or had it then), `q=` (in actor, subject or
/// address), `since=` and `until=` (RFC 3339; not the moment itself) narrow the list; `page` (from 1) and `limit` (50, 1 to
/// 200) turn its pages. `format=csv` or `json` gives a file, of [`DOWNLOAD_MAX`] events unless `limit` says fewer. A value
/// that makes no sense is `invalid_request`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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

/// GET `/api/audit/events`: what can have happened, in the person's language.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EventTitle {
    /// The word of [`AuditEntry::event`].
    pub event: String,
    /// What people call it.
    pub title: String,
}
