//! POST `/api/auth/setup-authenticated` and `/api/auth/setup`: the first start.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::{PASSWORD, RequestBuilder, Server, credentials, get, post};

const NEW: &str = "seven clouds over lisbon";

fn body(username: &str, password: &str) -> Value {
    json!({ "username": username, "password": password, "confirm_password": password })
}

fn authenticated(cookie: &str, body: &Value) -> RequestBuilder {
    post("/api/auth/setup-authenticated").cookie(cookie).json(body)
}

#[tokio::test]
async fn a_new_name_and_password_replace_the_initial_ones() {
    let server = Server::start().await;
    let (here, elsewhere) = (server.sign_in().await, server.sign_in().await);
    let request = json!({ "username": "ada", "email": "ada@example.org", "password": NEW, "confirm_password": NEW });
    let answer = server.send(authenticated(&here, &request)).await;
    let data = answer.data();
    assert_eq!((&data["username"], &data["change_pwd_hint"]), (&"ada".into(), &false.into()));

    for old in [&here, &elsewhere] {
        server.send(get("/api/auth/me").cookie(old)).await.assert_error(401, "unauthenticated");
    }
    let me = server.send(get("/api/auth/me").cookie(&answer.cookie())).await.data();
    assert_eq!((&me["account"]["email"], &me["change_pwd_hint"]), (&"ada@example.org".into(), &false.into()));
    let login = |name, password| post("/api/auth/login").json(&credentials(name, password));
    server.send(login("admin", PASSWORD)).await.assert_error(401, "invalid_credentials");
    server.send(login("ada", PASSWORD)).await.assert_error(401, "invalid_credentials");
    assert_eq!(server.send(login("ADA", NEW)).await.status, StatusCode::OK);
    let status = server.send(get("/api/auth/setup-status")).await.data();
    assert_eq!(status["setup_required"], false);
}

#[tokio::test]
async fn a_password_can_be_set_this_way_once() {
    let server = Server::start().await;
    let first = server.sign_in().await;
    let second = server.send(authenticated(&first, &body("admin", NEW))).await.cookie();
    let again = server.send(authenticated(&second, &body("admin", "another long passphrase"))).await;
    again.assert_error(403, "setup_not_allowed");
    server.send(authenticated("", &body("admin", NEW))).await.assert_error(401, "unauthenticated");
}

#[tokio::test]
async fn each_invalid_request_has_its_own_code_and_changes_nothing() {
    let server = Server::start().await;
    let cookie = server.sign_in().await;
    for (request, code, weakness) in [
        (body("admin", "short"), "password_policy", json!("too_short")),
        (body("admin", &"x".repeat(1025)), "password_policy", json!("too_long")),
        (body("admin", "admin-admin-admin"), "password_policy", json!("own_name")),
        (body("admin", "Doorstep-12345"), "password_policy", json!("own_name")),
        (body("admin", "password1234"), "password_policy", json!("common")),
        (body("admin", PASSWORD), "password_policy", json!("unchanged")),
        (body("not a name", NEW), "username_invalid", Value::Null),
        (body("ada@example.org", NEW), "username_invalid", Value::Null),
        (body("", NEW), "username_invalid", Value::Null),
        (
            json!({ "username": "admin", "password": NEW, "confirm_password": "something else" }),
            "mismatch",
            Value::Null,
        ),
        (
            json!({ "username": "admin", "email": "nowhere", "password": NEW, "confirm_password": NEW }),
            "email_invalid",
            Value::Null,
        ),
    ] {
        let answer = server.send(authenticated(&cookie, &request)).await;
        answer.assert_error(422, code);
        assert_eq!(answer.json()["data"]["weakness"], weakness, "{}", answer.text);
        assert!(!answer.text.contains(NEW), "{}", answer.text);
    }
    let me = server.send(get("/api/auth/me").cookie(&cookie)).await.data();
    assert_eq!((&me["account"]["username"], &me["change_pwd_hint"]), (&"admin".into(), &true.into()));
}

#[tokio::test]
async fn until_then_a_session_grants_no_other_access() {
    let server = Server::start().await;
    let cookie = server.sign_in().await;
    let reauth = post("/api/auth/reauth").cookie(&cookie).json(&json!({ "password": PASSWORD }));
    server.send(reauth).await.assert_error(403, "password_change_required");
    assert_eq!(server.send(get("/api/auth/me").cookie(&cookie)).await.status, StatusCode::OK);
    assert_eq!(server.send(post("/api/auth/logout").cookie(&cookie)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn of_two_concurrent_setups_one_succeeds() {
    let server = Server::start().await;
    let cookie = server.sign_in().await;
    let choose = |name: &str| server.send(authenticated(&cookie, &body(name, NEW)));
    let (one, other) = tokio::join!(choose("ada"), choose("bob"));
    let worked = [&one, &other].iter().filter(|answer| answer.status == StatusCode::OK).count();
    assert_eq!(worked, 1, "{one:?} {other:?}");
}

#[tokio::test]
async fn setup_without_signing_in_must_be_configured() {
    let server = Server::start().await;
    server.send(post("/api/auth/setup").json(&body("ada", NEW))).await.assert_error(403, "setup_not_allowed");
}

#[tokio::test]
async fn where_configured_the_first_client_on_this_machine_sets_the_password() {
    let server = Server::start_open().await;
    for (name, value) in [("x-forwarded-for", "127.0.0.1"), ("forwarded", "for=127.0.0.1"), ("x-real-ip", "::1")] {
        let proxied = post("/api/auth/setup").header(name, value).json(&body("ada", NEW));
        server.send(proxied).await.assert_error(403, "setup_not_allowed");
        let status = server.send(get("/api/auth/setup-status").header(name, value)).await.data();
        assert_eq!(status["skip_default_password_auth"], false);
    }
    let from_afar = post("/api/auth/setup").from("192.0.2.1").json(&body("ada", NEW));
    server.send(from_afar).await.assert_error(403, "setup_not_allowed");
    let status = server.send(get("/api/auth/setup-status")).await.data();
    assert_eq!(status["skip_default_password_auth"], true);

    let answer = server.send(post("/api/auth/setup").json(&body("ada", NEW))).await;
    assert_eq!(answer.data()["username"], "ada");
    assert_eq!(server.send(get("/api/auth/me").cookie(&answer.cookie())).await.status, StatusCode::OK);
    server.send(post("/api/auth/setup").json(&body("eve", NEW))).await.assert_error(403, "setup_not_allowed");
}
