//! `/portal/api/*`.

use axum::http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{Office, me};
use crate::support::{RequestBuilder, get, post, request};

const PROJECTS: &str = "/portal/api/projects";

fn leave() -> RequestBuilder {
    post("/portal/api/leave")
}

fn names(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().expect("is a list");
    items.iter().map(|item| item["name"].as_str().expect("is text")).collect()
}

#[tokio::test]
async fn a_client_sees_its_projects_and_no_others() {
    let office = Office::open().await;
    let other = office.make("/api/clients", &json!({ "name": "Other" })).await;
    let foreign = office.make_project("Foreign", Some(&other)).await;
    office.server.wait(SignedDuration::from_secs(1));
    let second = office.make_project("Cranes", Some(&office.client)).await;
    for body in ["The first", &"y".repeat(300)] {
        office.server.wait(SignedDuration::from_secs(1));
        office.make(&format!("/api/projects/{second}/updates"), &json!({ "body": body })).await;
    }
    let put_away = office.make_project("Old", Some(&office.client)).await;
    office.change(&format!("/api/projects/{put_away}"), &json!({ "status": "archived" })).await;
    let nobodys = office.make_project("Nobody's", None).await;
    let cookie = office.enter().await;

    let answer = office.server.send(get(PROJECTS).cookie(&cookie)).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.headers["cache-control"]),
        (200, &"no-store".parse().expect("is valid"))
    );
    let first = json!({
        "id": second, "name": "Cranes", "status": "active", "summary": "Where ships lie",
        "latest": "y".repeat(280), "updated_at": "2026-01-01T12:00:03Z",
    });
    let list = answer.json();
    assert_eq!((&list["total"], &list["page"], &list["limit"]), (&json!(2), &json!(1), &json!(25)));
    assert_eq!((&list["items"][0], names(&list)), (&first, vec!["Cranes", "Moorings"]));
    for unseen in [&foreign, &put_away, &nobodys, &office.client, "x", "%ff"] {
        let answer = office.server.send(get(&format!("{PROJECTS}/{unseen}")).cookie(&cookie)).await;
        answer.assert_portal_error(404, "not_found");
    }
    // A project of another client is not visible any more.
    office.change(&format!("/api/projects/{second}"), &json!({ "client_id": other })).await;
    let answer = office.server.send(get(&format!("{PROJECTS}/{second}")).cookie(&cookie)).await;
    answer.assert_portal_error(404, "not_found");
}

#[tokio::test]
async fn a_client_sees_updates_newest_first_without_authors() {
    let office = Office::open().await;
    let updates = format!("/api/projects/{}/updates", office.project);
    for text in ["First", "Second"] {
        office.server.wait(SignedDuration::from_mins(1));
        office.make(&updates, &json!({ "body": text })).await;
    }
    let cookie = office.enter().await;
    let project = office.server.send(get(&format!("{PROJECTS}/{}", office.project)).cookie(&cookie)).await.json();
    let updates = project["updates"].as_array().expect("is a list");
    assert_eq!((&updates[0]["body"], &updates[1]["body"]), (&json!("Second"), &json!("First")));
    assert_eq!(updates[0]["created_at"], "2026-01-01T12:02:00Z");
    let keys = |value: &Value| value.as_object().expect("is valid").keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&updates[0]), ["body", "created_at", "edited_at", "id"]);
    assert_eq!(keys(&project), ["id", "name", "status", "summary", "updated_at", "updates"]);
}

#[tokio::test]
async fn the_list_has_pages() {
    let office = Office::open().await;
    for number in 1..=4 {
        office.server.wait(SignedDuration::from_secs(1));
        office.make_project(&format!("No. {number}"), Some(&office.client)).await;
    }
    let cookie = office.enter().await;
    let page = async |query: &str| office.server.send(get(&format!("{PROJECTS}?{query}")).cookie(&cookie)).await;
    let second = page("page=2&limit=2").await.json();
    assert_eq!((names(&second), &second["total"]), (vec!["No. 2", "No. 1"], &json!(5)));
    assert_eq!(names(&page("page=9&limit=100").await.json()), Vec::<&str>::new());
    for query in ["page=0", "page=x", "page=-1", "limit=0", "limit=101", "limit=99999999999", "page=1&page=2"] {
        page(query).await.assert_portal_error(400, "invalid_request");
    }
}

#[tokio::test]
async fn leaving_clears_the_cookie_without_a_redirect() {
    let office = Office::open().await;
    let cookie = office.enter().await;
    office.server.wait(SignedDuration::from_secs(1));
    let answer = office.server.send(leave().cookie(&cookie)).await;
    assert_eq!((answer.status.as_u16(), answer.json()), (200, json!({ "redirect": null })));
    let set: Vec<&str> = answer.set_cookies().collect();
    assert_eq!(
        set,
        ["", "_8080"].map(|port| format!("portal_session{port}=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0"))
    );
    let left = &office.events().await[0];
    assert_eq!((left.event.as_str(), left.actor.name.as_str()), ("portal_left", "Harbour office"));
}

#[tokio::test]
async fn the_api_needs_a_session() {
    let office = Office::open().await;
    let project = format!("{PROJECTS}/{}", office.project);
    // An operator's session is not a portal session.
    for cookie in ["", &office.operator] {
        for sent in [get("/portal/api/me"), get(PROJECTS), get(&project), leave()] {
            office.server.send(sent.cookie(cookie)).await.assert_portal_error(401, "portal_access_required");
        }
    }
    assert!(office.events().await.iter().all(|entry| entry.event.as_str() != "portal_left"));
}

#[tokio::test]
async fn leaving_needs_a_page_of_this_origin() {
    let office = Office::open().await;
    let cookie = office.enter().await;
    for headers in [
        &[][..],
        &[("origin", "null")],
        &[("origin", "https://evil.example")],
        &[("origin", "http://sub.127.0.0.1:8080")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "none")],
    ] {
        let mut sent = request(Method::POST, "/portal/api/leave").cookie(&cookie);
        for (name, value) in headers {
            sent = sent.header(name, value);
        }
        office.server.send(sent).await.assert_portal_error(403, "csrf_rejected");
    }
    assert_eq!(office.server.send(leave().cookie(&cookie).json(&json!({ "why": [1] }))).await.status, 200);
}

#[tokio::test]
async fn bodies_must_be_json_objects() {
    let office = Office::open().await;
    let cookie = office.enter().await;
    let json = |body: &str| leave().cookie(&cookie).header("content-type", "application/json").body(body.to_owned());
    for body in ["{", "[]", "null", "\"x\"", "{}{}"] {
        office.server.send(json(body)).await.assert_portal_error(400, "invalid_request");
    }
    let large = format!("{{\"x\":\"{}\"}}", "a".repeat(70_000));
    office.server.send(json(&large)).await.assert_portal_error(413, "payload_too_large");
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
        let sent = leave().cookie(&cookie).header("content-type", kind).body("a=b");
        office.server.send(sent).await.assert_portal_error(415, "unsupported_media_type");
    }
    assert_eq!(office.server.send(me(&cookie)).await.status, 200);
}

#[tokio::test]
async fn unknown_paths_and_methods_get_the_format_of_the_surface() {
    let office = Office::open().await;
    let cookie = office.enter().await;
    for path in ["/portal/api", "/portal/api/", "/portal/api/nothing", "/portal/api/me/", "/portal/api/../me"] {
        office.server.send(get(path).cookie(&cookie)).await.assert_portal_error(404, "not_found");
        office.server.send(post(path)).await.assert_portal_error(404, "not_found");
    }
    for path in ["/portal/api/me", PROJECTS, "/portal/api/projects/x"] {
        office.server.send(post(path).cookie(&cookie)).await.assert_portal_error(405, "method_not_allowed");
    }
    office.server.send(get("/portal/api/leave")).await.assert_portal_error(405, "method_not_allowed");
}

#[tokio::test]
async fn a_database_failure_gets_the_format_of_the_surface() {
    let office = Office::open().await;
    let cookie = office.enter().await;
    office.server.store.close().await;
    let answer = office.server.send(me(&cookie)).await;
    answer.assert_portal_error(503, "service_unavailable");
    assert_eq!(answer.headers["retry-after"], "2");
    let page = office.server.send(get("/portal").cookie(&cookie)).await;
    assert_eq!(page.status, 503);
    assert!(!page.text.contains("/assets/") && !page.text.contains("href"), "{}", page.text);
}
