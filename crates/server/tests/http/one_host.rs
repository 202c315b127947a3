//! Plain http: all servers and programs on a host share its cookies.

use axum::http::HeaderValue;
use serde_json::json;

use crate::{
    auth::sso,
    portal::{self, Office},
    provider::Idp,
    support::{Jar, PASSWORD, Server, credentials, get, post},
    tokens::send,
};

const OTHER: &str = "http://127.0.0.1:8081";

#[tokio::test]
async fn two_servers_on_one_host_leave_each_other_s_tokens_alone() {
    let (one, other) = (Server::start().await, Server::start_at(OTHER).await);
    for server in [&one, &other] {
        server.add_member("ada").await;
    }
    for mode in ["session", "cookie"] {
        let body = json!({ "email": "ada@example.org", "password": PASSWORD, "mode": mode });
        let mut jar = Jar::default();
        for server in [&one, &other] {
            jar.keep(&server.send(send("/auth/login", &body).cookie(&jar.header())).await);
        }
        let name = if mode == "session" { "directus_session_token" } else { "directus_refresh_token" };
        for named in [name.to_owned(), format!("{name}_8080"), format!("{name}_8081")] {
            assert!(jar.names().contains(&named.as_str()), "{:?}", jar.names());
        }
        for server in [&one, &other, &one, &other] {
            let answer = server.send(send("/auth/refresh", &json!({ "mode": mode })).cookie(&jar.header())).await;
            answer.tokens_data();
            jar.keep(&answer);
        }
        // A client that knows the documented name alone goes on with it.
        let documented = jar.header().split("; ").find(|pair| pair.starts_with(&format!("{name}="))).map(str::to_owned);
        let answer = other.send(send("/auth/refresh", &json!({ "mode": mode })).cookie(&documented.expect("is there")));
        jar.keep(&answer.await);
        jar.keep(&other.send(send("/auth/logout", &json!({ "mode": mode })).cookie(&jar.header())).await);
        let answer = one.send(send("/auth/refresh", &json!({ "mode": mode })).cookie(&jar.header())).await;
        answer.tokens_data();
        jar.keep(&answer);
        jar.keep(&one.send(send("/auth/logout", &json!({ "mode": mode })).cookie(&jar.header())).await);
        assert!(!jar.names().iter().any(|kept| kept.starts_with(name)), "{:?}", jar.names());
    }
}

#[tokio::test]
async fn two_servers_on_one_host_leave_each_other_s_portals_alone() {
    let (one, other) = (Office::open().await, Office::of(Server::start_at(OTHER).await).await);
    let mut jar = Jar::default();
    for office in [&one, &other] {
        let (_, path) = office.link(&office.client).await;
        jar.keep(&office.server.send(get(&path).cookie(&jar.header())).await);
    }
    for office in [&one, &other] {
        assert_eq!(office.server.send(portal::me(&jar.header())).await.json()["client"]["id"], office.client.as_str());
    }
    jar.keep(&other.server.send(post("/portal/api/leave").cookie(&jar.header())).await);
    assert_eq!(one.server.send(portal::me(&jar.header())).await.status, 200);
    other.server.send(portal::me(&jar.header())).await.assert_portal_error(401, "portal_access_required");
}

#[tokio::test]
async fn cookies_that_a_program_of_the_host_planted_hide_no_session() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let session = server.send(post("/api/auth/login").json(&credentials("ada", PASSWORD))).await.cookie();
    let body = json!({ "email": "ada@example.org", "password": PASSWORD, "mode": "session" });
    let token = server.send(send("/auth/login", &body)).await.cookie();
    for (path, name, good) in
        [("/api/auth/me", "doorstep_session_8080", session), ("/users/me", "directus_session_token_8080", token)]
    {
        let planted = |count: u32| {
            let planted: Vec<String> = (0..count).map(|number| format!("{name}={number:A>42}A; ")).collect();
            [&planted.concat(), good.as_str()].concat()
        };
        // As many as one can plant by paths and domains; what is looked up has a bound.
        assert_eq!(server.send(get(path).cookie(&planted(15))).await.status, 200, "{path}");
        assert_eq!(server.send(get(path).cookie(&planted(50))).await.status, 401, "{path}");
    }
}

#[tokio::test]
async fn a_log_out_clears_what_can_not_be_read() {
    let server = Server::start().await;
    for path in ["/auth/logout", "/api/auth/logout"] {
        for name in ["directus_session_token", "directus_refresh_token", "directus_session_token_8080"] {
            let line = HeaderValue::from_bytes(&[b"a=b; ", name.as_bytes(), b"=\xff"].concat()).expect("is a header");
            let sent = if path.starts_with("/api") { post(path) } else { send(path, &json!({})) };
            let answer = server.send(sent.header_value("cookie", line)).await;
            let cleared = format!("{name}=;");
            let cookies: Vec<_> = answer.set_cookies().filter(|cookie| cookie.starts_with(&cleared)).collect();
            assert!(
                matches!(cookies[..], [cookie] if cookie.contains("Max-Age=0")),
                "{path} {name}: {:?}",
                answer.headers
            );
        }
    }
}

#[tokio::test]
async fn a_sign_in_by_password_forgets_those_that_wait_at_a_provider() {
    let idp = Idp::start().await;
    let server = sso::server(&idp).await;
    server.add_member("ada").await;
    let mut jar = Jar::default();
    for _ in 0..2 {
        jar.keep(&server.send(get("/auth/login/okta").cookie(&jar.header())).await);
    }
    assert_eq!(jar.names().len(), 2, "{:?}", jar.names());
    let sent = post("/api/auth/login").json(&credentials("ada", PASSWORD));
    jar.keep(&server.send(sent.cookie(&jar.header())).await);
    assert!(!jar.names().iter().any(|name| name.contains("_sso_")), "{:?}", jar.names());
    server.send(get("/api/auth/me").cookie(&jar.header())).await.data();
}
