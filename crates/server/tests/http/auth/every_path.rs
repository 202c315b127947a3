//! Rules for all paths of the token surface.

use axum::http::Method;
use doorstep_server::http::routes::{Endpoint, Surface};

use crate::support::{Server, get, post, request};

/// The writes of the surface, in the order of mounting.
fn writes(server: &Server) -> Vec<String> {
    let is_write = |endpoint: &&Endpoint| endpoint.surface == Surface::Tokens && !endpoint.method.is_safe();
    server.endpoints().iter().filter(is_write).map(|endpoint| endpoint.path.replace("{provider}", "default")).collect()
}

#[tokio::test]
async fn malformed_bodies_are_refused_in_the_format_of_the_surface() {
    let server = Server::start().await;
    let bodies: [&[u8]; 8] = [b"{", b"[]", b"[{}]", b"null", b"\"x\"", b"\xff", b"{}{}", b"7"];
    for path in writes(&server) {
        for body in bodies {
            let sent = post(&path).header("content-type", "application/json").body(body.to_vec());
            server.send(sent).await.assert_refused(400, "INVALID_PAYLOAD");
        }
        let large = format!("{{\"email\":\"{}\"}}", "a".repeat(70_000));
        let sent = post(&path).header("content-type", "application/json").body(large);
        server.send(sent).await.assert_refused(413, "CONTENT_TOO_LARGE");
        let sent = post(&path).header("content-type", "text/plain").body("{}");
        server.send(sent).await.assert_refused(415, "UNSUPPORTED_MEDIA_TYPE");
    }
    for path in ["/auth/login", "/auth/password/request", "/auth/password/reset", "/graphql/system"] {
        for body in ["{}", "{\"email\":7,\"password\":[],\"token\":{},\"query\":1}"] {
            let sent = post(path).header("content-type", "application/json").body(body);
            server.send(sent).await.assert_refused(400, "INVALID_PAYLOAD");
        }
    }
}

#[tokio::test]
async fn errors_do_not_repeat_the_request() {
    let server = Server::start().await;
    let sent = post("/auth/login").header("content-type", "application/json");
    let answer = server.send(sent.body("{\"email\":\"a\",\"password\":\"hunter2\",\"otp\":[\"hunter2\"]}")).await;
    answer.assert_refused(400, "INVALID_PAYLOAD");
    assert!(!answer.text.contains("hunter2"), "{}", answer.text);
}

#[tokio::test]
async fn unknown_paths_get_the_format_of_the_surface() {
    let server = Server::start().await;
    for path in
        ["/auth/", "/auth/nothing", "/auth/login/a/b", "/auth/%ff", "/users", "/users/x", "/users/me/x", "/graphql"]
    {
        server.send(get(path)).await.assert_refused(404, "ROUTE_NOT_FOUND");
        server.send(post(path)).await.assert_refused(404, "ROUTE_NOT_FOUND");
    }
    for endpoint in server.endpoints().iter().filter(|endpoint| endpoint.surface == Surface::Tokens) {
        let path = endpoint.path.replace("{provider}", "okta");
        for method in [Method::GET, Method::POST, Method::PATCH, Method::DELETE] {
            if server.endpoint(&method, &path).is_none() {
                server.send(request(method, &path)).await.assert_refused(405, "METHOD_NOT_ALLOWED");
            }
        }
    }
}
