//! POST `/api/auth/logout`: ends the session of the request, if there is one, and the tokens in the cookies of the
//! token surface.

use axum::{extract::State, http::HeaderMap};
use doorstep_contract::sso::LoggedOut;

use super::{
    AppState,
    answer::{Data, Refusal},
    json::EmptyBody,
};
use crate::http::{client::Client, cookies::Cookies, run_to_end::run_to_end, set_cookies::SetCookies};

/// The cookies are cleared only after the session has ended: after an error, the client can try again.
pub(super) async fn create(
    State(state): State<AppState>,
    headers: HeaderMap,
    Client(visitor): Client,
    EmptyBody: EmptyBody,
) -> Result<(SetCookies, Data<LoggedOut>), Refusal> {
    let (asked, sent) = (state.clone(), headers.clone());
    let provider = run_to_end(async move {
        let cookies = Cookies::new(&asked.public_url);
        let provider = asked.service.sessions().log_out(&cookies.sessions(&sent), visitor.address).await?;
        // Revoke the tokens before their cookies are cleared.
        for tokens in [cookies.refresh_tokens(&sent), cookies.session_tokens(&sent)] {
            asked.service.tokens().end(&tokens, visitor.address).await?;
        }
        Ok(provider)
    })
    .await?;
    // The provider may respond slowly, so it is contacted last.
    let elsewhere = match provider {
        Some(provider) => state.service.sso().provider_logout_url(&provider).await,
        None => None,
    };
    let answer = LoggedOut { end_session_url: elsewhere.map(String::from) };
    let cookies = Cookies::new(&state.public_url);
    Ok((SetCookies::of(cookies.clear_sign_in(&headers)), Data(answer)))
}
