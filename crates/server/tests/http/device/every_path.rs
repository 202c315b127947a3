//! Rules for all paths of the device surface.

use axum::http::Method;
use doorstep_server::http::routes::Surface;

use super::MOUNT;
use crate::support::{Server, get, post, request};

#[tokio::test]
async fn unknown_paths_and_methods_get_oauth_errors() {
    let server = Server::start().await;
    for path in [
        "/v1",
        "/v1/",
        "/v1/x",
        "/v1/oauth/device",
        "/v1/oauth/device/",
        "/v1/oauth/device/x",
        "/v1/me/",
        "/openapi",
        "/openapi/v1",
        "/openapi/v1/oauth/device/x",
        "/oauth",
        "/oauth/x",
        "/console/api/oauth/device/x",
        "/console/%00",
    ] {
        server.send(get(path)).await.refused(404, "not_found");
        server.send(request(Method::POST, path)).await.refused(404, "not_found");
    }
    for endpoint in server.endpoints().iter().filter(|endpoint| endpoint.surface == Surface::Device) {
        let path = endpoint.path.replace("{id}", "x");
        for method in [Method::GET, Method::POST, Method::PATCH, Method::DELETE] {
            if server.endpoint(&method, &path).is_none() {
                let sent = request(method, &path).header("sec-fetch-site", "same-origin");
                server.send(sent).await.refused(405, "method_not_allowed");
            }
        }
    }
}

#[tokio::test]
async fn writes_authenticated_by_a_cookie_need_an_origin() {
    let server = Server::start().await;
    for path in ["/v1/oauth/device/approve-external", "/openapi/v1/oauth/device/deny-external"] {
        server.send(request(Method::POST, path)).await.refused(403, "access_denied");
    }
    let sent = request(Method::POST, "/oauth/token").header("origin", "null");
    server.send(sent).await.refused(403, "access_denied");
}

#[tokio::test]
async fn sso_for_devices_is_not_found_unless_configured() {
    let server = Server::start().await;
    for path in ["sso-initiate?user_code=BCDF-GHJK", "sso-complete?sso_assertion=x", "approval-context"] {
        for mount in [MOUNT, "/openapi/v1/oauth/device"] {
            server.send(get(&format!("{mount}/{path}"))).await.refused(404, "not_found");
        }
    }
    server.send(get("/v1/device/sso-complete")).await.refused(404, "not_found");
    for path in ["approve-external", "deny-external"] {
        let sent = post(&format!("{MOUNT}/{path}")).json(&serde_json::json!({ "user_code": "BCDF-GHJK" }));
        server.send(sent).await.refused(404, "not_found");
    }
}

#[tokio::test]
async fn every_response_has_the_headers_and_no_cors() {
    let server = Server::start().await;
    for sent in [get("/v1/me"), get("/v1/x"), post("/oauth/token"), request(Method::OPTIONS, "/v1/oauth/device/code")] {
        let answer = server.send(sent.header("origin", crate::support::ORIGIN)).await;
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert_eq!(answer.headers["content-type"], "application/json");
        assert!(!answer.headers.contains_key("access-control-allow-origin"));
    }
}
