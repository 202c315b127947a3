//! Answers of the portal, `/portal/api/*`: what a client sees, read-only. Bare JSON without an envelope; errors are
//! `{"error": CODE}`.

use crate::{auth::Timestamp, projects::ProjectStatus, words::words};

words! {
    /// Why a request of the portal was refused.
    pub enum PortalErrorCode {
        /// 401: no portal session, or its link was revoked or its client deactivated.
        AccessRequired = "portal_access_required",
        /// 404: the client has no such project, or no such path.
        NotFound = "not_found",
        /// 405: the path does not have this method.
        MethodNotAllowed = "method_not_allowed",
        /// 400: the request is malformed.
        InvalidRequest = "invalid_request",
        /// 413: the body is larger than 64 KiB.
        PayloadTooLarge = "payload_too_large",
        /// 415: the body is not `application/json`.
        UnsupportedMediaType = "unsupported_media_type",
        /// 403: the request was not sent by a page of this origin.
        CsrfRejected = "csrf_rejected",
        /// 429: too many attempts; `Retry-After` has the seconds to wait.
        RateLimited = "rate_limited",
        /// 503: the server is unavailable.
        ServiceUnavailable = "service_unavailable",
        /// 500: an internal error of the server.
        InternalError = "internal_error",
    }
    else {
        /// A code of a newer server.
        Unknown = "unknown"
    }
}

/// An error of the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PortalError {
    /// The error code.
    pub error: PortalErrorCode,
}

/// GET `/portal/api/me`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PortalMe {
    /// The client of the visit.
    pub client: PortalClient,
    /// Present if the visit is a preview by an operator.
    pub preview: Option<Preview>,
}

/// A client, as it sees itself.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PortalClient {
    /// A `UUIDv7`.
    pub id: String,
    /// The client's name.
    pub name: String,
}

/// A preview: an operator sees what a client sees.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Preview {
    /// The operator's name.
    pub by: String,
    /// The project of the preview.
    pub project_id: String,
    /// When it expires.
    pub expires_at: Timestamp,
}

/// GET `/portal/api/projects`: an item of the list, last changed first.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PortalProject {
    /// A `UUIDv7`.
    pub id: String,
    /// The project's name.
    pub name: String,
    /// The project's status.
    pub status: ProjectStatus,
    /// The summary; plain text, may be empty.
    pub summary: String,
    /// The beginning of the newest update; plain text, null if there is none.
    pub latest: Option<String>,
    /// When the project or one of its updates was last changed.
    pub updated_at: Timestamp,
}

/// GET `/portal/api/projects/{id}`: a project with its updates.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PortalProjectDetail {
    /// A `UUIDv7`.
    pub id: String,
    /// The project's name.
    pub name: String,
    /// The project's status.
    pub status: ProjectStatus,
    /// The summary; plain text, may be empty.
    pub summary: String,
    /// When the project or one of its updates was last changed.
    pub updated_at: Timestamp,
    /// The newest 100 updates, newest first.
    pub updates: Vec<PortalUpdate>,
}

/// An update of a project.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PortalUpdate {
    /// A `UUIDv7`.
    pub id: String,
    /// Plain text.
    pub body: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was last edited; null if never.
    pub edited_at: Option<Timestamp>,
}

/// The answer of POST `/portal/api/leave`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Left {
    /// For a preview: the address of the project's page, to return to.
    pub redirect: Option<String>,
}
