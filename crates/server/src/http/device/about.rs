//! Discovery for programs: the authorization server's metadata, and the server's version.

use axum::{Json, extract::State};
use doorstep_contract::{device::Scope, paths::DEVICE_MOUNTS};
use serde::Serialize;
use utoipa::ToSchema;

use super::{AppState, TOKEN_ENDPOINT, token::GRANT_TYPE};

/// The metadata of the authorization server (RFC 8414 §2).
#[derive(Serialize, ToSchema)]
pub(super) struct Metadata {
    issuer: String,
    device_authorization_endpoint: String,
    token_endpoint: String,
    #[schema(value_type = Vec<String>)]
    grant_types_supported: [&'static str; 1],
    /// Empty: no response types are supported.
    #[schema(value_type = Vec<String>)]
    response_types_supported: [&'static str; 0],
    /// Devices are public clients.
    #[schema(value_type = Vec<String>)]
    token_endpoint_auth_methods_supported: [&'static str; 1],
    #[schema(value_type = Vec<Scope>)]
    scopes_supported: &'static [Scope],
}

/// GET `/.well-known/oauth-authorization-server` (RFC 8414).
pub(super) async fn metadata(State(state): State<AppState>) -> Json<Metadata> {
    let origin = state.origin();
    let [mount, _] = DEVICE_MOUNTS;
    Json(Metadata {
        device_authorization_endpoint: format!("{origin}{mount}/code"),
        token_endpoint: format!("{origin}{TOKEN_ENDPOINT}"),
        grant_types_supported: [GRANT_TYPE],
        response_types_supported: [],
        token_endpoint_auth_methods_supported: ["none"],
        scopes_supported: Scope::ALL,
        issuer: origin,
    })
}

#[derive(Serialize, ToSchema)]
pub(super) struct Server {
    version: String,
    edition: &'static str,
    doorstep: &'static str,
}

/// GET `/openapi/v1/_version`. Clients compare `version` with the versions of Dify that they support.
pub(super) async fn version(State(state): State<AppState>) -> Json<Server> {
    let version = state.service.policy().devices.dify_version.clone();
    Json(Server { version, edition: "SELF_HOSTED", doorstep: env!("CARGO_PKG_VERSION") })
}
