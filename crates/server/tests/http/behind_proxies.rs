//! The log names the address that browsers reach the server at, when it is not its public URL.

use crate::support::{PASSWORD, RequestBuilder, Server, credentials, get, logged_of, post};

const HTTPS: &str = "https://login.example.org";

/// What the log says of requests, one after the other.
async fn told(server: &Server, requests: Vec<RequestBuilder>) -> Vec<String> {
    let sent = async {
        for request in requests {
            server.send(request).await;
        }
    };
    let ((), logged) = logged_of(sent).await;
    logged.into_iter().filter(|line| line.contains("opened_at_another_address")).collect()
}

fn open(host: &str) -> RequestBuilder {
    get("/login").header("host", host).header("sec-fetch-site", "none")
}

/// As a page at an origin signs in.
fn sign_in(host: &str, origin: &str) -> RequestBuilder {
    let sent = post("/api/auth/login").header("host", host).header("origin", origin);
    sent.header("sec-fetch-site", "same-origin").json(&credentials("admin", PASSWORD))
}

#[tokio::test]
async fn an_https_proxy_before_a_server_that_was_not_told_is_named_once_whatever_it_passes_on() {
    let upstream = "127.0.0.1:8080";
    let bare = || vec![open(upstream), sign_in(upstream, HTTPS), sign_in(upstream, HTTPS)];
    let usual =
        |request: RequestBuilder| request.header("x-forwarded-for", "192.0.2.1").header("x-forwarded-proto", "https");
    let host = "login.example.org";
    for requests in [
        bare(),
        vec![open(host), sign_in(host, HTTPS)],
        vec![usual(open(host)), usual(sign_in(host, HTTPS))],
        vec![usual(open(upstream)), usual(sign_in(upstream, HTTPS))],
        vec![
            open(upstream).header("forwarded", "for=192.0.2.1;host=login.example.org;proto=https"),
            sign_in(upstream, HTTPS),
        ],
    ] {
        let told = told(&Server::start().await, requests).await;
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains(&format!("opened={HTTPS} ")), "{told:?}");
        assert!(told[0].contains("public_url=http://127.0.0.1:8080 "), "{told:?}");
    }
    // With the right public URL, nothing is logged for the same request.
    let server = Server::start_at(HTTPS).await;
    assert_eq!(told(&server, bare()).await, [""; 0]);
}

#[tokio::test]
async fn plain_http_before_an_https_public_url_is_named_once() {
    let server = Server::start_at(HTTPS).await;
    let host = "login.example.org:8080";
    let page = get("/login").header("host", host).header("upgrade-insecure-requests", "1");
    let origin = format!("http://{host}");
    let sent = post("/api/auth/login").header("host", host).header("origin", &origin);
    let told = told(&server, vec![page, sent.json(&credentials("admin", PASSWORD))]).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains(&format!("opened={origin} ")), "{told:?}");
}
