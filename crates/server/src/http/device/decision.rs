//! POST `approve` and `deny`: a signed-in user decides about a device.

use axum::{Json, extract::State};
use doorstep_contract::device::{Resolution, Resolve, Resolved};

use super::{AppState, answer::Refusal, body::PageJson, caller::SignedIn};
use crate::http::{client::Client, cookies::Cookies, set_cookies::SetCookies};

/// The response, and the cookies that it clears.
pub(super) type Decided = (SetCookies, Json<Resolved>);

pub(super) async fn approve(
    State(state): State<AppState>,
    Client(visitor): Client,
    SignedIn(identity): SignedIn,
    PageJson(request): PageJson<Resolve>,
) -> Result<Decided, Refusal> {
    state.service.devices().approve(&identity, request.user_code.reveal(), &visitor).await?;
    Ok(decided(&state, Resolution::Approved))
}

pub(super) async fn deny(
    State(state): State<AppState>,
    Client(visitor): Client,
    SignedIn(identity): SignedIn,
    PageJson(request): PageJson<Resolve>,
) -> Result<Decided, Refusal> {
    state.service.devices().deny(&identity, request.user_code.reveal(), visitor.address).await?;
    Ok(decided(&state, Resolution::Denied))
}

/// Responds to a decision and clears the user code and the approval grant, which are no longer needed.
pub(super) fn decided(state: &AppState, status: Resolution) -> Decided {
    let cookies = Cookies::new(&state.public_url);
    let cleared = cookies.clear_approval_grant().into_iter().chain(cookies.clear_user_code());
    (SetCookies::of(cleared), Json(Resolved { status }))
}
