//! A clock that was ahead and is corrected: what was stored meanwhile locks no user out.

mod every_time;

use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::json;

use crate::{
    portal::Office,
    quotas::spend,
    support::{PASSWORD, RequestBuilder, Server, credentials, get, post, second_step},
    tokens::{Tokens, me, send},
};

const AHEAD: SignedDuration = SignedDuration::from_hours(8);

fn login(name: &str, password: &str) -> RequestBuilder {
    post("/api/auth/login").json(&credentials(name, password))
}

impl Server {
    /// Does something while the clock is eight hours ahead.
    async fn ahead<T>(&self, done: impl Future<Output = T>) -> T {
        self.wait(AHEAD);
        let result = done.await;
        self.wait(-AHEAD);
        result
    }
}

#[tokio::test]
async fn sign_ins_right_and_wrong_block_no_address_no_name_and_no_browser() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    server
        .ahead(async {
            assert_eq!(server.send(login("admin", PASSWORD).from("192.0.2.1")).await.status, StatusCode::OK);
            for _ in 0..6 {
                server.send(login("admin", "wrong").from("192.0.2.2")).await;
                server.send(login("admin", "wrong").cookie(&owner)).await;
                server.send(login("admin", "wrong").from("2001:db8::1")).await;
            }
        })
        .await;
    for address in ["192.0.2.1", "192.0.2.2", "2001:db8::1"] {
        assert_eq!(server.send(login("admin", PASSWORD).from(address)).await.status, StatusCode::OK, "{address}");
    }
    assert_eq!(server.send(login("admin", PASSWORD).cookie(&owner)).await.status, StatusCode::OK);
    // They are limited as usual.
    for _ in 0..5 {
        server.send(login("admin", "wrong").from("192.0.2.2")).await.assert_error(401, "invalid_credentials");
    }
    let limited = server.send(login("admin", PASSWORD).from("192.0.2.2")).await;
    limited.assert_error(429, "rate_limited");
    assert_eq!(limited.headers["retry-after"], "10");
}

#[tokio::test]
async fn a_clock_that_goes_back_by_seconds_blocks_nobody_either() {
    let server = Server::start().await;
    for _ in 0..2 {
        assert_eq!(server.send(login("admin", PASSWORD)).await.status, StatusCode::OK);
        server.send(login("admin", "wrong")).await.assert_error(401, "invalid_credentials");
        server.wait(SignedDuration::from_secs(-30));
    }
    assert_eq!(server.send(login("admin", PASSWORD)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_quota_used_up_in_the_future_is_ignored() {
    let server = Server::start().await;
    server
        .ahead(async {
            for _ in 0..11 {
                let _ = spend(&server, "192.0.2.1").await;
            }
        })
        .await;
    for _ in 0..10 {
        assert_eq!(spend(&server, "192.0.2.1").await, Ok(()));
    }
    assert_eq!(spend(&server, "192.0.2.1").await, Err(3600));
}

#[tokio::test]
async fn a_code_used_in_the_future_blocks_no_current_one_and_none_works_twice() {
    let server = Server::start().await;
    let ada = server.add_with_totp("ada").await;
    let try_code = |code: String| {
        let (server, challenge) = (&server, server.challenge("ada"));
        async move { server.send(post("/api/auth/login").json(&second_step(&challenge.await, &code))).await }
    };
    let now = ada.code(&server);
    try_code(now.clone()).await.data();
    let future = server
        .ahead(async {
            let code = ada.code(&server);
            try_code(code.clone()).await.data();
            code
        })
        .await;
    try_code(now).await.assert_error(401, "invalid_code");
    server.wait(SignedDuration::from_secs(30));
    let next = ada.code(&server);
    try_code(next.clone()).await.data();
    try_code(next).await.assert_error(401, "invalid_code");
    server.wait(AHEAD - SignedDuration::from_secs(30));
    try_code(future).await.assert_error(401, "invalid_code");
}

#[tokio::test]
async fn a_mail_queued_in_the_future_is_delivered_now() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let _ = server.mails().await;
    server
        .ahead(async {
            server.service.accounts().set_password("ada", "another long passphrase").await.expect("is set");
            // An attempt was begun, and the time of the next one stored.
            server.store.claim_mail(server.now()).await.expect("answers").expect("exists");
        })
        .await;
    assert_eq!(server.mails().await.len(), 1);
}

#[tokio::test]
async fn a_device_that_polled_in_the_future_need_not_wait_for_it() {
    let server = Server::start().await;
    let code = server.send(send("/v1/oauth/device/code", &json!({ "client_id": "difyctl" }))).await;
    let device_code = code.json()["device_code"].clone();
    let poll = || {
        let body = json!({ "client_id": "difyctl", "device_code": device_code });
        server.send(send("/v1/oauth/device/token", &body))
    };
    server.wait(SignedDuration::from_mins(10));
    assert_eq!(poll().await.json()["error"], "authorization_pending");
    server.wait(SignedDuration::from_mins(-10));
    assert_eq!(poll().await.json()["error"], "authorization_pending");
    assert_eq!(poll().await.json()["error"], "slow_down");
}

#[tokio::test]
async fn a_password_set_in_the_future_invalidates_no_current_proof() {
    let server = Server::start().await;
    let (_, password) = server.ahead(server.sign_in_with_new_password()).await;
    let cookie = server.send(login("admin", &password)).await.cookie();
    // The browser is known, so it has its own limits.
    for _ in 0..6 {
        server.send(login("admin", "wrong")).await;
    }
    assert_eq!(server.send(login("admin", &password).cookie(&cookie)).await.status, StatusCode::OK);
    // A device authorized in it gets a working token.
    server.wait(SignedDuration::from_secs(1));
    let cookie = server.send(login("admin", &password).cookie(&cookie)).await.cookie();
    let code = server.send(send("/v1/oauth/device/code", &json!({ "client_id": "difyctl" }))).await.json();
    let approve = post("/console/api/oauth/device/approve").cookie(&cookie);
    let approved = server.send(approve.json(&json!({ "user_code": code["user_code"] }))).await;
    assert_eq!(approved.status, StatusCode::OK, "{}", approved.text);
    let body = json!({ "client_id": "difyctl", "device_code": code["device_code"] });
    let token = server.send(send("/v1/oauth/device/token", &body)).await.json();
    let token = token["access_token"].as_str().unwrap_or_else(|| panic!("{token}"));
    let answer = server.send(get("/v1/me").header("authorization", &format!("Bearer {token}"))).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

#[tokio::test]
async fn a_session_from_the_future_continues_but_lives_no_longer_and_needs_a_new_proof() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let cookie = server.ahead(async { server.send(login("ada", PASSWORD)).await.cookie() }).await;
    assert_eq!(server.send(get("/api/auth/me").cookie(&cookie)).await.status, StatusCode::OK);
    let recovery = || post("/api/auth/totp/setup").cookie(&cookie).json(&json!({}));
    server.send(recovery()).await.assert_error(403, "reauth_required");
    let proof = post("/api/auth/reauth").cookie(&cookie).json(&json!({ "password": PASSWORD }));
    let proved = server.send(proof).await;
    proved.data();
    let setup = post("/api/auth/totp/setup").cookie(&proved.cookie()).json(&json!({}));
    server.send(setup).await.data();
    let me = server.send(get("/api/auth/me").cookie(&proved.cookie())).await.data();
    assert_eq!(me["session"]["created_at"], "2026-01-01T12:00:00Z", "{me}");
}

#[tokio::test]
async fn tokens_from_the_future_stay_valid() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let (first, second) = server
        .ahead(async {
            let first = server.tokens("ada").await;
            let body = json!({ "refresh_token": first.refresh });
            let second = Tokens::of(&server.send(send("/auth/refresh", &body)).await);
            (first, second)
        })
        .await;
    server.send(me(&second.access)).await.tokens_data();
    let third = server.send(send("/auth/refresh", &json!({ "refresh_token": second.refresh }))).await;
    let third = Tokens::of(&third);
    server.send(me(&third.access)).await.tokens_data();
    // A token rotated then was not rotated recently, so its reuse means that it was stolen.
    server.send(send("/auth/refresh", &json!({ "refresh_token": first.refresh }))).await;
    assert_eq!(server.send(me(&third.access)).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_portal_session_from_the_future_stays_valid() {
    let office = Office::open().await;
    let cookie = office.server.ahead(office.enter()).await;
    let answer = office.server.send(get("/portal/api/me").cookie(&cookie)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}
