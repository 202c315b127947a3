//! GET `/api/auth/sessions`, DELETE `/api/auth/sessions/{id}` and `/api/auth/sessions/others`.

use axum::http::{Method, StatusCode};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{RequestBuilder, Server, credentials, get, post, request};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

fn delete(path: &str, cookie: &str) -> RequestBuilder {
    request(Method::DELETE, &format!("/api/auth/sessions/{path}"))
        .header("sec-fetch-site", "same-origin")
        .cookie(cookie)
}

async fn sign_in_again(server: &Server, name: &str, password: &str) -> String {
    let login = post("/api/auth/login").from("192.0.2.7").header("user-agent", FIREFOX);
    server.send(login.json(&credentials(name, password))).await.cookie()
}

async fn list(server: &Server, cookie: &str) -> Vec<Value> {
    let data = server.send(get("/api/auth/sessions").cookie(cookie)).await.data();
    let items = data["items"].as_array().expect("is a list").clone();
    assert_eq!((&data["total"], &data["page"]), (&items.len().into(), &1.into()), "{data}");
    items
}

async fn is_signed_in(server: &Server, cookie: &str) -> bool {
    server.send(get("/api/auth/me").cookie(cookie)).await.status == StatusCode::OK
}

#[tokio::test]
async fn the_list_has_all_live_sessions_with_the_current_one_marked() {
    let server = Server::start().await;
    let (here, password) = server.sign_in_with_new_password().await;
    server.wait(SignedDuration::from_mins(5));
    let elsewhere = sign_in_again(&server, "admin", &password).await;
    server.add_member("ada").await;
    sign_in_again(&server, "ada", crate::support::PASSWORD).await;

    let items = list(&server, &here).await;
    // The request itself is a use.
    let [first, second] = items.as_slice() else { panic!("{items:?}") };
    let (current, other) = if first["current"] == true { (first, second) } else { (second, first) };
    assert_eq!((&current["current"], &other["current"]), (&true.into(), &false.into()));
    assert_eq!(current["created_at"], "2026-01-01T12:00:00Z");
    assert_eq!(current["last_seen_at"], "2026-01-01T12:05:00Z");
    assert_eq!(current["expires_at"], "2026-01-08T12:05:00Z");
    assert_eq!(other["created_at"], "2026-01-01T12:05:00Z");
    assert_eq!((&other["began_with"], &other["temporary"]), (&"password".into(), &false.into()));
    assert_eq!(other["agent"], json!({ "browser": "Firefox", "system": "Linux", "ip": "192.0.2.7" }));

    server.wait(SignedDuration::from_mins(5));
    let items = list(&server, &elsewhere).await;
    assert_eq!((&items[0]["current"], &items[1]["current"]), (&true.into(), &false.into()), "newest use first");

    server.wait(SignedDuration::from_hours(7 * 24 - 1));
    list(&server, &here).await;
    server.wait(SignedDuration::from_hours(2));
    assert_eq!(list(&server, &here).await.len(), 1, "an expired session is none");
}

#[tokio::test]
async fn sessions_of_programs_are_distinguished_from_those_of_browsers() {
    let server = Server::start().await;
    server.add_member("ada").await;
    server.tokens("ada").await;
    let here = sign_in_again(&server, "ada", crate::support::PASSWORD).await;
    let mut programs: Vec<(bool, bool)> = Vec::new();
    for item in list(&server, &here).await {
        programs.push((item["current"] == true, item["program"] == true));
    }
    programs.sort_unstable();
    assert_eq!(programs, [(false, true), (true, false)]);
}

#[tokio::test]
async fn ending_a_session_takes_effect_at_its_next_request() {
    let server = Server::start().await;
    let (here, password) = server.sign_in_with_new_password().await;
    let elsewhere = sign_in_again(&server, "admin", &password).await;
    let items = list(&server, &here).await;
    let other =
        items.iter().find(|item| item["current"] == false).and_then(|item| item["id"].as_str()).expect("is valid");

    let answer = server.send(delete(other, &here)).await;
    assert_eq!(answer.data(), json!({}));
    assert_eq!(answer.cookie(), "", "the session of the request continues");
    assert!(!is_signed_in(&server, &elsewhere).await && is_signed_in(&server, &here).await);
    server.send(delete(other, &here)).await.assert_error(404, "not_found");
}

#[tokio::test]
async fn ending_the_session_of_the_request_signs_out() {
    let server = Server::start().await;
    let (here, _) = server.sign_in_with_new_password().await;
    let id = list(&server, &here).await[0]["id"].as_str().expect("is text").to_owned();
    let answer = server.send(delete(&id, &here)).await;
    assert_eq!(answer.data(), json!({}));
    assert!(answer.set_cookie().contains("doorstep_session=; ") && answer.set_cookie().contains("Max-Age=0"));
    assert!(!is_signed_in(&server, &here).await);
}

#[tokio::test]
async fn sessions_of_others_and_unknown_ids_are_not_found() {
    let server = Server::start().await;
    let (admin, _) = server.sign_in_with_new_password().await;
    server.add_member("ada").await;
    let ada = sign_in_again(&server, "ada", crate::support::PASSWORD).await;
    let of_ada = list(&server, &ada).await[0]["id"].as_str().expect("is text").to_owned();
    for id in [of_ada.as_str(), "x", "01932f5e-7c1a-7000-8000-0123456789ab", "%00", "%ff", "%27%20OR%201=1"] {
        server.send(delete(id, &admin)).await.assert_error(404, "not_found");
    }
    assert!(is_signed_in(&server, &ada).await);
}

#[tokio::test]
async fn all_other_sessions_end_together_and_are_counted() {
    let server = Server::start().await;
    let (here, password) = server.sign_in_with_new_password().await;
    server.add_member("ada").await;
    let ada = sign_in_again(&server, "ada", crate::support::PASSWORD).await;
    let others = [sign_in_again(&server, "admin", &password).await, sign_in_again(&server, "admin", &password).await];
    let answer = server.send(delete("others", &here)).await;
    assert_eq!(answer.data(), json!({ "ended": 2 }));
    for other in &others {
        assert!(!is_signed_in(&server, other).await);
    }
    assert!(is_signed_in(&server, &here).await && is_signed_in(&server, &ada).await);
    assert_eq!(server.send(delete("others", &here)).await.data(), json!({ "ended": 0 }));
}

#[tokio::test]
async fn ending_sessions_needs_a_session_and_a_page_of_this_origin() {
    let server = Server::start().await;
    let (here, _) = server.sign_in_with_new_password().await;
    let id = list(&server, &here).await[0]["id"].as_str().expect("is text").to_owned();
    for path in ["others", &id] {
        server.send(delete(path, "")).await.assert_error(401, "unauthenticated");
        let path = format!("/api/auth/sessions/{path}");
        for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example"), ("x-none", "")] {
            let foreign = request(Method::DELETE, &path).cookie(&here).header(name, value);
            server.send(foreign).await.assert_error(403, "csrf_rejected");
        }
    }
    server.send(get("/api/auth/sessions")).await.assert_error(401, "unauthenticated");
    assert!(is_signed_in(&server, &here).await);
    let initial = Server::start().await;
    let cookie = initial.sign_in().await;
    initial.send(get("/api/auth/sessions").cookie(&cookie)).await.assert_error(403, "password_change_required");
}
