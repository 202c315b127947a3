//! Extractors that authenticate the user.

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
        session::{identify, signed_in, signed_in_or_temporary},
    },
    service::{ClientContext, Identity},
};

/// The context of a sign-in or a reauthentication: the client, and the cookies that its browser sent.
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

/// The signed-in user, if there is one.
pub(super) struct MaybeSignedIn(pub(super) Option<Identity>);

impl FromRequestParts<AppState> for MaybeSignedIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        Ok(Self(identify(state, &parts.headers).await?))
    }
}

/// A signed-in user with full access. Otherwise `unauthenticated`, `password_change_required` while the account has
/// its initial password, or `temporary_session` for writes in a session begun with a temporary token.
pub(super) struct SignedIn(pub(super) Identity);

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        Ok(Self(signed_in(state, parts).await?))
    }
}

/// As [`SignedIn`], but also accepts the session of a temporary token.
pub(super) struct SignedInOrTemporary(pub(super) Identity);

impl FromRequestParts<AppState> for SignedInOrTemporary {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        Ok(Self(signed_in_or_temporary(state, parts).await?))
    }
}

/// A signed-in operator; otherwise as [`SignedIn`], or `forbidden`.
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

/// An [`Operator`] who performs a write: account and client, for the audit log.
pub(super) struct Acting(pub(super) Origin);

impl FromRequestParts<AppState> for Acting {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        let Operator(identity) = Operator::from_request_parts(parts, state).await?;
        let Ok(Client(visitor)) = Client::from_request_parts(parts, state).await;
        Ok(Self(Origin::account(&identity.account, visitor.address)))
    }
}

/// A signed-in user, even one who must choose a new password first; otherwise `unauthenticated`.
pub(super) struct AnySignedIn(pub(super) Identity);

impl FromRequestParts<AppState> for AnySignedIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        let identity = identify(state, &parts.headers).await?;
        Ok(Self(identity.ok_or(Error::Unauthenticated)?))
    }
}
