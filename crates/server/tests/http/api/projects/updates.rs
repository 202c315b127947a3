//! `/api/projects/{id}/updates[/{id}]`.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{add_named, id};
use crate::support::{Server, delete, get, patch, post};

#[tokio::test]
async fn updates_are_created_edited_and_removed_and_move_their_project_up() {
    let server = Server::start().await;
    let (admin, _) = server.sign_in_with_new_password().await;
    let project = add_named(&server, &admin, "Quay").await;
    let (path, updates) = (format!("/api/projects/{project}"), format!("/api/projects/{project}/updates"));
    let changed = async || server.send(get(&path).cookie(&admin)).await.data()["updated_at"].take();
    let mut written = Vec::new();
    for body in ["first", " second\r\nline\u{7} "] {
        server.wait(SignedDuration::from_secs(1));
        written.push(server.send(post(&updates).cookie(&admin).json(&json!({ "body": body }))).await.data());
    }
    assert_eq!(
        written[1],
        json!({
            "id": written[1]["id"], "body": "second\nline", "author": "admin",
            "created_at": "2026-01-01T12:00:02Z", "edited_at": null,
        })
    );
    assert_eq!(changed().await, "2026-01-01T12:00:02Z");
    let list = async |query: &str| server.send(get(&format!("{updates}{query}")).cookie(&admin)).await.data();
    let whole = list("").await;
    assert_eq!((&whole["total"], &whole["items"]), (&json!(2), &json!([written[1], written[0]])));
    assert_eq!(list("?limit=1&page=2").await["items"], json!([written[0]]));

    server.wait(SignedDuration::from_secs(1));
    let first = format!("{updates}/{}", id(&written[0]));
    let edit = |body: &str| server.send(patch(&first).cookie(&admin).json(&json!({ "body": body })));
    assert_eq!(edit("first").await.data()["edited_at"], Value::Null, "an equal text is no change");
    assert_eq!(changed().await, "2026-01-01T12:00:02Z");
    assert_eq!(edit("better").await.data()["edited_at"], "2026-01-01T12:00:03Z");
    assert_eq!(changed().await, "2026-01-01T12:00:03Z");

    server.wait(SignedDuration::from_secs(1));
    assert_eq!(server.send(delete(&first).cookie(&admin)).await.data(), json!({}));
    assert_eq!(changed().await, "2026-01-01T12:00:04Z");
    server.send(delete(&first).cookie(&admin)).await.assert_error(404, "not_found");
    edit("too late").await.assert_error(404, "not_found");
    assert_eq!(list("").await["total"], 1);
}

#[tokio::test]
async fn an_update_has_text_and_belongs_to_its_project() {
    let server = Server::start().await;
    let (admin, _) = server.sign_in_with_new_password().await;
    let (one, other) = (add_named(&server, &admin, "One").await, add_named(&server, &admin, "Other").await);
    let write = |project: &str, body: Value| {
        server.send(post(&format!("/api/projects/{project}/updates")).cookie(&admin).json(&body))
    };
    for body in ["", " \n\t", &"ä".repeat(10_001)] {
        write(&one, json!({ "body": body })).await.assert_error(422, "text_invalid");
    }
    write(&one, json!({})).await.assert_error(400, "invalid_request");
    write("x", json!({ "body": "x" })).await.assert_error(404, "not_found");
    let update = id(&write(&one, json!({ "body": "ä".repeat(10_000) })).await.data());
    let foreign = format!("/api/projects/{other}/updates/{update}");
    server.send(patch(&foreign).cookie(&admin).json(&json!({ "body": "x" }))).await.assert_error(404, "not_found");
    server.send(delete(&foreign).cookie(&admin)).await.assert_error(404, "not_found");
    server
        .send(delete(&format!("/api/projects/%ff/updates/{update}")).cookie(&admin))
        .await
        .assert_error(404, "not_found");
}

#[tokio::test]
async fn members_read_the_updates_of_their_own_projects() {
    let server = Server::start().await;
    let (admin, _) = server.sign_in_with_new_password().await;
    let ada = server.sign_in_member("ada").await;
    let project = add_named(&server, &admin, "Quay").await;
    let updates = format!("/api/projects/{project}/updates");
    server.send(post(&updates).cookie(&admin).json(&json!({ "body": "x" }))).await.data();
    server.send(get(&updates).cookie(&ada)).await.assert_error(404, "not_found");
    let members = format!("/api/projects/{project}/members");
    server.send(post(&members).cookie(&admin).json(&json!({ "username": "ada" }))).await.data();
    assert_eq!(server.send(get(&updates).cookie(&ada)).await.data()["total"], 1);
}
