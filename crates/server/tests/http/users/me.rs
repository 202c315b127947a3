//! GET `/users/me`, POST `/users/me/tfa/*`.

use serde_json::{Value, json};

use crate::{
    support::{Answer, Authenticator, PASSWORD, Server, get},
    tokens::{me, send},
};

async fn tfa(server: &Server, access: &str, what: &str, body: &Value) -> Answer {
    let sent = send(&format!("/users/me/tfa/{what}"), body);
    server.send(sent.header("authorization", &format!("Bearer {access}"))).await
}

#[tokio::test]
async fn an_account_is_returned_completely_or_by_fields() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let access = server.tokens("ada").await.access;
    let account = server.send(me(&access)).await.tokens_data();
    assert_eq!((&account["role"], &account["status"]), (&"member".into(), &"active".into()));
    assert_eq!(account["tfa_secret"], Value::Null);
    let sent = get("/users/me?fields=email,role.name").header("authorization", &format!("bearer {access}"));
    assert_eq!(server.send(sent).await.tokens_data(), json!({ "email": "ada@example.org", "role": "member" }));
}

#[tokio::test]
async fn me_needs_a_token() {
    let server = Server::start().await;
    server.send(get("/users/me")).await.assert_refused(401, "INVALID_CREDENTIALS");
    for value in ["Bearer", "Bearer ", "Basic YTpi", "Bearer ä", "Bearer x y"] {
        let answer = server.send(get("/users/me").header("authorization", value)).await;
        answer.assert_refused(401, "INVALID_CREDENTIALS");
    }
    for what in ["generate", "enable", "disable"] {
        let answer = server.send(send(&format!("/users/me/tfa/{what}"), &json!({}))).await;
        answer.assert_refused(401, "INVALID_CREDENTIALS");
    }
}

#[tokio::test]
async fn two_factor_authentication_is_enabled_and_disabled() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let access = server.tokens("ada").await.access;
    let other = server.tokens("ada").await.access;
    let wrong = tfa(&server, &access, "generate", &json!({ "password": "wrong wrong wrong" })).await;
    wrong.assert_refused(401, "INVALID_CREDENTIALS");
    let pending = tfa(&server, &access, "generate", &json!({ "password": PASSWORD })).await.tokens_data();
    assert!(pending["otpauth_url"].as_str().is_some_and(|url| url.starts_with("otpauth://totp/")), "{pending}");
    let secret = pending["secret"].as_str().expect("is text").to_owned();
    let app = Authenticator { secret: secret.clone(), recovery_codes: Vec::new(), cookie: String::new() };
    let enable = |code: String| json!({ "secret": secret, "otp": code });
    let answer = tfa(&server, &access, "enable", &enable(app.wrong_code(&server))).await;
    answer.assert_refused(400, "INVALID_PAYLOAD");
    tfa(&server, &access, "enable", &enable(app.code(&server))).await.assert_nothing();

    // The session continues, the others end; no recovery codes are created, since they could not be shown.
    assert_eq!(server.send(me(&access)).await.tokens_data()["tfa_secret"], "**********");
    server.send(me(&other)).await.assert_refused(401, "INVALID_CREDENTIALS");
    let again = tfa(&server, &access, "generate", &json!({ "password": PASSWORD })).await;
    again.assert_refused(400, "INVALID_PAYLOAD");

    let answer = tfa(&server, &access, "disable", &json!({ "otp": app.wrong_code(&server) })).await;
    answer.assert_refused(400, "INVALID_PAYLOAD");
    let code = app.code_after(&server, 1);
    tfa(&server, &access, "disable", &json!({ "otp": code })).await.assert_nothing();
    server.tokens("ada").await;
}

#[tokio::test]
async fn codes_count_against_the_common_sign_in_limit() {
    let server = Server::start().await;
    let app = server.add_with_totp("ada").await;
    let body = json!({ "email": "ada@example.org", "password": PASSWORD, "otp": app.code_after(&server, 1) });
    let access = crate::tokens::Tokens::of(&server.send(send("/auth/login", &body)).await).access;
    for _ in 0..5 {
        let answer = tfa(&server, &access, "disable", &json!({ "otp": app.wrong_code(&server) })).await;
        answer.assert_refused(400, "INVALID_PAYLOAD");
    }
    let answer = tfa(&server, &access, "disable", &json!({ "otp": app.wrong_code(&server) })).await;
    answer.assert_refused(429, "REQUESTS_EXCEEDED");
}

#[tokio::test]
async fn the_initial_password_can_not_enable_two_factor_authentication() {
    let server = Server::start().await;
    let access = server.tokens("admin").await.access;
    server.send(me(&access)).await.tokens_data();
    tfa(&server, &access, "generate", &json!({ "password": PASSWORD })).await.assert_refused(403, "FORBIDDEN");
}
