//! Extractors that authenticate the caller.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use doorstep_contract::device::OAuthErrorCode;

use super::{AppState, answer::Refusal};
use crate::{
    domain::{
        audit::Actor,
        device_token::{Authorization, DeviceToken, Subject},
    },
    error::Error,
    http::session::signed_in,
    service::Identity,
};

/// A user with a browser session who is not required to change the password.
pub(super) struct SignedIn(pub(super) Identity);

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        Ok(Self(signed_in(state, parts).await?))
    }
}

/// A device, authenticated by its token.
pub(super) struct Device(pub(super) Authorization);

impl FromRequestParts<AppState> for Device {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        state.service.devices().require_enabled()?;
        let invalid = || Error::Device(OAuthErrorCode::InvalidToken);
        let token = bearer(&parts.headers).ok_or_else(invalid)?;
        Ok(Self(state.service.devices().authorize(&token).await?.ok_or_else(invalid)?))
    }
}

/// The owner of devices: the account behind an unrestricted device token, or the user of a browser session.
pub(super) struct Owner {
    /// The owner whose devices these are.
    pub(super) subject: Subject,
    /// The caller, for the audit log.
    pub(super) actor: Actor,
}

impl FromRequestParts<AppState> for Owner {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        if has_authorization(&parts.headers) {
            let Device(device) = Device::from_request_parts(parts, state).await?;
            require_full_scope(&device)?;
            return Ok(Self { subject: device.holder.subject(), actor: device.holder.actor() });
        }
        let SignedIn(identity) = SignedIn::from_request_parts(parts, state).await?;
        Ok(Self { subject: Subject::account(&identity.account.id), actor: Actor::account(&identity.account) })
    }
}

/// Requires a token whose scope was not narrowed.
///
/// # Errors
/// `insufficient_scope` when the token was narrowed.
pub(super) fn require_full_scope(device: &Authorization) -> Result<(), Error> {
    if device.has_full_scope() { Ok(()) } else { Err(Error::Device(OAuthErrorCode::InsufficientScope)) }
}

/// Whether the request has an `Authorization` header, which no browser sends on its own.
pub(super) fn has_authorization(headers: &HeaderMap) -> bool {
    headers.contains_key(header::AUTHORIZATION)
}

/// The device token of the request (RFC 6750 §2.1); `None` without one, or with a token of another surface.
pub(super) fn bearer(headers: &HeaderMap) -> Option<DeviceToken> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") { DeviceToken::parse(token.trim()) } else { None }
}
