//! GET, DELETE `/api/auth/trusted-devices`.

use axum::http::{Method, StatusCode};
use jiff::SignedDuration;
use serde_json::json;

use crate::support::{PASSWORD, Server, credentials, delete, get, post, request};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

#[tokio::test]
async fn the_list_has_browser_and_address_and_marks_this_one() {
    let server = Server::start().await;
    let app = server.add_with_totp("ada").await;
    let body = |code: &str| json!({ "username": "ada", "password": PASSWORD, "code": code, "trust_device_flag": true });
    let login = |code: &str| post("/api/auth/login").header("user-agent", FIREFOX).json(&body(code));
    let first = server.send(login(&app.code(&server)).from("192.0.2.1")).await.cookie();
    server.wait(SignedDuration::from_mins(1));
    let second = server.send(login(&app.code(&server)).from("192.0.2.2")).await.cookie();

    let list = server.send(get("/api/auth/trusted-devices").cookie(&second)).await.data();
    assert_eq!((&list["total"], &list["page"]), (&json!(2), &json!(1)));
    let item = &list["items"][0];
    assert_eq!(item["current"], true, "the last used is first: {list}");
    assert_eq!(item["agent"], json!({ "browser": "Firefox", "system": "Linux", "ip": "192.0.2.2" }));
    assert_eq!(
        (&item["created_at"], &item["expires_at"]),
        (&json!("2026-01-01T12:01:30Z"), &json!("2026-01-31T12:01:30Z"))
    );
    assert_eq!(list["items"][1]["current"], false);

    let path = format!("/api/auth/trusted-devices/{}", item["id"].as_str().expect("is text"));
    assert_eq!(server.send(delete(&path).cookie(&first)).await.data(), json!({}));
    server.send(delete(&path).cookie(&first)).await.assert_error(404, "not_found");
    let login = post("/api/auth/login").cookie(&second).json(&credentials("ada", PASSWORD));
    server.send(login).await.assert_error(401, "totp_required");
}

#[tokio::test]
async fn only_ones_own_are_listed_and_removed_with_a_recent_proof() {
    let server = Server::start().await;
    let app = server.add_with_totp("ada").await;
    let body = json!({ "username": "ada", "password": PASSWORD, "code": app.code(&server), "trust_device_flag": true });
    let ada = server.send(post("/api/auth/login").json(&body)).await.cookie();
    let list = server.send(get("/api/auth/trusted-devices").cookie(&ada)).await.data();
    let path = format!("/api/auth/trusted-devices/{}", list["items"][0]["id"].as_str().expect("is text"));

    let (admin, _) = server.sign_in_with_new_password().await;
    assert_eq!(server.send(get("/api/auth/trusted-devices").cookie(&admin)).await.data()["total"], 0);
    server.send(delete(&path).cookie(&admin)).await.assert_error(404, "not_found");
    server.send(get("/api/auth/trusted-devices")).await.assert_error(401, "unauthenticated");
    server.send(delete(&path)).await.assert_error(401, "unauthenticated");
    let unmarked = request(Method::DELETE, &path).cookie(&ada);
    server.send(unmarked).await.assert_error(403, "csrf_rejected");
    for garbage in ["%ff", "%00", "x", "..%2f"] {
        let path = format!("/api/auth/trusted-devices/{garbage}");
        server.send(delete(&path).cookie(&ada)).await.assert_error(404, "not_found");
    }
    server.send(get(&path).cookie(&ada)).await.assert_error(405, "method_not_allowed");
    server.wait(SignedDuration::from_mins(11));
    server.send(delete(&path).cookie(&ada)).await.assert_error(403, "reauth_required");
    let list = server.send(get("/api/auth/trusted-devices").cookie(&ada)).await;
    assert_eq!((list.status, &list.data()["total"]), (StatusCode::OK, &json!(1)));
}
