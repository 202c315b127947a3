//! POST `/api/auth/logout`.

use std::{io::Write as _, net::TcpStream, time::Duration};

use axum::http::StatusCode;
use serde_json::json;
use tokio::time::sleep;

use crate::support::{Server, get, post, sockets::settings};

#[tokio::test]
async fn signing_out_ends_the_session_on_the_server() {
    let server = Server::start().await;
    let cookie = server.sign_in().await;
    let answer = server.send(post("/api/auth/logout").cookie(&cookie)).await;
    assert_eq!(answer.data(), json!({}));
    let cleared = answer.set_cookie();
    assert!(cleared.starts_with("doorstep_session=;") && cleared.contains("Max-Age=0"), "{cleared}");
    server.send(get("/api/auth/me").cookie(&cookie)).await.assert_error(401, "unauthenticated");
}

#[tokio::test]
async fn signing_out_without_a_session_succeeds() {
    let server = Server::start().await;
    for cookie in ["", "doorstep_session=garbage", "doorstep_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        let answer = server.send(post("/api/auth/logout").cookie(cookie)).await;
        assert_eq!(answer.data(), json!({}), "{cookie}");
    }
}

#[tokio::test]
async fn one_session_ends_and_the_others_continue() {
    let server = Server::start().await;
    let (here, elsewhere) = (server.sign_in().await, server.sign_in().await);
    server.send(post("/api/auth/logout").cookie(&here)).await;
    assert_eq!(server.send(get("/api/auth/me").cookie(&elsewhere)).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_completes_although_the_client_has_disconnected() {
    let server = Server::start().await;
    let address = server.listen(settings()).await;
    for body in ["", "{}"].repeat(6) {
        let cookie = server.sign_in().await;
        let request = format!(
            "POST /api/auth/logout HTTP/1.1\r\nhost: localhost\r\nsec-fetch-site: same-origin\r\ncookie: {cookie}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        // With blocking I/O: the request and the end of the connection arrive before the server reads.
        let mut stream = TcpStream::connect(address).expect("is accepted");
        stream.write_all(request.as_bytes()).expect("is sent");
        drop(stream);
        let mut looks = 0;
        while server.send(get("/api/auth/me").cookie(&cookie)).await.status != StatusCode::UNAUTHORIZED {
            looks += 1;
            assert!(looks < 500, "the session is still live");
            sleep(Duration::from_millis(10)).await;
        }
    }
}
