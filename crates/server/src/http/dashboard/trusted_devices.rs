//! GET, DELETE `/api/auth/trusted-devices[/{id}]`: trusted browsers, which skip the one-time code.

use axum::extract::State;
use doorstep_contract::{
    account::{List, TrustedDeviceEntry},
    envelope::Nothing,
};

use super::{
    AppState,
    answer::{Answer, Data},
    id::PathId,
    json::EmptyBody,
    session::{Context, SignedIn},
};

pub(super) async fn list(
    State(state): State<AppState>,
    Context(context): Context,
    SignedIn(identity): SignedIn,
) -> Answer<List<TrustedDeviceEntry>> {
    Ok(Data(state.service.account().trusted_devices(&identity, &context).await?))
}

pub(super) async fn end(
    State(state): State<AppState>,
    Context(context): Context,
    SignedIn(identity): SignedIn,
    PathId(id): PathId,
    EmptyBody: EmptyBody,
) -> Answer<Nothing> {
    state.service.account().end_trusted_device(&identity, id.as_str(), &context).await?;
    Ok(Data(Nothing {}))
}
