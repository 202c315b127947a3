//! Previews: what an operator sees, and when they end.

use doorstep_server::domain::account::Status;
use jiff::SignedDuration;
use serde_json::json;

use super::{Office, me, portal_cookie};
use crate::support::{delete, get, post};

#[tokio::test]
async fn a_preview_names_the_operator_and_shows_only_its_project() {
    let office = Office::open().await;
    let second = office.make_project("Cranes", Some(&office.client)).await;
    let cookies = office.previewing(&office.project).await;
    let seen = office.server.send(me(&cookies)).await.json();
    assert_eq!(
        seen,
        json!({
            "client": { "id": office.client, "name": "Harbour office" },
            "preview": { "by": "admin", "project_id": office.project, "expires_at": "2026-01-01T13:00:00Z" },
        })
    );
    let list = office.server.send(get("/portal/api/projects").cookie(&cookies)).await.json();
    assert_eq!((&list["total"], &list["items"][0]["id"]), (&json!(1), &json!(office.project)));
    let project = |id: &str| get(&format!("/portal/api/projects/{id}")).cookie(&cookies);
    assert_eq!(office.server.send(project(&office.project)).await.status, 200);
    office.server.send(project(&second)).await.assert_portal_error(404, "not_found");
    // Archived projects are hidden from clients, and so from previews.
    office.change(&format!("/api/projects/{}", office.project), &json!({ "status": "archived" })).await;
    office.server.send(project(&office.project)).await.assert_portal_error(404, "not_found");
}

#[tokio::test]
async fn a_preview_lasts_an_hour_and_can_be_begun_again() {
    let office = Office::open().await;
    let cookies = office.previewing(&office.project).await;
    office.server.wait(SignedDuration::from_mins(60) - SignedDuration::from_secs(1));
    assert_eq!(office.server.send(me(&cookies)).await.status, 200);
    office.server.wait(SignedDuration::from_secs(1));
    office.server.send(me(&cookies)).await.assert_portal_error(401, "portal_access_required");
    office.server.send(get("/portal").cookie(&cookies)).await.assert_access_required(401);
    let again = office.previewing(&office.project).await;
    assert_eq!(office.server.send(me(&again)).await.status, 200);
}

#[tokio::test]
async fn a_preview_needs_a_live_session_of_an_operator() {
    let office = Office::open().await;
    let begun = office.preview(&office.project).await;
    let portal = portal_cookie(&begun);
    let with = |session: &str| me(&format!("{session}; {portal}"));
    office.server.send(me(&portal)).await.assert_portal_error(401, "portal_access_required");
    let member = office.member().await;
    office.server.send(with(&member)).await.assert_portal_error(401, "portal_access_required");
    office.server.send(with("doorstep_session=x")).await.assert_portal_error(401, "portal_access_required");
    assert_eq!(office.server.send(with(&office.operator)).await.status, 200);
    // Signing out of the dashboard ends it.
    office.server.send(post("/api/auth/logout").cookie(&office.operator)).await.data();
    office.server.send(with(&office.operator)).await.assert_portal_error(401, "portal_access_required");
}

#[tokio::test]
async fn suspending_the_operator_ends_the_preview() {
    let office = Office::open().await;
    let cookies = office.previewing(&office.project).await;
    office.server.service.accounts().set_status("admin", Status::Suspended).await.expect("is suspended");
    office.server.send(me(&cookies)).await.assert_portal_error(401, "portal_access_required");
}

#[tokio::test]
async fn leaving_a_preview_returns_the_operator_still_signed_in() {
    let office = Office::open().await;
    office.server.wait(SignedDuration::from_secs(1));
    let cookies = office.previewing(&office.project).await;
    office.server.wait(SignedDuration::from_secs(1));
    let answer = office.server.send(post("/portal/api/leave").cookie(&cookies)).await;
    assert_eq!(answer.json(), json!({ "redirect": format!("/projects/{}", office.project) }));
    let set: Vec<&str> = answer.set_cookies().collect();
    assert_eq!(
        set,
        ["", "_8080"].map(|port| format!("portal_session{port}=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0"))
    );
    office.read("/api/auth/me").await;
    let events = office.events().await;
    let told: Vec<_> = events.iter().take(2).map(|entry| (entry.event.as_str(), entry.actor.name.as_str())).collect();
    assert_eq!(told, [("portal_left", "admin"), ("preview_begun", "admin")]);
}

#[tokio::test]
async fn a_preview_does_not_affect_the_dashboard_session() {
    let office = Office::open().await;
    let begun = office.preview(&office.project).await;
    assert_eq!(begun.set_cookies().filter(|set| !set.starts_with("portal_session")).count(), 0);
    let cookies = format!("{}; {}", office.operator, portal_cookie(&begun));
    // Both pages side by side, each with its own cookie.
    let dashboard = office.server.send(get("/projects").cookie(&cookies)).await;
    assert!(dashboard.status == 200 && dashboard.text.contains("\"username\":\"admin\""), "{}", dashboard.text);
    let portal = office.server.send(get("/portal").cookie(&cookies)).await;
    assert!(portal.status == 200 && portal.text.contains("\"by\":\"admin\""), "{}", portal.text);
    assert!(!portal.text.contains("username"), "{}", portal.text);
}

#[tokio::test]
async fn revoking_a_preview_link_does_not_end_the_client_s_links() {
    let office = Office::open().await;
    let own = office.enter().await;
    let cookies = office.previewing(&office.project).await;
    let links = office.links(&office.client).await;
    let token = links.iter().find(|link| link["project_id"] == office.project.as_str()).expect("is listed");
    assert_eq!(token["label"], "preview");
    let path = format!("/api/clients/{}/links/{}", office.client, token["id"].as_str().expect("is text"));
    office.server.send(delete(&path).cookie(&office.operator)).await.data();
    office.server.send(me(&cookies)).await.assert_portal_error(401, "portal_access_required");
    assert_eq!(office.server.send(me(&own)).await.status, 200);
    // The next preview creates another.
    let again = office.previewing(&office.project).await;
    assert_eq!(office.server.send(me(&again)).await.status, 200);
    assert_eq!(office.server.send(me(&own)).await.status, 200);
}

#[tokio::test]
async fn a_preview_ends_when_its_project_is_linked_to_another_client() {
    let office = Office::open().await;
    let cookies = office.previewing(&office.project).await;
    let other = office.make("/api/clients", &json!({ "name": "Boatyard" })).await;
    office.change(&format!("/api/projects/{}", office.project), &json!({ "client_id": other })).await;
    office.server.send(me(&cookies)).await.assert_portal_error(401, "portal_access_required");
    office.server.send(get("/portal").cookie(&cookies)).await.assert_access_required(401);
    let again = office.previewing(&office.project).await;
    assert_eq!(office.server.send(me(&again)).await.json()["client"]["name"], "Boatyard");
}

#[tokio::test]
async fn deactivating_the_client_ends_the_preview() {
    let office = Office::open().await;
    let cookies = office.previewing(&office.project).await;
    office.set_client_active(&office.client, false).await;
    office.server.send(me(&cookies)).await.assert_portal_error(401, "portal_access_required");
}

#[tokio::test]
async fn a_client_s_session_needs_no_operator_and_is_no_preview_beside_one() {
    let office = Office::open().await;
    let cookies = format!("{}; {}", office.operator, office.enter().await);
    assert_eq!(office.server.send(me(&cookies)).await.json()["preview"], json!(null));
}
