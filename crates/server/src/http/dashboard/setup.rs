//! POST `/api/auth/setup` and `/api/auth/setup-authenticated`: replaces the initial password.

use axum::{extract::State, http::HeaderMap};
use doorstep_contract::auth::SetupRequest;

use super::{
    AppState,
    answer::Refusal,
    json::Json,
    login::{SignedInAnswer, answer_signed_in},
    session::{AnySignedIn, Context},
};
use crate::{error::Error, http::client::OnThisMachine};

/// Without a session: only from this machine.
pub(super) async fn create(
    State(state): State<AppState>,
    Context(context): Context,
    OnThisMachine(here): OnThisMachine,
    headers: HeaderMap,
    Json(request): Json<SetupRequest>,
) -> Result<SignedInAnswer, Refusal> {
    if !(here && state.anonymous_setup) {
        return Err(Error::SetupNotAllowed.into());
    }
    let signed_in = state.service.account().set_up_anonymous(request, &context).await?;
    Ok(answer_signed_in(&state, &headers, &signed_in))
}

/// In a session that was begun with the initial password.
pub(super) async fn create_authenticated(
    State(state): State<AppState>,
    Context(context): Context,
    AnySignedIn(identity): AnySignedIn,
    headers: HeaderMap,
    Json(request): Json<SetupRequest>,
) -> Result<SignedInAnswer, Refusal> {
    let signed_in = state.service.account().set_up_authenticated(identity, request, &context).await?;
    Ok(answer_signed_in(&state, &headers, &signed_in))
}
