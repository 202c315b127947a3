//! GET, DELETE `/api/auth/trusted-devices[/{id}]`: browsers that are not asked for a one-time code.

use axum::extract::{Path, State, rejection::PathRejection};
use doorstep_contract::{
    account::{List, TrustedDeviceEntry},
    envelope::Nothing,
};

use super::{
    AppState,
    answer::{Answer, Data},
    json::NoBody,
    session::{Arriving, SignedIn},
};
use crate::error::Error;

pub(super) async fn list(
    State(state): State<AppState>,
    Arriving(arrival): Arriving,
    SignedIn(identity): SignedIn,
) -> Answer<List<TrustedDeviceEntry>> {
    Ok(Data(state.service.trusted_devices(&identity, &arrival).await?))
}

pub(super) async fn end(
    State(state): State<AppState>,
    Arriving(arrival): Arriving,
    SignedIn(identity): SignedIn,
    id: Result<Path<String>, PathRejection>,
    NoBody: NoBody,
) -> Answer<Nothing> {
    let Path(id) = id.map_err(|_| Error::NotFound)?;
    state.service.end_trusted_device(&identity, &id, &arrival).await?;
    Ok(Data(Nothing {}))
}
