//! GET `/v1/me` and `/openapi/v1/account`.

use jiff::SignedDuration;
use serde_json::json;

use super::{approve, ask, is_live, me, poll, token};
use crate::support::{PASSWORD, Server, credentials, get, post};
use doorstep_server::domain::account::Status;

#[tokio::test]
async fn both_paths_return_the_owner_of_the_token() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let token = token(&server, &cookie).await;
    let answer = server.send(me(&token)).await.ok();
    let id = server.send(get("/api/auth/me").cookie(&cookie)).await.data()["account"]["id"].clone();
    let wanted = json!({
        "subject_type": "account", "subject_email": "admin@example.org",
        "account": { "id": id, "email": "admin@example.org", "name": "admin" }, "workspaces": [],
    });
    assert_eq!(answer, wanted);
    let other = get("/openapi/v1/account").header("authorization", &format!("bearer  {token}"));
    assert_eq!(server.send(other).await.ok(), wanted);
}

#[tokio::test]
async fn only_a_device_token_authenticates() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let token = token(&server, &cookie).await;
    let session = cookie.split(['=', ';']).nth(1).expect("has a value").to_owned();
    let other_kind = token.replace("dfoa_", "dfoe_");
    for wrong in [&session, &other_kind, &token[..47], "", "dfoa_", "x"] {
        let answer = server.send(me(wrong)).await;
        answer.refused(401, "invalid_token");
        assert_eq!(answer.headers["www-authenticate"], "Bearer error=\"invalid_token\"");
    }
    server.send(get("/v1/me").cookie(&cookie)).await.refused(401, "invalid_token");
    let basic = get("/v1/me").header("authorization", &format!("Basic {token}"));
    server.send(basic).await.refused(401, "invalid_token");
    // It is not valid elsewhere.
    let dashboard = get("/api/auth/me").header("authorization", &format!("Bearer {token}"));
    server.send(dashboard).await.assert_error(401, "unauthenticated");
}

#[tokio::test]
async fn a_token_ends_with_its_lifetime_and_its_account() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let mine = token(&server, &cookie).await;
    server.add_member("ada").await;
    let sign_in =
        async |password: &str| server.send(post("/api/auth/login").json(&credentials("ada", password))).await.cookie();
    let of_ada = async |cookie: &str| {
        let codes = ask(&server).await;
        server.send(approve(cookie, &codes)).await.ok();
        server.send(poll(&codes)).await.ok()["token"].as_str().expect("is text").to_owned()
    };
    let first = of_ada(&sign_in(PASSWORD).await).await;
    server.wait(SignedDuration::from_secs(1));
    server.service.accounts().set_password("ada", "another long passphrase").await.expect("is set");
    assert!(!is_live(&server, &first).await);

    let second = of_ada(&sign_in("another long passphrase").await).await;
    assert!(is_live(&server, &second).await);
    server.service.accounts().set_status("ada", Status::Suspended).await.expect("is suspended");
    assert!(!is_live(&server, &second).await);
    // Reactivating the account does not reactivate its devices.
    server.service.accounts().set_status("ada", Status::Active).await.expect("is active");
    assert!(!is_live(&server, &second).await);

    assert!(is_live(&server, &mine).await);
    server.wait(SignedDuration::from_hours(14 * 24));
    assert!(!is_live(&server, &mine).await);
}

#[tokio::test]
async fn a_token_has_sixty_uses_a_minute() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let (one, other) = (token(&server, &cookie).await, token(&server, &cookie).await);
    for _ in 0..60 {
        server.send(me(&one)).await.ok();
    }
    let answer = server.send(me(&one)).await;
    answer.refused(429, "rate_limited");
    assert_eq!(answer.headers["retry-after"], "60");
    server.send(me(&other)).await.ok();
}
