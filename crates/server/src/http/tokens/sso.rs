//! GET `/auth/login/:provider` and its callback: navigations to an identity provider and back. Both respond with a
//! redirect, also on failure.

use axum::{
    extract::{
        Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
    http::{HeaderMap, header},
    response::Response,
};
use serde::Deserialize;

use super::{answer::Refusal, link};
use crate::{
    error::Error,
    http::{
        AppState,
        client::Client,
        cookies::Cookies,
        csrf::Initiator,
        dashboard::{Context, session_cookies},
        device::came_back,
        navigation::Navigation,
        redirect,
        session::identify,
    },
    service::{
        sso::LoginStart,
        sso::{ProviderCallback, SsoOutcome},
    },
};

/// The parameters of the start.
#[derive(Default, Deserialize)]
pub(super) struct Start {
    redirect: Option<String>,
    mode: Option<String>,
    reauth: Option<String>,
    link: Option<String>,
}

impl Start {
    /// Whether to link the identity to the signed-in account.
    pub(super) fn is_link(&self) -> bool {
        is_set(self.link.as_ref())
    }

    /// The return URL.
    pub(super) fn redirect(&self) -> Option<&str> {
        self.redirect.as_deref()
    }
}

fn is_set(flag: Option<&String>) -> bool {
    flag.is_some_and(|flag| matches!(flag.as_str(), "1" | "true"))
}

/// The parameters of the callback; others are ignored.
#[derive(Default, Deserialize)]
pub(super) struct Callback {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

pub(super) async fn leave(
    _: Navigation,
    State(state): State<AppState>,
    provider: Result<Path<String>, PathRejection>,
    start: Result<Query<Start>, QueryRejection>,
    Client(visitor): Client,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let Path(provider) = provider.map_err(|_| Error::UnknownProvider)?;
    let Query(start) = start.map_err(|_| Error::InvalidRequest("the query can't be read".to_owned()))?;
    if start.is_link() {
        return link::ask(&state, &provider, start.redirect(), &headers).await;
    }
    let wish = LoginStart {
        redirect: start.redirect(),
        mode: start.mode.as_deref(),
        reauth: is_set(start.reauth.as_ref()),
        from_elsewhere: Initiator::of(&headers) == Initiator::OtherSite,
    };
    let identity = if wish.reauth { identify(&state, &headers).await? } else { None };
    Ok(match state.service.sso().begin(&provider, wish, identity.as_ref(), visitor.address).await? {
        Ok(out) => {
            let kept = Cookies::new(&state.public_url).set_sso_state(&headers, &out.state, &out.sealed);
            redirect::found(out.location.as_str(), kept)
        }
        Err(failed) => redirect::found(&failed.location, None),
    })
}

pub(super) async fn arrive(
    _: Navigation,
    State(state): State<AppState>,
    provider: Result<Path<String>, PathRejection>,
    callback: Result<Query<Callback>, QueryRejection>,
    Context(context): Context,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let Path(provider) = provider.map_err(|_| Error::UnknownProvider)?;
    // A query that can't be read, as with two states, names no flow.
    let Query(callback) = callback.unwrap_or_default();
    let cookies = Cookies::new(&state.public_url);
    let named = callback.state.unwrap_or_default();
    let sealed = cookies.sso_state(&headers, &named);
    let back = ProviderCallback {
        state: &named,
        sealed: &sealed,
        has_cookies: headers.contains_key(header::COOKIE),
        code: callback.code.as_deref(),
        error: callback.error.as_deref(),
        iss: callback.iss.as_deref(),
    };
    let identity = identify(&state, &headers).await?;
    Ok(match state.service.sso().finish(&provider, back, identity.as_ref(), &context).await? {
        Ok((destination, arrived)) => {
            let (location, set) = match arrived {
                SsoOutcome::SignedIn(signed_in) => {
                    (destination.location(), session_cookies(&state, &headers, &signed_in))
                }
                SsoOutcome::CodeWanted(challenge) => (
                    destination
                        .failed(&crate::domain::sso::Intent::SignIn, doorstep_contract::sso::SsoReason::InvalidOtp),
                    cookies.set_challenge(&challenge).into_iter().collect(),
                ),
                SsoOutcome::Proved(token) => {
                    (destination.location(), cookies.set_session(&token, &state.service.policy().sessions))
                }
                SsoOutcome::Linked => (destination.location(), Vec::new()),
                SsoOutcome::ForDevice(granted) => came_back(cookies, granted),
            };
            // Also cancels other flows that the user began and abandoned.
            redirect::found(&location, cookies.clear_sso_states(&headers).into_iter().chain(set))
        }
        Err(failed) => redirect::found(&failed.location, cookies.clear_sso_state(&named)),
    })
}
