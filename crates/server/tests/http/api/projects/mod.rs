//! `/api/projects*`.

mod audit;
mod edit;
mod list;
mod many;
mod members;
mod updates;

use axum::http::Method;
use serde_json::{Value, json};

use crate::support::{Answer, RequestBuilder, Server, get, post, request};

/// Creates a project.
async fn add(server: &Server, cookie: &str, body: &Value) -> Value {
    server.send(post("/api/projects").cookie(cookie).json(body)).await.data()
}

async fn add_named(server: &Server, cookie: &str, name: &str) -> String {
    id(&add(server, cookie, &json!({ "name": name })).await)
}

/// Creates a client and returns its id.
async fn add_client(server: &Server, cookie: &str, name: &str) -> String {
    id(&server.send(post("/api/clients").cookie(cookie).json(&json!({ "name": name }))).await.data())
}

fn id(thing: &Value) -> String {
    thing["id"].as_str().expect("is text").to_owned()
}

/// The names on a page of the list.
async fn names(server: &Server, cookie: &str, query: &str) -> Vec<String> {
    let list = server.send(get(&format!("/api/projects{query}")).cookie(cookie)).await.data();
    let items = list["items"].as_array().expect("is a list");
    items.iter().map(|item| item["name"].as_str().expect("is text").to_owned()).collect()
}

fn send(method: Method, path: &str) -> RequestBuilder {
    request(method, path).header("sec-fetch-site", "same-origin")
}

/// Every write below both paths, and whether it reads a body.
fn writes(project: &str, client: &str) -> Vec<(Method, String, bool)> {
    let unknown = "0198c2a5-7b1e-7c3f-9a44-0123456789ab";
    vec![
        (Method::POST, "/api/projects".to_owned(), true),
        (Method::PATCH, format!("/api/projects/{project}"), true),
        (Method::POST, format!("/api/projects/{project}/updates"), true),
        (Method::PATCH, format!("/api/projects/{project}/updates/{unknown}"), true),
        (Method::DELETE, format!("/api/projects/{project}/updates/{unknown}"), false),
        (Method::POST, format!("/api/projects/{project}/members"), true),
        (Method::DELETE, format!("/api/projects/{project}/members/{unknown}"), false),
        (Method::POST, "/api/clients".to_owned(), true),
        (Method::PATCH, format!("/api/clients/{client}"), true),
        (Method::POST, format!("/api/clients/{client}/links"), true),
        (Method::DELETE, format!("/api/clients/{client}/links/{unknown}"), false),
    ]
}

#[tokio::test]
async fn writes_are_for_operators_and_need_a_page_of_this_origin() {
    let server = Server::start().await;
    let (admin, _) = server.sign_in_with_new_password().await;
    let ada = server.sign_in_member("ada").await;
    let project = add_named(&server, &admin, "Quay").await;
    let client = add_client(&server, &admin, "Acme").await;
    let added = json!({ "username": "ada" });
    server.send(post(&format!("/api/projects/{project}/members")).cookie(&admin).json(&added)).await.data();
    for (method, path, reads_body) in writes(&project, &client) {
        let body = json!({ "name": "x", "body": "x", "username": "ada" });
        let write = || send(method.clone(), &path);
        // Membership makes no difference.
        server.send(write().cookie(&ada).json(&body)).await.assert_error(403, "forbidden");
        server.send(write().json(&body)).await.assert_error(401, "unauthenticated");
        let foreign = request(method.clone(), &path).cookie(&admin).json(&body);
        server.send(foreign).await.assert_error(403, "csrf_rejected");
        for (kind, text, status, code) in [
            ("text/plain", "{}", 415, "unsupported_media_type"),
            ("application/json", "[]", 400, "invalid_request"),
            ("application/json", "{", 400, "invalid_request"),
        ] {
            let sent = write().cookie(&admin).header("content-type", kind).body(text);
            server.send(sent).await.assert_error(status, code);
        }
        let empty = server.send(write().cookie(&admin)).await;
        if reads_body {
            empty.assert_error(400, "invalid_request");
        } else {
            empty.assert_error(404, "not_found");
        }
    }
    let reads = |answer: Answer| answer.assert_error(403, "forbidden");
    reads(server.send(get("/api/clients").cookie(&ada)).await);
    reads(server.send(get(&format!("/api/clients/{client}")).cookie(&ada)).await);
    reads(server.send(get(&format!("/api/clients/{client}/links")).cookie(&ada)).await);
    reads(server.send(get(&format!("/api/projects/{project}/members")).cookie(&ada)).await);
}

#[tokio::test]
async fn the_initial_password_grants_no_access_to_projects() {
    let server = Server::start().await;
    let cookie = server.sign_in().await;
    server.send(get("/api/projects").cookie(&cookie)).await.assert_error(403, "password_change_required");
    server.send(get("/api/clients").cookie(&cookie)).await.assert_error(403, "password_change_required");
}
