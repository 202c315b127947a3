//! POST `/api/auth/reauth`.

use axum::http::StatusCode;
use serde_json::json;

use crate::support::{RequestBuilder, Server, get, post};

fn reauth(cookie: &str, password: &str) -> RequestBuilder {
    post("/api/auth/reauth").cookie(cookie).json(&json!({ "password": password }))
}

#[tokio::test]
async fn the_right_password_is_a_proof_and_brings_a_new_token() {
    let server = Server::start().await;
    let (before, password) = server.sign_in_for_good().await;
    let answer = server.send(reauth(&before, &password)).await;
    assert_eq!(answer.data(), json!({}));
    let after = answer.cookie();
    server.send(get("/api/auth/me").cookie(&before)).await.assert_error(401, "unauthenticated");
    assert_eq!(server.send(get("/api/auth/me").cookie(&after)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_wrong_password_is_none_and_draws_from_the_sign_in_limit() {
    let server = Server::start().await;
    let (cookie, password) = server.sign_in_for_good().await;
    for _ in 0..5 {
        server.send(reauth(&cookie, "wrong")).await.assert_error(401, "wrong_password");
    }
    let limited = server.send(reauth(&cookie, &password)).await;
    limited.assert_error(429, "rate_limited");
    assert_eq!(limited.headers["retry-after"], "10");
    assert_eq!(server.send(get("/api/auth/me").cookie(&cookie)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn nobody_proves_nothing() {
    let server = Server::start().await;
    let (cookie, password) = server.sign_in_for_good().await;
    server.send(reauth("", &password)).await.assert_error(401, "unauthenticated");
    let empty = post("/api/auth/reauth").cookie(&cookie).json(&json!({}));
    server.send(empty).await.assert_error(400, "invalid_request");
}
