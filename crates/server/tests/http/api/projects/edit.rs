//! POST `/api/projects`, GET and PATCH `/api/projects/{id}`.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{add, add_client, add_named, id};
use crate::support::{Server, get, patch, post};

#[tokio::test]
async fn a_project_is_created_and_edited_field_by_field() {
    let server = Server::start().await;
    let (admin, _) = server.sign_in_with_new_password().await;
    let made = add(&server, &admin, &json!({ "name": "  Quay \u{202e}wall\u{0} ", "unknown": 7 })).await;
    assert_eq!(
        made,
        json!({
            "id": made["id"], "name": "Quay wall", "status": "active", "summary": "", "client_id": null,
            "client_name": null, "client_active": null, "client_preview": null,
            "created_at": "2026-01-01T12:00:00Z", "updated_at": "2026-01-01T12:00:00Z",
        })
    );
    let path = format!("/api/projects/{}", id(&made));
    let edit = async |body: Value| server.send(patch(&path).cookie(&admin).json(&body)).await.data();
    server.wait(SignedDuration::from_secs(5));
    let summary = "One line.\r\nAnother.\n";
    let edited = edit(json!({ "summary": summary, "status": "paused" })).await;
    let told = |key: &str| edited[key].as_str().expect("is text").to_owned();
    assert_eq!(
        (told("summary"), told("status"), told("name")),
        ("One line.\nAnother.".into(), "paused".into(), "Quay wall".into())
    );
    assert_eq!(edited["updated_at"], "2026-01-01T12:00:05Z");
    server.wait(SignedDuration::from_secs(5));
    assert_eq!(edit(json!({})).await, edited, "an empty edit changes nothing, not even the time");
    assert_eq!(edit(json!({ "name": "Quay wall", "status": "paused" })).await, edited);
    assert_eq!(edit(json!({ "summary": "" })).await["summary"], "");
    assert_eq!(server.send(get(&path).cookie(&admin)).await.data()["updated_at"], "2026-01-01T12:00:10Z");
}

#[tokio::test]
async fn a_project_is_linked_to_a_client_and_unlinked() {
    let server = Server::start().await;
    let (admin, _) = server.sign_in_with_new_password().await;
    let client = add_client(&server, &admin, "Acme").await;
    let made = add(&server, &admin, &json!({ "name": "Quay", "client_id": client })).await;
    assert_eq!((&made["client_name"], &made["client_active"]), (&json!("Acme"), &json!(true)));
    let path = format!("/api/projects/{}", id(&made));
    let edit = |body: Value| server.send(patch(&path).cookie(&admin).json(&body));
    let deactivated = json!({ "active": false });
    server.send(patch(&format!("/api/clients/{client}")).cookie(&admin).json(&deactivated)).await.data();
    assert_eq!(edit(json!({ "name": "Wall" })).await.data()["client_active"], false);
    let free = edit(json!({ "client_id": "" })).await.data();
    assert_eq!(
        (&free["client_id"], &free["client_name"], &free["client_active"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert_eq!(edit(json!({ "client_id": client })).await.data()["client_id"], client);
    assert_eq!(edit(json!({ "client_id": null })).await.data()["client_id"], client, "null counts as absent");
    for unknown in ["0198c2a5-7b1e-7c3f-9a44-0123456789ab", "x", "acme"] {
        edit(json!({ "client_id": unknown })).await.assert_error(422, "reference_invalid");
    }
}

#[tokio::test]
async fn invalid_projects_are_refused_with_a_reason() {
    let server = Server::start().await;
    let (admin, _) = server.sign_in_with_new_password().await;
    let path = format!("/api/projects/{}", add_named(&server, &admin, "Quay").await);
    for (body, status, code) in [
        (json!({ "name": "" }), 422, "name_invalid"),
        (json!({ "name": " \u{200b}\n" }), 422, "name_invalid"),
        (json!({ "name": "ä".repeat(201) }), 422, "name_invalid"),
        (json!({ "name": 7 }), 400, "invalid_request"),
        (json!({ "name": "x", "status": "x" }), 400, "invalid_request"),
        (json!({ "name": "x", "summary": "ä".repeat(5_001) }), 422, "text_invalid"),
        (json!({ "name": "x", "client_id": "x" }), 422, "reference_invalid"),
    ] {
        server.send(post("/api/projects").cookie(&admin).json(&body)).await.assert_error(status, code);
        server.send(patch(&path).cookie(&admin).json(&body)).await.assert_error(status, code);
    }
    let nameless = json!({ "summary": "x" });
    server.send(post("/api/projects").cookie(&admin).json(&nameless)).await.assert_error(400, "invalid_request");
    let longest = json!({ "name": "ä".repeat(200), "summary": "ä".repeat(5_000) });
    server.send(patch(&path).cookie(&admin).json(&longest)).await.data();
    let unknown = patch("/api/projects/x").cookie(&admin).json(&json!({ "name": "x" }));
    server.send(unknown).await.assert_error(404, "not_found");
    server.send(post(&path).cookie(&admin)).await.assert_error(405, "method_not_allowed");
}
