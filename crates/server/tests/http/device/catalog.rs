//! GET `/openapi/v1/_catalog`, and what the versions of difyctl make of it.

use axum::http::Method;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{authorize, is_live, token};
use crate::support::{Answer, RequestBuilder, Server, get, post, request};

/// The names of an operation in the versions of difyctl.
const NAMES: [[&str; 2]; 7] = [
    ["get.account", "account.get"],
    ["list.account.session", "account.sessions.list"],
    ["revoke.account.session", "account.sessions.revoke"],
    ["revoke.account.current_session", "account.sessions.revoke_current"],
    ["get.workspace", "workspace.list"],
    ["describe.workspace", "workspace.get"],
    ["switch.workspace", "workspace.switch"],
];

/// The catalog, with what each version asserts of it.
async fn catalog(server: &Server) -> Value {
    let answer = server.send(get("/openapi/v1/_catalog")).await;
    let fingerprint = hex::encode(Sha256::digest(&answer.text));
    assert_eq!(answer.headers["x-dify-catalog"].to_str().expect("is ASCII"), fingerprint);
    assert_eq!(answer.headers["content-type"], "application/json");
    let ops = answer.ok()["ops"].take();
    for (name, op) in ops.as_object().expect("is an object") {
        for text in ["summary", "method", "path", "kind"] {
            assert!(op[text].as_str().is_some_and(|text| !text.is_empty()), "{name}: {op}");
        }
        for flag in ["internal", "deprecated"] {
            assert!(op[flag].is_boolean(), "{name}: {op}");
        }
        assert!(op["tags"].as_array().is_some_and(|tags| tags.iter().all(Value::is_string)), "{name}: {op}");
        let properties = op["input"]["properties"].as_object().expect("is an object");
        let bind = op["bind"].as_object().expect("is an object");
        assert!(properties.keys().eq(bind.keys()), "{name}: {op}");
        assert!(bind.values().all(|place| place == "path" || place == "query"), "{name}: {op}");
    }
    ops
}

/// The request that difyctl builds from an operation.
fn call(op: &Value, input: &Value, token: &str) -> RequestBuilder {
    let mut path = op["path"].as_str().expect("is text").to_owned();
    let mut query = Vec::new();
    for (name, value) in input.as_object().expect("is an object") {
        let value = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
        match op["bind"][name].as_str() {
            Some("path") => path = path.replace(&format!("{{{name}}}"), &value),
            Some("query") => query.push(format!("{name}={value}")),
            place => panic!("{name} in {place:?}"),
        }
    }
    assert!(!path.contains(['{', '}', '?', '#']), "{path}");
    if !query.is_empty() {
        path = format!("{path}?{}", query.join("&"));
    }
    let method = Method::from_bytes(op["method"].as_str().expect("is text").as_bytes()).expect("is one");
    request(method, &path).header("authorization", &format!("Bearer {token}")).header("x-dify-catalog", "an older one")
}

async fn named(server: &Server, cookie: &str, name: &str) -> Value {
    let body = json!({ "name": name });
    server.send(post("/api/projects").cookie(cookie).json(&body)).await.data()["id"].take()
}

#[tokio::test]
async fn an_operation_works_by_its_name_in_each_version() {
    let server = Server::start().await;
    let (admin, _) = server.sign_in_with_new_password().await;
    let (apple, zebra) = (named(&server, &admin, "apple").await, named(&server, &admin, "Zebra").await);
    let ops = catalog(&server).await;
    assert_eq!(ops.as_object().map(serde_json::Map::len), Some(NAMES.as_flattened().len()), "{ops}");
    for version in 0..2 {
        let name = |index: usize| NAMES[index][version];
        let device = token(&server, &admin).await;
        let send = async |index: usize, input: Value| -> Answer {
            server.send(call(&ops[name(index)], &input, &device)).await
        };
        let account = send(0, json!({})).await.ok();
        assert_eq!(account["account"]["email"], "admin@example.org");
        let sessions = send(1, json!({ "page": 1, "limit": 100 })).await.ok();
        assert!(sessions["data"].as_array().is_some_and(|data| !data.is_empty()), "{sessions}");
        // `get workspace`, then `use workspace`.
        let list = send(4, json!({})).await.ok();
        assert_eq!(list["workspaces"], list["data"]);
        let total = |list: &Value| (list["page"].clone(), list["total"].clone(), list["has_more"].clone());
        assert_eq!(total(&list), (json!(1), json!(2), json!(false)));
        let second = send(4, json!({ "page": 2, "limit": 1 })).await.ok();
        assert_eq!((total(&second), &second["data"][0]["id"]), ((json!(2), json!(2), json!(false)), &zebra));
        assert_eq!(send(4, json!({ "page": 1, "limit": 1 })).await.ok()["has_more"], true);
        let wanted = [&apple, &zebra][version];
        let switched = send(6, json!({ "workspace_id": wanted })).await.ok();
        assert_eq!((&switched["id"], &switched["current"]), (wanted, &json!(true)));
        let one = send(5, json!({ "workspace_id": wanted })).await.ok();
        assert_eq!((&one["id"], &one["current"]), (wanted, &json!(true)));
        // Another device is revoked by its id, and this one by `logout`.
        let other = authorize(&server, &admin, &json!({ "client_id": "difyctl", "device_label": "other" })).await;
        send(2, json!({ "session_id": other["token_id"] })).await.ok();
        assert!(!is_live(&server, other["access_token"].as_str().expect("is text")).await);
        send(3, json!({})).await.ok();
        assert!(!is_live(&server, &device).await);
    }
}

#[tokio::test]
async fn the_catalog_is_there_while_device_sign_in_is_disabled() {
    let server = Server::start_with(|builder| builder.policy.devices.enabled = false).await;
    assert!(catalog(&server).await["account.sessions.revoke_current"].is_object());
}
