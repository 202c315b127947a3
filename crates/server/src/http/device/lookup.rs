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

use super::{
    AppState,
    answer::{Answer, Refusal},
    body::required_parameter,
    caller::SignedIn,
};
use crate::http::{client::Client, cookies::Cookies, set_cookies::SetCookies};

/// For anybody: only whether it waits. A page that asks finds the code again after its person has signed in.
pub(super) async fn read(
    State(state): State<AppState>,
    Client(visitor): Client,
    headers: HeaderMap,
    uri: Uri,
) -> Result<(SetCookies, Json<Lookup>), Refusal> {
    let user_code = required_parameter(&uri, PARAMETER)?;
    let lookup = state.service.look_up_device(&user_code, &visitor).await?;
    let asked_by_page = headers.get("sec-fetch-site").is_some_and(|site| site == "same-origin");
    let code = UserCode::parse(&user_code).filter(|_| lookup.valid && asked_by_page);
    let cookies = Cookies::new(&state.public_url);
    let kept = code.and_then(|code| cookies.set_user_code(&code, lookup.expires_in_remaining));
    Ok((SetCookies::of(kept), Json(lookup)))
}

/// For somebody who is signed in and about to decide.
pub(super) async fn read_context(
    State(state): State<AppState>,
    Client(visitor): Client,
    SignedIn(identity): SignedIn,
    uri: Uri,
) -> Answer<DeviceRequest> {
    let user_code = required_parameter(&uri, PARAMETER)?;
    Ok(Json(state.service.device_context(&identity.account.id, &user_code, &visitor).await?))
}
