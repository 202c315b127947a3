//! The device surface, as far as a browser uses it: plain bodies and OAuth errors.

use doorstep_contract::{
    account::List,
    auth::Provider,
    device::{
        ApprovalContext, CSRF_HEADER, DeviceEntry, DeviceRequest, Lookup, PROVIDER, Resolution, Resolve, Resolved,
    },
    envelope::Nothing,
    paths,
    secret::Secret,
    user_code::{PARAMETER, UserCode},
};
use serde::de::DeserializeOwned;

use super::{ApiError, Method, Options, delete, exchange, exchange_with, get, json, send};

/// Looks up a user code: whether its request is pending.
pub(crate) async fn lookup(code: &UserCode) -> Result<Lookup, ApiError> {
    read(&exchange(Method::Get, &with_code(paths::DEVICE_LOOKUP, code), None).await?.accept()?)
}

/// The request of a user code, to be shown before the decision.
pub(crate) async fn request(code: &UserCode) -> Result<DeviceRequest, ApiError> {
    read(&exchange(Method::Get, &with_code(paths::DEVICE_CONTEXT, code), None).await?.accept()?)
}

/// Approves or denies a request as the signed-in user.
pub(crate) async fn resolve(code: &UserCode, decision: Resolution) -> Result<Resolved, ApiError> {
    let path = match decision {
        Resolution::Approved => paths::DEVICE_APPROVE,
        Resolution::Denied => paths::DEVICE_DENY,
    };
    read(&send(Method::Post, path, Some(body(code.shown()))).await?)
}

/// The identity of a user who came back from single sign-on, and the request to decide about.
pub(crate) async fn approval_context() -> Result<ApprovalContext, ApiError> {
    read(&exchange(Method::Get, paths::DEVICE_APPROVAL_CONTEXT, None).await?.accept()?)
}

/// Approves or denies a request as that identity.
pub(crate) async fn resolve_external(context: &ApprovalContext, decision: Resolution) -> Result<Resolved, ApiError> {
    let path = match decision {
        Resolution::Approved => paths::DEVICE_APPROVE_EXTERNAL,
        Resolution::Denied => paths::DEVICE_DENY_EXTERNAL,
    };
    let token = Options { header: Some((CSRF_HEADER, context.csrf_token.reveal())), ..Options::default() };
    let body = body(context.user_code.reveal().to_owned());
    read(&exchange_with(Method::Post, path, Some(body), token).await?.accept()?)
}

/// Where a user begins single sign-on for this code.
pub(crate) fn sso_address(code: &UserCode, provider: Option<&Provider>) -> String {
    let address = with_code(paths::DEVICE_SSO_INITIATE, code);
    // Provider names need no encoding.
    provider.map_or_else(|| address.clone(), |provider| [&address, "&", PROVIDER, "=", &provider.name].concat())
}

/// The authorized devices of the account.
pub(crate) async fn devices() -> Result<List<DeviceEntry>, ApiError> {
    get(paths::DEVICES).await
}

/// Revokes the token of a device.
pub(crate) async fn revoke(id: &str) -> Result<Nothing, ApiError> {
    delete(&[paths::DEVICES, "/", id].concat()).await
}

/// Revokes the tokens of all devices.
pub(crate) async fn revoke_all() -> Result<Nothing, ApiError> {
    delete(paths::ALL_DEVICES).await
}

fn body(code: String) -> String {
    json::to_string(&Resolve { user_code: Secret::new(code) })
}

fn with_code(path: &str, code: &UserCode) -> String {
    [path, "?", PARAMETER, "=", &code.shown()].concat()
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, ApiError> {
    json::from_str(text).ok_or(ApiError::Unintelligible)
}
