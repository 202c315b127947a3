//! Requests and answers of `/api/projects*`: the projects of an installation, for operators (all of them) and members
//! (their own).
//!
//! A **project** has at most one **client** ([`crate::clients`]), who sees its status, its summary and its **updates**
//! in the portal ([`crate::portal`]). Its **members** are the accounts that may see it.

use crate::{auth::Timestamp, words::words};

words! {
    /// The status of a project.
    pub enum ProjectStatus {
        /// Not started.
        Planned = "planned",
        /// In progress.
        Active = "active",
        /// On hold.
        Paused = "paused",
        /// Completed.
        Done = "done",
        /// Hidden from the portal and from lists that do not ask for it.
        Archived = "archived",
    }
}

/// GET `/api/projects`: an item of the list. GET `/api/projects/{id}`, and the answer of POST and PATCH: the project.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Project {
    /// A `UUIDv7`.
    pub id: String,
    /// The project's name.
    pub name: String,
    /// The project's status.
    pub status: ProjectStatus,
    /// The summary, in a few sentences; plain text, may be empty.
    pub summary: String,
    /// The client of the project.
    pub client_id: Option<String>,
    /// The client's name.
    pub client_name: Option<String>,
    /// Whether the client has access; null without a client.
    pub client_active: Option<bool>,
    /// Whether it is the internal client for previews; null without a client.
    pub client_preview: Option<bool>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When the project or one of its updates was last changed.
    pub updated_at: Timestamp,
}

/// POST `/api/projects` (`name` is required) and PATCH `/api/projects/{id}`: fields that are absent stay as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProjectEdit {
    /// The name: 1 to 200 characters.
    pub name: Option<String>,
    /// The status; `active` by default for a new project.
    pub status: Option<ProjectStatus>,
    /// The summary: at most 5,000 characters.
    pub summary: Option<String>,
    /// The client to link; empty for none.
    pub client_id: Option<String>,
}

/// GET `/api/projects/{id}/updates`: an update for the client, newest first.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Update {
    /// A `UUIDv7`.
    pub id: String,
    /// Plain text.
    pub body: String,
    /// The author's name.
    pub author: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was last edited; null if never.
    pub edited_at: Option<Timestamp>,
}

/// POST `/api/projects/{id}/updates` and PATCH `…/updates/{id}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateEdit {
    /// Plain text of 1 to 10,000 characters.
    pub body: String,
}

/// GET `/api/projects/{id}/members`: an account that may see the project.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Member {
    /// The id of the account.
    pub account_id: String,
    /// Its username.
    pub username: String,
    /// Its display name; may be empty.
    pub name: String,
    /// When it became a member.
    pub created_at: Timestamp,
}

/// POST `/api/projects/{id}/members`.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewMember {
    /// Username or email of the account.
    pub username: String,
}

/// The answer of POST `/api/projects/{id}/portal-preview`, which sets the portal's cookie.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewBegun {
    /// The client of the preview.
    pub client_id: String,
    /// The client's name.
    pub client_name: String,
    /// The address to navigate to: the portal.
    pub redirect: String,
}
