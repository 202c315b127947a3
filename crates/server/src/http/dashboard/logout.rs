//! POST `/api/auth/logout`: ends the session of the request, if there is one.

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::AppendHeaders,
};
use doorstep_contract::envelope::Nothing;

use super::{
    AppState,
    answer::{Data, Refusal},
    json::NoBody,
};
use crate::http::cookies::Cookies;

/// The cookie is cleared only when the session has ended: a client that is told of an error can try again.
pub(super) async fn create(
    State(state): State<AppState>,
    headers: HeaderMap,
    NoBody: NoBody,
) -> Result<(AppendHeaders<Option<(header::HeaderName, header::HeaderValue)>>, Data<Nothing>), Refusal> {
    let cookies = Cookies::new(&state.public_url);
    if let Some(token) = cookies.session(&headers) {
        state.service.log_out(&token).await?;
    }
    let clear = cookies.clear_session().map(|value| (header::SET_COOKIE, value));
    Ok((AppendHeaders(clear), Data(Nothing {})))
}
