//! POST `/api/auth/reauth`: proves again who is signed in.

use axum::{
    extract::State,
    http::{HeaderName, HeaderValue, header},
    response::AppendHeaders,
};
use doorstep_contract::{auth::ReauthRequest, envelope::Nothing};

use super::{
    AppState,
    answer::{Data, Refusal},
    json::Json,
    session::{Arriving, SignedIn},
};
use crate::{error::Error, http::cookies::Cookies};

pub(super) async fn create(
    State(state): State<AppState>,
    Arriving(arrival): Arriving,
    SignedIn(identity): SignedIn,
    Json(request): Json<ReauthRequest>,
) -> Result<(AppendHeaders<Option<(HeaderName, HeaderValue)>>, Data<Nothing>), Refusal> {
    let password = request.password.ok_or_else(|| Error::InvalidRequest("`password` is missing".to_owned()))?;
    let token = state.service.prove_again(&identity, &password, &arrival).await?;
    let set = Cookies::new(&state.public_url).set_session(&token, &state.service.sessions);
    Ok((AppendHeaders(set.map(|value| (header::SET_COOKIE, value))), Data(Nothing {})))
}
