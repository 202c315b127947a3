//! Answers of the portal, `/portal/api/*`: what a client sees, read-only. They are bare JSON without an envelope; an error
//! is `{"error": CODE}`.

use crate::{auth::Timestamp, projects::ProjectStatus, words::words};

words! {
    /// Why the portal refused.
    pub enum PortalErrorCode {
        /// 401: no portal session, or one whose link was revoked or whose client was deactivated.
        AccessRequired = "portal_access_required",
        /// 404: the client has no such project, or there is nothing at this path.
        NotFound = "not_found",
        /// 405: the path is right, the method is not.
        MethodNotAllowed = "method_not_allowed",
        /// 400: not what can be read.
        InvalidRequest = "invalid_request",
        /// 413: the body is over 64 KiB.
        PayloadTooLarge = "payload_too_large",
        /// 415: a body that is not `application/json`.
        UnsupportedMediaType = "unsupported_media_type",
        /// 403: the request was not sent by a page of this origin.
        CsrfRejected = "csrf_rejected",
        /// 429: too many attempts; the header `Retry-After` says how many seconds to wait.
        RateLimited = "rate_limited",
        /// 503: the server can't answer now.
        ServiceUnavailable = "service_unavailable",
        /// 500: a fault of the server.
        InternalError = "internal_error",
    }
    else {
        /// A code of a newer server than this program knows.
        Unknown = "unknown"
    }
}

/// An answer that refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PortalError {
    /// Why.
    pub error: PortalErrorCode,
}

/// GET `/portal/api/me`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PortalMe {
    /// Who is looking, or as whom.
    pub client: PortalClient,
    /// Present when an operator looks as the client.
    pub preview: Option<Preview>,
}

/// A client, as it may see itself.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PortalClient {
    /// A `UUIDv7`.
    pub id: String,
    /// What people call it.
    pub name: String,
}

/// An operator's look at what a client sees.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Preview {
    /// Who looks, as people call them.
    pub by: String,
    /// The one project that is shown.
    pub project_id: String,
    /// When it is over.
    pub expires_at: Timestamp,
}

/// GET `/portal/api/projects`: a list of these, last changed first.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PortalProject {
    /// A `UUIDv7`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// How far it is.
    pub status: ProjectStatus,
    /// What it is about; plain text, may be empty.
    pub summary: String,
    /// How the newest update begins; plain text, null when there is none.
    pub latest: Option<String>,
    /// When it, or one of its updates, was last changed.
    pub updated_at: Timestamp,
}

/// GET `/portal/api/projects/{id}`: the project with what was written for the client.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PortalProjectDetail {
    /// A `UUIDv7`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// How far it is.
    pub status: ProjectStatus,
    /// What it is about; plain text, may be empty.
    pub summary: String,
    /// When it, or one of its updates, was last changed.
    pub updated_at: Timestamp,
    /// The newest 100, newest first.
    pub updates: Vec<PortalUpdate>,
}

/// What was written for the client.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PortalUpdate {
    /// A `UUIDv7`.
    pub id: String,
    /// Plain text.
    pub body: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was changed after that.
    pub edited_at: Option<Timestamp>,
}

/// The answer of POST `/portal/api/leave`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Left {
    /// For a preview: the page of its project, to go back to.
    pub redirect: Option<String>,
}
