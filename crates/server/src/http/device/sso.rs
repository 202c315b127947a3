//! GET `sso-initiate` and `sso-complete`: a browser goes to another identity system and comes back.

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{AppendHeaders, IntoResponse as _, Response},
};
use doorstep_contract::{
    device::{SSO_ERROR, SSO_VERIFIED},
    user_code::PARAMETER,
};

use super::{AppState, answer::Refusal};
use crate::{
    error::Error,
    http::{client::Client, cookies::Cookies, query::parameter},
};

/// Where the app shows what came of it.
const PAGE: &str = "/device";

/// To the other system. Whoever came back before has not: their grant goes.
pub(super) async fn initiate(
    State(state): State<AppState>,
    Client(visitor): Client,
    uri: Uri,
) -> Result<Response, Refusal> {
    if state.service.device.external.is_none() {
        return Err(Error::NotFound.into());
    }
    let user_code = parameter(&uri, PARAMETER)?.unwrap_or_default();
    let initiated = state.service.sso_initiate(&user_code, &state.origin(), &visitor).await?;
    let cookies = Cookies::new(&state.public_url);
    let set = cookies.clear_approval_grant().into_iter().chain(cookies.set_sso_binding(&initiated.binding));
    Ok(found(initiated.location.as_str(), set))
}

/// Back from there. What goes wrong is told on the page, in one word: nothing of the other system's text is repeated.
pub(super) async fn complete(State(state): State<AppState>, uri: Uri, headers: HeaderMap) -> Result<Response, Refusal> {
    if state.service.device.external.is_none() {
        return Err(Error::NotFound.into());
    }
    let cookies = Cookies::new(&state.public_url);
    let assertion = parameter(&uri, "sso_assertion").ok().flatten().unwrap_or_default();
    let binding = cookies.sso_binding(&headers);
    let cleared = cookies.clear_sso_binding();
    Ok(match state.service.sso_complete(&assertion, binding, &state.origin()).await {
        Ok(grant) => {
            found(&format!("{PAGE}?{SSO_VERIFIED}=1"), cookies.set_approval_grant(&grant).into_iter().chain(cleared))
        }
        // The binding stays: a stranger's link must not undo what this browser has begun.
        Err(reason) => found(&format!("{PAGE}?{SSO_ERROR}={}", reason.as_str()), []),
    })
}

fn found(location: &str, cookies: impl IntoIterator<Item = HeaderValue>) -> Response {
    let Ok(location) = HeaderValue::from_str(location) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let cookies: Vec<_> = cookies.into_iter().map(|cookie| (header::SET_COOKIE, cookie)).collect();
    (StatusCode::FOUND, [(header::LOCATION, location)], AppendHeaders(cookies)).into_response()
}
