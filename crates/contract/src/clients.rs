//! Requests and answers of `/api/clients*`: the people that projects are for, and the magic links that let them into
//! the portal. For operators alone.

use crate::{auth::Timestamp, secret::Secret};

/// GET `/api/clients`: a line of the list. GET `/api/clients/{id}`, and the answer of POST and PATCH: the client.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Client {
    /// A `UUIDv7`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Unique; what scripts call it: lower-case letters, digits and single dashes.
    pub slug: String,
    /// Whether it may come in. Without that, its links and its open portals are refused.
    pub active: bool,
    /// Whether it is there for previews of a project without a client of its own.
    pub preview: bool,
    /// How many projects are linked to it.
    pub projects: u32,
    /// How many of its magic links are in force; the tokens of previews do not count.
    pub links: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// POST `/api/clients` (where `name` is needed) and PATCH `/api/clients/{id}`: what is absent stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClientEdit {
    /// What people call it: 1 to 200 characters.
    pub name: Option<String>,
    /// What scripts call it; made from the name when a new client has none.
    pub slug: Option<String>,
    /// Whether it may come in.
    pub active: Option<bool>,
}

/// GET `/api/clients/{id}/links`: a magic link, without the secret that it opens with.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Link {
    /// A `UUIDv7`; names it, opens nothing.
    pub id: String,
    /// What its maker noted; `preview` for the token of a preview.
    pub label: String,
    /// For a preview: the one project that it shows.
    pub project_id: Option<String>,
    /// Who made it, as people call them.
    pub created_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When somebody last came in with it.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked; it stays in the list.
    pub revoked_at: Option<Timestamp>,
}

/// POST `/api/clients/{id}/links`.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewLink {
    /// A note to find it by: at most 200 characters.
    pub label: Option<String>,
}

/// The answer of that: shown once, stored as a hash.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LinkMade {
    /// The link as the list shows it.
    pub link: Link,
    /// Its address, with the secret in it: whoever has it is the client.
    pub url: Secret,
}
