//! POST `/api/auth/logout`.

use axum::http::StatusCode;
use serde_json::json;

use crate::support::{Server, get, post};

#[tokio::test]
async fn logging_out_ends_the_session_on_the_server() {
    let server = Server::start().await;
    let cookie = server.sign_in().await;
    let answer = server.send(post("/api/auth/logout").cookie(&cookie)).await;
    assert_eq!(answer.data(), json!({}));
    let cleared = answer.set_cookie();
    assert!(cleared.starts_with("doorstep_session=;") && cleared.contains("Max-Age=0"), "{cleared}");
    server.send(get("/api/auth/me").cookie(&cookie)).await.assert_error(401, "unauthenticated");
}

#[tokio::test]
async fn logging_out_without_a_session_is_fine() {
    let server = Server::start().await;
    for cookie in ["", "doorstep_session=garbage", "doorstep_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        let answer = server.send(post("/api/auth/logout").cookie(cookie)).await;
        assert_eq!(answer.data(), json!({}), "{cookie}");
    }
}

#[tokio::test]
async fn one_session_ends_and_the_others_go_on() {
    let server = Server::start().await;
    let (here, elsewhere) = (server.sign_in().await, server.sign_in().await);
    server.send(post("/api/auth/logout").cookie(&here)).await;
    assert_eq!(server.send(get("/api/auth/me").cookie(&elsewhere)).await.status, StatusCode::OK);
}
