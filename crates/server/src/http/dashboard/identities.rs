//! GET, POST, DELETE `/api/auth/identities[/{id}]`, GET `/api/auth/challenge`: the account's linked SSO identities.

use axum::{extract::State, http::HeaderMap};
use doorstep_contract::{
    account::List,
    envelope::Nothing,
    sso::{AddIdentity, Challenge, IdentityBegun, IdentityEntry},
};

use super::{
    AppState,
    answer::{Answer, Data, Refusal},
    id::PathId,
    json::{EmptyBody, Json},
    session::SignedIn,
};
use crate::http::{client::Client, cookies::Cookies, set_cookies::SetCookies};

pub(super) async fn list(State(state): State<AppState>, SignedIn(identity): SignedIn) -> Answer<List<IdentityEntry>> {
    Ok(Data(state.service.sso().identities(&identity).await?))
}

/// Begins linking an identity: sets the state cookie and returns the provider's URL, which the page opens.
pub(super) async fn add(
    State(state): State<AppState>,
    SignedIn(identity): SignedIn,
    Client(visitor): Client,
    headers: HeaderMap,
    Json(AddIdentity { provider }): Json<AddIdentity>,
) -> Result<(SetCookies, Data<IdentityBegun>), Refusal> {
    let (location, set) = match state.service.sso().begin_link(&provider, None, &identity, visitor.address).await? {
        Ok(out) => {
            let cookies = Cookies::new(&state.public_url);
            (out.location.to_string(), cookies.set_sso_state(&headers, &out.state, &out.sealed))
        }
        Err(failed) => (failed.location, Vec::new()),
    };
    let set = SetCookies::of(set);
    Ok((set, Data(IdentityBegun { location })))
}

pub(super) async fn remove(
    State(state): State<AppState>,
    SignedIn(identity): SignedIn,
    Client(visitor): Client,
    PathId(id): PathId,
    EmptyBody: EmptyBody,
) -> Answer<Nothing> {
    state.service.sso().remove_identity(&identity, &id, &visitor).await?;
    Ok(Data(Nothing {}))
}

/// The pending second factor of an SSO sign-in. The sign-in page asks for it, because its address must not identify
/// the sign-in.
pub(super) async fn challenge(State(state): State<AppState>, headers: HeaderMap) -> Answer<Challenge> {
    let tokens = Cookies::new(&state.public_url).challenges(&headers);
    Ok(Data(state.service.sign_in().waiting_challenge(&tokens).await?))
}
