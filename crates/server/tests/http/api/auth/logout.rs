//! POST `/api/auth/logout`.

use std::{io::Write as _, net::TcpStream, time::Duration};

use axum::http::StatusCode;
use serde_json::json;
use tokio::time::sleep;

use crate::support::{Server, get, post, sockets::settings};

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

#[tokio::test(flavor = "multi_thread")]
async fn logging_out_is_carried_out_although_the_client_has_gone() {
    let server = Server::start().await;
    let address = server.listen(settings()).await;
    for body in ["", "{}"].repeat(6) {
        let cookie = server.sign_in().await;
        let request = format!(
            "POST /api/auth/logout HTTP/1.1\r\nhost: localhost\r\nsec-fetch-site: same-origin\r\ncookie: {cookie}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        // Not by the runtime: all has come, and the end of it, before the server looks.
        let mut stream = TcpStream::connect(address).expect("is accepted");
        stream.write_all(request.as_bytes()).expect("is sent");
        drop(stream);
        let mut looks = 0;
        while server.send(get("/api/auth/me").cookie(&cookie)).await.status != StatusCode::UNAUTHORIZED {
            looks += 1;
            assert!(looks < 500, "the session goes on");
            sleep(Duration::from_millis(10)).await;
        }
    }
}
