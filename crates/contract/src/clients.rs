//! Requests and answers of `/api/clients*`: the clients of projects, and the magic links with which they open the
//! portal. For operators only.

use crate::{auth::Timestamp, secret::Secret};

/// GET `/api/clients`: an item of the list. GET `/api/clients/{id}`, and the answer of POST and PATCH: the client.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Client {
    /// A `UUIDv7`.
    pub id: String,
    /// The client's name.
    pub name: String,
    /// A unique name for scripts: lower-case letters, digits and single hyphens.
    pub slug: String,
    /// Whether the client has access. If not, its links and portal sessions are refused.
    pub active: bool,
    /// Whether it is the internal client for previews of projects without a client.
    pub preview: bool,
    /// The number of projects linked to it.
    pub projects: u32,
    /// The number of its active magic links, without the tokens of previews.
    pub links: u32,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// POST `/api/clients` (`name` is required) and PATCH `/api/clients/{id}`: fields that are absent stay as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClientEdit {
    /// The name: 1 to 200 characters.
    pub name: Option<String>,
    /// The slug; derived from the name if a new client has none.
    pub slug: Option<String>,
    /// Whether the client has access.
    pub active: Option<bool>,
}

/// GET `/api/clients/{id}/links`: a magic link, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Link {
    /// A `UUIDv7`; not a secret.
    pub id: String,
    /// The creator's note; `preview` for the token of a preview.
    pub label: String,
    /// For a preview: its project.
    pub project_id: Option<String>,
    /// The creator's name.
    pub created_by: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked; it stays in the list.
    pub revoked_at: Option<Timestamp>,
}

/// POST `/api/clients/{id}/links`.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewLink {
    /// A note: at most 200 characters.
    pub label: Option<String>,
}

/// The answer of that. Shown once, stored as a hash.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LinkMade {
    /// The link, as in the list.
    pub link: Link,
    /// Its URL with the secret, which gives access as the client.
    pub url: Secret,
}
