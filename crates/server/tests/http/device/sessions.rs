//! Authorized devices: `/openapi/v1/account/sessions*`, `/v1/oauth/authorizations/self`, `/api/auth/devices*`.

use axum::http::{Method, StatusCode};
use jiff::SignedDuration;
use serde_json::json;

use super::{authorize, is_live, me, token};
use crate::support::{PASSWORD, RequestBuilder, Server, credentials, get, post, request};

const SESSIONS: &str = "/openapi/v1/account/sessions";

fn bearer(method: Method, path: &str, token: &str) -> RequestBuilder {
    request(method, path).header("authorization", &format!("Bearer {token}"))
}

fn page_deletes(path: &str, cookie: &str) -> RequestBuilder {
    request(Method::DELETE, path).header("sec-fetch-site", "same-origin").cookie(cookie)
}

#[tokio::test]
async fn devices_are_listed_in_pages_to_devices_and_users() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let label = json!({ "client_id": "difyctl", "device_label": "laptop" });
    let first = authorize(&server, &cookie, &label).await;
    let first_token = first["token"].as_str().expect("is text").to_owned();
    server.wait(SignedDuration::from_secs(1));
    token(&server, &cookie).await;
    server.wait(SignedDuration::from_secs(30));
    server.send(me(&first_token)).await.ok();

    let answer = server.send(bearer(Method::GET, &format!("{SESSIONS}?page=2&limit=1"), &first_token)).await.ok();
    let wanted = json!({ "page": 2, "limit": 1, "total": 2, "has_more": false, "data": [{
        "id": first["token_id"], "prefix": &first_token[..11], "client_id": "difyctl", "device_label": "laptop",
        "created_at": "2026-01-01T12:00:00Z", "last_used_at": "2026-01-01T12:00:31Z",
        "expires_at": "2026-01-15T12:00:00Z",
    }] });
    assert_eq!(answer, wanted);
    let by_cookie = server.send(get(&format!("{SESSIONS}?limit=1")).cookie(&cookie)).await.ok();
    assert_eq!((&by_cookie["page"], &by_cookie["has_more"]), (&json!(1), &json!(true)));
    let one = format!("{SESSIONS}/{}", first["token_id"].as_str().expect("is text"));
    assert_eq!(server.send(get(&one).cookie(&cookie)).await.ok()["device_label"], "laptop");

    // The same on the account's page, newest first.
    let devices = server.send(get("/api/auth/devices").cookie(&cookie)).await.data();
    assert_eq!(devices["total"], 2);
    assert_eq!(devices["items"][0]["last_used_at"], json!(null));
    assert_eq!(devices["items"][1]["client_name"], "difyctl");
    assert_eq!(devices["items"][1]["scope"], "full");
    for query in ["page=0", "page=-1", "limit=x", "limit=0", "page=1&page=2"] {
        let sent = bearer(Method::GET, &format!("{SESSIONS}?{query}"), &first_token);
        server.send(sent).await.refused(400, "invalid_request");
    }
    server.send(get(SESSIONS)).await.refused(401, "unauthenticated");
    server.send(bearer(Method::GET, SESSIONS, "x").cookie(&cookie)).await.refused(401, "invalid_token");
}

#[tokio::test]
async fn use_is_recorded_at_most_once_a_minute() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let token = token(&server, &cookie).await;
    let used = async || server.send(get(SESSIONS).cookie(&cookie)).await.ok()["data"][0]["last_used_at"].clone();
    assert_eq!(used().await, json!(null));
    server.send(me(&token)).await.ok();
    assert_eq!(used().await, "2026-01-01T12:00:00Z");
    server.wait(SignedDuration::from_secs(59));
    server.send(me(&token)).await.ok();
    assert_eq!(used().await, "2026-01-01T12:00:00Z");
    server.wait(SignedDuration::from_secs(1));
    server.send(me(&token)).await.ok();
    assert_eq!(used().await, "2026-01-01T12:01:00Z");
}

#[tokio::test]
async fn a_device_can_revoke_its_token_repeatedly() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    for path in ["/v1/oauth/authorizations/self", "/openapi/v1/account/sessions/self"] {
        let token = token(&server, &cookie).await;
        for _ in 0..2 {
            let answer = server.send(bearer(Method::DELETE, path, &token)).await.ok();
            assert_eq!(answer, json!({ "status": "revoked" }));
            assert!(!is_live(&server, &token).await);
        }
        server.send(request(Method::DELETE, path)).await.refused(400, "invalid_request");
        server.send(bearer(Method::DELETE, path, "not_of_a_device")).await.refused(400, "invalid_request");
        server.send(page_deletes(path, &cookie)).await.refused(400, "invalid_request");
    }
}

#[tokio::test]
async fn a_user_can_revoke_one_or_all_of_their_own_devices() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    server.add_member("ada").await;
    let ada = server.send(post("/api/auth/login").json(&credentials("ada", PASSWORD))).await.cookie();
    let (mine, hers) = (token(&server, &cookie).await, token(&server, &ada).await);
    let id = async |cookie: &str| {
        let devices = server.send(get("/api/auth/devices").cookie(cookie)).await.data();
        devices["items"][0]["id"].as_str().expect("is text").to_owned()
    };
    let of_ada = id(&ada).await;
    server.send(page_deletes(&format!("/api/auth/devices/{of_ada}"), &cookie)).await.assert_error(404, "not_found");
    server.send(page_deletes(&format!("{SESSIONS}/{of_ada}"), &cookie)).await.refused(404, "not_found");
    server.send(bearer(Method::DELETE, &format!("{SESSIONS}/{of_ada}"), &mine)).await.refused(404, "not_found");
    for id in ["%ff", "x"] {
        server.send(page_deletes(&format!("/api/auth/devices/{id}"), &cookie)).await.assert_error(404, "not_found");
        server.send(page_deletes(&format!("{SESSIONS}/{id}"), &cookie)).await.refused(404, "not_found");
    }
    assert!(is_live(&server, &hers).await);

    server.send(page_deletes(&format!("/api/auth/devices/{of_ada}"), &ada)).await.data();
    assert!(!is_live(&server, &hers).await);
    server.send(page_deletes(&format!("{SESSIONS}/{of_ada}"), &ada)).await.refused(404, "not_found");

    server.wait(SignedDuration::from_secs(1));
    let more = token(&server, &cookie).await;
    let by_device = format!("{SESSIONS}/{}", id(&cookie).await);
    let answer = server.send(bearer(Method::DELETE, &by_device, &mine)).await.ok();
    assert_eq!(answer, json!({ "status": "revoked" }));
    assert!(!is_live(&server, &more).await && is_live(&server, &mine).await);

    let last = token(&server, &cookie).await;
    server.send(page_deletes("/api/auth/devices/all", &cookie)).await.data();
    assert!(!is_live(&server, &mine).await && !is_live(&server, &last).await);
    assert_eq!(server.send(get("/api/auth/devices").cookie(&cookie)).await.data()["total"], 0);
}

#[tokio::test]
async fn a_page_of_another_origin_can_not_revoke_a_device() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let token = token(&server, &cookie).await;
    let devices = server.send(get("/api/auth/devices").cookie(&cookie)).await.data();
    let id = devices["items"][0]["id"].as_str().expect("is text").to_owned();
    let forged = request(Method::DELETE, &format!("{SESSIONS}/{id}")).cookie(&cookie);
    server.send(forged).await.refused(403, "access_denied");
    let cross_site = bearer(Method::DELETE, &format!("{SESSIONS}/{id}"), &token).header("sec-fetch-site", "cross-site");
    server.send(cross_site).await.refused(403, "access_denied");
    assert!(is_live(&server, &token).await);
}

#[tokio::test]
async fn tokens_can_be_revoked_after_the_flow_was_disabled() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let (one, other) = (token(&server, &cookie).await, token(&server, &cookie).await);
    let server = server.restart_with(|builder| builder.policy.devices.enabled = false).await;
    let answer = server.send(me(&one)).await;
    assert_eq!(
        (answer.status, &answer.json()["error"]),
        (StatusCode::SERVICE_UNAVAILABLE, &json!("bearer_auth_disabled"))
    );
    server.send(bearer(Method::DELETE, "/v1/oauth/authorizations/self", &one)).await.ok();
    server.send(page_deletes("/api/auth/devices/all", &cookie)).await.data();
    let server = server.restart().await;
    assert!(!is_live(&server, &one).await && !is_live(&server, &other).await);
}

#[tokio::test]
async fn a_narrowed_token_can_neither_list_nor_revoke_devices() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let full = authorize(&server, &cookie, &json!({ "client_id": "difyctl" })).await;
    let narrow = authorize(&server, &cookie, &json!({ "client_id": "difyctl", "scope": "apps:run" })).await;
    let [full, narrow] = [&full, &narrow].map(|answer| {
        let text = |key: &str| answer[key].as_str().expect("is text").to_owned();
        (text("access_token"), text("token_id"))
    });
    for (method, path) in [
        (Method::GET, SESSIONS.to_owned()),
        (Method::GET, format!("{SESSIONS}/{}", full.1)),
        (Method::GET, format!("{SESSIONS}/{}", narrow.1)),
        (Method::DELETE, format!("{SESSIONS}/{}", full.1)),
        (Method::POST, "/openapi/v1/workspaces/x/switch".to_owned()),
    ] {
        let answer = server.send(bearer(method, &path, &narrow.0)).await;
        answer.refused(403, "insufficient_scope");
        assert_eq!(answer.headers["www-authenticate"], "Bearer error=\"insufficient_scope\", scope=\"full\"");
    }
    assert!(is_live(&server, &full.0).await && is_live(&server, &narrow.0).await);
    server.send(bearer(Method::DELETE, "/openapi/v1/account/sessions/self", &narrow.0)).await.ok();
    assert!(!is_live(&server, &narrow.0).await);
}
