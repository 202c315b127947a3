//! POST `code`: a device begins the device flow (RFC 8628 §3.1).

use axum::{Json, extract::State};
use doorstep_contract::{device::OAuthErrorCode, user_code::PARAMETER};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    AppState,
    answer::Answer,
    body::{Fields, required},
};
use crate::{error::Error, http::client::Client, service::devices::NewRequest};

#[derive(Deserialize, ToSchema)]
#[schema(as = CodeRequest)]
pub(super) struct Request {
    client_id: Option<String>,
    device_label: Option<String>,
    scope: Option<String>,
}

/// The response to a device request (RFC 8628 §3.2).
#[derive(Serialize, ToSchema)]
pub(super) struct Codes {
    device_code: String,
    user_code: String,
    verification_uri: String,
    verification_uri_complete: String,
    expires_in: i64,
    interval: u32,
}

pub(super) async fn create(
    State(state): State<AppState>,
    Client(visitor): Client,
    Fields { fields, is_form }: Fields<Request>,
) -> Answer<Codes> {
    let asked = NewRequest {
        client_id: required(fields.client_id, "client_id")?,
        label: fields.device_label,
        scope: fields.scope,
    };
    let codes = state.service.devices().request(asked, &visitor).await.map_err(|error| match error {
        // OAuth's own code, for libraries, which send forms.
        Error::Device(OAuthErrorCode::UnsupportedClient) if is_form => Error::Device(OAuthErrorCode::InvalidClient),
        error => error,
    })?;
    let user_code = codes.user_code.shown();
    let verification_uri = format!("{}/device", state.origin());
    Ok(Json(Codes {
        device_code: codes.device_code.reveal().to_owned(),
        verification_uri_complete: format!("{verification_uri}?{PARAMETER}={user_code}"),
        user_code,
        verification_uri,
        expires_in: codes.expires_in,
        interval: codes.interval,
    }))
}
