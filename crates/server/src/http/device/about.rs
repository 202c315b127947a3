//! What programs read before they begin: the server's metadata and its version.

use axum::{Json, extract::State};
use doorstep_contract::{device::Scope, paths::DEVICE_MOUNTS};
use serde::Serialize;

use super::{AppState, TOKEN_ENDPOINT, token::GRANT_TYPE};

/// RFC 8414 §2.
#[derive(Serialize)]
pub(super) struct Metadata {
    issuer: String,
    device_authorization_endpoint: String,
    token_endpoint: String,
    grant_types_supported: [&'static str; 1],
    /// Nothing is asked for in a front channel.
    response_types_supported: [&'static str; 0],
    /// Devices keep no secret.
    token_endpoint_auth_methods_supported: [&'static str; 1],
    scopes_supported: &'static [Scope],
}

/// GET `/.well-known/oauth-authorization-server`.
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

#[derive(Serialize)]
pub(super) struct Version {
    version: &'static str,
    edition: &'static str,
}

/// GET `/openapi/v1/_version`.
pub(super) async fn version() -> Json<Version> {
    Json(Version { version: env!("CARGO_PKG_VERSION"), edition: "SELF_HOSTED" })
}
