//! GET `/.well-known/oauth-authorization-server` and `/openapi/v1/_version`.

use serde_json::json;

use crate::support::{Server, get};

#[tokio::test]
async fn a_program_finds_the_flow_by_the_public_url_alone() {
    let server = Server::start_at("https://login.example.org").await;
    let sent = get("/.well-known/oauth-authorization-server").header("host", "evil.example");
    let wanted = json!({
        "issuer": "https://login.example.org",
        "device_authorization_endpoint": "https://login.example.org/v1/oauth/device/code",
        "token_endpoint": "https://login.example.org/oauth/token",
        "grant_types_supported": ["urn:ietf:params:oauth:grant-type:device_code"],
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": ["none"],
        "scopes_supported": ["full", "apps:run"],
    });
    assert_eq!(server.send(sent).await.ok(), wanted);
}

#[tokio::test]
async fn the_version_is_told() {
    let server = Server::start().await;
    let wanted = json!({ "version": env!("CARGO_PKG_VERSION"), "edition": "SELF_HOSTED" });
    assert_eq!(server.send(get("/openapi/v1/_version")).await.ok(), wanted);
}
