//! GET `/api/auth/setup-status`: what a person needs to know before signing in.

use axum::extract::State;
use doorstep_contract::auth::SetupStatus;

use super::{
    AppState,
    answer::{Answer, Data},
    session::MaybeSignedIn,
};

pub(super) async fn read(State(state): State<AppState>, MaybeSignedIn(identity): MaybeSignedIn) -> Answer<SetupStatus> {
    let session = identity.map(|identity| state.service.sessions.to_wire(&identity.session));
    Ok(Data(state.service.setup_status(session).await?))
}
