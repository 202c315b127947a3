//! `/api/clients*`.

mod links;

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{Answer, Server, get, patch, post};

/// Creates a client.
async fn add(server: &Server, cookie: &str, body: &Value) -> Answer {
    server.send(post("/api/clients").cookie(cookie).json(body)).await
}

async fn add_named(server: &Server, cookie: &str, name: &str) -> String {
    let made = add(server, cookie, &json!({ "name": name })).await.data();
    made["id"].as_str().expect("is text").to_owned()
}

#[tokio::test]
async fn a_client_is_created_edited_and_deactivated() {
    let server = Server::start().await;
    let (admin, _) = server.sign_in_with_new_password().await;
    let made = add(&server, &admin, &json!({ "name": "Harbour Café" })).await.data();
    assert_eq!(
        made,
        json!({
            "id": made["id"], "name": "Harbour Café", "slug": "harbour-cafe", "active": true, "preview": false,
            "projects": 0, "links": 0, "created_at": "2026-01-01T12:00:00Z", "updated_at": "2026-01-01T12:00:00Z",
        })
    );
    let path = format!("/api/clients/{}", made["id"].as_str().expect("is text"));
    let edit = |body: Value| server.send(patch(&path).cookie(&admin).json(&body));
    server.wait(SignedDuration::from_secs(1));
    assert_eq!(edit(json!({ "name": "Harbour Café", "slug": "harbour-cafe", "active": true })).await.data(), made);
    let edited = edit(json!({ "name": "Quay Café", "active": false })).await.data();
    assert_eq!((&edited["slug"], &edited["active"]), (&json!("harbour-cafe"), &json!(false)), "the slug stays");
    assert_eq!(edited["updated_at"], "2026-01-01T12:00:01Z");
    assert_eq!(edit(json!({ "slug": "quay-cafe", "active": true })).await.data()["slug"], "quay-cafe");
    for number in 0..2 {
        let project = json!({ "name": format!("{number}"), "client_id": made["id"] });
        server.send(post("/api/projects").cookie(&admin).json(&project)).await.data();
    }
    server.send(post(&format!("{path}/links")).cookie(&admin).json(&json!({}))).await.data();
    let told = server.send(get(&path).cookie(&admin)).await.data();
    assert_eq!((&told["projects"], &told["links"]), (&json!(2), &json!(1)));
    assert_eq!(server.send(get("/api/clients").cookie(&admin)).await.data()["items"], json!([told]));
    server.send(get("/api/clients/x").cookie(&admin)).await.assert_error(404, "not_found");
    server.send(patch("/api/clients/x").cookie(&admin).json(&json!({}))).await.assert_error(404, "not_found");
}

#[tokio::test]
async fn a_slug_is_unique_and_those_of_previews_are_reserved() {
    let server = Server::start().await;
    let (admin, _) = server.sign_in_with_new_password().await;
    let slug = async |body: Value| add(&server, &admin, &body).await.data()["slug"].take();
    assert_eq!(slug(json!({ "name": "Acme" })).await, "acme");
    assert_eq!(slug(json!({ "name": "ACME!" })).await, "acme-2");
    assert_eq!(slug(json!({ "name": "Acme", "slug": "acme-4" })).await, "acme-4");
    assert_eq!(slug(json!({ "name": "Acme", "slug": "" })).await, "acme-3");
    assert_eq!(slug(json!({ "name": "Acme" })).await, "acme-5");
    assert_eq!(slug(json!({ "name": "李明" })).await, "client");
    assert_eq!(slug(json!({ "name": "Preview of things" })).await, "client-preview-of-things");
    add(&server, &admin, &json!({ "name": "Acme", "slug": "acme" })).await.assert_error(409, "slug_taken");
    let other = add_named(&server, &admin, "Other").await;
    let edit = |body: Value| server.send(patch(&format!("/api/clients/{other}")).cookie(&admin).json(&body));
    edit(json!({ "slug": "acme" })).await.assert_error(409, "slug_taken");
    for wrong in ["preview-x", "Acme", "a--b", "-a", "a b", "ä", &"x".repeat(61)] {
        edit(json!({ "slug": wrong })).await.assert_error(422, "slug_invalid");
        add(&server, &admin, &json!({ "name": "x", "slug": wrong })).await.assert_error(422, "slug_invalid");
    }
    for wrong in ["", " ", &"x".repeat(201)] {
        edit(json!({ "name": wrong })).await.assert_error(422, "name_invalid");
        add(&server, &admin, &json!({ "name": wrong })).await.assert_error(422, "name_invalid");
    }
    add(&server, &admin, &json!({})).await.assert_error(400, "invalid_request");
    add(&server, &admin, &json!({ "name": "x", "active": "no" })).await.assert_error(400, "invalid_request");
}

#[tokio::test]
async fn clients_are_listed_by_name_and_searched() {
    let server = Server::start().await;
    let (admin, _) = server.sign_in_with_new_password().await;
    for name in ["Zoë", "alpha 50%", "Beta_1", "ÉCOLE"] {
        add_named(&server, &admin, name).await;
    }
    let names = async |query: &str| {
        let list = server.send(get(&format!("/api/clients{query}")).cookie(&admin)).await.data();
        let items = list["items"].as_array().expect("is a list").clone();
        items.iter().map(|item| item["name"].as_str().expect("is text").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("").await, ["alpha 50%", "Beta_1", "Zoë", "ÉCOLE"]);
    assert_eq!(names("?limit=3&page=2").await, ["ÉCOLE"]);
    assert_eq!(names("?q=%25").await, ["alpha 50%"]);
    assert_eq!(names("?q=_").await, ["Beta_1"]);
    assert_eq!(names("?q=%C3%A9c").await, ["ÉCOLE"]);
    assert_eq!(names("?q=zoe").await, ["Zoë"], "by its slug");
    server.send(get("/api/clients?limit=101").cookie(&admin)).await.assert_error(400, "invalid_request");
    server.send(get("/api/clients")).await.assert_error(401, "unauthenticated");
}
