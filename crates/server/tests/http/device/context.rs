//! GET `context`: the details for the user who decides.

use jiff::SignedDuration;
use serde_json::json;

use super::{MOUNT, approve, ask, ask_with, authorize, codes, is_live, poll, program};
use crate::support::{RequestBuilder, Server, get};

fn context(cookie: &str, user_code: &str) -> RequestBuilder {
    get(&format!("/console/api/oauth/device/context?user_code={user_code}")).cookie(cookie)
}

#[tokio::test]
async fn the_context_has_the_details_of_the_request() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
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
        "access_expires_at": "2026-01-15T12:01:00Z", "replaces": false,
    });
    assert_eq!(answer, wanted);
    let neighbour = context(&cookie, &codes.user_code).from("192.0.2.99");
    assert_eq!(server.send(neighbour).await.ok()["same_network"], true);
}

#[tokio::test]
async fn the_context_states_whether_a_token_is_replaced_and_the_expiry_of_the_new_one() {
    let server = Server::start_with(|builder| builder.policy.devices.token_life = SignedDuration::from_hours(24)).await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let laptop = json!({ "client_id": "difyctl", "device_label": "laptop" });
    let replaces = async |body, cookie: &str| {
        let codes = ask_with(&server, &body).await;
        server.send(context(cookie, &codes.user_code)).await.ok()["replaces"].clone()
    };
    assert_eq!(replaces(laptop.clone(), &cookie).await, false);
    let first = authorize(&server, &cookie, &laptop).await;
    // Only a token of the same client, device name and user.
    assert_eq!(replaces(laptop.clone(), &cookie).await, true);
    assert_eq!(replaces(json!({ "client_id": "doorstep-cli", "device_label": "laptop" }), &cookie).await, false);
    assert_eq!(replaces(json!({ "client_id": "difyctl", "device_label": "desktop" }), &cookie).await, false);
    assert_eq!(replaces(json!({ "client_id": "difyctl" }), &cookie).await, false);
    let ada = server.sign_in_member("ada").await;
    assert_eq!(replaces(laptop.clone(), &ada).await, false);

    // The approval does what was announced.
    let codes = ask_with(&server, &laptop).await;
    let announced = server.send(context(&cookie, &codes.user_code)).await.ok();
    server.send(approve(&cookie, &codes)).await.ok();
    let second = server.send(poll(&codes)).await.ok();
    assert_eq!(announced["access_expires_at"], second["expires_at"]);
    let text = |answer: &serde_json::Value| answer["token"].as_str().expect("is text").to_owned();
    assert!(!is_live(&server, &text(&first)).await && is_live(&server, &text(&second)).await);

    // A token that has ended is not replaced.
    server.wait(SignedDuration::from_hours(24));
    let codes = ask_with(&server, &laptop).await;
    assert_eq!(server.send(context(&cookie, &codes.user_code)).await.ok()["replaces"], false);
}

#[tokio::test]
async fn the_context_needs_a_session() {
    let server = Server::start().await;
    let codes = ask(&server).await;
    server.send(context("", &codes.user_code)).await.refused(401, "unauthenticated");
    let first = server.sign_in().await;
    server.send(context(&first, &codes.user_code)).await.refused(403, "password_change_required");
    let (cookie, _) = server.sign_in_with_new_password().await;
    server.send(context(&cookie, "")).await.refused(400, "invalid_request");
    server.send(context(&cookie, &codes.user_code)).await.ok();
    // It can be read any number of times, without an effect.
    server.send(approve(&cookie, &codes)).await.ok();
    server.send(context(&cookie, &codes.user_code)).await.refused(404, "expired_or_unknown");
}
