//! POST `approve` and `deny`.

use axum::http::{Method, StatusCode};
use doorstep_server::domain::quota::Quota;
use jiff::SignedDuration;
use serde_json::json;

use super::{Codes, MOUNT, approve, ask, ask_with, decide, deny, is_live, poll};
use crate::support::{Answer, ORIGIN, PASSWORD, RequestBuilder, Server, credentials, post, request};

/// Asserts that one succeeded and one did not, in any order.
#[track_caller]
fn one_of_two(answers: (Answer, Answer), error: &str) {
    let (worked, other) = if answers.0.status.is_success() { answers } else { (answers.1, answers.0) };
    worked.ok();
    other.refused(409, error);
}

#[tokio::test]
async fn of_two_concurrent_decisions_one_succeeds_also_on_two_servers() {
    for others in 0..2 {
        let mut server = Server::start().await;
        server.join(others).await;
        let (cookie, _) = server.sign_in_with_new_password().await;
        for _ in 0..2 {
            let codes = ask(&server).await;
            let answers = tokio::join!(server.send(approve(&cookie, &codes)), server.send(approve(&cookie, &codes)));
            one_of_two(answers, "already_resolved");
            server.send(poll(&codes)).await.ok();
        }
        for _ in 0..2 {
            let codes = ask(&server).await;
            let answers = tokio::join!(server.send(approve(&cookie, &codes)), server.send(deny(&cookie, &codes)));
            let approved = answers.0.status.is_success();
            one_of_two(answers, "already_resolved");
            let answer = server.send(poll(&codes)).await;
            if approved {
                answer.ok();
            } else {
                answer.refused(400, "access_denied");
            }
        }
    }
}

#[tokio::test]
async fn two_users_who_approve_the_same_device_create_one_live_token() {
    let server = Server::start().await;
    let (admin, _) = server.sign_in_with_new_password().await;
    server.add_member("ada").await;
    let ada = server.send(post("/api/auth/login").json(&credentials("ada", PASSWORD))).await.cookie();
    let codes = ask_with(&server, &json!({ "client_id": "difyctl", "device_label": "laptop" })).await;
    let answers = tokio::join!(server.send(approve(&admin, &codes)), server.send(approve(&ada, &codes)));
    one_of_two(answers, "already_resolved");
    let answer = server.send(poll(&codes)).await.ok();
    assert!(is_live(&server, answer["token"].as_str().expect("is text")).await);
    let total = async |cookie: &str| {
        let answer = server.send(crate::support::get("/api/auth/devices").cookie(cookie)).await;
        answer.data()["total"].as_u64().expect("is a number")
    };
    assert_eq!(total(&admin).await + total(&ada).await, 1);
}

#[tokio::test]
async fn expired_requests_can_not_be_approved_and_resolved_ones_not_be_decided_again() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let codes = ask(&server).await;
    server.wait(SignedDuration::from_secs(900));
    server.send(approve(&cookie, &codes)).await.refused(404, "expired_or_unknown");
    server.send(poll(&codes)).await.refused(400, "expired_token");

    let codes = ask(&server).await;
    server.send(deny(&cookie, &codes)).await.ok();
    server.send(approve(&cookie, &codes)).await.refused(409, "already_resolved");
    server.send(poll(&codes)).await.refused(400, "access_denied");
    server.send(approve(&cookie, &codes)).await.refused(409, "already_resolved");
}

#[tokio::test]
async fn both_mounts_and_the_console_decide_alike() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    for mount in [MOUNT, "/openapi/v1/oauth/device", "/console/api/oauth/device"] {
        for (what, status) in [("approve", "approved"), ("deny", "denied")] {
            let codes = ask(&server).await;
            let sent = post(&format!("{mount}/{what}")).cookie(&cookie).json(&json!({ "user_code": codes.user_code }));
            assert_eq!(server.send(sent).await.ok(), json!({ "status": status }));
        }
    }
}

#[tokio::test]
async fn deciding_needs_a_session_without_the_initial_password() {
    let server = Server::start().await;
    let codes = ask(&server).await;
    server.send(approve("", &codes)).await.refused(401, "unauthenticated");
    server.send(approve("doorstep_session=forged", &codes)).await.refused(401, "unauthenticated");
    let first = server.sign_in().await;
    server.send(approve(&first, &codes)).await.refused(403, "password_change_required");
    server.send(deny(&first, &codes)).await.refused(403, "password_change_required");
    // A device token is not a session.
    let (cookie, _) = server.sign_in_with_new_password().await;
    let token = super::token(&server, &cookie).await;
    let sent = approve("", &codes).header("authorization", &format!("Bearer {token}"));
    server.send(sent).await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn a_temporary_session_can_not_decide() {
    let server = Server::start().await;
    server.sign_in_with_new_password().await;
    let token = server.service.sign_in().make_login_token(None).await.expect("is created").token.reveal();
    let login = json!({ "login_type": "temporary_token", "temporary_token": token });
    let cookie = server.send(post("/api/auth/login").json(&login)).await.cookie();
    let codes = ask(&server).await;
    server.send(approve(&cookie, &codes)).await.refused(403, "temporary_session");
    server.send(deny(&cookie, &codes)).await.refused(403, "temporary_session");
}

#[tokio::test]
async fn deciding_needs_a_proof_within_the_last_twelve_hours() {
    let server = Server::start().await;
    let (cookie, password) = server.sign_in_with_new_password().await;
    server.wait(SignedDuration::from_hours(12));
    let codes = ask(&server).await;
    server.send(approve(&cookie, &codes)).await.ok();
    server.wait(SignedDuration::from_secs(1));
    let codes = ask(&server).await;
    server.send(approve(&cookie, &codes)).await.refused(403, "reauth_required");
    server.send(deny(&cookie, &codes)).await.refused(403, "reauth_required");
    let reauth = post("/api/auth/reauth").cookie(&cookie).json(&json!({ "password": password }));
    let cookie = server.send(reauth).await.cookie();
    server.send(approve(&cookie, &codes)).await.ok();
}

#[tokio::test]
async fn deciding_about_a_request_from_another_network_needs_a_proof_within_five_minutes() {
    let server = Server::start_with(|builder| builder.policy.quotas.set(Quota::DeviceApprove, 4)).await;
    let (cookie, password) = server.sign_in_with_new_password().await;
    let away = |sent: RequestBuilder| sent.from("198.51.100.7");
    server.wait(SignedDuration::from_mins(5));
    let codes = ask(&server).await;
    server.send(away(approve(&cookie, &codes))).await.ok();
    server.wait(SignedDuration::from_secs(1));
    let codes = ask(&server).await;
    // A decision refused for lack of a proof does not count against the limit.
    for _ in 0..4 {
        server.send(away(approve(&cookie, &codes))).await.refused(403, "reauth_required");
        server.send(away(deny(&cookie, &codes))).await.refused(403, "reauth_required");
    }
    server.send(poll(&codes)).await.refused(400, "authorization_pending");
    // From the network of the request, the session's proof is recent enough.
    let near = ask(&server).await;
    server.send(approve(&cookie, &near)).await.ok();
    let reauth = post("/api/auth/reauth").cookie(&cookie).json(&json!({ "password": password }));
    let cookie = server.send(reauth).await.cookie();
    server.send(away(approve(&cookie, &codes))).await.ok();
}

#[tokio::test]
async fn an_ended_session_can_not_decide() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let codes = ask(&server).await;
    server.send(post("/api/auth/logout").cookie(&cookie)).await.data();
    server.send(approve(&cookie, &codes)).await.refused(401, "unauthenticated");
    server.send(poll(&codes)).await.refused(400, "authorization_pending");
}

#[tokio::test]
async fn a_session_has_ten_decisions_an_hour() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let codes: Vec<Codes> = futures_util::future::join_all((0..11).map(|_| ask(&server))).await;
    for (number, codes) in codes.iter().take(10).enumerate() {
        server.send(decide(if number % 2 == 0 { "approve" } else { "deny" }, &cookie, codes)).await.ok();
    }
    server.send(approve(&cookie, &codes[10])).await.refused(429, "rate_limited");
    server.send(deny(&cookie, &codes[10])).await.refused(429, "rate_limited");
}

#[tokio::test]
async fn deciding_needs_json_from_a_page_of_this_origin() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let codes = ask(&server).await;
    let body = json!({ "user_code": codes.user_code });
    for path in ["/console/api/oauth/device/approve", "/console/api/oauth/device/deny", "/v1/oauth/device/approve"] {
        for headers in [&[][..], &[("origin", "null")], &[("sec-fetch-site", "same-site"), ("origin", ORIGIN)]] {
            let mut sent = request(Method::POST, path).cookie(&cookie).json(&body);
            for (name, value) in headers {
                sent = sent.header(name, value);
            }
            server.send(sent).await.refused(403, "access_denied");
        }
        let form = post(path).cookie(&cookie).header("content-type", "application/x-www-form-urlencoded");
        let form = form.body(format!("user_code={}", codes.user_code));
        server.send(form).await.refused(415, "unsupported_media_type");
        server.send(post(path).cookie(&cookie)).await.refused(400, "invalid_request");
    }
    // GET has no effect, and without Fetch Metadata the origin decides.
    let sent = request(Method::GET, "/console/api/oauth/device/approve").cookie(&cookie);
    assert_eq!(server.send(sent).await.status, StatusCode::METHOD_NOT_ALLOWED);
    let sent = request(Method::POST, "/console/api/oauth/device/approve").header("origin", ORIGIN);
    server.send(sent.cookie(&cookie).json(&body)).await.ok();
}
