//! GET `lookup` and `context`: what a user code stands for.

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
use crate::http::{client::Client, cookies::Cookies, csrf::LedBy, followed::Asked, set_cookies::SetCookies};

/// For anybody: only whether it waits. A page that asks finds the code again after its user has signed in.
pub(super) async fn read(
    _: Asked,
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

/// For a user who is signed in and about to decide. A page that asks finds the code again when it is loaded anew.
pub(super) async fn read_context(
    _: Asked,
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

/// Keeps a code in the browser of a page of ours for as long as it waits; no other caller is sent it.
fn keep(state: &AppState, headers: &HeaderMap, user_code: &str, seconds: u32) -> SetCookies {
    let code = UserCode::parse(user_code).filter(|_| LedBy::of(headers) == LedBy::OurPage && seconds > 0);
    SetCookies::of(code.and_then(|code| Cookies::new(&state.public_url).set_user_code(&code, seconds)))
}
