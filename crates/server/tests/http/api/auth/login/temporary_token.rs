//! Temporary sign-in tokens of `doorstep login-token`, and their sessions.

use axum::http::StatusCode;
use doorstep_server::domain::account::Status;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, RequestBuilder, Server, credentials, get, post};

const NEW: &str = "another long passphrase";

fn login(token: &str) -> RequestBuilder {
    post("/api/auth/login").json(&json!({ "login_type": "temporary_token", "temporary_token": token }))
}

async fn make(server: &Server, user: Option<&str>) -> String {
    server.service.sign_in().make_login_token(user).await.expect("is created").token.reveal()
}

async fn is_enabled(server: &Server) -> Value {
    server.send(get("/api/auth/setup-status")).await.data()["temporary_login_token_enabled"].take()
}

#[tokio::test]
async fn a_token_signs_the_first_operator_in_once() {
    let server = Server::start().await;
    assert_eq!(is_enabled(&server).await, false);
    let token = make(&server, None).await;
    assert_eq!((token.len(), is_enabled(&server).await), (43, json!(true)));
    let answer = server.send(login(&token)).await;
    let data = answer.data();
    assert_eq!(data["username"], "admin");
    assert_eq!(
        (&data["session"]["began_with"], &data["session"]["temporary"]),
        (&json!("temporary_token"), &json!(true))
    );
    assert_eq!(data["session"]["expires_at"], "2026-01-01T13:00:00Z");
    assert!(!answer.text.contains(&token));
    server.send(login(&token)).await.assert_error(401, "token_used");
    assert_eq!(is_enabled(&server).await, false);
    server.wait(SignedDuration::from_hours(23));
    server.service.sign_in().prune_login_tokens().await;
    server.send(login(&token)).await.assert_error(401, "token_used");
    server.wait(SignedDuration::from_hours(1));
    server.send(login(&token)).await.assert_error(403, "temporary_login_disabled");
    make(&server, None).await;
    server.send(login(&token)).await.assert_error(401, "invalid_token");
}

#[tokio::test]
async fn a_token_is_taken_with_what_was_copied_along() {
    let server = Server::start().await;
    for (before, after) in [(" ", "\n"), ("\u{feff}", ""), ("", "\u{200b}"), ("\u{a0}", "\u{2060}"), ("Token: ", " ")] {
        let token = make(&server, None).await;
        let (half, rest) = token.split_at(20);
        let pasted = format!("{before}{half}\r\n{rest}{after}");
        assert_eq!(server.send(login(&pasted)).await.status, StatusCode::OK, "{pasted:?}");
        server.send(login(&token)).await.assert_error(401, "token_used");
    }
}

#[tokio::test]
async fn of_two_concurrent_uses_one_signs_in() {
    let server = Server::start().await;
    let token = make(&server, None).await;
    let attempts = (0..4).map(|n| server.send(login(&token).from(&format!("192.0.2.{n}"))));
    let answers = futures_util::future::join_all(attempts).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == StatusCode::OK).count(), 1, "{answers:?}");
    for answer in answers.iter().filter(|answer| answer.status != StatusCode::OK) {
        answer.assert_error(401, "token_used");
    }
}

#[tokio::test]
async fn a_token_expires_after_an_hour_and_is_replaced_by_a_newer_one() {
    let server = Server::start().await;
    let old = make(&server, None).await;
    let token = make(&server, None).await;
    server.send(login(&old)).await.assert_error(401, "invalid_token");
    server.wait(SignedDuration::from_hours(1));
    server.send(login(&token)).await.assert_error(401, "token_expired");
    assert_eq!(is_enabled(&server).await, false);
    server.send(login("garbage")).await.assert_error(403, "temporary_login_disabled");
    let token = make(&server, None).await;
    server.service.sign_in().end_login_tokens().await.expect("succeeds");
    server.send(login(&token)).await.assert_error(403, "temporary_login_disabled");
}

#[tokio::test]
async fn a_token_may_be_for_another_active_user() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let token = make(&server, Some("ADA@example.org")).await;
    server.service.accounts().set_status("ada", Status::Suspended).await.expect("is suspended");
    server.send(login(&token)).await.assert_error(403, "temporary_login_disabled");
    assert!(server.service.sign_in().make_login_token(Some("ada")).await.is_err());
    assert!(server.service.sign_in().make_login_token(Some("nobody")).await.is_err());
    server.service.accounts().set_status("ada", Status::Active).await.expect("is active");
    server.send(login(&token)).await.assert_error(403, "temporary_login_disabled");
    let token = make(&server, Some("ada")).await;
    assert_eq!(server.send(login(&token)).await.data()["username"], "ada");
    server.service.accounts().set_status("admin", Status::Suspended).await.expect("is suspended");
    assert!(server.service.sign_in().make_login_token(None).await.is_err(), "there is no operator");
}

#[tokio::test]
async fn guesses_are_limited_to_ten_an_hour_per_address_and_lock_no_account() {
    let server = Server::start().await;
    let token = make(&server, None).await;
    for n in 0..10 {
        let guess = format!("{}{n}", "A".repeat(42));
        server.send(login(&guess).from("192.0.2.1")).await.assert_error(401, "invalid_token");
    }
    server.send(login(&token).from("192.0.2.1")).await.assert_error(429, "rate_limited");
    assert_eq!(server.send(login(&token).from("192.0.2.2")).await.status, StatusCode::OK);
}

/// Signs in Ada, who uses two-factor authentication, by a temporary token.
async fn temporary() -> (Server, Answer) {
    let server = Server::start().await;
    server.add_with_totp("ada").await;
    let token = make(&server, Some("ada")).await;
    let answer = server.send(login(&token)).await;
    answer.data();
    (server, answer)
}

fn setup(cookie: &str, username: Option<&str>) -> RequestBuilder {
    let body = json!({ "username": username, "password": NEW, "confirm_password": NEW });
    post("/api/auth/setup-authenticated").cookie(cookie).json(&body)
}

#[tokio::test]
async fn the_session_lasts_an_hour_and_is_not_extended() {
    let (server, answer) = temporary().await;
    let cookie = answer.cookie();
    for _ in 0..5 {
        server.wait(SignedDuration::from_mins(10));
        assert_eq!(server.send(get("/api/auth/me").cookie(&cookie)).await.status, StatusCode::OK);
    }
    let reauth = post("/api/auth/reauth").cookie(&cookie).json(&json!({ "password": PASSWORD }));
    let cookie = server.send(reauth).await.cookie();
    server.wait(SignedDuration::from_mins(10));
    server.send(get("/api/auth/me").cookie(&cookie)).await.assert_error(401, "unauthenticated");
    server.service.sessions().prune().await;
}

#[tokio::test]
async fn the_session_can_create_no_lasting_credential() {
    let (server, answer) = temporary().await;
    assert!(!answer.set_cookies().any(|header| header.contains("doorstep_trusted_")));
    let cookie = answer.cookie();
    let write = |path: &str| post(path).cookie(&cookie).json(&json!({}));
    server.send(write("/api/auth/totp/recovery")).await.assert_error(403, "temporary_session");
    assert_eq!(server.send(write("/api/auth/totp/disable")).await.data(), json!({}));
    server.send(write("/api/auth/totp/setup")).await.assert_error(403, "temporary_session");
    let confirm = post("/api/auth/totp/setup").cookie(&cookie).json(&json!({ "secret": "A", "code": "123456" }));
    server.send(confirm).await.assert_error(403, "temporary_session");
}

#[tokio::test]
async fn the_session_can_disable_two_factor_authentication_without_a_code() {
    let (server, answer) = temporary().await;
    server.wait(SignedDuration::from_mins(59));
    let disable = post("/api/auth/totp/disable").cookie(&answer.cookie()).json(&json!({}));
    assert_eq!(server.send(disable).await.data(), json!({}));
    let login = post("/api/auth/login").json(&credentials("ada", PASSWORD));
    assert_eq!(server.send(login).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_session_becomes_an_unrestricted_one_by_setting_a_password() {
    let (server, answer) = temporary().await;
    server.wait(SignedDuration::from_mins(59));
    let before = answer.cookie();
    let unchanged = json!({ "password": PASSWORD, "confirm_password": PASSWORD });
    let unchanged = post("/api/auth/setup-authenticated").cookie(&before).json(&unchanged);
    server.send(unchanged).await.assert_error(422, "password_policy");
    let answer = server.send(setup(&before, None)).await;
    let data = answer.data();
    assert_eq!((&data["username"], &data["session"]["began_with"]), (&json!("ada"), &json!("temporary_token")));
    assert_eq!(data["session"]["temporary"], true);
    server.send(get("/api/auth/me").cookie(&before)).await.assert_error(401, "unauthenticated");
    let me = server.send(get("/api/auth/me").cookie(&answer.cookie())).await.data();
    assert_eq!(me["account"]["email"], "ada@example.org");
    assert_eq!(me["account"]["totp_enabled"], true, "two-factor authentication stays on");
    let recovery = post("/api/auth/totp/recovery").cookie(&answer.cookie());
    assert_eq!(server.send(recovery).await.status, StatusCode::OK);
    let login = |password| post("/api/auth/login").json(&credentials("ada", password));
    server.send(login(PASSWORD)).await.assert_error(401, "invalid_credentials");
    server.send(login(NEW)).await.assert_error(401, "totp_required");
    // The new session still expires after the hour.
    server.wait(SignedDuration::from_mins(1));
    server.send(get("/api/auth/me").cookie(&answer.cookie())).await.assert_error(401, "unauthenticated");
}

#[tokio::test]
async fn password_and_authenticator_can_both_be_replaced_in_one_session() {
    let (server, answer) = temporary().await;
    server.wait(SignedDuration::from_mins(1));
    let cookie = server.send(setup(&answer.cookie(), None)).await.cookie();
    let disable = post("/api/auth/totp/disable").cookie(&cookie).json(&json!({}));
    assert_eq!(server.send(disable).await.status, StatusCode::OK);
    let enrol = post("/api/auth/totp/setup").cookie(&cookie).json(&json!({}));
    assert!(server.send(enrol).await.data()["secret"].is_string());
}

#[tokio::test]
async fn of_two_concurrent_passwords_one_is_set() {
    let (server, answer) = temporary().await;
    let cookie = answer.cookie();
    let (one, other) = tokio::join!(server.send(setup(&cookie, Some("eve"))), server.send(setup(&cookie, Some("joe"))));
    let worked = [&one, &other].iter().filter(|answer| answer.status == StatusCode::OK).count();
    assert_eq!(worked, 1, "{one:?} {other:?}");
}

#[tokio::test]
async fn the_initial_password_must_still_be_replaced() {
    let server = Server::start().await;
    let token = make(&server, None).await;
    let answer = server.send(login(&token)).await;
    assert_eq!(answer.data()["change_pwd_hint"], true);
    let disable = post("/api/auth/totp/disable").cookie(&answer.cookie()).json(&json!({}));
    server.send(disable).await.assert_error(403, "password_change_required");
    assert_eq!(server.send(setup(&answer.cookie(), Some("admin"))).await.data()["change_pwd_hint"], false);
}

#[tokio::test]
async fn a_token_ends_with_changes_of_password_second_factor_and_status() {
    let server = Server::start().await;
    let ada = server.add_with_totp("ada").await;
    let is_over = async |token: &str| {
        server.send(login(token)).await.assert_error(403, "temporary_login_disabled");
    };
    let token = make(&server, Some("ada")).await;
    server.service.accounts().set_status("ada", Status::Suspended).await.expect("is suspended");
    server.service.accounts().set_status("ada", Status::Active).await.expect("is active");
    is_over(&token).await;
    let token = make(&server, Some("ada")).await;
    server.service.accounts().set_password("ada", NEW).await.expect("is set");
    is_over(&token).await;
    let token = make(&server, Some("ada")).await;
    server.service.accounts().reset_totp("ada").await.expect("is off");
    is_over(&token).await;
    drop(ada);
    // The token of another account stays valid.
    let token = make(&server, Some("admin")).await;
    server.service.accounts().set_password("ada", PASSWORD).await.expect("is set");
    server.send(login(&token)).await.data();
}

#[tokio::test]
async fn the_session_can_change_no_email_and_no_name_before_a_password_is_set() {
    let (server, answer) = temporary().await;
    let cookie = answer.cookie();
    let edit = |body: &Value| post("/api/auth/account/edit").cookie(&cookie).json(body);
    for body in [
        json!({ "new_email": "eve@example.org" }),
        json!({ "new_username": "eve" }),
        json!({ "new_name": "Eve", "password": PASSWORD }),
        json!({ "new_email": "eve@example.org", "new_password": NEW, "confirm_password": NEW }),
        json!({}),
    ] {
        server.send(edit(&body)).await.assert_error(403, "temporary_session");
    }
    let me = server.send(get("/api/auth/me").cookie(&cookie)).await.data();
    assert_eq!((&me["account"]["username"], &me["account"]["pending_email"]), (&json!("ada"), &Value::Null));
}

#[tokio::test]
async fn an_email_changed_along_with_the_password_must_be_confirmed() {
    let (server, answer) = temporary().await;
    server.add_member("bob").await;
    let setup = |email: &str| {
        let body = json!({ "username": "ada", "email": email, "password": NEW, "confirm_password": NEW });
        post("/api/auth/setup-authenticated").cookie(&answer.cookie()).json(&body)
    };
    server.send(setup("bob@example.org")).await.assert_error(409, "username_taken");
    let cookie = server.send(setup("eve@example.org")).await.cookie();
    let me = server.send(get("/api/auth/me").cookie(&cookie)).await.data();
    assert_eq!(
        (&me["account"]["email"], &me["account"]["pending_email"]),
        (&json!("ada@example.org"), &json!("eve@example.org"))
    );
}
