//! POST `/api/auth/login`.

mod second_step;
mod temporary_token;
mod trusted_device;

use axum::http::StatusCode;
use doorstep_server::domain::account::{NameKey, Status};
use jiff::SignedDuration;
use serde_json::json;

use crate::support::{PASSWORD, Server, credentials, get, post};

#[tokio::test]
async fn a_password_signs_in_and_the_token_is_only_in_the_cookie() {
    let server = Server::start().await;
    let answer = server.send(post("/api/auth/login").json(&credentials("admin", PASSWORD))).await;
    let data = answer.data();
    assert_eq!(data["username"], "admin");
    assert_eq!(data["change_pwd_hint"], true);
    assert_eq!(data["password_upgrade_required"], false);
    assert_eq!(data["session"]["began_with"], "password");
    assert_eq!(data["session"]["temporary"], false);
    assert_eq!(data["session"]["created_at"], "2026-01-01T12:00:00Z");
    assert_eq!(data["session"]["expires_at"], "2026-01-08T12:00:00Z");

    let cookie = answer.set_cookie();
    for attribute in ["doorstep_session=", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    let token = cookie.split(['=', ';']).nth(1).expect("has a value");
    assert_eq!(token.len(), 43);
    assert!(!answer.text.contains(token));
}

#[tokio::test]
async fn behind_https_the_cookie_is_secure_and_bound_to_its_host() {
    let server = Server::start_at("https://login.example.org").await;
    let answer = server.send(post("/api/auth/login").json(&credentials("admin", PASSWORD))).await;
    let cookie = answer.set_cookie();
    assert!(cookie.starts_with("__Host-doorstep_session=") && cookie.contains("Secure"), "{cookie}");
    assert_eq!(answer.headers["strict-transport-security"], "max-age=63072000");
}

#[tokio::test]
async fn the_email_and_any_case_sign_in_too() {
    let server = Server::start().await;
    for name in ["ADMIN", " admin ", "Admin@Example.org"] {
        let answer = server.send(post("/api/auth/login").json(&credentials(name, PASSWORD))).await;
        assert_eq!(answer.data()["username"], "admin", "{name}");
    }
}

#[tokio::test]
async fn all_refusals_have_the_same_response_after_the_same_work() {
    let server = Server::start().await;
    server.add_member("ada").await;
    server.service.accounts().set_status("ada", Status::Suspended).await.expect("is suspended");
    server.add_without_password("sso").await;
    let attempts = [
        ("admin", "wrong"),
        ("nobody", "wrong"),
        ("nobody", PASSWORD),
        ("ada", PASSWORD),
        ("ada", "wrong"),
        ("sso", PASSWORD),
        ("", ""),
        ("admin", ""),
        ("admin\0", PASSWORD),
    ];
    let mut answers = Vec::new();
    for (number, (name, password)) in attempts.into_iter().enumerate() {
        let login = post("/api/auth/login").from(&format!("192.0.2.{number}")).json(&credentials(name, password));
        let checked = server.service.passwords().checked();
        let answer = server.send(login).await;
        assert_eq!(server.service.passwords().checked() - checked, 1, "{name}");
        answer.assert_error(401, "invalid_credentials");
        assert!(answer.headers.get("set-cookie").is_none());
        answers.push(answer.text);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
}

#[tokio::test]
async fn suspending_an_account_ends_its_sessions_at_the_next_request() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let login = || server.send(post("/api/auth/login").json(&credentials("ada", PASSWORD)));
    let cookie = login().await.cookie();
    server.service.accounts().set_status("ada", Status::Suspended).await.expect("is suspended");
    server.send(get("/api/auth/me").cookie(&cookie)).await.assert_error(401, "unauthenticated");
    server.service.accounts().set_status("ada", Status::Active).await.expect("is active");
    server.send(get("/api/auth/me").cookie(&cookie)).await.assert_error(401, "unauthenticated");
    assert_eq!(login().await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_sign_in_with_the_old_password_does_not_survive_a_concurrent_change() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let old = (0..30).map(|_| server.send(post("/api/auth/login").json(&credentials("ada", PASSWORD))));
    let change = server.service.accounts().set_password("ada", "another long passphrase");
    let (answers, changed) = tokio::join!(futures_util::future::join_all(old), change);
    changed.expect("is set");
    assert!(answers.iter().any(|answer| answer.status == StatusCode::UNAUTHORIZED), "the change was last");
    for answer in answers.iter().filter(|answer| answer.status == StatusCode::OK) {
        server.send(get("/api/auth/me").cookie(&answer.cookie())).await.assert_error(401, "unauthenticated");
    }
}

#[tokio::test]
async fn a_new_password_by_the_operator_ends_all_sessions() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let login = |password| server.send(post("/api/auth/login").json(&credentials("ada", password)));
    let cookie = login(PASSWORD).await.cookie();
    server.service.accounts().set_password("ada", "another long passphrase").await.expect("is set");
    server.send(get("/api/auth/me").cookie(&cookie)).await.assert_error(401, "unauthenticated");
    login(PASSWORD).await.assert_error(401, "invalid_credentials");
    assert_eq!(login("another long passphrase").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_new_sign_in_ends_the_browser_s_earlier_session() {
    let server = Server::start().await;
    let first = server.sign_in().await;
    let login = post("/api/auth/login").cookie(&first).json(&credentials("admin", PASSWORD));
    let second = server.send(login).await.cookie();
    assert_ne!(first, second);
    server.send(get("/api/auth/me").cookie(&first)).await.assert_error(401, "unauthenticated");
    assert_eq!(server.send(get("/api/auth/me").cookie(&second)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_cookie_planted_before_the_sign_in_stays_invalid() {
    let server = Server::start().await;
    let planted = format!("doorstep_session={}", "A".repeat(43));
    let login = post("/api/auth/login").cookie(&planted).json(&credentials("admin", PASSWORD));
    assert_ne!(server.send(login).await.cookie(), planted);
    server.send(get("/api/auth/me").cookie(&planted)).await.assert_error(401, "unauthenticated");
}

#[tokio::test]
async fn a_failed_sign_in_does_not_end_the_session() {
    let server = Server::start().await;
    let cookie = server.sign_in().await;
    let login = post("/api/auth/login").cookie(&cookie).json(&credentials("admin", "wrong"));
    server.send(login).await.assert_error(401, "invalid_credentials");
    assert_eq!(server.send(get("/api/auth/me").cookie(&cookie)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_malformed_body_gets_a_reason() {
    let server = Server::start().await;
    for (body, words) in [
        (json!({}), "`username` is missing"),
        (json!({ "username": "admin" }), "`password` is missing"),
        (json!({ "username": 1, "password": "x" }), "expected a string"),
        (json!({ "username": ["admin"], "password": "x" }), "expected a string"),
        (json!({ "username": null, "password": null }), "`username` is missing"),
        (json!({ "login_type": "carrier_pigeon" }), "password, temporary_token"),
        (json!({ "login_type": "temporary_token" }), "`temporary_token` is missing"),
        (json!({ "challenge": "x" }), "`code` is missing"),
    ] {
        let answer = server.send(post("/api/auth/login").json(&body)).await;
        answer.assert_error(400, "invalid_request");
        let message = answer.json()["message"].to_string();
        assert!(message.contains(words), "{body}: {message}");
    }
}

#[tokio::test]
async fn disabled_kinds_of_sign_in_are_refused_with_a_reason() {
    let server = Server::start().await;
    let token = json!({ "login_type": "temporary_token", "temporary_token": "x" });
    server.send(post("/api/auth/login").json(&token)).await.assert_error(403, "temporary_login_disabled");
    let second_step = json!({ "challenge": "x", "code": "123456" });
    server.send(post("/api/auth/login").json(&second_step)).await.assert_error(401, "challenge_expired");
}

#[tokio::test]
async fn concurrent_sign_ins_from_one_address_all_succeed() {
    let server = Server::start().await;
    let logins = (0..20).map(|_| server.send(post("/api/auth/login").json(&credentials("admin", PASSWORD))));
    for answer in futures_util::future::join_all(logins).await {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
}

#[tokio::test]
async fn a_hash_with_weaker_parameters_is_replaced_at_the_next_sign_in() {
    let server = Server::start().await;
    let key = NameKey::new("admin");
    let stored = async || server.store.find_login(&key).await.expect("answers").expect("exists");
    let login = stored().await;
    let id = &login.account.id;
    // Argon2id of PASSWORD with 64 KiB and one pass.
    let weak = weak_hash();
    let current = login.password_hash.expect("exists");
    server.store.update_password_hash(id, &current, &weak).await.expect("is written");

    server.sign_in().await;
    let renewed = stored().await.password_hash.expect("exists");
    assert!(renewed.contains("m=19456,t=2,p=1"), "{renewed}");
    server.sign_in().await;
}

fn weak_hash() -> String {
    use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, Version};
    let params = Params::new(64, 1, 1, None).expect("fits");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_with_salt(PASSWORD.as_bytes(), b"0123456789abcdef")
        .expect("hashes")
        .to_string()
}

#[tokio::test]
async fn no_secret_is_stored_in_plain_text() {
    let server = Server::start().await;
    let cookie = server.sign_in().await;
    let token = cookie.split(['=', ';']).nth(1).expect("has a value");
    server.wait(SignedDuration::from_mins(2));
    server.send(get("/api/auth/me").cookie(&cookie)).await;
    for secret in [PASSWORD, token] {
        assert!(!server.stores(secret).await, "{secret}");
    }
}
