//! POST `/api/auth/reauth`.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::{PASSWORD, RequestBuilder, Server, get, post};

fn reauth(cookie: &str, password: &str) -> RequestBuilder {
    post("/api/auth/reauth").cookie(cookie).json(&json!({ "password": password }))
}

#[tokio::test]
async fn the_right_password_is_a_proof_and_rotates_the_token() {
    let server = Server::start().await;
    let (before, password) = server.sign_in_with_new_password().await;
    let answer = server.send(reauth(&before, &password)).await;
    assert_eq!(answer.data(), json!({}));
    let after = answer.cookie();
    server.send(get("/api/auth/me").cookie(&before)).await.assert_error(401, "unauthenticated");
    assert_eq!(server.send(get("/api/auth/me").cookie(&after)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_wrong_password_is_no_proof_and_counts_against_the_sign_in_limit() {
    let server = Server::start().await;
    let (cookie, password) = server.sign_in_with_new_password().await;
    for _ in 0..5 {
        server.send(reauth(&cookie, "wrong")).await.assert_error(401, "wrong_password");
    }
    let limited = server.send(reauth(&cookie, &password)).await;
    limited.assert_error(429, "rate_limited");
    assert_eq!(limited.headers["retry-after"], "10");
    assert_eq!(server.send(get("/api/auth/me").cookie(&cookie)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn reauthentication_needs_a_session() {
    let server = Server::start().await;
    let (cookie, password) = server.sign_in_with_new_password().await;
    server.send(reauth("", &password)).await.assert_error(401, "unauthenticated");
    let empty = post("/api/auth/reauth").cookie(&cookie).json(&json!({}));
    server.send(empty).await.assert_error(400, "invalid_request");
}

#[tokio::test]
async fn with_two_factor_authentication_password_or_code_is_a_proof_but_no_recovery_code() {
    let server = Server::start().await;
    let app = server.add_with_totp("ada").await;
    let with = |cookie: &str, body: &Value| post("/api/auth/reauth").cookie(cookie).json(body);
    // Without the known-browser proof, so that all attempts count against the account.
    let cookie = app.cookie.split("; ").find(|pair| pair.starts_with("doorstep_session=")).expect("is signed in");
    let recovery = json!({ "code": app.recovery_codes[0] });
    server.send(with(cookie, &recovery)).await.assert_error(401, "invalid_code");
    let wrong = json!({ "code": app.wrong_code(&server) });
    server.send(with(cookie, &wrong)).await.assert_error(401, "invalid_code");
    let right = json!({ "code": app.code(&server) });
    let cookie = server.send(with(cookie, &right)).await.cookie();
    server.send(with(&cookie, &right)).await.assert_error(401, "invalid_code");
    let cookie = server.send(reauth(&cookie, PASSWORD)).await.cookie();
    let me = server.send(get("/api/auth/me").cookie(&cookie)).await.data();
    assert_eq!(me["account"]["recovery_codes_left"], 10, "the recovery code was not used up");
    // Neither proof has cleared the failures: recovery, wrong, used.
    for _ in 0..2 {
        server.send(with(&cookie, &wrong)).await.assert_error(401, "invalid_code");
    }
    server.send(with(&cookie, &wrong)).await.assert_error(429, "rate_limited");
}

#[tokio::test]
async fn without_two_factor_authentication_a_code_is_no_proof() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let code = post("/api/auth/reauth").cookie(&cookie).json(&json!({ "code": "123456" }));
    server.send(code).await.assert_error(401, "invalid_code");
}
