//! Requests at another address than the public URL: the log names each address once, and the page the right one.

use crate::support::{RequestBuilder, Server, get, logged_of, post};

const HTTPS: &str = "https://login.example.org";

/// What an https proxy makes of a request.
fn by_proxy(request: RequestBuilder) -> RequestBuilder {
    let request = request.header("host", "127.0.0.1:8080").header("x-forwarded-host", "login.example.org");
    request.header("x-forwarded-proto", "https").header("x-forwarded-for", "192.0.2.7")
}

/// A sign-in that a page at this origin sends.
fn sign_in(origin: &str) -> RequestBuilder {
    let body = serde_json::json!({ "username": "admin", "password": "wrong" });
    post("/api/auth/login").json(&body).header("origin", origin)
}

fn warnings(logged: &[String]) -> Vec<&String> {
    logged.iter().filter(|line| line.contains("event=opened_at_another_address ")).collect()
}

#[track_caller]
fn assert_told_once(logged: &[String], opened: &str, public: &str) {
    let [line] = warnings(logged)[..] else { panic!("{logged:?}") };
    assert!(line.contains(&format!("opened={opened} ")), "{line}");
    assert!(line.contains(&format!("public_url={public} ")) && line.contains("say public_url"), "{line}");
}

#[tokio::test]
async fn an_https_proxy_in_front_of_a_server_without_a_public_url_is_told_once() {
    let server = Server::start().await;
    let visits = async {
        let page = server.send(by_proxy(get("/login"))).await;
        // The page compares this with the address bar.
        assert!(page.text.contains("\"origin\":\"http://127.0.0.1:8080\""), "{}", page.text);
        server.send(by_proxy(sign_in(HTTPS))).await;
        server.send(by_proxy(get("/projects?page=2"))).await;
        // Neither the portal, which may have an address of its own, nor a program.
        server.send(by_proxy(get("/portal"))).await;
        server.send(by_proxy(get("/v1/me"))).await;
    };
    let ((), logged) = logged_of(visits).await;
    assert_told_once(&logged, HTTPS, "http://127.0.0.1:8080");
}

#[tokio::test]
async fn plain_http_in_front_of_an_https_public_url_is_told_once() {
    let server = Server::start_at(HTTPS).await;
    let visits = async {
        let here = |request: RequestBuilder| request.header("host", "login.example.org");
        let page = server.send(here(get("/login"))).await;
        assert!(page.text.contains("\"origin\":\"https://login.example.org\""), "{}", page.text);
        for _ in 0..3 {
            server.send(here(sign_in("http://login.example.org"))).await;
        }
        server.send(here(get("/login"))).await;
    };
    let ((), logged) = logged_of(visits).await;
    assert_told_once(&logged, "http://login.example.org", HTTPS);
    // By a proxy that says so, at the first page.
    let server = Server::start_at(HTTPS).await;
    let plain = || by_proxy(get("/login")).header("x-forwarded-proto", "http");
    let ((), logged) = logged_of(async { drop((server.send(plain()).await, server.send(plain()).await)) }).await;
    assert_told_once(&logged, "http://login.example.org", HTTPS);
}

#[tokio::test]
async fn the_right_address_is_no_news() {
    let server = Server::start_at(HTTPS).await;
    let visits = async {
        server.send(by_proxy(get("/login"))).await;
        server.send(by_proxy(sign_in(HTTPS))).await;
        server.send(get("/login").header("host", "login.example.org")).await;
    };
    let ((), logged) = logged_of(visits).await;
    assert!(warnings(&logged).is_empty(), "{logged:?}");
}
