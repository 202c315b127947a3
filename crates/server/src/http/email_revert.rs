//! `/revert-email`: restores the previous email, by the link in the mail that was sent to it.
//!
//! Mail programs and scanners open links, so GET only shows a page with a button; the button posts the token, from
//! this origin. Neither needs a session. The logic is in `service/account/email_revert.rs`.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, Uri},
    response::Response,
};
use doorstep_contract::{
    paths::{REVERT_EMAIL, REVERT_TOKEN_PARAMETER},
    secret::Secret,
};
use serde_json::Value;
use tracing::warn;

use super::{
    AppState, body,
    client::Client,
    csrf::{self, MissingOrigin},
    query,
    routes::{Needs, Routes, Surface},
    shell::{self, Revert},
};
use crate::error::Error;

/// The endpoints.
#[must_use]
pub fn routes() -> Routes {
    Routes::of(Surface::Pages).get(REVERT_EMAIL, Needs::NOTHING, ask).post(REVERT_EMAIL, Needs::NOTHING, press)
}

/// GET: shows the page and changes nothing.
async fn ask(State(state): State<AppState>, uri: Uri, headers: HeaderMap) -> Response {
    let token = query::parameter(&uri, REVERT_TOKEN_PARAMETER).ok().flatten().map(Secret::new).unwrap_or_default();
    match state.service.account().email_revert(&token).await {
        Ok(revert) => shell::revert_email(&state, &headers, &Revert::Ask(&revert, &token)),
        Err(error) => refused(&state, &headers, &error),
    }
}

/// POST: restores the email.
async fn press(
    State(state): State<AppState>,
    Client(visitor): Client,
    headers: HeaderMap,
    request: Request,
) -> Response {
    if csrf::check(&Method::POST, &headers, &state.public_url, MissingOrigin::Refused).is_err() {
        warn!(event = "csrf_rejected");
        return shell::revert_email(&state, &headers, &Revert::FromElsewhere);
    }
    let token = match token(request).await {
        Ok(token) => token,
        Err(error) => return body::refused(&error),
    };
    match state.service.account().revert_email(&token, &visitor).await {
        Ok(restored) => shell::revert_email(&state, &headers, &Revert::Done(&restored)),
        Err(error) => refused(&state, &headers, &error),
    }
}

/// Reads the token from the form.
async fn token(request: Request) -> Result<Secret, Error> {
    if !body::is_form(request.headers()) {
        return Err(Error::UnsupportedMediaType);
    }
    let mut fields = query::fields(&body::read(request).await?)?;
    match fields.remove(REVERT_TOKEN_PARAMETER) {
        Some(Value::String(token)) => Ok(Secret::new(token)),
        _ => Err(Error::InvalidRequest("the token is missing".to_owned())),
    }
}

fn refused(state: &AppState, headers: &HeaderMap, error: &Error) -> Response {
    let why = match error {
        Error::TokenExpired => Revert::Expired,
        Error::TokenUsed => Revert::Used,
        Error::InvalidToken => Revert::Unknown,
        Error::UsernameTaken => Revert::Taken,
        error => return shell::failed(headers, error),
    };
    shell::revert_email(state, headers, &why)
}
