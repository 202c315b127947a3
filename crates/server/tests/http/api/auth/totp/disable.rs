//! POST `/api/auth/totp/disable`.

use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{PASSWORD, RequestBuilder, Server, credentials, get, post, second_step};

fn disable(cookie: &str, body: &Value) -> RequestBuilder {
    post("/api/auth/totp/disable").cookie(cookie).json(body)
}

#[tokio::test]
async fn a_code_disables_two_factor_authentication() {
    let server = Server::start().await;
    let app = server.add_with_totp("ada").await;
    let challenge = server.challenge("ada").await;
    let code = app.code(&server);
    assert_eq!(server.send(disable(&app.cookie, &json!({ "code": code }))).await.data(), json!({}));
    let me = server.send(get("/api/auth/me").cookie(&app.cookie)).await.data();
    assert_eq!((&me["account"]["totp_enabled"], &me["account"]["recovery_codes_left"]), (&json!(false), &json!(0)));
    // A pending second step has ended.
    let late = post("/api/auth/login").json(&second_step(&challenge, &app.code_after(&server, 1)));
    server.send(late).await.assert_error(401, "challenge_expired");
    let login = post("/api/auth/login").json(&credentials("ada", PASSWORD));
    assert_eq!(server.send(login).await.data()["session"]["began_with"], "password");
    // Disabling it again succeeds.
    assert_eq!(server.send(disable(&app.cookie, &json!({}))).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_recovery_code_disables_it_too_and_the_others_become_invalid() {
    let server = Server::start().await;
    let app = server.add_with_totp("ada").await;
    let body = json!({ "code": app.recovery_codes[0] });
    assert_eq!(server.send(disable(&app.cookie, &body)).await.status, StatusCode::OK);
    let again = server.enrol(&app.cookie).await;
    let challenge = server.challenge("ada").await;
    let old = post("/api/auth/login").json(&second_step(&challenge, &app.recovery_codes[1]));
    server.send(old).await.assert_error(401, "invalid_code");
    let new = post("/api/auth/login").json(&second_step(&challenge, &again.recovery_codes[1]));
    assert_eq!(server.send(new).await.status, StatusCode::OK);
}

#[tokio::test]
async fn disabling_needs_a_recent_proof_and_a_right_code() {
    let server = Server::start().await;
    let app = server.add_with_totp("ada").await;
    let wrong = json!({ "code": app.wrong_code(&server) });
    server.send(disable(&app.cookie, &wrong)).await.assert_error(401, "invalid_code");
    server.send(disable(&app.cookie, &json!({}))).await.assert_error(400, "invalid_request");
    server.send(disable("", &json!({}))).await.assert_error(401, "unauthenticated");
    server.wait(SignedDuration::from_mins(11));
    let right = json!({ "code": app.code(&server) });
    server.send(disable(&app.cookie, &right)).await.assert_error(403, "reauth_required");
    // The code was not used up.
    let proved = post("/api/auth/reauth").cookie(&app.cookie).json(&json!({ "password": PASSWORD }));
    let cookie = server.send(proved).await.cookie();
    assert_eq!(server.send(disable(&cookie, &right)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn wrong_codes_count_against_the_sign_in_limit() {
    let server = Server::start().await;
    let app = server.add_with_totp("ada").await;
    let wrong = json!({ "code": app.wrong_code(&server) });
    for _ in 0..5 {
        server.send(disable(&app.cookie, &wrong)).await.assert_error(401, "invalid_code");
    }
    let right = json!({ "code": app.code(&server) });
    server.send(disable(&app.cookie, &right)).await.assert_error(429, "rate_limited");
}

#[tokio::test]
async fn disabling_ends_the_other_sessions() {
    let server = Server::start().await;
    let app = server.add_with_totp("ada").await;
    let challenge = server.challenge("ada").await;
    let login = post("/api/auth/login").json(&second_step(&challenge, &app.code(&server)));
    let elsewhere = server.send(login).await.cookie();
    let body = json!({ "code": app.code_after(&server, 1) });
    assert_eq!(server.send(disable(&app.cookie, &body)).await.status, StatusCode::OK);
    server.send(get("/api/auth/me").cookie(&elsewhere)).await.assert_error(401, "unauthenticated");
}
