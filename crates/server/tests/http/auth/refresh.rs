//! POST `/auth/refresh`.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    support::{Answer, PASSWORD, Server, credentials, get, post},
    tokens::{Tokens, me, send},
};

async fn refresh(server: &Server, token: &str) -> Answer {
    server.send(send("/auth/refresh", &json!({ "refresh_token": token }))).await
}

async fn session_cookie(server: &Server) -> String {
    let body = json!({ "email": "ada@example.org", "password": PASSWORD, "mode": "session" });
    cookie(&server.send(send("/auth/login", &body)).await)
}

fn cookie(answer: &Answer) -> String {
    answer.tokens_data();
    format!("directus_session_token={}", answer.cookie_value("directus_session_token"))
}

async fn refresh_session(server: &Server, cookie: &str) -> Answer {
    server.send(send("/auth/refresh", &json!({ "mode": "session" })).cookie(cookie)).await
}

#[tokio::test]
async fn a_refresh_token_works_for_one_pair() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let first = server.tokens("ada").await;
    server.wait(SignedDuration::from_mins(16));
    server.send(me(&first.access)).await.assert_refused(401, "TOKEN_EXPIRED");
    let second = Tokens::of(&refresh(&server, &first.refresh).await);
    assert_ne!(second.refresh, first.refresh);
    server.send(me(&second.access)).await.tokens_data();
}

#[tokio::test]
async fn an_immediate_reuse_is_refused_without_consequences() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let first = server.tokens("ada").await;
    let second = Tokens::of(&refresh(&server, &first.refresh).await);
    server.wait(SignedDuration::from_secs(10));
    refresh(&server, &first.refresh).await.assert_refused(401, "INVALID_CREDENTIALS");
    server.send(me(&second.access)).await.tokens_data();
    Tokens::of(&refresh(&server, &second.refresh).await);
}

#[tokio::test]
async fn a_later_reuse_ends_the_family() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let other = server.tokens("ada").await;
    let first = server.tokens("ada").await;
    let second = Tokens::of(&refresh(&server, &first.refresh).await);
    server.wait(SignedDuration::from_secs(11));
    refresh(&server, &first.refresh).await.assert_refused(401, "INVALID_CREDENTIALS");
    server.send(me(&second.access)).await.assert_refused(401, "INVALID_CREDENTIALS");
    refresh(&server, &second.refresh).await.assert_refused(401, "INVALID_CREDENTIALS");
    server.send(me(&other.access)).await.tokens_data();
}

#[tokio::test]
async fn of_many_concurrent_refreshes_one_succeeds_and_the_family_lives_also_on_two_servers() {
    for others in 0..2 {
        let mut server = Server::start().await;
        server.join(others).await;
        server.add_member("ada").await;
        let first = server.tokens("ada").await;
        let answers = futures_util::future::join_all((0..20).map(|_| refresh(&server, &first.refresh))).await;
        let (good, bad): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status.is_success());
        assert_eq!((good.len(), bad.len()), (1, 19));
        server.send(me(&Tokens::of(good[0]).access)).await.tokens_data();
    }
}

#[tokio::test]
async fn in_session_mode_two_concurrent_refreshes_both_succeed() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let first = session_cookie(&server).await;
    let (one, other) = tokio::join!(refresh_session(&server, &first), refresh_session(&server, &first));
    let (one, other) = (cookie(&one), cookie(&other));
    assert_eq!(one, other);
    server.send(get("/users/me").cookie(&one)).await.tokens_data();
    // A request already under way with the old token succeeds too.
    server.send(get("/users/me").cookie(&first)).await.tokens_data();
    server.wait(SignedDuration::from_secs(11));
    server.send(get("/users/me").cookie(&first)).await.assert_refused(401, "TOKEN_EXPIRED");
    server.send(get("/users/me").cookie(&one)).await.tokens_data();
    refresh_session(&server, &first).await.assert_refused(401, "INVALID_CREDENTIALS");
    server.send(get("/users/me").cookie(&one)).await.assert_refused(401, "INVALID_CREDENTIALS");
}

#[tokio::test]
async fn in_cookie_mode_the_cookie_is_used_and_renewed() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let body = json!({ "email": "ada@example.org", "password": PASSWORD, "mode": "cookie" });
    let token = server.send(send("/auth/login", &body)).await.cookie_value("directus_refresh_token");
    for body in [json!({ "mode": "cookie" }), json!({})] {
        server.send(send("/auth/refresh", &body)).await.assert_refused(400, "INVALID_PAYLOAD");
    }
    let sent = send("/auth/refresh", &json!({})).cookie(&format!("directus_refresh_token={token}"));
    let answer = server.send(sent).await;
    assert!(answer.tokens_data()["refresh_token"].is_null());
    assert_ne!(answer.cookie_value("directus_refresh_token"), token);
}

#[tokio::test]
async fn access_and_refresh_tokens_are_not_interchangeable() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let tokens = server.tokens("ada").await;
    refresh(&server, &tokens.access).await.assert_refused(401, "INVALID_CREDENTIALS");
    server.send(me(&tokens.refresh)).await.assert_refused(401, "INVALID_CREDENTIALS");
    for token in ["", "x", &"A".repeat(64), &"ä".repeat(40)] {
        refresh(&server, token).await.assert_refused(401, "INVALID_CREDENTIALS");
    }
}

#[tokio::test]
async fn a_refresh_token_is_valid_for_seven_days() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let tokens = server.tokens("ada").await;
    server.wait(SignedDuration::from_hours(7 * 24));
    refresh(&server, &tokens.refresh).await.assert_refused(401, "INVALID_CREDENTIALS");
}

#[tokio::test]
async fn no_token_outlives_the_longest_session() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let mut tokens = server.tokens("ada").await;
    for _ in 0..7 {
        server.wait(SignedDuration::from_hours(4 * 24));
        tokens = Tokens::of(&refresh(&server, &tokens.refresh).await);
    }
    server.wait(SignedDuration::from_hours(2 * 24));
    refresh(&server, &tokens.refresh).await.assert_refused(401, "INVALID_CREDENTIALS");
}

#[tokio::test]
async fn an_address_has_sixty_refreshes_a_minute() {
    let server = Server::start().await;
    for _ in 0..60 {
        refresh(&server, "x").await.assert_refused(401, "INVALID_CREDENTIALS");
    }
    refresh(&server, "x").await.assert_refused(429, "REQUESTS_EXCEEDED");
}

#[tokio::test]
async fn tokens_end_with_their_session_and_account() {
    let new = "a wholly new passphrase";
    for number in 0..4 {
        let server = Server::start().await;
        server.add_member("ada").await;
        let tokens = server.tokens("ada").await;
        let service = &server.service;
        match number {
            0 => drop(service.accounts().set_password("ada", new).await.expect("is set")),
            1 => drop(
                service
                    .accounts()
                    .set_status("ada", doorstep_server::domain::account::Status::Suspended)
                    .await
                    .expect("is set"),
            ),
            2 => drop(service.accounts().end_sessions("ada").await.expect("end")),
            _ => {
                let login = post("/api/auth/login").json(&credentials("ada", PASSWORD));
                server.enrol(&server.send(login).await.cookie()).await;
            }
        }
        server.send(me(&tokens.access)).await.assert_refused(401, "INVALID_CREDENTIALS");
        refresh(&server, &tokens.refresh).await.assert_refused(401, "INVALID_CREDENTIALS");
    }
}

#[tokio::test]
async fn the_database_contains_no_valid_token() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let tokens = server.tokens("ada").await;
    let cookie = session_cookie(&server).await;
    refresh_session(&server, &cookie).await.tokens_data();
    let texts = [tokens.access, tokens.refresh, cookie.replace("directus_session_token=", "")];
    for text in &texts {
        assert!(!server.stores(text).await);
    }
    server.service.tokens().prune().await;
    let body: Value = json!({ "refresh_token": texts[1] });
    Tokens::of(&server.send(send("/auth/refresh", &body)).await);
}
