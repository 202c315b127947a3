//! POST `/api/auth/logout`: ends the session of the request, if there is one, and what its cookies open for programs.

use axum::{extract::State, http::HeaderMap};
use doorstep_contract::sso::LoggedOut;

use super::{
    AppState,
    answer::{Data, Refusal},
    json::NoBody,
};
use crate::http::{client::Client, cookies::Cookies, set_cookies::SetCookies};

/// The cookie is cleared only when the session has ended: a client that is told of an error can try again.
pub(super) async fn create(
    State(state): State<AppState>,
    headers: HeaderMap,
    Client(visitor): Client,
    NoBody: NoBody,
) -> Result<(SetCookies, Data<LoggedOut>), Refusal> {
    let cookies = Cookies::new(&state.public_url);
    let elsewhere = state.service.log_out(&cookies.sessions(&headers), visitor.address).await?;
    // What a cookie opens ends before the cookie is cleared.
    for tokens in [cookies.refresh_tokens(&headers), cookies.session_tokens(&headers)] {
        state.service.end_tokens(&tokens, visitor.address).await?;
    }
    let answer = LoggedOut { end_session_url: elsewhere.map(String::from) };
    Ok((SetCookies::of(cookies.clear_sign_in(&headers)), Data(answer)))
}
