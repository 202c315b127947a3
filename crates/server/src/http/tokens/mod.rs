//! The token surface, `/auth/*`, `/users/me*` and `/graphql/system`, for programs written for Directus.
//! Authenticated by access tokens, not by the session cookie.

mod answer;
mod caller;
mod graphql;
mod link;
mod me;
mod openapi;
mod operation;
mod providers;
mod sso;

use axum::{
    extract::{
        FromRequest as _, FromRequestParts as _, Path, Query, Request, State,
        rejection::{PathRejection, QueryRejection},
    },
    http::StatusCode,
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
};
use doorstep_contract::paths;

pub(super) use self::openapi::operations;
use self::{
    answer::Refusal,
    caller::Caller,
    operation::{Body, Operation},
};
use super::{
    AppState,
    csrf::MissingOrigin,
    dialect,
    routes::{
        Authentication,
        Limit::{SignIn, Times},
        Needs, Routes, Surface,
    },
};
use crate::{domain::quota::Quota, error::Error};

/// The endpoints of the surface, and an error for all other paths below it.
#[must_use]
pub fn routes(state: &AppState) -> Routes {
    const LEFT: Needs = Needs::NOTHING.limited(&[Times(Quota::SsoStart)]);
    const ARRIVED: Needs = Needs::NOTHING.limited(&[Times(Quota::SsoCallback)]);
    let mut routes = Routes::of(Surface::Tokens)
        .get(paths::TOKENS, Needs::NOTHING, providers::list)
        .get("/users/me", Needs::authenticated_by(Authentication::AccessToken), me::read)
        .post("/graphql/system", graphql::NEEDS, graphql::execute)
        .get("/auth/login/{provider}", LEFT, sso::leave)
        .post("/auth/login/{provider}", Needs::NOTHING.limited(&[SignIn, Times(Quota::SsoStart)]), login_through)
        .get("/auth/login/{provider}/callback", ARRIVED, sso::arrive);
    for operation in Operation::ALL {
        let handler = move |State(state), request| carry_out(state, operation, request);
        routes = routes.post(operation.path(), operation.needs(), handler);
    }
    let beside = ["/auth/", "/auth/{*path}", "/users", "/users/", "/users/{*path}", "/graphql", "/graphql/{*path}"];
    routes.unknown(beside, &async || answer::error(&Error::NotFound)).wrap(|router| {
        router
            .method_not_allowed_fallback(async || answer::error(&Error::MethodNotAllowed))
            .layer(dialect::catch_panics::<answer::Directus>())
            .layer(middleware::from_fn_with_state(state.clone(), guard))
    })
}

async fn carry_out(state: AppState, operation: Operation, request: Request) -> Result<Response, Refusal> {
    let (mut parts, body) = request.into_parts();
    let Ok(caller) = Caller::from_request_parts(&mut parts, &state).await;
    let Body(body) = Body::from_request(Request::from_parts(parts, body), &state).await?;
    Ok(operation.perform(&state, &caller, body).await?.into_response())
}

/// POST `/auth/login/:provider`: signs in with the password, which has one provider only; with `link=1`, the form
/// of the page that links an identity.
async fn login_through(
    State(state): State<AppState>,
    provider: Result<Path<String>, PathRejection>,
    start: Result<Query<sso::Start>, QueryRejection>,
    request: Request,
) -> Result<Response, Refusal> {
    let Path(provider) = provider.map_err(|_| Error::UnknownProvider)?;
    if let Some(Query(start)) = start.ok().filter(|start| start.is_link()) {
        return link::press(&state, &provider, start.redirect(), request).await;
    }
    if provider != "default" {
        return Err(Error::UnknownProvider.into());
    }
    carry_out(state, Operation::Login, request).await
}

/// The status and the code of an error on this surface.
pub(super) fn status_and_code(error: &Error) -> (StatusCode, &'static str) {
    let (status, code) = answer::status_and_code(error);
    (status, code.as_str())
}

/// Middleware of all endpoints: the origin check, and `Cache-Control: no-store`.
async fn guard(State(state): State<AppState>, request: Request, next: Next) -> Response {
    dialect::guard::<answer::Directus>(&state.public_url, MissingOrigin::Accepted, request, next).await
}
