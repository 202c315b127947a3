//! POST `/api/auth/reauth`: proves again who is signed in.

use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::AppendHeaders,
};
use doorstep_contract::{auth::ReauthRequest, envelope::Nothing};

use super::{
    AppState,
    answer::{Data, Refusal},
    json::Json,
    login::arrival,
    session::SignedIn,
};
use crate::{
    error::Error,
    http::{client::Client, cookies::Cookies},
};

pub(super) async fn create(
    State(state): State<AppState>,
    Client(visitor): Client,
    headers: HeaderMap,
    SignedIn(identity): SignedIn,
    Json(request): Json<ReauthRequest>,
) -> Result<(AppendHeaders<Option<(HeaderName, HeaderValue)>>, Data<Nothing>), Refusal> {
    let password = request.password.ok_or_else(|| Error::InvalidRequest("`password` is missing".to_owned()))?;
    let arrival = arrival(&state, visitor, &headers);
    let token = state.service.prove_again(&identity, &password, &arrival).await?;
    let set = Cookies::new(&state.public_url).set_session(&token, &state.service.sessions);
    Ok((AppendHeaders(set.map(|value| (header::SET_COOKIE, value))), Data(Nothing {})))
}
