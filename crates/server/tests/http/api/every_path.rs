//! What holds for every path of the dashboard surface: bad requests get the envelope and the right status, writes of
//! other origins are refused.

use axum::http::{Method, StatusCode};

use crate::support::{Answer, ORIGIN, Server, credentials, get, post, request};

/// The writes of the surface: the path, and whether it reads a body.
const WRITES: [(&str, bool); 10] = [
    ("/api/auth/login", true),
    ("/api/auth/setup", true),
    ("/api/auth/setup-authenticated", true),
    ("/api/auth/reauth", true),
    ("/api/auth/account/edit", true),
    ("/api/auth/account/confirm-email", true),
    ("/api/auth/totp/setup", true),
    ("/api/auth/totp/disable", true),
    ("/api/auth/totp/recovery", false),
    // The last, because without a body it ends the session that the others need.
    ("/api/auth/logout", false),
];
const READS: [&str; 7] = [
    "/api/auth/setup-status",
    "/api/auth/me",
    "/api/auth/sessions",
    "/api/auth/trusted-devices",
    "/api/auth/devices",
    "/api/audit",
    "/api/audit/events",
];

/// The envelope, never HTML, never a fault of the server.
#[track_caller]
fn assert_envelope(answer: &Answer) {
    assert!(!answer.status.is_server_error(), "{}", answer.text);
    assert_eq!(answer.headers["content-type"], "application/json", "{}", answer.text);
    assert!(answer.json()["status"].is_string(), "{}", answer.text);
    assert_eq!(answer.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn bodies_that_are_no_json_object_are_refused_in_the_envelope() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_for_good().await;
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
    for (path, reads_body) in WRITES {
        for (body, status, code) in bodies {
            let sent = post(path).cookie(&cookie).header("content-type", "application/json").body(body.to_vec());
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
    let (cookie, _) = server.sign_in_for_good().await;
    let large = |length: usize| format!("{{\"username\":\"{}\",\"password\":\"x\"}}", "a".repeat(length));
    for (path, _) in WRITES {
        for length in [70_000, 1_000_000] {
            let sent = post(path).cookie(&cookie).header("content-type", "application/json").body(large(length));
            server.send(sent).await.assert_error(413, "payload_too_large");
        }
    }
    let sent = post("/api/auth/login").header("content-type", "application/json").body(large(60_000));
    server.send(sent).await.assert_error(401, "invalid_credentials");
}

#[tokio::test]
async fn deep_nesting_is_an_error_and_not_a_crash() {
    let server = Server::start().await;
    let deep = format!("{{\"username\":{}", "[".repeat(60_000));
    let sent = post("/api/auth/login").header("content-type", "application/json").body(deep);
    server.send(sent).await.assert_error(400, "invalid_request");
}

#[tokio::test]
async fn only_json_is_taken() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_for_good().await;
    let body = credentials("admin", "x").to_string();
    for (path, _) in WRITES {
        for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonx", ""]
        {
            let sent = post(path).cookie(&cookie).header("content-type", kind).body(body.clone());
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
    for (path, _) in WRITES {
        for headers in [
            &[][..],
            &[("origin", "null")],
            &[("origin", "https://evil.example")],
            &[("origin", "http://sub.127.0.0.1:8080")],
            &[("origin", "http://127.0.0.1:8081")],
            &[("origin", "https://127.0.0.1:8080")],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "none")],
            &[("sec-fetch-site", "same-site"), ("origin", ORIGIN)],
        ] {
            let mut sent = request(Method::POST, path).cookie(&cookie).json(&credentials("admin", "x"));
            for (name, value) in headers {
                sent = sent.header(name, value);
            }
            server.send(sent).await.assert_error(403, "csrf_rejected");
        }
    }
    // Nothing of that ended the session.
    assert_eq!(server.send(get("/api/auth/me").cookie(&cookie)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_browser_without_fetch_metadata_is_known_by_its_origin() {
    let server = Server::start().await;
    let sent = request(Method::POST, "/api/auth/login").header("origin", ORIGIN).json(&credentials("admin", "x"));
    server.send(sent).await.assert_error(401, "invalid_credentials");
}

#[tokio::test]
async fn unknown_paths_and_methods_are_told_in_the_envelope() {
    let server = Server::start().await;
    for path in ["/api", "/api/", "/api/auth", "/api/auth/nothing", "/api/auth/me/", "/api/%00", "/api/../x"] {
        server.send(get(path)).await.assert_error(404, "not_found");
        server.send(post(path)).await.assert_error(404, "not_found");
    }
    for (path, _) in WRITES {
        server.send(get(path)).await.assert_error(405, "method_not_allowed");
    }
    for path in READS {
        server.send(post(path)).await.assert_error(405, "method_not_allowed");
        let delete = request(Method::DELETE, path).header("sec-fetch-site", "same-origin");
        server.send(delete).await.assert_error(405, "method_not_allowed");
    }
}

#[tokio::test]
async fn every_answer_has_the_headers_and_no_cors() {
    let server = Server::start().await;
    for sent in
        [get(READS[0]), get(READS[1]), get("/api/nothing"), post(WRITES[0].0), request(Method::OPTIONS, READS[0])]
    {
        let answer = server.send(sent.header("x-unused", "1")).await;
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert!(answer.headers.contains_key("x-request-id"));
        assert!(!answer.headers.contains_key("access-control-allow-origin"));
    }
}
