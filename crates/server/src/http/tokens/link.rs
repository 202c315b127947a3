//! GET and POST `/auth/login/:provider?link=1`: links an identity of the provider to the signed-in account, by a
//! plain address.
//!
//! The provider decides which identity it is, by the session that the browser has there: that may be another
//! user's, if another site or a return URL led the browser here. So GET only shows a page, and its button begins
//! the flow. The dashboard begins it by POST `/api/auth/identities`.

use axum::{
    extract::{FromRequestParts as _, Request},
    http::{HeaderMap, Method},
    response::{IntoResponse as _, Response},
};
use doorstep_contract::sso::SsoReason;
use tracing::warn;

use super::answer::Refusal;
use crate::{
    domain::sso::{Destination, Intent},
    error::Error,
    http::{
        AppState, body,
        client::Client,
        cookies::Cookies,
        csrf::{self, Initiator, MissingOrigin},
        redirect,
        session::identify,
        set_cookies::SetCookies,
        shell,
    },
    service::{Identity, sso::Failed},
};

/// GET: shows the page and changes nothing.
pub(super) async fn ask(
    state: &AppState,
    provider: &str,
    redirect: Option<&str>,
    headers: &HeaderMap,
) -> Result<Response, Refusal> {
    page(state, provider, redirect, headers, Initiator::of(headers)).await
}

/// POST: begins the flow.
pub(super) async fn press(
    state: &AppState,
    provider: &str,
    redirect: Option<&str>,
    request: Request,
) -> Result<Response, Refusal> {
    let (mut parts, sent) = request.into_parts();
    let headers = parts.headers.clone();
    if csrf::check(&Method::POST, &headers, &state.public_url, MissingOrigin::Refused).is_err() {
        warn!(event = "csrf_rejected");
        return page(state, provider, redirect, &headers, Initiator::OtherSite).await;
    }
    if let Err(error) = body::read_nothing(Request::from_parts(parts.clone(), sent)).await {
        return Ok(body::refused(&error));
    }
    let identity = match signed_in(state, &headers).await? {
        Ok(identity) => identity,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let Ok(Client(visitor)) = Client::from_request_parts(&mut parts, state).await;
    let out = match state.service.sso().begin_link(provider, redirect, &identity, visitor.address).await {
        Ok(out) => out,
        Err(error) => return Ok(refused(error)?),
    };
    Ok(match out {
        Ok(out) => {
            let page = shell::leaving(state, &headers, &label(state, provider), &out.location);
            let kept = Cookies::new(&state.public_url).set_sso_state(&headers, &out.state, &out.sealed);
            (SetCookies::of(kept), page).into_response()
        }
        Err(failed) => redirect::see_other(&failed.location, None),
    })
}

async fn page(
    state: &AppState,
    provider: &str,
    redirect: Option<&str>,
    headers: &HeaderMap,
    initiator: Initiator,
) -> Result<Response, Refusal> {
    if state.service.providers().find(provider).is_none() {
        return Err(Error::UnknownProvider.into());
    }
    let identity = match signed_in(state, headers).await? {
        Ok(identity) => identity,
        Err(elsewhere) => return Ok(elsewhere),
    };
    match state.service.sso().may_link(provider, redirect, &identity) {
        Ok(_) => Ok(shell::link(state, headers, &label(state, provider), &identity.account.username, initiator)),
        Err(error) => Ok(refused(error)?),
    }
}

/// The signed-in user; the inner `Err` redirects to the sign-in page.
async fn signed_in(state: &AppState, headers: &HeaderMap) -> Result<Result<Identity, Response>, Error> {
    let identity = identify(state, headers).await?;
    let identity = identity.filter(|identity| !identity.account.password_is_initial);
    Ok(identity.ok_or_else(|| to_page(&Intent::SignIn)))
}

/// Redirects to the page of linked accounts with the error, where the user can act on it.
fn refused(error: Error) -> Result<Response, Error> {
    match error {
        Error::ReauthRequired | Error::TemporarySession => Ok(to_page(&Intent::Link(String::new()))),
        error => Err(error),
    }
}

fn to_page(intent: &Intent) -> Response {
    let failed = Failed::new(&Destination::linked(), intent, SsoReason::ReauthRequired);
    redirect::found(&failed.location, None)
}

/// The display name of a provider.
fn label(state: &AppState, provider: &str) -> String {
    let known = state.service.providers().find(provider);
    known.map(|known| known.settings().to_wire().display_name()).unwrap_or_default()
}
