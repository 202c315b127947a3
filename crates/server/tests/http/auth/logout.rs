//! POST `/auth/logout`.

use serde_json::json;

use crate::{
    support::{PASSWORD, Server},
    tokens::{me, send},
};

#[tokio::test]
async fn signing_out_ends_the_whole_family() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let tokens = server.tokens("ada").await;
    let other = server.tokens("ada").await;
    let body = json!({ "refresh_token": tokens.refresh, "mode": "json" });
    server.send(send("/auth/logout", &body)).await.assert_nothing();
    server.send(me(&tokens.access)).await.assert_refused(401, "INVALID_CREDENTIALS");
    server.send(me(&other.access)).await.tokens_data();
}

#[tokio::test]
async fn unknown_and_missing_tokens_succeed_too() {
    let server = Server::start().await;
    for body in [json!({}), json!({ "refresh_token": "x" }), json!({ "refresh_token": "A".repeat(64) })] {
        for _ in 0..2 {
            server.send(send("/auth/logout", &body)).await.assert_nothing();
        }
    }
}

#[tokio::test]
async fn the_cookies_of_the_request_are_cleared() {
    let server = Server::start().await;
    server.add_member("ada").await;
    for (mode, name) in [("cookie", "directus_refresh_token"), ("session", "directus_session_token")] {
        let body = json!({ "email": "ada@example.org", "password": PASSWORD, "mode": mode });
        let value = server.send(send("/auth/login", &body)).await.cookie_value(name);
        let cookie = format!("{name}={value}");
        let answer = server.send(send("/auth/logout", &json!({ "mode": mode })).cookie(&cookie)).await;
        answer.assert_nothing();
        let cleared: Vec<&str> = answer.set_cookies().collect();
        let own = |port: &str| format!("{name}{port}=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0");
        assert_eq!(cleared, ["", "_8080"].map(own));
        let again = server.send(send("/auth/refresh", &json!({ "mode": mode })).cookie(&cookie)).await;
        again.assert_refused(401, "INVALID_CREDENTIALS");
    }
}
