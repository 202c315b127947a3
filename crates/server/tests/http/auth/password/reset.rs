//! POST `/auth/password/reset`.

use jiff::SignedDuration;
use serde_json::json;

use crate::{
    support::{Answer, PASSWORD, Server, credentials, get, post},
    tokens::{me, send},
};

const NEW: &str = "a wholly new passphrase";

/// Requests a mail, and returns its token.
async fn asked(server: &Server) -> String {
    server.send(send("/auth/password/request", &json!({ "email": "ada@example.org" }))).await.assert_nothing();
    let mails = server.other_mails().await;
    // Among simultaneous mails, whose order is undefined.
    let found = mails
        .iter()
        .find_map(|mail| mail.text.split("token=").nth(1)?.split(|end: char| end == '#' || end.is_whitespace()).next());
    found.expect("a token is sent").to_owned()
}

async fn reset(server: &Server, token: &str, password: &str) -> Answer {
    server.send(send("/auth/password/reset", &json!({ "token": token, "password": password }))).await
}

#[tokio::test]
async fn a_new_password_ends_everything_that_the_old_one_opened() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let tokens = server.tokens("ada").await;
    let browser = server.send(post("/api/auth/login").json(&credentials("ada", PASSWORD))).await.cookie();
    let token = asked(&server).await;
    let answer = reset(&server, &token, NEW).await;
    answer.assert_nothing();
    assert_eq!(answer.set_cookies().count(), 0, "it begins no session");
    server.send(me(&tokens.access)).await.assert_refused(401, "INVALID_CREDENTIALS");
    server.send(get("/api/auth/me").cookie(&browser)).await.assert_error(401, "unauthenticated");
    server
        .send(post("/api/auth/login").json(&credentials("ada", PASSWORD)))
        .await
        .assert_error(401, "invalid_credentials");
    server.send(post("/api/auth/login").json(&credentials("ada", NEW))).await.data();
    let mails = server.other_mails().await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].subject.contains("password was changed"), "{}", mails[0].subject);
    assert!(mails[0].text.contains("All sessions have ended, and devices have lost access."), "{}", mails[0].text);
}

#[tokio::test]
async fn a_link_works_once_within_an_hour_until_there_is_a_newer_one() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let older = asked(&server).await;
    let token = asked(&server).await;
    reset(&server, &older, NEW).await.assert_refused(403, "INVALID_TOKEN");
    for unknown in ["", "x", &"A".repeat(43)] {
        reset(&server, unknown, NEW).await.assert_refused(403, "INVALID_TOKEN");
    }
    let (one, other) = tokio::join!(reset(&server, &token, NEW), reset(&server, &token, NEW));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 403]);
    reset(&server, &token, NEW).await.assert_refused(403, "FORBIDDEN");

    let token = asked(&server).await;
    server.wait(SignedDuration::from_hours(1));
    server.service.account().prune_password_resets().await;
    reset(&server, &token, NEW).await.assert_refused(401, "TOKEN_EXPIRED");
}

#[tokio::test]
async fn a_weak_password_does_not_use_up_the_link() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let token = asked(&server).await;
    for (password, weakness) in [("short", "too_short"), ("password1234", "common"), ("ada@example.org", "own_name")] {
        let answer = reset(&server, &token, password).await;
        answer.assert_refused(400, "FAILED_VALIDATION");
        assert_eq!(answer.json()["errors"][0]["extensions"]["weakness"], weakness);
    }
    reset(&server, &token, NEW).await.assert_nothing();
}

#[tokio::test]
async fn two_factor_authentication_stays_on() {
    let server = Server::start().await;
    server.add_with_totp("ada").await;
    server.other_mails().await;
    let token = asked(&server).await;
    reset(&server, &token, NEW).await.assert_nothing();
    server.send(post("/api/auth/login").json(&credentials("ada", NEW))).await.assert_error(401, "totp_required");
}

#[tokio::test]
async fn another_change_of_the_password_ends_the_link() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let token = asked(&server).await;
    server.service.accounts().set_password("ada", NEW).await.expect("is set");
    reset(&server, &token, "yet another passphrase").await.assert_refused(403, "INVALID_TOKEN");
}

#[tokio::test]
async fn an_address_may_try_twenty_times_an_hour() {
    let server = Server::start().await;
    for _ in 0..20 {
        reset(&server, "x", NEW).await.assert_refused(403, "INVALID_TOKEN");
    }
    reset(&server, "x", NEW).await.assert_refused(429, "REQUESTS_EXCEEDED");
}
