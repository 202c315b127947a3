//! GET `context`: what the person who decides is told.

use jiff::SignedDuration;
use serde_json::json;

use super::{MOUNT, approve, ask, codes, program};
use crate::support::{RequestBuilder, Server, get};

fn context(cookie: &str, user_code: &str) -> RequestBuilder {
    get(&format!("/console/api/oauth/device/context?user_code={user_code}")).cookie(cookie)
}

#[tokio::test]
async fn a_person_is_told_what_they_need_to_judge() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_for_good().await;
    let body = json!({ "client_id": "doorstep-cli", "device_label": "ada's\u{202e} laptop", "scope": "apps:run" });
    let sent = program(&format!("{MOUNT}/code"), &body).from("192.0.2.1").header("user-agent", "tool/1 (X11; Linux)");
    let codes = codes(&server.send(sent).await);
    server.wait(SignedDuration::from_secs(60));
    let answer = server.send(context(&cookie, &codes.user_code)).await.ok();
    let wanted = json!({
        "client_id": "doorstep-cli", "client_name": "Doorstep command line", "client_known": true,
        "device_label": "ada's laptop",
        "requester": { "browser": null, "system": "Linux", "ip": "192.0.2.1" },
        "requested_at": "2026-01-01T12:00:00Z", "expires_in": 840, "scopes": ["apps:run"], "same_network": false,
    });
    assert_eq!(answer, wanted);
    let neighbour = context(&cookie, &codes.user_code).from("192.0.2.99");
    assert_eq!(server.send(neighbour).await.ok()["same_network"], true);
}

#[tokio::test]
async fn only_whoever_is_signed_in_is_told() {
    let server = Server::start().await;
    let codes = ask(&server).await;
    server.send(context("", &codes.user_code)).await.refused(401, "unauthenticated");
    let first = server.sign_in().await;
    server.send(context(&first, &codes.user_code)).await.refused(403, "password_change_required");
    let (cookie, _) = server.sign_in_for_good().await;
    server.send(context(&cookie, "")).await.refused(400, "invalid_request");
    server.send(context(&cookie, &codes.user_code)).await.ok();
    // It is read as often as one likes, and nothing happens.
    server.send(approve(&cookie, &codes)).await.ok();
    server.send(context(&cookie, &codes.user_code)).await.refused(404, "expired_or_unknown");
}
