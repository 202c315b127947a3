//! GET `lookup` and `context`: looking up a user code.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, Uri},
};
use doorstep_contract::{
    device::{DeviceRequest, Lookup},
    user_code::{PARAMETER, UserCode},
};

use super::{AppState, answer::Refusal, body::required_parameter, caller::SignedIn};
use crate::http::{
    client::Client, cookies::Cookies, csrf::Initiator, navigation::NotCrossSite, set_cookies::SetCookies,
};

/// Public: returns only whether the code is pending. Also stores the code in a cookie, so that the page still has
/// it after signing in.
pub(super) async fn read(
    _: NotCrossSite,
    State(state): State<AppState>,
    Client(visitor): Client,
    headers: HeaderMap,
    uri: Uri,
) -> Result<(SetCookies, Json<Lookup>), Refusal> {
    let user_code = required_parameter(&uri, PARAMETER)?;
    let lookup = state.service.devices().look_up(&user_code, &visitor).await?;
    let seconds = if lookup.valid { lookup.expires_in_remaining } else { 0 };
    Ok((keep(&state, &headers, &user_code, seconds), Json(lookup)))
}

/// For a signed-in user who is about to decide. Also stores the code in a cookie, so that it survives a reload.
pub(super) async fn read_context(
    _: NotCrossSite,
    State(state): State<AppState>,
    Client(visitor): Client,
    SignedIn(identity): SignedIn,
    headers: HeaderMap,
    uri: Uri,
) -> Result<(SetCookies, Json<DeviceRequest>), Refusal> {
    let user_code = required_parameter(&uri, PARAMETER)?;
    let request = state.service.devices().context(&identity.account.id, &user_code, &visitor).await?;
    Ok((keep(&state, &headers, &user_code, request.expires_in), Json(request)))
}

/// A cookie with the code until it expires, for pages of this origin; other callers get none.
fn keep(state: &AppState, headers: &HeaderMap, user_code: &str, seconds: u32) -> SetCookies {
    let code = UserCode::parse(user_code).filter(|_| Initiator::of(headers) == Initiator::ThisSite && seconds > 0);
    SetCookies::of(code.and_then(|code| Cookies::new(&state.public_url).set_user_code(&code, seconds)))
}
