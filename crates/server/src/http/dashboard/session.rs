//! Extractors for endpoints that want to know who is asking.

use std::convert::Infallible;

use axum::{extract::FromRequestParts, http::request::Parts};
use doorstep_contract::auth::Role;

use super::{AppState, answer::Refusal};
use crate::{
    domain::audit::Origin,
    error::Error,
    http::{
        client::Client,
        cookies::Cookies,
        language,
        session::{identify, signed_in, signed_in_for_now},
    },
    service::{ClientContext, Identity},
};

/// What comes along with a sign-in or a proof: who is asking, and the cookies that the browser has from before.
pub(in crate::http) struct Context(pub(in crate::http) ClientContext);

impl FromRequestParts<AppState> for Context {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let Client(visitor) = Client::from_request_parts(parts, state).await?;
        let cookies = Cookies::new(&state.public_url);
        let (earlier, proofs) = (cookies.sessions(&parts.headers), cookies.proofs(&parts.headers));
        let (trusted, language) = (cookies.trusted(&parts.headers), language::wished(&parts.headers));
        Ok(Self(ClientContext { visitor, earlier, proofs, trusted, language }))
    }
}

/// The user who asks, if signed in.
pub(super) struct MaybeSignedIn(pub(super) Option<Identity>);

impl FromRequestParts<AppState> for MaybeSignedIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        Ok(Self(identify(state, &parts.headers).await?))
    }
}

/// A user who is signed in and may use what it opens; otherwise `unauthenticated`, or `password_change_required`
/// while they still have the password of the first start, or `temporary_session` where that may not write yet.
pub(super) struct SignedIn(pub(super) Identity);

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        Ok(Self(signed_in(state, parts).await?))
    }
}

/// The same for the few writes that are also for the session of a temporary token.
pub(super) struct SignedInForNow(pub(super) Identity);

impl FromRequestParts<AppState> for SignedInForNow {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        Ok(Self(signed_in_for_now(state, parts).await?))
    }
}

/// An operator who is signed in; otherwise as [`SignedIn`], or `forbidden`.
pub(super) struct Operator(pub(super) Identity);

impl FromRequestParts<AppState> for Operator {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        let SignedIn(identity) = SignedIn::from_request_parts(parts, state).await?;
        match identity.account.role {
            Role::Operator => Ok(Self(identity)),
            Role::Member => Err(Error::Forbidden.into()),
        }
    }
}

/// An [`Operator`] who changes something: who, and from where, for the audit log.
pub(super) struct Acting(pub(super) Origin);

impl FromRequestParts<AppState> for Acting {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        let Operator(identity) = Operator::from_request_parts(parts, state).await?;
        let Ok(Client(visitor)) = Client::from_request_parts(parts, state).await;
        Ok(Self(Origin::account(&identity.account, visitor.address)))
    }
}

/// A user who is signed in, even if they must choose a new password before anything else; otherwise
/// `unauthenticated`.
pub(super) struct SignedInAtAll(pub(super) Identity);

impl FromRequestParts<AppState> for SignedInAtAll {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        let identity = identify(state, &parts.headers).await?;
        Ok(Self(identity.ok_or(Error::Unauthenticated)?))
    }
}
