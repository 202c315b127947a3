//! GET `/api/projects`: searching, paging, visibility.

use jiff::SignedDuration;
use serde_json::json;

use super::{add, add_client, add_named, names};
use crate::support::{Server, get, patch, post};

#[tokio::test]
async fn the_list_has_the_last_change_first_in_pages() {
    let server = Server::start().await;
    let (admin, _) = server.sign_in_with_new_password().await;
    for name in ["one", "two", "three", "four", "five"] {
        add_named(&server, &admin, name).await;
        server.wait(SignedDuration::from_secs(1));
    }
    let list = server.send(get("/api/projects").cookie(&admin)).await.data();
    assert_eq!((&list["total"], &list["page"], &list["limit"]), (&json!(5), &json!(1), &json!(25)));
    assert_eq!(names(&server, &admin, "?limit=2").await, ["five", "four"]);
    assert_eq!(names(&server, &admin, "?limit=2&page=3").await, ["one"]);
    assert!(names(&server, &admin, "?page=4294967295&limit=100").await.is_empty());
    for query in ["page=0", "page=x", "page=-1", "limit=0", "limit=101", "limit=1.5", "status=x", "page=1&page=2"] {
        server.send(get(&format!("/api/projects?{query}")).cookie(&admin)).await.assert_error(400, "invalid_request");
    }
    server.send(get("/api/projects")).await.assert_error(401, "unauthenticated");
}

#[tokio::test]
async fn archived_projects_are_listed_on_request() {
    let server = Server::start().await;
    let (admin, _) = server.sign_in_with_new_password().await;
    for status in ["planned", "active", "archived"] {
        add(&server, &admin, &json!({ "name": status, "status": status })).await;
        server.wait(SignedDuration::from_secs(1));
    }
    assert_eq!(names(&server, &admin, "").await, ["active", "planned"]);
    assert_eq!(names(&server, &admin, "?status=").await, ["active", "planned"]);
    assert_eq!(names(&server, &admin, "?status=all").await, ["archived", "active", "planned"]);
    assert_eq!(names(&server, &admin, "?status=archived").await, ["archived"]);
    assert_eq!(names(&server, &admin, "?status=done").await, [""; 0]);
}

#[tokio::test]
async fn a_search_covers_both_names_and_takes_wildcards_literally() {
    let server = Server::start().await;
    let (admin, _) = server.sign_in_with_new_password().await;
    let client = add_client(&server, &admin, "ÉCOLE Müller").await;
    add(&server, &admin, &json!({ "name": "Timetable", "client_id": client })).await;
    for name in ["100% cotton", "1000 cotton", "snake_case", "snakeXcase", "Straße 7", "ΟΔΟΣ", "back\\slash", "李明"]
    {
        add_named(&server, &admin, name).await;
    }
    for (query, wanted) in [
        ("100%25", "100% cotton"),
        ("snake_", "snake_case"),
        ("%C3%A9cole", "Timetable"),
        ("M%C3%9CLLER", "Timetable"),
        ("TIMEtable", "Timetable"),
        ("STRASSE", "Straße 7"),
        ("%CE%BF%CE%B4%CE%BF%CF%83", "ΟΔΟΣ"),
        ("%5C", "back\\slash"),
        ("%E6%98%8E", "李明"),
        ("+Stra%C3%9Fe+", "Straße 7"),
    ] {
        assert_eq!(names(&server, &admin, &format!("?q={query}")).await, [wanted], "{query}");
    }
    let long = "x".repeat(60_000);
    for query in ["%25%25", "_%25", "'", "%00", "%ff", "nothing", &long] {
        assert!(names(&server, &admin, &format!("?q={query}")).await.is_empty(), "{query}");
    }
    assert_eq!(names(&server, &admin, "?q=cotton").await.len(), 2);
    assert_eq!(names(&server, &admin, "?q=").await.len(), 9);
}

#[tokio::test]
async fn operators_list_the_projects_of_a_client() {
    let server = Server::start().await;
    let (admin, _) = server.sign_in_with_new_password().await;
    let ada = server.sign_in_member("ada").await;
    let [school, harbour] = [add_client(&server, &admin, "School").await, add_client(&server, &admin, "Harbour").await];
    add(&server, &admin, &json!({ "name": "Timetable", "client_id": school })).await;
    add(&server, &admin, &json!({ "name": "Old", "client_id": school, "status": "archived" })).await;
    add(&server, &admin, &json!({ "name": "Map", "client_id": harbour })).await;
    add_named(&server, &admin, "Own").await;

    assert_eq!(names(&server, &admin, &format!("?client={school}")).await, ["Timetable"]);
    assert_eq!(names(&server, &admin, &format!("?client={school}&status=all&q=old")).await, ["Old"]);
    let list = server.send(get(&format!("/api/projects?client={harbour}")).cookie(&admin)).await.data();
    assert_eq!(list["total"], 1);
    assert_eq!(names(&server, &admin, "?client=0198c2a5-7b1e-7c3f-9a44-0123456789ab").await, [""; 0]);
    let path = format!("/api/projects?client={school}");
    server.send(get(&path).cookie(&ada)).await.assert_error(403, "forbidden");
    for id in ["%00", "x", "0198C2A5-7B1E-7C3F-9A44-0123456789AB", "%ff"] {
        let path = format!("/api/projects?client={id}");
        server.send(get(&path).cookie(&admin)).await.assert_error(400, "invalid_request");
    }
}

#[tokio::test]
async fn a_member_sees_only_their_own_projects() {
    let server = Server::start().await;
    let (admin, _) = server.sign_in_with_new_password().await;
    let ada = server.sign_in_member("ada").await;
    let own = add_named(&server, &admin, "Own").await;
    let foreign = add_named(&server, &admin, "Foreign").await;
    let path = format!("/api/projects/{own}/members");
    server.send(post(&path).cookie(&admin).json(&json!({ "username": "ada@example.org" }))).await.data();

    assert_eq!(names(&server, &ada, "").await, ["Own"]);
    assert_eq!(names(&server, &ada, "?q=foreign&status=all").await, [""; 0]);
    let list = server.send(get("/api/projects").cookie(&ada)).await.data();
    assert_eq!(list["total"], 1);
    assert_eq!(server.send(get(&format!("/api/projects/{own}")).cookie(&ada)).await.data()["name"], "Own");
    let answer = async |path: &str| {
        let answer = server.send(get(path).cookie(&ada)).await;
        answer.assert_error(404, "not_found");
        answer.text
    };
    let unknown = answer("/api/projects/0198c2a5-7b1e-7c3f-9a44-0123456789ab").await;
    assert_eq!(
        answer(&format!("/api/projects/{foreign}")).await,
        unknown,
        "another's project is distinguishable from a missing one"
    );
    answer(&format!("/api/projects/{foreign}/updates")).await;
    for garbage in ["%ff", "%00", "x", "..%2f", "%20"] {
        answer(&format!("/api/projects/{garbage}")).await;
    }

    let me = server.send(get("/api/auth/me").cookie(&ada)).await.data();
    assert_eq!(me["memberships"], json!([{ "project_id": own, "project_name": "Own" }]));
    let archived = json!({ "status": "archived" });
    server.send(patch(&format!("/api/projects/{own}")).cookie(&admin).json(&archived)).await.data();
    let me = server.send(get("/api/auth/me").cookie(&ada)).await.data();
    assert_eq!(me["memberships"], json!([]));
}
