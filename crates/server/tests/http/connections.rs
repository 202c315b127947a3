//! Limits on what a client may use without sending a complete request, on real sockets.

use doorstep_server::listen::{Deadlines, Settings};
use tokio::io::AsyncWriteExt as _;

use crate::support::{
    LARGE_FILE, Server, get,
    sockets::{
        AT_WORK, SHORT, closed_window, connect, get_request, http2_get, read_until, rest, send_until_closed, settings,
    },
};

const OK: &[u8] = b"HTTP/1.1 200 OK";

/// Settings with one short deadline.
fn with(adjust: impl FnOnce(&mut Deadlines)) -> Settings {
    let mut settings = settings();
    adjust(&mut settings.deadlines);
    settings
}

#[tokio::test]
async fn a_missing_head_ends_the_connection() {
    let server = Server::start().await;
    let address = server.listen(with(|deadlines| deadlines.head = SHORT)).await;
    for sent in ["", "GET / HTTP/1.1\r\nhost:", "PRI * HTTP/2.0\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
        rest(&mut connect(address, sent).await).await;
    }
    rest(&mut connect(address, closed_window()).await).await;
    // Also the second one.
    let mut stream = connect(address, get_request("/healthz")).await;
    read_until(&mut stream, OK).await;
    stream.write_all(b"GET /heal").await.expect("is sent");
    rest(&mut stream).await;
}

#[tokio::test]
async fn a_request_names_its_host_once() {
    let server = Server::start().await;
    let address = server.listen(settings()).await;
    for hosts in ["", "host: localhost\r\nhost: localhost\r\n"] {
        let sent = format!("GET /healthz HTTP/1.1\r\n{hosts}connection: close\r\n\r\n");
        assert!(rest(&mut connect(address, sent).await).await.starts_with(b"HTTP/1.1 400"), "{hosts:?}");
    }
    // HTTP/1.0 does not require the header.
    assert!(rest(&mut connect(address, "GET /healthz HTTP/1.0\r\n\r\n").await).await.starts_with(b"HTTP/1.0 200"));
}

#[tokio::test]
async fn a_head_sent_byte_by_byte_misses_the_same_deadline() {
    let server = Server::start().await;
    let address = server.listen(with(|deadlines| deadlines.head = SHORT)).await;
    send_until_closed(&mut connect(address, "GET /?").await).await;
}

#[tokio::test]
async fn an_idle_connection_ends() {
    let server = Server::start().await;
    let address = server.listen(with(|deadlines| deadlines.idle = SHORT)).await;
    let mut stream = connect(address, get_request("/healthz")).await;
    assert!(rest(&mut stream).await.starts_with(OK));
    let mut stream = connect(address, [closed_window(), http2_get(1, "/healthz")].concat()).await;
    read_until(&mut stream, &[1, 4, 0, 0, 0, 1]).await;
    // Its window does not fit `ok`; once that stream is reset, nothing happens.
    stream.write_all(&[0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 8]).await.expect("is sent");
    rest(&mut stream).await;
}

#[tokio::test]
async fn a_missing_body_ends_the_request_and_the_connection() {
    let server = Server::start().await;
    let head = "POST /api/auth/login HTTP/1.1\r\nhost: 127.0.0.1:8080\r\nsec-fetch-site: same-origin\r\n\
                content-type: application/json\r\ncontent-length: 1000\r\n\r\n{";
    let address = server.listen(with(|deadlines| deadlines.body = SHORT)).await;
    assert!(rest(&mut connect(address, head).await).await.starts_with(b"HTTP/1.1 400"));
    let address = server.listen(with(|deadlines| deadlines.body_total = SHORT)).await;
    send_until_closed(&mut connect(address, head).await).await;
}

#[tokio::test]
async fn a_client_that_accepts_no_response_is_disconnected() {
    let server = Server::start().await;
    for late in
        [|deadlines: &mut Deadlines| deadlines.send = SHORT, |deadlines: &mut Deadlines| deadlines.send_total = SHORT]
    {
        let address = server.listen(with(late)).await;
        // More than the buffers of both sides hold.
        send_until_closed(&mut connect(address, get_request(LARGE_FILE).repeat(10)).await).await;
        // The HTTP/2 window is closed while the socket is open.
        rest(&mut connect(address, [closed_window(), http2_get(1, LARGE_FILE)].concat()).await).await;
    }
}

#[tokio::test]
async fn the_connections_of_one_address_are_limited() {
    let server = Server::start().await;
    let (address, mut at_work) = server.listen_and_tell(Settings { max_per_address: 2, ..settings() }).await;
    let mut idlest = connect(address, get_request("/healthz")).await;
    read_until(&mut idlest, OK).await;
    let mut working = connect(address, get_request(AT_WORK)).await;
    at_work.recv().await.expect("arrives");
    let mut latest = connect(address, get_request("/healthz")).await;
    rest(&mut idlest).await;
    read_until(&mut latest, OK).await;
    // Busy connections stay; the latest idle one is evicted.
    read_until(&mut connect(address, get_request("/healthz")).await, OK).await;
    rest(&mut latest).await;
    assert_eq!(working.try_read(&mut [0; 1]).expect_err("is silent").kind(), std::io::ErrorKind::WouldBlock);
    working.write_all(b"x").await.expect("is open");
}

#[tokio::test]
async fn health_checks_are_answered_while_every_connection_is_busy() {
    let server = Server::start().await;
    let (address, mut at_work) = server.listen_and_tell(Settings { max: 2, ..settings() }).await;
    let _working = [connect(address, get_request(AT_WORK)).await, connect(address, get_request(AT_WORK)).await];
    for _ in 0..2 {
        at_work.recv().await.expect("arrives");
    }
    for path in ["/healthz", "/readyz"] {
        read_until(&mut connect(address, get_request(path)).await, OK).await;
    }
}

#[tokio::test]
async fn a_reserved_connection_serves_only_health_checks() {
    let server = Server::start().await;
    let answer = server.send(get("/login").on_reserved_place()).await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.headers["retry-after"], "2");
    assert!(answer.headers.contains_key("content-security-policy"));
    let answer = server.send(get("/readyz").on_reserved_place()).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn waiting_responses_are_limited_and_files_of_the_app_are_not_copied() {
    let server = Server::start().await;
    let address = server.listen(Settings { held_bytes: 400_000, ..settings() }).await;
    let mut stream = connect(address, closed_window()).await;
    for number in 0..20 {
        stream.write_all(&http2_get(2 * number + 1, LARGE_FILE)).await.expect("is sent");
    }
    // All responses are under way, and the connection still works: the head of another response arrives.
    stream.write_all(&http2_get(101, "/healthz")).await.expect("is sent");
    read_until(&mut stream, &[1, 4, 0, 0, 0, 101]).await;
    // Pages are rendered for each request: clients that do not accept them are evicted.
    let mut shells = connect(address, closed_window()).await;
    for number in 0..100 {
        // The connection may be closed already.
        let _ = shells.write_all(&http2_get(2 * number + 1, "/login")).await;
    }
    rest(&mut shells).await;
}

#[tokio::test]
async fn incomplete_bodies_share_a_limit() {
    let server = Server::start().await;
    let address = server.listen(Settings { held_bytes: 100_000, ..settings() }).await;
    let head = "POST /api/auth/login HTTP/1.1\r\nhost: 127.0.0.1:8080\r\nsec-fetch-site: same-origin\r\n\
                content-type: application/json\r\ncontent-length: 65000\r\n\r\n";
    let held_back = |bytes: usize| [head.as_bytes(), &vec![b' '; bytes]].concat();
    let mut larger = connect(address, held_back(64_000)).await;
    // Refused if it exceeds the limit, or read after the larger one.
    let mut smaller = connect(address, held_back(50_000)).await;
    rest(&mut larger).await;
    drop(smaller.write_all(&vec![b' '; 15_000]).await);
    read_until(&mut smaller, b"HTTP/1.1 ").await;
    // There is room again.
    read_until(&mut connect(address, held_back(65_000)).await, b"HTTP/1.1 400").await;
}

#[tokio::test]
async fn concurrent_requests_of_an_http2_connection_are_limited() {
    let server = Server::start().await;
    let address = server.listen(Settings { http2_streams: 2, ..settings() }).await;
    let requests: Vec<u8> = (0..3).flat_map(|number| http2_get(2 * number + 1, AT_WORK)).collect();
    let mut stream = connect(address, [closed_window(), requests].concat()).await;
    // RST_STREAM of the third: REFUSED_STREAM.
    read_until(&mut stream, &[0, 0, 4, 3, 0, 0, 0, 0, 5, 0, 0, 0, 7]).await;
}

#[tokio::test]
async fn a_request_is_handled_once_its_body_is_complete() {
    let server = Server::start().await;
    let (address, mut at_work) = server.listen_and_tell(settings()).await;
    let head = get_request(AT_WORK).replace("\r\n\r\n", "\r\ncontent-length: 2\r\n\r\n");
    let mut stream = connect(address, head + "{").await;
    read_until(&mut connect(address, get_request("/healthz")).await, OK).await;
    at_work.try_recv().expect_err("waits for the rest");
    stream.write_all(b"}").await.expect("is open");
    at_work.recv().await.expect("arrives");
}
