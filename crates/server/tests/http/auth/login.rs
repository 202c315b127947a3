//! POST `/auth/login`.

use doorstep_server::domain::{
    account::NameKey,
    password::{Memory, PasswordHasher},
    random::Random,
};
use serde_json::json;

use crate::{
    support::{ORIGIN, PASSWORD, Server, credentials, get, post, request},
    tokens::{Tokens, me, send},
};
use axum::http::Method;

#[tokio::test]
async fn in_json_mode_both_tokens_are_in_the_body() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let body = json!({ "email": "ada@example.org", "password": PASSWORD, "unknown": [1] });
    for path in ["/auth/login", "/auth/login/default"] {
        let answer = server.send(send(path, &body)).await;
        let data = answer.tokens_data();
        assert_eq!(data["expires"], 900_000);
        assert_eq!(data["refresh_token"].as_str().map(str::len), Some(64));
        assert_eq!(answer.set_cookies().count(), 0);
        let account = server.send(me(&Tokens::of(&answer).access)).await.tokens_data();
        assert_eq!(account["email"], "ada@example.org");
    }
}

#[tokio::test]
async fn in_cookie_mode_the_refresh_token_is_only_in_a_cookie() {
    let server = Server::start_at("https://login.example.org").await;
    server.add_member("ada").await;
    let body = json!({ "email": "ada@example.org", "password": PASSWORD, "mode": "cookie" });
    let answer = server.send(send("/auth/login", &body)).await;
    let data = answer.tokens_data();
    assert!(data["access_token"].is_string() && data["refresh_token"].is_null(), "{data}");
    let cookie = answer.set_cookies().find(|cookie| cookie.starts_with("directus_refresh_token=")).expect("is set");
    let attributes = cookie.split_once("; ").expect("has attributes").1;
    assert_eq!(attributes, "HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=604800");
}

#[tokio::test]
async fn in_session_mode_one_cookie_serves_as_both() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let body = json!({ "email": "ada@example.org", "password": PASSWORD, "mode": "session" });
    let answer = server.send(send("/auth/login", &body)).await;
    assert_eq!(answer.tokens_data(), json!({ "expires": 900_000 }));
    let token = answer.cookie_value("directus_session_token");
    assert_eq!(token.len(), 64);
    let cookie = format!("directus_session_token={token}");
    assert_eq!(server.send(get("/users/me").cookie(&cookie)).await.tokens_data()["username"], "ada");
    // It is valid on this surface only.
    server.send(get("/api/auth/me").cookie(&cookie)).await.assert_error(401, "unauthenticated");
    let planted = format!("doorstep_session={token}");
    server.send(get("/api/auth/me").cookie(&planted)).await.assert_error(401, "unauthenticated");
}

#[tokio::test]
async fn the_session_cookie_of_the_dashboard_is_not_valid_here() {
    let server = Server::start().await;
    let cookie = server.sign_in().await;
    server.send(get("/users/me").cookie(&cookie)).await.assert_refused(401, "INVALID_CREDENTIALS");
}

#[tokio::test]
async fn all_refusals_have_the_same_response() {
    let server = Server::start().await;
    server.add_member("ada").await;
    server.add_member("sue").await;
    server.add_without_password("sam").await;
    server
        .service
        .accounts()
        .set_status("sue", doorstep_server::domain::account::Status::Suspended)
        .await
        .expect("is suspended");
    let mut answers = Vec::new();
    for (email, password) in [
        ("ada@example.org", "wrong wrong wrong"),
        ("nobody@example.org", PASSWORD),
        ("sue@example.org", PASSWORD),
        ("sam@example.org", PASSWORD),
        ("", ""),
    ] {
        let answer = server.send(send("/auth/login", &json!({ "email": email, "password": password }))).await;
        answer.assert_refused(401, "INVALID_CREDENTIALS");
        answers.push(answer.text);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
}

#[tokio::test]
async fn a_required_code_must_be_in_the_request() {
    let server = Server::start().await;
    let app = server.add_with_totp("ada").await;
    let login = |otp: Option<&str>| {
        send("/auth/login", &json!({ "email": "ada@example.org", "password": PASSWORD, "otp": otp }))
    };
    // A missing code is not a failure, however often.
    for _ in 0..8 {
        server.send(login(None)).await.assert_refused(401, "INVALID_OTP");
    }
    server.send(login(Some(&app.wrong_code(&server)))).await.assert_refused(401, "INVALID_OTP");
    let code = app.code_after(&server, 1);
    server.send(login(Some(&code))).await.tokens_data();
    server.send(login(Some(&code))).await.assert_refused(401, "INVALID_OTP");
    server.send(login(Some(&app.recovery_codes[0]))).await.tokens_data();
}

#[tokio::test]
async fn failures_count_against_the_common_sign_in_limit() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let wrong = json!({ "email": "ada@example.org", "password": "wrong wrong wrong" });
    for _ in 0..3 {
        server.send(send("/auth/login", &wrong)).await.assert_refused(401, "INVALID_CREDENTIALS");
        server.send(post("/api/auth/login").json(&credentials("ada", "wrong wrong wrong"))).await;
    }
    server.send(send("/auth/login", &wrong)).await.assert_refused(429, "REQUESTS_EXCEEDED");
}

#[tokio::test]
async fn a_stale_cookie_or_bearer_never_blocks_a_login() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let body = json!({ "email": "ada@example.org", "password": PASSWORD });
    let sent = send("/auth/login", &body)
        .header("authorization", "Bearer nonsense")
        .cookie("directus_session_token=stale; directus_refresh_token=stale");
    server.send(sent).await.tokens_data();
}

#[tokio::test]
async fn a_password_does_not_sign_in_through_a_provider() {
    let server = Server::start().await;
    for provider in ["okta", "ldap", "%00", "..."] {
        let body = json!({ "email": "admin@example.org", "password": PASSWORD });
        server.send(send(&format!("/auth/login/{provider}"), &body)).await.assert_refused(403, "INVALID_PROVIDER");
    }
}

#[tokio::test]
async fn where_passwords_are_disabled_nobody_signs_in_with_one() {
    let server = Server::start_with(|builder| builder.policy.password_login = false).await;
    let body = json!({ "email": "admin@example.org", "password": PASSWORD });
    server.send(send("/auth/login", &body)).await.assert_refused(403, "INVALID_PROVIDER");
    server.send(post("/api/auth/login").json(&credentials("admin", PASSWORD))).await.assert_error(403, "forbidden");
    assert_eq!(server.send(get("/auth")).await.json()["disableDefault"], true);
    assert_eq!(server.send(get("/api/auth/setup-status")).await.data()["password_login_enabled"], false);
}

#[tokio::test]
async fn a_page_of_another_origin_can_not_sign_in() {
    let server = Server::start().await;
    let body = json!({ "email": "admin@example.org", "password": PASSWORD, "mode": "session" });
    for (name, value) in [
        ("origin", "null"),
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "same-site"),
        ("sec-fetch-site", "none"),
    ] {
        server.send(send("/auth/login", &body).header(name, value)).await.assert_refused(403, "FORBIDDEN");
    }
    server.send(send("/auth/login", &body).header("origin", ORIGIN)).await.tokens_data();
    let form = request(Method::POST, "/auth/login").header("content-type", "text/plain").body(body.to_string());
    server.send(form).await.assert_refused(415, "UNSUPPORTED_MEDIA_TYPE");
}

/// The same passphrase, with composed and with combining accents.
const COMPOSED: &str = "pass\u{e9} pr\u{e8}s de la mer";
const APART: &str = "passe\u{301} pre\u{300}s\u{a0}de la mer";

#[tokio::test]
async fn a_password_is_the_same_on_every_keyboard_and_surface() {
    let server = Server::start().await;
    server.add_member("ada").await;
    for (set, typed) in [(COMPOSED, APART), (APART, COMPOSED)] {
        server.service.accounts().set_password("ada", set).await.expect("is set");
        let sent = send("/auth/login", &json!({ "email": "ada@example.org", "password": typed }));
        server.send(sent).await.tokens_data();
        server.send(post("/api/auth/login").json(&credentials("ada", typed))).await.data();
    }
    let wrong = server.send(post("/api/auth/login").json(&credentials("ada", "passe pres de la mer"))).await;
    wrong.assert_error(401, "invalid_credentials");
}

#[tokio::test]
async fn a_password_hashed_without_normalizing_stays_valid_and_is_rehashed() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let random = Random::system();
    let hasher = PasswordHasher::new(&random).expect("hashes");
    let raw = hasher.hash(APART, &random, &mut Memory::default()).expect("hashes");
    let account = server.store.find_login(&NameKey::new("ada")).await.expect("answers").expect("exists");
    let old = account.password_hash.expect("exists");
    assert!(server.store.update_password_hash(&account.account.id, &old, &raw).await.expect("answers"));
    let with = |password: &str| post("/api/auth/login").json(&credentials("ada", password));
    server.send(with(COMPOSED)).await.assert_error(401, "invalid_credentials");
    server.send(with(APART)).await.data();
    // From now on the composition does not matter.
    server.send(with(COMPOSED)).await.data();
}

#[tokio::test]
async fn a_name_is_the_same_in_every_width_and_composition() {
    let server = Server::start().await;
    server.add_member("ren\u{e9}").await;
    for typed in ["rene\u{301}", " REN\u{c9} ", "ｒｅｎé"] {
        server.send(post("/api/auth/login").json(&credentials(typed, PASSWORD))).await.data();
    }
}
