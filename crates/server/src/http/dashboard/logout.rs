//! POST `/api/auth/logout`: ends the session of the request, if there is one.

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::AppendHeaders,
};
use doorstep_contract::sso::LoggedOut;

use super::{
    AppState,
    answer::{Data, Refusal},
    json::NoBody,
};
use crate::http::{client::Client, cookies::Cookies};

/// The cookie is cleared only when the session has ended: a client that is told of an error can try again.
pub(super) async fn create(
    State(state): State<AppState>,
    headers: HeaderMap,
    Client(visitor): Client,
    NoBody: NoBody,
) -> Result<(AppendHeaders<Vec<(header::HeaderName, header::HeaderValue)>>, Data<LoggedOut>), Refusal> {
    let cookies = Cookies::new(&state.public_url);
    let mut end_session_url = None;
    if let Some(token) = cookies.session(&headers) {
        end_session_url = state.service.log_out(&token, visitor.address).await?.map(String::from);
    }
    // What hangs on the session has ended with it.
    let clear = cookies.clear_session().into_iter().chain(cookies.clear_tokens(&headers));
    Ok((AppendHeaders(clear.map(|value| (header::SET_COOKIE, value)).collect()), Data(LoggedOut { end_session_url })))
}
