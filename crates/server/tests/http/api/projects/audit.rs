//! The audit events of projects and clients.

use doorstep_server::domain::{
    audit::{Entry, Filter},
    page::Page,
};
use jiff::SignedDuration;
use serde_json::json;

use super::{add_client, add_named, id};
use crate::support::{Server, delete, patch, post};

async fn events(server: &Server) -> Vec<Entry> {
    let entries = server.store.list_audit(&Filter::default(), Page::WHOLE).await.expect("answers");
    let mut entries: Vec<_> = entries
        .into_iter()
        .filter(|entry| entry.detail.contains_key("project_id") || entry.detail.contains_key("client_id"))
        .collect();
    entries.reverse();
    entries
}

#[tokio::test]
async fn changes_are_recorded_without_texts_and_secrets() {
    let server = Server::start().await;
    let (admin, _) = server.sign_in_with_new_password().await;
    server.add_member("ada").await;
    let later = || server.wait(SignedDuration::from_secs(1));
    let client = add_client(&server, &admin, "Acme").await;
    later();
    let project = add_named(&server, &admin, "Quay").await;
    let (project, client) = (format!("/api/projects/{project}"), format!("/api/clients/{client}"));
    let client_id = client.rsplit('/').next().expect("exists").to_owned();
    let body = json!({ "client_id": client_id, "status": "done", "summary": "A long story." });
    later();
    server.send(patch(&project).cookie(&admin).json(&body).from("192.0.2.9")).await.data();
    // An edit without a change is no event.
    server.send(patch(&project).cookie(&admin).json(&body)).await.data();
    later();
    let updates = format!("{project}/updates");
    let written = server.send(post(&updates).cookie(&admin).json(&json!({ "body": "Tell nobody." }))).await.data();
    let update = format!("{updates}/{}", id(&written));
    later();
    server.send(patch(&update).cookie(&admin).json(&json!({ "body": "Tell me." }))).await.data();
    later();
    server.send(delete(&update).cookie(&admin)).await.data();
    later();
    let members = format!("{project}/members");
    let member = server.send(post(&members).cookie(&admin).json(&json!({ "username": "ada" }))).await.data();
    later();
    let account = member["account_id"].as_str().expect("is text");
    server.send(delete(&format!("{members}/{account}")).cookie(&admin)).await.data();
    later();
    let links = format!("{client}/links");
    let made = server.send(post(&links).cookie(&admin).json(&json!({ "label": "Ines" }))).await.data();
    later();
    server.send(delete(&format!("{links}/{}", id(&made["link"]))).cookie(&admin)).await.data();
    for body in [json!({ "name": "Acme Ltd" }), json!({ "active": false }), json!({ "active": true })] {
        later();
        server.send(patch(&client).cookie(&admin).json(&body)).await.data();
    }

    let entries = events(&server).await;
    let words: Vec<_> = entries.iter().map(|entry| entry.event.as_str()).collect();
    assert_eq!(
        words,
        [
            "client_created",
            "project_created",
            "project_edited",
            "update_written",
            "update_edited",
            "update_removed",
            "member_added",
            "member_removed",
            "link_made",
            "link_revoked",
            "client_edited",
            "client_deactivated",
            "client_activated",
        ]
    );
    assert!(entries.iter().all(|entry| entry.actor.name == "admin" && entry.actor.account.is_some()));
    let edited = &entries[2];
    assert_eq!(
        (edited.subject.as_str(), edited.address.map(|address| address.to_string())),
        ("Quay", Some("192.0.2.9".into()))
    );
    assert_eq!((&edited.detail["client"], &edited.detail["status"]), (&json!("Acme"), &json!("done")));
    assert_eq!((&entries[6].detail["username"], &entries[8].detail["label"]), (&json!("ada"), &json!("Ines")));
    let secret = made["url"].as_str().expect("is text").rsplit('/').next().expect("exists").to_owned();
    let all = format!("{entries:?}");
    assert!(![&secret, "Tell", "story"].iter().any(|text| all.contains(*text)), "{all}");
}
