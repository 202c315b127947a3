//! GET `/api/auth/setup-status`: what the sign-in page needs before anyone has signed in.

use axum::extract::State;
use doorstep_contract::auth::SetupStatus;

use super::{
    AppState,
    answer::{Answer, Data},
    session::MaybeSignedIn,
};
use crate::http::client::OnThisMachine;

pub(super) async fn read(
    State(state): State<AppState>,
    OnThisMachine(here): OnThisMachine,
    MaybeSignedIn(identity): MaybeSignedIn,
) -> Answer<SetupStatus> {
    let session = identity.map(|identity| state.service.policy().sessions.to_wire(&identity.session));
    let setup = state.service.sign_in().setup(here && state.anonymous_setup).await?;
    Ok(Data(state.service.sign_in().setup_status(session, setup)))
}
