//! Trusted browsers, which skip the code for 30 days.

use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::json;

use crate::support::{Answer, Authenticator, PASSWORD, RequestBuilder, Server, credentials, post};

/// A sign-in with password and code that asks for trust.
fn trusting(code: &str) -> RequestBuilder {
    let body = json!({ "username": "ada", "password": PASSWORD, "code": code, "trust_device_flag": true });
    post("/api/auth/login").json(&body)
}

fn trusted_cookie(answer: &Answer) -> Option<&str> {
    answer.set_cookies().find(|header| header.contains("doorstep_trusted_"))
}

/// A server, and the cookie of a browser that Ada trusts.
async fn trusted() -> (Server, Authenticator, String) {
    let server = Server::start().await;
    let app = server.add_with_totp("ada").await;
    let answer = server.send(trusting(&app.code(&server))).await;
    let cookie = trusted_cookie(&answer).expect("is trusted").split(';').next().expect("has a value").to_owned();
    (server, app, cookie)
}

fn login(cookie: &str, password: &str) -> RequestBuilder {
    post("/api/auth/login").cookie(cookie).json(&credentials("ada", password))
}

#[tokio::test]
async fn a_trusted_browser_skips_the_code_for_thirty_days() {
    let (server, _, cookie) = trusted().await;
    server.wait(SignedDuration::from_hours(24 * 30 - 1));
    let answer = server.send(login(&cookie, PASSWORD)).await;
    assert_eq!(answer.data()["session"]["began_with"], "password");
    assert!(trusted_cookie(&answer).is_none(), "trust is not extended by use");
    server.wait(SignedDuration::from_hours(1));
    server.send(login(&cookie, PASSWORD)).await.assert_error(401, "totp_required");
    let prune = async || server.store.prune_second_factors(server.now()).await.expect("answers");
    assert_eq!(prune().await, 1, "the browser, but not the pending sign-in");
}

#[tokio::test]
async fn the_cookie_is_limited_to_its_path_and_hidden_from_scripts() {
    let server = Server::start().await;
    let app = server.add_with_totp("ada").await;
    let answer = server.send(trusting(&app.code(&server))).await;
    let cookie = trusted_cookie(&answer).expect("is set");
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/api/auth;", "Max-Age=2592000"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    let token = cookie.split(['=', ';']).nth(1).expect("has a value");
    assert!(!server.stores(token).await);
}

#[tokio::test]
async fn trust_does_not_replace_the_password_or_apply_to_another_account() {
    let (server, _, cookie) = trusted().await;
    server.send(login(&cookie, "wrong")).await.assert_error(401, "invalid_credentials");
    server.add_with_totp("bob").await;
    let bob = post("/api/auth/login").cookie(&cookie).json(&credentials("bob", PASSWORD));
    server.send(bob).await.assert_error(401, "totp_required");
    let forged = cookie.replace(cookie.split('=').nth(1).expect("has a value"), &"A".repeat(43));
    server.send(login(&forged, PASSWORD)).await.assert_error(401, "totp_required");
}

#[tokio::test]
async fn trust_needs_a_request_and_a_one_time_code() {
    let server = Server::start().await;
    let app = server.add_with_totp("ada").await;
    let unasked = json!({ "username": "ada", "password": PASSWORD, "code": app.code(&server) });
    assert!(trusted_cookie(&server.send(post("/api/auth/login").json(&unasked)).await).is_none());
    let recovered = server.send(trusting(&app.recovery_codes[0])).await;
    assert_eq!((recovered.status, trusted_cookie(&recovered)), (StatusCode::OK, None));
    let challenge = server.challenge("ada").await;
    let body = json!({ "challenge": challenge, "code": app.recovery_codes[1], "trust_device_flag": true });
    assert!(trusted_cookie(&server.send(post("/api/auth/login").json(&body)).await).is_none());
    server.add_member("bob").await;
    let bob = json!({ "username": "bob", "password": PASSWORD, "code": "123456", "trust_device_flag": true });
    assert!(trusted_cookie(&server.send(post("/api/auth/login").json(&bob)).await).is_none());
}

#[tokio::test]
async fn the_second_step_can_ask_for_trust() {
    let server = Server::start().await;
    let app = server.add_with_totp("ada").await;
    let challenge = server.challenge("ada").await;
    let body = json!({ "challenge": challenge, "code": app.code(&server), "trust_device_flag": true });
    assert!(trusted_cookie(&server.send(post("/api/auth/login").json(&body)).await).is_some());
}

#[tokio::test]
async fn trust_ends_with_the_password() {
    let (server, _, cookie) = trusted().await;
    server.service.accounts().set_password("ada", "another long passphrase").await.expect("is set");
    server.send(login(&cookie, "another long passphrase")).await.assert_error(401, "totp_required");
}

#[tokio::test]
async fn trust_ends_with_the_authenticator() {
    let (server, app, cookie) = trusted().await;
    let disable = post("/api/auth/totp/disable").cookie(&app.cookie);
    let disabled = server.send(disable.json(&json!({ "code": app.code_after(&server, 1) }))).await;
    assert_eq!(disabled.status, StatusCode::OK, "{}", disabled.text);
    server.enrol(&app.cookie).await;
    server.send(login(&cookie, PASSWORD)).await.assert_error(401, "totp_required");
}
