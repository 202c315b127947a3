//! Rules for all paths of the dashboard surface: invalid requests get the envelope and the right status, writes of
//! other origins are refused.

use axum::http::{Method, StatusCode};
use doorstep_server::http::routes::{Endpoint, Surface};

use crate::support::{Answer, ORIGIN, RequestBuilder, Server, credentials, get, post, request};

/// Writes that read no body, and writes that end the session even without one, which must come last.
const WITHOUT_BODY: [&str; 3] = ["/api/projects/{id}/portal-preview", "/api/auth/totp/recovery", "/api/auth/logout"];

/// The endpoints of the surface with these methods, in the order of mounting, with writes that need no body last.
fn mounted(server: &Server, methods: &[Method]) -> Vec<Endpoint> {
    let of_surface =
        |endpoint: &&Endpoint| endpoint.surface == Surface::Dashboard && methods.contains(&endpoint.method);
    let mut endpoints: Vec<Endpoint> = server.endpoints().iter().filter(of_surface).cloned().collect();
    endpoints.sort_by_key(|endpoint| WITHOUT_BODY.iter().position(|path| *path == endpoint.path));
    endpoints
}

/// The writes with a body.
fn writes(server: &Server) -> Vec<Endpoint> {
    mounted(server, &[Method::POST, Method::PATCH])
}

fn written(endpoint: &Endpoint) -> RequestBuilder {
    // With ids that do not exist: the body is validated before they are looked up.
    let id = "0198c2a5-7b1e-7c3f-9a44-0123456789ab";
    let path = endpoint.path.replace("{id}", id).replace("{part_id}", id);
    request(endpoint.method.clone(), &path).header("sec-fetch-site", "same-origin")
}

/// Asserts the envelope, never HTML or a server error.
#[track_caller]
fn assert_envelope(answer: &Answer) {
    assert!(!answer.status.is_server_error(), "{}", answer.text);
    assert_eq!(answer.headers["content-type"], "application/json", "{}", answer.text);
    assert!(answer.json()["status"].is_string(), "{}", answer.text);
    assert_eq!(answer.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn bodies_must_be_json_objects() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let bodies: [(&[u8], u16, &str); 9] = [
        (b"", 400, "invalid_request"),
        (b"{", 400, "invalid_request"),
        (b"{\"username\":}", 400, "invalid_request"),
        (b"[]", 400, "invalid_request"),
        (b"[\"admin\",\"x\"]", 400, "invalid_request"),
        (b"null", 400, "invalid_request"),
        (b"\"x\"", 400, "invalid_request"),
        (b"\xff\xfe", 400, "invalid_request"),
        (b"{}{}", 400, "invalid_request"),
    ];
    for endpoint in writes(&server) {
        let reads_body = !WITHOUT_BODY.contains(&endpoint.path.as_str());
        for (body, status, code) in bodies {
            let sent =
                written(&endpoint).cookie(&cookie).header("content-type", "application/json").body(body.to_vec());
            let answer = server.send(sent).await;
            assert_envelope(&answer);
            if reads_body || !body.is_empty() {
                answer.assert_error(status, code);
            }
        }
    }
}

#[tokio::test]
async fn a_body_over_64_kib_is_too_large() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let large = |length: usize| format!("{{\"username\":\"{}\",\"password\":\"x\"}}", "a".repeat(length));
    for endpoint in writes(&server) {
        for length in [70_000, 1_000_000] {
            let sent =
                written(&endpoint).cookie(&cookie).header("content-type", "application/json").body(large(length));
            server.send(sent).await.assert_error(413, "payload_too_large");
        }
    }
    let sent = post("/api/auth/login").header("content-type", "application/json").body(large(60_000));
    server.send(sent).await.assert_error(401, "invalid_credentials");
}

#[tokio::test]
async fn deeply_nested_json_is_refused() {
    let server = Server::start().await;
    let deep = format!("{{\"username\":{}", "[".repeat(60_000));
    let sent = post("/api/auth/login").header("content-type", "application/json").body(deep);
    server.send(sent).await.assert_error(400, "invalid_request");
}

#[tokio::test]
async fn only_json_is_accepted() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let body = credentials("admin", "x").to_string();
    for endpoint in writes(&server) {
        for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonx", ""]
        {
            let sent = written(&endpoint).cookie(&cookie).header("content-type", kind).body(body.clone());
            server.send(sent).await.assert_error(415, "unsupported_media_type");
        }
    }
    server.send(post("/api/auth/login").body(body.clone())).await.assert_error(415, "unsupported_media_type");
    let sent = post("/api/auth/login").header("content-type", "Application/JSON; charset=utf-8").body(body);
    server.send(sent).await.assert_error(401, "invalid_credentials");
}

#[tokio::test]
async fn writes_that_another_origin_may_have_sent_are_refused() {
    let server = Server::start().await;
    let cookie = server.sign_in().await;
    for endpoint in mounted(&server, &[Method::POST, Method::PATCH, Method::DELETE]) {
        for headers in [&[][..], &[("sec-fetch-site", "same-site"), ("origin", ORIGIN)]] {
            let mut sent =
                request(endpoint.method.clone(), &endpoint.path).cookie(&cookie).json(&credentials("admin", "x"));
            for (name, value) in headers {
                sent = sent.header(name, value);
            }
            server.send(sent).await.assert_error(403, "csrf_rejected");
        }
    }
    // The session has not ended.
    assert_eq!(server.send(get("/api/auth/me").cookie(&cookie)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn without_fetch_metadata_the_origin_decides() {
    let server = Server::start().await;
    let sent = request(Method::POST, "/api/auth/login").header("origin", ORIGIN).json(&credentials("admin", "x"));
    server.send(sent).await.assert_error(401, "invalid_credentials");
}

#[tokio::test]
async fn unknown_paths_and_methods_get_the_envelope() {
    let server = Server::start().await;
    for path in ["/api", "/api/", "/api/auth", "/api/auth/nothing", "/api/auth/me/", "/api/%00", "/api/../x"] {
        server.send(get(path)).await.assert_error(404, "not_found");
        server.send(post(path)).await.assert_error(404, "not_found");
    }
    let all = mounted(&server, &[Method::GET, Method::POST, Method::PATCH, Method::DELETE]);
    for endpoint in &all {
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE] {
            let other = Endpoint { method, ..endpoint.clone() };
            if !all.iter().any(|there| (&there.method, &there.path) == (&other.method, &other.path)) {
                server.send(written(&other)).await.assert_error(405, "method_not_allowed");
            }
        }
    }
}

#[tokio::test]
async fn every_response_has_the_headers_and_no_cors() {
    let server = Server::start().await;
    let mounted = mounted(&server, &[Method::GET, Method::POST, Method::PATCH, Method::DELETE]);
    let options = request(Method::OPTIONS, "/api/auth/me");
    for sent in mounted.iter().map(written).chain([get("/api/nothing"), options]) {
        let answer = server.send(sent).await;
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert!(answer.headers.contains_key("x-request-id"));
        assert!(!answer.headers.contains_key("access-control-allow-origin"));
    }
}
