//! GET `/api/auth/me`: the signed-in user.

use axum::extract::State;
use doorstep_contract::auth::Me;

use super::{
    AppState,
    answer::{Answer, Data},
    session::AnySignedIn,
};

pub(super) async fn read(State(state): State<AppState>, AnySignedIn(identity): AnySignedIn) -> Answer<Me> {
    Ok(Data(state.service.sessions().me(&identity).await?))
}
