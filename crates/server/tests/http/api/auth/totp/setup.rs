//! POST `/api/auth/totp/setup`.

use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{Authenticator, PASSWORD, RequestBuilder, Server, credentials, get, post, second_step};

fn setup(cookie: &str, body: &Value) -> RequestBuilder {
    post("/api/auth/totp/setup").cookie(cookie).json(body)
}

async fn sign_in(server: &Server, username: &str) -> String {
    server.send(post("/api/auth/login").json(&credentials(username, PASSWORD))).await.cookie()
}

/// Starts the enrolment, and returns an authenticator with the secret.
async fn start(server: &Server, cookie: &str) -> Authenticator {
    let data = server.send(setup(cookie, &json!({}))).await.data();
    let secret = data["secret"].as_str().expect("is text").to_owned();
    Authenticator { secret, recovery_codes: Vec::new(), cookie: cookie.to_owned() }
}

fn confirmation(authenticator: &Authenticator, code: &str) -> Value {
    json!({ "secret": authenticator.secret, "code": code })
}

#[tokio::test]
async fn a_secret_and_its_first_code_enable_two_factor_authentication() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let cookie = sign_in(&server, "ada").await;
    let started = server.send(setup(&cookie, &json!({}))).await.data();
    let secret = started["secret"].as_str().expect("is text").to_owned();
    assert_eq!(secret.len(), 32, "160 bits in base32");
    let url = format!("otpauth://totp/Doorstep:ada?secret={secret}&issuer=Doorstep");
    assert_eq!(started["otpauth_url"], url);
    assert!(started["qr"]["side"].as_u64().is_some_and(|side| side > 28), "{started}");
    assert!(started["qr"]["path"].as_str().is_some_and(|path| path.starts_with("M4 4h7v1h-7z")), "{started}");
    let me = server.send(get("/api/auth/me").cookie(&cookie)).await.data();
    assert_eq!(me["account"]["totp_enabled"], false, "not before the first code");

    let app = Authenticator { secret, recovery_codes: Vec::new(), cookie: cookie.clone() };
    let answer = server.send(setup(&cookie, &confirmation(&app, &app.code(&server)))).await;
    assert_eq!(answer.data()["recovery_codes"].as_array().map(Vec::len), Some(10));
    let me = server.send(get("/api/auth/me").cookie(&cookie)).await.data();
    assert_eq!(me["account"]["totp_enabled"], true);
    assert_eq!(me["account"]["recovery_codes_left"], 10);
    server.send(setup(&cookie, &json!({}))).await.assert_error(409, "already_enabled");
    let again = setup(&cookie, &confirmation(&app, &app.code_after(&server, 1)));
    server.send(again).await.assert_error(409, "already_enabled");
}

#[tokio::test]
async fn enrolment_needs_a_recent_proof() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let cookie = sign_in(&server, "ada").await;
    server.wait(SignedDuration::from_mins(11));
    server.send(setup(&cookie, &json!({}))).await.assert_error(403, "reauth_required");
    server.send(setup(&cookie, &json!({ "password": "wrong" }))).await.assert_error(401, "wrong_password");
    let answer = server.send(setup(&cookie, &json!({ "password": PASSWORD }))).await;
    assert!(answer.data()["secret"].is_string());
    // A proof rotates the token.
    server.send(get("/api/auth/me").cookie(&cookie)).await.assert_error(401, "unauthenticated");
    let renewed = answer.cookie();
    assert_eq!(server.send(get("/api/auth/me").cookie(&renewed)).await.status, StatusCode::OK);
    assert_eq!(server.send(setup(&renewed, &json!({}))).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_wrong_password_counts_against_the_sign_in_limit() {
    let server = Server::start().await;
    let (cookie, password) = server.sign_in_with_new_password().await;
    for _ in 0..5 {
        server.send(setup(&cookie, &json!({ "password": "wrong" }))).await.assert_error(401, "wrong_password");
    }
    server.send(setup(&cookie, &json!({ "password": password }))).await.assert_error(429, "rate_limited");
}

#[tokio::test]
async fn a_secret_is_valid_in_its_session_for_ten_minutes() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let (here, elsewhere) = (sign_in(&server, "ada").await, sign_in(&server, "ada").await);
    let app = start(&server, &here).await;
    let code = app.code(&server);
    server.send(setup(&elsewhere, &confirmation(&app, &code))).await.assert_error(401, "invalid_code");
    // Another secret with a matching code.
    let own = Authenticator { secret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".to_owned(), ..app };
    let confirmed = server.send(setup(&here, &confirmation(&own, &own.code(&server)))).await;
    confirmed.assert_error(401, "invalid_code");

    // A second secret replaces the first.
    let first = start(&server, &here).await;
    let second = start(&server, &here).await;
    let confirmed = server.send(setup(&here, &confirmation(&first, &first.code(&server)))).await;
    confirmed.assert_error(401, "invalid_code");
    server.wait(SignedDuration::from_mins(10));
    let confirmed = server.send(setup(&here, &confirmation(&second, &second.code(&server)))).await;
    confirmed.assert_error(401, "invalid_code");
}

#[tokio::test]
async fn the_first_code_needs_no_recent_proof() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let cookie = sign_in(&server, "ada").await;
    server.wait(SignedDuration::from_mins(9));
    let app = start(&server, &cookie).await;
    server.wait(SignedDuration::from_mins(9));
    let spaced = app.code(&server).split_at(3).0.to_owned() + " " + app.code(&server).split_at(3).1;
    let lower = json!({ "secret": app.secret.to_lowercase(), "code": spaced });
    assert_eq!(server.send(setup(&cookie, &lower)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_first_code_does_not_sign_in() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let app = server.enrol(&sign_in(&server, "ada").await).await;
    let challenge = server.challenge("ada").await;
    let used = post("/api/auth/login").json(&second_step(&challenge, &app.code(&server)));
    server.send(used).await.assert_error(401, "invalid_code");
    let next = post("/api/auth/login").json(&second_step(&challenge, &app.code_after(&server, 1)));
    assert_eq!(server.send(next).await.status, StatusCode::OK);
}

#[tokio::test]
async fn wrong_first_codes_count_against_the_sign_in_limit_and_right_ones_do_not_clear_it() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let cookie = sign_in(&server, "ada").await;
    let app = start(&server, &cookie).await;
    let wrong = app.wrong_code(&server);
    for _ in 0..4 {
        server.send(setup(&cookie, &confirmation(&app, &wrong))).await.assert_error(401, "invalid_code");
    }
    assert_eq!(server.send(setup(&cookie, &confirmation(&app, &app.code(&server)))).await.status, StatusCode::OK);
    let reauth = |password| post("/api/auth/reauth").cookie(&cookie).json(&json!({ "password": password }));
    server.send(reauth("wrong")).await.assert_error(401, "wrong_password");
    server.send(reauth("wrong")).await.assert_error(429, "rate_limited");
}

#[tokio::test]
async fn of_two_concurrent_first_codes_one_succeeds() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let cookie = sign_in(&server, "ada").await;
    let app = start(&server, &cookie).await;
    let body = confirmation(&app, &app.code(&server));
    let (one, other) = tokio::join!(server.send(setup(&cookie, &body)), server.send(setup(&cookie, &body)));
    let worked = [&one, &other].iter().filter(|answer| answer.status == StatusCode::OK).count();
    assert_eq!(worked, 1, "{one:?} {other:?}");
}

#[tokio::test]
async fn enabling_ends_the_other_sessions() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let (here, elsewhere) = (sign_in(&server, "ada").await, sign_in(&server, "ada").await);
    server.enrol(&here).await;
    server.send(get("/api/auth/me").cookie(&elsewhere)).await.assert_error(401, "unauthenticated");
    assert_eq!(server.send(get("/api/auth/me").cookie(&here)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_incomplete_confirmation_names_the_missing_field() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    for (body, words) in [
        (json!({ "secret": "GEZDGNBV" }), "`code` is missing"),
        (json!({ "code": "123456" }), "`secret` is missing"),
        (json!({ "secret": 1, "code": "123456" }), "expected a string"),
    ] {
        let answer = server.send(setup(&cookie, &body)).await;
        answer.assert_error(400, "invalid_request");
        assert!(answer.text.contains(words), "{}", answer.text);
    }
    server.send(setup("", &json!({}))).await.assert_error(401, "unauthenticated");
}

#[tokio::test]
async fn neither_secret_nor_codes_are_stored_in_plain_text() {
    let server = Server::start().await;
    let app = server.add_with_totp("ada").await;
    let bytes = totp_rs::Secret::try_from_base32(&app.secret).expect("is base32").as_bytes().to_vec();
    let bare: Vec<String> = app.recovery_codes.iter().map(|code| code.replace('-', "")).collect();
    let texts = app.recovery_codes.iter().chain(&bare).map(String::as_bytes);
    for secret in [&bytes[..], app.secret.as_bytes()].into_iter().chain(texts) {
        assert!(!server.stores(secret).await, "{secret:?}");
    }
}
