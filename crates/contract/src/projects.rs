//! Requests and answers of `/api/projects*`: what an installation works on, for operators (all of it) and members
//! (their own).
//!
//! A **project** is worked on for at most one **client** ([`crate::clients`]), who reads its status, its summary and its
//! **updates** in the portal ([`crate::portal`]). Accounts that belong to a project are its **members**.

use crate::{auth::Timestamp, words::words};

words! {
    /// How far a project is.
    pub enum ProjectStatus {
        /// It has not begun.
        Planned = "planned",
        /// It is being worked on.
        Active = "active",
        /// It waits.
        Paused = "paused",
        /// It is finished.
        Done = "done",
        /// It is put away: in no list that does not ask for it, and not in the portal.
        Archived = "archived",
    }
}

/// GET `/api/projects`: a line of the list. GET `/api/projects/{id}`, and the answer of POST and PATCH: the project.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Project {
    /// A `UUIDv7`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// How far it is.
    pub status: ProjectStatus,
    /// What it is about, in a few sentences; plain text, may be empty.
    pub summary: String,
    /// The client that it is linked to.
    pub client_id: Option<String>,
    /// What people call that client.
    pub client_name: Option<String>,
    /// Whether that client may come in; null without one.
    pub client_active: Option<bool>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it, or one of its updates, was last changed.
    pub updated_at: Timestamp,
}

/// POST `/api/projects` (where `name` is needed) and PATCH `/api/projects/{id}`: what is absent stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProjectEdit {
    /// What people call it: 1 to 200 characters.
    pub name: Option<String>,
    /// How far it is; `active` for a new one.
    pub status: Option<ProjectStatus>,
    /// What it is about: at most 5,000 characters.
    pub summary: Option<String>,
    /// The client to link it to; empty for none.
    pub client_id: Option<String>,
}

/// GET `/api/projects/{id}/updates`: something that the client reads, newest first.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Update {
    /// A `UUIDv7`.
    pub id: String,
    /// Plain text.
    pub body: String,
    /// Who wrote it, as people call them.
    pub author: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was changed after that.
    pub edited_at: Option<Timestamp>,
}

/// POST `/api/projects/{id}/updates` and PATCH `…/updates/{id}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateEdit {
    /// 1 to 10,000 characters of plain text.
    pub body: String,
}

/// GET `/api/projects/{id}/members`: an account that sees the project.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Member {
    /// The account.
    pub account_id: String,
    /// Its user name.
    pub username: String,
    /// What to call the person; may be empty.
    pub name: String,
    /// Since when.
    pub created_at: Timestamp,
}

/// POST `/api/projects/{id}/members`.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewMember {
    /// User name or email of the account.
    pub username: String,
}

/// The answer of POST `/api/projects/{id}/portal-preview`; the cookie of the portal comes with it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewBegun {
    /// As whom the operator looks now.
    pub client_id: String,
    /// What people call that client.
    pub client_name: String,
    /// Where to go now: the portal.
    pub redirect: String,
}
