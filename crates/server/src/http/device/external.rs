//! `approval-context`, `approve-external`, `deny-external`: a user who authenticated by SSO decides about a device.
//! Their grant is in a cookie that is sent to these paths only.

use axum::{
    Json,
    extract::{FromRequestParts, State},
    http::{HeaderMap, request::Parts},
};
use doorstep_contract::device::{ApprovalContext, CSRF_HEADER, OAuthErrorCode, Resolution, Resolve};

use super::{
    AppState,
    answer::{Answer, Refusal},
    body::PageJson,
    decision::{Decided, decided},
};
use crate::{
    error::Error,
    http::{client::Client, cookies::Cookies},
    service::devices::ApprovalGrant,
};

/// The approval grant of the user, if the request has one.
pub(super) struct CameBack(Option<ApprovalGrant>);

impl FromRequestParts<AppState> for CameBack {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        let cookies = Cookies::new(&state.public_url).approval_grants(&parts.headers);
        Ok(Self(state.service.devices().approval_grant(&cookies, &state.origin()).await?))
    }
}

pub(super) async fn read(
    State(state): State<AppState>,
    Client(visitor): Client,
    CameBack(grant): CameBack,
) -> Answer<ApprovalContext> {
    let grant = grant.ok_or(Error::Device(OAuthErrorCode::NoSession))?;
    Ok(Json(state.service.devices().approval_context(&grant, &visitor).await?))
}

pub(super) async fn approve(
    state: State<AppState>,
    client: Client,
    grant: CameBack,
    headers: HeaderMap,
    request: PageJson<Resolve>,
) -> Result<Decided, Refusal> {
    decide(state, client, grant, &headers, request, Resolution::Approved).await
}

pub(super) async fn deny(
    state: State<AppState>,
    client: Client,
    grant: CameBack,
    headers: HeaderMap,
    request: PageJson<Resolve>,
) -> Result<Decided, Refusal> {
    decide(state, client, grant, &headers, request, Resolution::Denied).await
}

async fn decide(
    State(state): State<AppState>,
    Client(visitor): Client,
    CameBack(grant): CameBack,
    headers: &HeaderMap,
    PageJson(request): PageJson<Resolve>,
    status: Resolution,
) -> Result<Decided, Refusal> {
    let grant = grant.ok_or(Error::Device(OAuthErrorCode::InvalidSession))?;
    let csrf_token = headers.get(CSRF_HEADER).and_then(|token| token.to_str().ok());
    state.service.devices().decide_external(&grant, csrf_token, request.user_code.reveal(), status, &visitor).await?;
    Ok(decided(&state, status))
}
