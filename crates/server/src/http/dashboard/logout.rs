//! POST `/api/auth/logout`: ends the session of the request, if there is one, and what its cookies open for programs.

use axum::{extract::State, http::HeaderMap};
use doorstep_contract::sso::LoggedOut;

use super::{
    AppState,
    answer::{Data, Refusal},
    json::NoBody,
};
use crate::http::{client::Client, cookies::Cookies, run_to_end::run_to_end, set_cookies::SetCookies};

/// The cookie is cleared only when the session has ended: a client that gets an error can try again.
pub(super) async fn create(
    State(state): State<AppState>,
    headers: HeaderMap,
    Client(visitor): Client,
    NoBody: NoBody,
) -> Result<(SetCookies, Data<LoggedOut>), Refusal> {
    let (asked, sent) = (state.clone(), headers.clone());
    let provider = run_to_end(async move {
        let cookies = Cookies::new(&asked.public_url);
        let provider = asked.service.sessions().log_out(&cookies.sessions(&sent), visitor.address).await?;
        // What a cookie opens ends before the cookie is cleared.
        for tokens in [cookies.refresh_tokens(&sent), cookies.session_tokens(&sent)] {
            asked.service.tokens().end(&tokens, visitor.address).await?;
        }
        Ok(provider)
    })
    .await?;
    // The provider may be slow to answer: everything has ended before it is asked.
    let elsewhere = match provider {
        Some(provider) => state.service.sso().provider_logout_url(&provider).await,
        None => None,
    };
    let answer = LoggedOut { end_session_url: elsewhere.map(String::from) };
    let cookies = Cookies::new(&state.public_url);
    Ok((SetCookies::of(cookies.clear_sign_in(&headers)), Data(answer)))
}
