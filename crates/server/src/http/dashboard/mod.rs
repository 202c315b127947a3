//! The dashboard surface, `/api/*`: what the browser app speaks. JSON in an envelope, opened by the session cookie.

mod answer;
mod json;
mod login;
mod logout;
mod me;
mod reauth;
mod session;
mod setup;
mod setup_status;

use std::any::Any;

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
    routing::{any, get, post},
};
use doorstep_contract::paths;
use tower_http::catch_panic::CatchPanicLayer;

use super::{
    AppState,
    csrf::{self, Unmarked},
    panics,
};
use crate::error::Error;

/// The surface: its endpoints, and an answer for every other path below `/api`.
pub fn router(state: &AppState) -> Router<AppState> {
    let not_found = || any(async || answer::error(&Error::NotFound));
    Router::new()
        .route(paths::SETUP_STATUS, get(setup_status::read))
        .route(paths::LOGIN, post(login::create))
        .route(paths::LOGOUT, post(logout::create))
        .route(paths::ME, get(me::read))
        .route(paths::SETUP, post(setup::create))
        .route(paths::SETUP_AUTHENTICATED, post(setup::create_authenticated))
        .route(paths::REAUTH, post(reauth::create))
        .method_not_allowed_fallback(async || answer::error(&Error::MethodNotAllowed))
        .route("/api", not_found())
        .route("/api/", not_found())
        .route("/api/{*path}", not_found())
        .layer(CatchPanicLayer::custom(|panic: Box<dyn Any + Send>| {
            panics::log(&*panic);
            answer::error(&Error::TaskLost)
        }))
        .layer(middleware::from_fn_with_state(state.clone(), guard))
}

/// Around every endpoint: writes come from pages of this origin, and answers are kept by nobody.
async fn guard(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = match csrf::check(request.method(), request.headers(), &state.public_url, Unmarked::Refused) {
        Ok(()) => next.run(request).await,
        Err(error) => {
            tracing::warn!(event = "csrf_rejected");
            answer::error(&error).into_response()
        }
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
