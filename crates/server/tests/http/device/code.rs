//! POST `code`.

use axum::http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{MOUNT, ask, ask_with, codes, program};
use crate::support::{ORIGIN, Server, request};

fn form(path: &str, body: &str) -> crate::support::RequestBuilder {
    request(Method::POST, path).header("content-type", "application/x-www-form-urlencoded").body(body.to_owned())
}

#[tokio::test]
async fn a_device_gets_its_codes_as_json_and_as_a_form_on_both_mounts() {
    let server = Server::start().await;
    for mount in [MOUNT, "/openapi/v1/oauth/device"] {
        let path = format!("{mount}/code");
        for sent in [
            program(&path, &json!({ "client_id": "difyctl", "device_label": "laptop", "unknown": 1 })),
            form(&path, "client_id=doorstep-cli&device_label=caf%C3%A9+1&scope="),
        ] {
            let answer = server.send(sent).await.ok();
            let user_code = answer["user_code"].as_str().expect("is text");
            let letters: String = user_code.split('-').collect();
            assert_eq!((user_code.len(), user_code.find('-'), letters.len()), (9, Some(4), 8), "{answer}");
            assert!(letters.chars().all(|letter| "BCDFGHJKLMNPQRSTVWXZ".contains(letter)), "{answer}");
            assert!(answer["device_code"].as_str().is_some_and(|code| code.starts_with("dc_") && code.len() == 46));
            assert_eq!(answer["verification_uri"], format!("{ORIGIN}/device"));
            assert_eq!(answer["verification_uri_complete"], format!("{ORIGIN}/device?user_code={user_code}"));
            assert_eq!((&answer["expires_in"], &answer["interval"]), (&json!(900), &json!(5)));
        }
    }
}

#[tokio::test]
async fn an_unknown_program_gets_the_error_of_its_protocol() {
    let server = Server::start().await;
    let path = format!("{MOUNT}/code");
    server.send(program(&path, &json!({ "client_id": "stranger" }))).await.refused(400, "unsupported_client");
    server.send(form(&path, "client_id=stranger")).await.refused(400, "invalid_client");
}

#[tokio::test]
async fn a_scope_that_does_not_exist_is_refused() {
    let server = Server::start().await;
    let body = json!({ "client_id": "difyctl", "scope": "full admin" });
    server.send(program(&format!("{MOUNT}/code"), &body)).await.refused(400, "invalid_scope");
}

#[tokio::test]
async fn a_scope_is_stored_normalized() {
    let server = Server::start().await;
    let body = json!({ "client_id": "difyctl", "scope": "apps:run ".repeat(6_000) });
    ask_with(&server, &body).await;
    server.store.close().await;
    assert!(!server.stores("apps:run apps:run").await);
}

#[tokio::test]
async fn a_malformed_request_is_invalid() {
    let server = Server::start().await;
    let path = format!("{MOUNT}/code");
    for body in [
        "",
        "{",
        "[]",
        "null",
        "{}",
        r#"{"client_id":5}"#,
        r#"{"client_id":""}"#,
        r#"{"client_id":"a","client_id":"b"}"#,
    ] {
        let sent = request(Method::POST, &path).header("content-type", "application/json").body(body);
        server.send(sent).await.refused(400, "invalid_request");
    }
    for body in ["", "x=y", "client_id=", "client_id=difyctl&client_id=difyctl"] {
        server.send(form(&path, body)).await.refused(400, "invalid_request");
    }
    for kind in ["text/plain", "multipart/form-data", ""] {
        let sent = request(Method::POST, &path).header("content-type", kind).body("client_id=difyctl");
        server.send(sent).await.refused(400, "invalid_request");
    }
    let label = "x".repeat(201);
    let sent = program(&path, &json!({ "client_id": "difyctl", "device_label": label }));
    server.send(sent).await.refused(400, "invalid_request");
    server.send(form(&path, &format!("x={}", "y".repeat(70_000)))).await.refused(413, "payload_too_large");
}

#[tokio::test]
async fn an_address_has_sixty_requests_an_hour() {
    let server = Server::start().await;
    for _ in 0..60 {
        ask(&server).await;
    }
    let answer = server.send(program(&format!("{MOUNT}/code"), &json!({ "client_id": "difyctl" }))).await;
    answer.refused(429, "rate_limited");
    assert_eq!(answer.headers["retry-after"], "3600");
    let elsewhere = program(&format!("{MOUNT}/code"), &json!({ "client_id": "difyctl" })).from("192.0.2.1");
    codes(&server.send(elsewhere).await);
    server.wait(SignedDuration::from_hours(1));
    ask(&server).await;
}

#[tokio::test]
async fn the_database_contains_neither_code() {
    let server = Server::start().await;
    let codes = ask_with(&server, &json!({ "client_id": "difyctl", "device_label": "a label in the clear" })).await;
    server.store.close().await;
    assert!(server.stores("a label in the clear").await);
    for code in [&codes.device_code, &codes.user_code, &codes.user_code.replace('-', "")] {
        assert!(!server.stores(code).await, "{code}");
    }
}

#[tokio::test]
async fn devices_are_refused_where_the_flow_is_disabled() {
    let server = Server::start_with(|builder| builder.policy.devices.enabled = false).await;
    let body: Value = json!({ "client_id": "difyctl" });
    let answer = server.send(program(&format!("{MOUNT}/code"), &body)).await;
    assert_eq!((answer.status.as_u16(), answer.json()["error"].as_str()), (503, Some("bearer_auth_disabled")));
}
