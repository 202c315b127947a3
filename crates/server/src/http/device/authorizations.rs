//! `/openapi/v1/account/sessions*` and `/v1/oauth/authorizations/self`: listing and revoking a user's authorized
//! devices.

use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, Uri},
};
use doorstep_contract::auth::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    AppState,
    answer::Answer,
    caller::{Owner, bearer},
};
use crate::{
    domain::{device_token::Authorization, session::wire_time},
    error::Error,
    http::{client::Client, query::number},
};

pub(super) const DEFAULT_LIMIT: u32 = 20;
pub(super) const LARGEST_LIMIT: u32 = 100;

/// The id in a path; an error when it can't be decoded.
type DeviceId = Result<Path<String>, PathRejection>;

#[derive(Serialize, ToSchema)]
#[schema(as = AuthorizationList)]
pub(super) struct Listed {
    page: u32,
    limit: u32,
    total: u32,
    has_more: bool,
    data: Vec<Entry>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Authorization)]
struct Entry {
    id: String,
    prefix: String,
    client_id: String,
    device_label: Option<String>,
    created_at: Timestamp,
    last_used_at: Option<Timestamp>,
    expires_at: Timestamp,
}

impl From<Authorization> for Entry {
    fn from(device: Authorization) -> Self {
        Self {
            id: device.id.to_string(),
            prefix: device.prefix,
            client_id: device.client_id,
            device_label: device.label,
            created_at: wire_time(device.created_at),
            last_used_at: device.last_used_at.map(wire_time),
            expires_at: wire_time(device.expires_at),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub(super) struct Revoked {
    status: &'static str,
}

const REVOKED: Revoked = Revoked { status: "revoked" };

/// GET `/openapi/v1/account/sessions`.
pub(super) async fn list(State(state): State<AppState>, owner: Owner, uri: Uri) -> Answer<Listed> {
    let page = number(&uri, "page", 1)?;
    let limit = number(&uri, "limit", DEFAULT_LIMIT)?.min(LARGEST_LIMIT);
    let devices = state.service.devices().list(&owner.subject).await?;
    let total = u32::try_from(devices.len()).unwrap_or(u32::MAX);
    let before = (page - 1).saturating_mul(limit);
    let shown = devices.into_iter().skip(before as usize).take(limit as usize);
    let has_more = before.saturating_add(limit) < total;
    Ok(Json(Listed { page, limit, total, has_more, data: shown.map(Entry::from).collect() }))
}

/// GET `/openapi/v1/account/sessions/{id}`.
pub(super) async fn read(State(state): State<AppState>, owner: Owner, id: DeviceId) -> Answer<ShownEntry> {
    let Path(id) = id.map_err(|_| Error::NotFound)?;
    let devices = state.service.devices().list(&owner.subject).await?;
    let device = devices.into_iter().find(|device| device.id.as_str() == id).ok_or(Error::NotFound)?;
    Ok(Json(ShownEntry(device.into())))
}

/// An authorized device.
#[derive(Serialize, ToSchema)]
#[serde(transparent)]
pub(super) struct ShownEntry(Entry);

/// DELETE `/openapi/v1/account/sessions/{id}`.
pub(super) async fn remove(
    State(state): State<AppState>,
    Client(visitor): Client,
    owner: Owner,
    id: DeviceId,
) -> Answer<Revoked> {
    let Path(id) = id.map_err(|_| Error::NotFound)?;
    state.service.devices().revoke(&owner.subject, &id, owner.actor, visitor.address).await?;
    Ok(Json(REVOKED))
}

/// DELETE `/v1/oauth/authorizations/self`, `/openapi/v1/account/sessions/self`: revokes the token of the request.
/// An invalid token gets the same response (RFC 7009 §2.2). Available even while device sign-in is disabled.
pub(super) async fn remove_own(
    State(state): State<AppState>,
    Client(visitor): Client,
    headers: HeaderMap,
) -> Answer<Revoked> {
    let missing = || Error::InvalidRequest("send the token of a device as `Authorization: Bearer`".to_owned());
    let token = bearer(&headers).ok_or_else(missing)?;
    state.service.devices().revoke_own(&token, visitor.address).await?;
    Ok(Json(REVOKED))
}
