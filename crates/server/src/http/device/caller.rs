//! Extractors for endpoints that want to know who is asking.

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

/// A user who is signed in in a browser, and has a password of their own.
pub(super) struct SignedIn(pub(super) Identity);

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        Ok(Self(signed_in(state, parts).await?))
    }
}

/// A device that was let in, by its token.
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

/// The owner of devices: one of the devices, unless its token was narrowed, or the user in a browser.
pub(super) struct Owner {
    /// Whose devices.
    pub(super) subject: Subject,
    /// Who asks.
    pub(super) actor: Actor,
}

impl FromRequestParts<AppState> for Owner {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        if has_authorization(&parts.headers) {
            let Device(device) = Device::from_request_parts(parts, state).await?;
            require_whole(&device)?;
            return Ok(Self { subject: device.holder.subject(), actor: device.holder.actor() });
        }
        let SignedIn(identity) = SignedIn::from_request_parts(parts, state).await?;
        Ok(Self { subject: Subject::account(&identity.account.id), actor: Actor::account(&identity.account) })
    }
}

/// # Errors
/// `insufficient_scope` when the token was narrowed.
pub(super) fn require_whole(device: &Authorization) -> Result<(), Error> {
    if device.is_whole() { Ok(()) } else { Err(Error::Device(OAuthErrorCode::InsufficientScope)) }
}

/// Whether the request brings a credential that no page can make a browser send by itself.
pub(super) fn has_authorization(headers: &HeaderMap) -> bool {
    headers.contains_key(header::AUTHORIZATION)
}

/// The token of a device (RFC 6750 §2.1); `None` without one, or with that of another surface.
pub(super) fn bearer(headers: &HeaderMap) -> Option<DeviceToken> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") { DeviceToken::parse(token.trim()) } else { None }
}
