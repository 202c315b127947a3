//! POST `token` and `/oauth/token`.

use std::net::Ipv4Addr;

use axum::http::{Method, StatusCode};
use doorstep_contract::device::OAuthErrorCode;
use doorstep_server::{domain::secret_key::SecretKeys, error::Error};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{Codes, MOUNT, approve, ask, ask_with, authorize, deny, is_live, poll, program, token};
use crate::support::{RequestBuilder, SECRET, Server, request, statements_of};

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";

fn at_token_endpoint(codes: &Codes) -> RequestBuilder {
    let form = format!("grant_type={GRANT_TYPE}&device_code={}&client_id=difyctl", codes.device_code);
    request(Method::POST, "/oauth/token").header("content-type", "application/x-www-form-urlencoded").body(form)
}

fn seconds(seconds: i64) -> SignedDuration {
    SignedDuration::from_secs(seconds)
}

#[tokio::test]
async fn an_approved_device_gets_its_token_once() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let codes = ask_with(&server, &json!({ "client_id": "difyctl", "device_label": "laptop" })).await;
    server.send(poll(&codes)).await.refused(400, "authorization_pending");
    assert_eq!(server.send(approve(&cookie, &codes)).await.ok(), json!({ "status": "approved" }));
    let answer = server.send(at_token_endpoint(&codes)).await.ok();
    let text = answer["access_token"].as_str().expect("is text");
    assert!(text.starts_with("dfoa_") && text.len() == 48, "{text}");
    let account = answer["account"].clone();
    assert_eq!((&account["email"], &account["name"]), (&json!("admin@example.org"), &json!("admin")));
    let wanted = json!({
        "access_token": text, "token": text, "token_type": "Bearer", "expires_in": 14 * 24 * 3600,
        "expires_at": "2026-01-15T12:00:00Z", "scope": "full", "subject_type": "account", "account": account,
        "workspaces": [], "token_id": answer["token_id"],
    });
    assert_eq!(answer, wanted);
    assert!(is_live(&server, text).await);
    for _ in 0..2 {
        server.send(poll(&codes)).await.refused(400, "expired_token");
        server.send(at_token_endpoint(&codes)).await.refused(400, "expired_token");
    }
}

#[tokio::test]
async fn of_64_concurrent_polls_one_gets_the_token_also_on_two_servers() {
    for others in 0..2 {
        let mut server = Server::start().await;
        server.join(others).await;
        let (cookie, _) = server.sign_in_with_new_password().await;
        let codes = ask(&server).await;
        server.send(approve(&cookie, &codes)).await.ok();
        let answers = futures_util::future::join_all((0..64).map(|_| server.send(poll(&codes)))).await;
        let (got, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == StatusCode::OK);
        assert_eq!((got.len(), refused.len()), (1, 63));
        for answer in refused {
            answer.refused(400, "expired_token");
        }
    }
}

#[tokio::test]
async fn polling_too_fast_increases_the_interval_permanently() {
    let server = Server::start().await;
    let codes = ask(&server).await;
    server.send(poll(&codes)).await.refused(400, "authorization_pending");
    server.wait(seconds(4));
    server.send(poll(&codes)).await.refused(400, "slow_down");
    // From now on 10 seconds.
    server.wait(seconds(9));
    server.send(poll(&codes)).await.refused(400, "slow_down");
    // Now 15, also after a restart and after respecting it.
    let server = server.restart().await;
    for _ in 0..2 {
        server.wait(seconds(15));
        server.send(poll(&codes)).await.refused(400, "authorization_pending");
    }
    server.wait(seconds(14));
    server.send(poll(&codes)).await.refused(400, "slow_down");
}

#[tokio::test]
async fn of_concurrent_polls_all_but_one_are_too_fast_also_on_two_servers() {
    for others in 0..2 {
        let mut server = Server::start().await;
        server.join(others).await;
        let codes = ask(&server).await;
        let answers = futures_util::future::join_all((0..16).map(|_| server.send(poll(&codes)))).await;
        let pending = answers.iter().filter(|answer| answer.json()["error"] == "authorization_pending").count();
        let slow = answers.iter().filter(|answer| answer.json()["error"] == "slow_down").count();
        assert_eq!((pending, slow), (1, 15));
    }
}

#[tokio::test]
async fn polls_that_come_too_soon_are_counted_without_a_write() {
    let server = Server::start().await;
    let codes = ask(&server).await;
    server.send(poll(&codes)).await.refused(400, "authorization_pending");
    for _ in 0..3 {
        let (answer, asked) = statements_of(server.send(poll(&codes))).await;
        answer.refused(400, "slow_down");
        assert!(!asked.is_empty() && asked.iter().all(|statement| statement.starts_with("SELECT")), "{asked:?}");
    }
    // Each of them has added 5 seconds.
    server.wait(seconds(19));
    server.send(poll(&codes)).await.refused(400, "slow_down");
    // The database has the same interval.
    let server = server.restart().await;
    server.wait(seconds(24));
    server.send(poll(&codes)).await.refused(400, "slow_down");
    server.wait(seconds(30));
    server.send(poll(&codes)).await.refused(400, "authorization_pending");
}

#[tokio::test]
async fn a_program_that_polls_without_pause_soon_causes_no_writes() {
    let server = Server::start().await;
    let codes = ask(&server).await;
    let polls = async {
        for _ in 0..1000 {
            server.send(poll(&codes)).await;
            server.wait(SignedDuration::from_millis(100));
        }
    };
    let ((), asked) = statements_of(polls).await;
    let written = asked.iter().filter(|statement| statement.starts_with("UPDATE")).count();
    assert!((1..30).contains(&written), "{written}");
}

#[tokio::test]
async fn a_denial_is_reported_once() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let codes = ask(&server).await;
    assert_eq!(server.send(deny(&cookie, &codes)).await.ok(), json!({ "status": "denied" }));
    let answers = futures_util::future::join_all((0..8).map(|_| server.send(poll(&codes)))).await;
    let told = answers.iter().filter(|answer| answer.json()["error"] == "access_denied").count();
    let over = answers.iter().filter(|answer| answer.json()["error"] == "expired_token").count();
    assert_eq!((told, over), (1, 7));
}

#[tokio::test]
async fn expired_and_unknown_requests_get_the_same_error() {
    let server = Server::start().await;
    let codes = ask(&server).await;
    server.wait(seconds(899));
    server.send(poll(&codes)).await.refused(400, "authorization_pending");
    server.wait(seconds(1));
    let unknown = Codes { device_code: "dc_never".to_owned(), ..codes.clone() };
    let (expired, unknown) = (server.send(poll(&codes)).await, server.send(poll(&unknown)).await);
    expired.refused(400, "expired_token");
    assert_eq!(expired.text, unknown.text);
}

#[tokio::test]
async fn a_poll_by_another_program_has_no_effect() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let codes = ask(&server).await;
    server.send(approve(&cookie, &codes)).await.ok();
    let body = json!({ "client_id": "doorstep-cli", "device_code": codes.device_code });
    server.send(program(&format!("{MOUNT}/token"), &body)).await.refused(400, "invalid_grant");
    server.send(poll(&codes)).await.ok();
}

#[tokio::test]
async fn the_grant_type_is_required_only_at_the_token_endpoint() {
    let server = Server::start().await;
    let codes = ask(&server).await;
    let fields = |grant_type: Option<&str>| {
        let mut body = json!({ "client_id": "difyctl", "device_code": codes.device_code });
        if let Some(grant_type) = grant_type {
            body["grant_type"] = grant_type.into();
        }
        body
    };
    let mount = format!("{MOUNT}/token");
    server.send(program("/oauth/token", &fields(None))).await.refused(400, "invalid_request");
    server.send(program("/oauth/token", &fields(Some("password")))).await.refused(400, "unsupported_grant_type");
    server.send(program(&mount, &fields(Some("password")))).await.refused(400, "unsupported_grant_type");
    server.send(program("/oauth/token", &fields(Some(GRANT_TYPE)))).await.refused(400, "authorization_pending");
    server.wait(seconds(5));
    server.send(program(&mount, &fields(Some(GRANT_TYPE)))).await.refused(400, "authorization_pending");
    for missing in [json!({ "client_id": "difyctl" }), json!({ "device_code": codes.device_code })] {
        server.send(program(&mount, &missing)).await.refused(400, "invalid_request");
    }
}

#[tokio::test]
async fn a_thousand_polls_are_never_limited() {
    let server = Server::start().await;
    let unknown = Codes { device_code: "dc_x".to_owned(), user_code: String::new() };
    for _ in 0..1000 {
        server.send(poll(&unknown)).await.refused(400, "expired_token");
    }
}

#[tokio::test]
async fn a_crash_between_approval_and_delivery_loses_nothing() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let codes = ask(&server).await;
    server.send(approve(&cookie, &codes)).await.ok();
    let server = server.restart().await;
    let answer = server.send(poll(&codes)).await.ok();
    assert!(is_live(&server, answer["access_token"].as_str().expect("is text")).await);
}

#[tokio::test]
async fn a_server_without_the_key_of_a_token_leaves_it_for_one_that_has_it() {
    let keys = |text: &str| SecretKeys::parse(text).expect("are good");
    let both = format!("w3eRtY7uIoP1aSdFgHjKlZxCvBnM5q8d\n{SECRET}");
    let server = Server::start_with(|builder| builder.secret_keys = keys(&both)).await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let codes = ask(&server).await;
    server.send(approve(&cookie, &codes)).await.ok();
    let lacks_it = server.another_with(|builder| builder.secret_keys = keys(SECRET)).await;
    for expected in [OAuthErrorCode::AuthorizationPending, OAuthErrorCode::SlowDown] {
        let polled = lacks_it.devices().poll(&codes.device_code, "difyctl", Ipv4Addr::LOCALHOST.into()).await;
        assert!(matches!(polled, Err(Error::Device(code)) if code == expected), "{polled:?}");
    }
    let answer = server.send(poll(&codes)).await.ok();
    assert!(is_live(&server, answer["access_token"].as_str().expect("is text")).await);
}

#[tokio::test]
async fn an_approval_leaves_a_minute_to_fetch_the_token() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let (picked_up, forgotten) = (ask(&server).await, ask(&server).await);
    server.wait(seconds(899));
    server.send(approve(&cookie, &picked_up)).await.ok();
    server.send(approve(&cookie, &forgotten)).await.ok();
    server.wait(seconds(59));
    server.send(poll(&picked_up)).await.ok();
    server.wait(seconds(1));
    server.send(poll(&forgotten)).await.refused(400, "expired_token");
}

#[tokio::test]
async fn a_token_that_ended_before_its_delivery_is_not_returned() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let login = crate::support::post("/api/auth/login");
    let login = login.json(&crate::support::credentials("ada", crate::support::PASSWORD));
    let ada = server.send(login).await.cookie();
    let codes = ask(&server).await;
    server.send(approve(&ada, &codes)).await.ok();
    server.wait(seconds(1));
    server.service.accounts().set_password("ada", "another long passphrase").await.expect("is set");
    server.send(poll(&codes)).await.refused(400, "access_denied");
    server.send(poll(&codes)).await.refused(400, "expired_token");
}

#[tokio::test]
async fn a_named_device_has_one_token_and_unnamed_ones_have_any_number() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let text = |answer: &Value| answer["access_token"].as_str().expect("is text").to_owned();
    let labelled = json!({ "client_id": "difyctl", "device_label": "laptop" });
    let first = text(&authorize(&server, &cookie, &labelled).await);
    let codes = ask_with(&server, &labelled).await;
    assert!(is_live(&server, &first).await);
    server.send(approve(&cookie, &codes)).await.ok();
    // Replaced at once, before the new one is fetched.
    assert!(!is_live(&server, &first).await);
    let second = text(&server.send(poll(&codes)).await.ok());
    let other = text(&authorize(&server, &cookie, &json!({ "client_id": "difyctl", "device_label": "desktop" })).await);
    let (plain, plain_too) = (token(&server, &cookie).await, token(&server, &cookie).await);
    for live in [second, other, plain, plain_too] {
        assert!(is_live(&server, &live).await);
    }
}

#[tokio::test]
async fn the_database_contains_no_token_before_or_after_its_delivery() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let text = token(&server, &cookie).await;
    server.store.close().await;
    let random = text.strip_prefix("dfoa_").and_then(|rest| rest.get(6..)).expect("is long");
    assert!(!server.stores(random).await);
}

#[tokio::test]
async fn requested_scopes_can_only_narrow_a_token() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    for (asked, granted) in [("full", "full"), ("apps:run", "apps:run"), ("apps:run full", "full")] {
        let answer = authorize(&server, &cookie, &json!({ "client_id": "difyctl", "scope": asked })).await;
        assert_eq!(answer["scope"], granted, "{asked}");
    }
}
