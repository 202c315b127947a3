//! GET `sso-initiate` and `sso-complete`: authenticating a device's user by SSO. A configured provider uses the common
//! callback (`http/tokens/sso.rs`), which ends in [`came_back`].

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, Uri},
    response::Response,
};
use doorstep_contract::{
    device::{OAuthErrorCode, PROVIDER, SSO_VERIFIED, SsoError},
    route::ClientRoute,
    user_code::{PARAMETER, UserCode},
};
use tracing::info;

use super::{AppState, answer::Refusal};
use crate::{
    domain::{session::Visitor, sso::device_page_failed},
    error::Error,
    http::{
        client::Client,
        cookies::Cookies,
        csrf::{Initiator, is_navigation},
        navigation::Navigation,
        query::parameter,
        redirect,
    },
    service::devices::Initiated,
};

/// Redirects to the identity provider and clears an earlier approval grant. A program gets an OAuth error; a user
/// who navigated here returns to the device page, which shows the reason.
pub(super) async fn initiate(
    _: Navigation,
    State(state): State<AppState>,
    Client(visitor): Client,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    if let Some(code) = linked_code_of_other_site(&state, &uri, &headers) {
        return Ok(redirect::found(&device_page(&code), []));
    }
    let cookies = Cookies::new(&state.public_url);
    let (location, kept) = match leave(&state, &visitor, &uri).await {
        Ok(Initiated::System { location, binding }) => {
            (location, cookies.set_sso_binding(&binding).into_iter().collect())
        }
        Ok(Initiated::Provider(out)) => (out.location, cookies.set_sso_state(&headers, &out.state, &out.sealed)),
        Err(error) if is_navigation(&headers) && !matches!(error, Error::NotFound) => {
            info!(event = "device_sso_refused", %error);
            return Ok(redirect::found(&device_page_failed(reason(&error)), []));
        }
        Err(error) => return Err(error.into()),
    };
    Ok(redirect::found(location.as_str(), cookies.clear_approval_grant().into_iter().chain(kept)))
}

/// The code, if the link was not on a page of this server. Such a user is sent to the device page to type the
/// second half: if they returned from SSO with the whole code filled in, approving it would take one click
/// (phishing).
fn linked_code_of_other_site(state: &AppState, uri: &Uri, headers: &HeaderMap) -> Option<UserCode> {
    let is_link = matches!(Initiator::of(headers), Initiator::User | Initiator::OtherSite)
        && state.service.devices().sso_users_may_decide();
    is_link.then(|| parameter(uri, PARAMETER).ok()?).flatten().as_deref().and_then(UserCode::parse)
}

/// The address of the device page, with a code.
fn device_page(code: &UserCode) -> String {
    [ClientRoute::Device.path(), "?", PARAMETER, "=", &code.shown()].concat()
}

async fn leave(state: &AppState, visitor: &Visitor, uri: &Uri) -> Result<Initiated, Error> {
    if !state.service.devices().sso_users_may_decide() {
        return Err(Error::NotFound);
    }
    let user_code = parameter(uri, PARAMETER)?.unwrap_or_default();
    let provider = parameter(uri, PROVIDER)?;
    state.service.devices().sso_initiate(&user_code, provider.as_deref(), &state.origin(), visitor).await
}

const fn reason(error: &Error) -> SsoError {
    match error {
        Error::Device(OAuthErrorCode::InvalidUserCode) => SsoError::UserCodeNotPending,
        Error::RateLimited(_) => SsoError::RateLimited,
        Error::Device(OAuthErrorCode::SsoInitiateFailed) | Error::Overloaded | Error::Unavailable(_) => {
            SsoError::TemporarilyUnavailable
        }
        _ => SsoError::SsoFailed,
    }
}

/// The callback. Failures are shown on the device page by a fixed code; text of the provider is never repeated.
pub(super) async fn complete(
    _: Navigation,
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    if state.service.policy().devices.external.is_none() {
        return Err(Error::NotFound.into());
    }
    let cookies = Cookies::new(&state.public_url);
    let assertion = parameter(&uri, "sso_assertion").ok().flatten().unwrap_or_default();
    let granted =
        state.service.devices().sso_complete(&assertion, &cookies.sso_bindings(&headers), &state.origin()).await;
    // On failure the binding is kept: a forged callback must not cancel the flow that this browser began.
    let cleared = if granted.is_ok() { cookies.clear_sso_binding() } else { None };
    let (location, set) = came_back(cookies, granted);
    Ok(redirect::found(&location, set.into_iter().chain(cleared)))
}

/// The address to return to, and the cookies with the approval grant on success.
pub(in crate::http) fn came_back(cookies: Cookies, granted: Result<String, SsoError>) -> (String, Vec<HeaderValue>) {
    match granted {
        Ok(grant) => (format!("{}?{SSO_VERIFIED}=1", ClientRoute::Device.path()), cookies.set_approval_grant(&grant)),
        Err(error) => (device_page_failed(error), Vec::new()),
    }
}
