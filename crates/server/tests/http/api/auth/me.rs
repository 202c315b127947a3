//! GET `/api/auth/me`, and how long a session lives.

use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::json;

use crate::support::{Server, get};

#[tokio::test]
async fn me_returns_the_signed_in_user() {
    let server = Server::start().await;
    let cookie = server.sign_in().await;
    let data = server.send(get("/api/auth/me").cookie(&cookie)).await.data();
    assert_eq!(data["account"]["username"], "admin");
    assert_eq!(data["account"]["email"], "admin@example.org");
    assert_eq!(data["account"]["role"], "operator");
    assert_eq!(data["account"]["totp_enabled"], false);
    assert_eq!(data["memberships"], json!([]));
    assert_eq!(data["change_pwd_hint"], true);
    let id = data["session"]["id"].as_str().expect("is text");
    assert_eq!((id.len(), id.as_bytes()[14]), (36, b'7'), "{id} is no UUIDv7");
}

#[tokio::test]
async fn missing_and_malformed_cookies_are_unauthenticated() {
    let server = Server::start().await;
    server.send(get("/api/auth/me")).await.assert_error(401, "unauthenticated");
    for cookie in ["doorstep_session=", "doorstep_session=x", "doorstep_session=%00", "a;b;;=", "doorstep_session"] {
        server.send(get("/api/auth/me").cookie(cookie)).await.assert_error(401, "unauthenticated");
    }
}

#[tokio::test]
async fn an_unused_session_ends_after_seven_days() {
    let server = Server::start().await;
    let cookie = server.sign_in().await;
    server.wait(SignedDuration::from_hours(7 * 24 - 1));
    assert_eq!(server.send(get("/api/auth/me").cookie(&cookie)).await.status, StatusCode::OK);
    server.wait(SignedDuration::from_hours(7 * 24));
    server.send(get("/api/auth/me").cookie(&cookie)).await.assert_error(401, "unauthenticated");
}

#[tokio::test]
async fn a_session_in_use_ends_after_thirty_days() {
    let server = Server::start().await;
    let cookie = server.sign_in().await;
    for _ in 0..29 {
        server.wait(SignedDuration::from_hours(24));
        assert_eq!(server.send(get("/api/auth/me").cookie(&cookie)).await.status, StatusCode::OK);
    }
    let data = server.send(get("/api/auth/me").cookie(&cookie)).await.data();
    assert_eq!(data["session"]["expires_at"], "2026-01-31T12:00:00Z");
    server.wait(SignedDuration::from_hours(24));
    server.send(get("/api/auth/me").cookie(&cookie)).await.assert_error(401, "unauthenticated");
}

#[tokio::test]
async fn only_expired_sessions_are_removed() {
    let server = Server::start().await;
    let old = server.sign_in().await;
    server.wait(SignedDuration::from_hours(6 * 24));
    let young = server.sign_in().await;
    server.wait(SignedDuration::from_hours(2 * 24));
    server.service.sessions().prune().await;
    server.send(get("/api/auth/me").cookie(&old)).await.assert_error(401, "unauthenticated");
    assert_eq!(server.send(get("/api/auth/me").cookie(&young)).await.status, StatusCode::OK);
}
