//! `/api/clients/{id}/links[/{id}]`.

use doorstep_contract::paths::PORTAL_ENTER;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::add_named;
use crate::support::{ORIGIN, Server, delete, get, patch, post};

#[tokio::test]
async fn a_magic_link_is_shown_once_and_stored_as_a_hash() {
    let server = Server::start().await;
    let (admin, _) = server.sign_in_with_new_password().await;
    let links = format!("/api/clients/{}/links", add_named(&server, &admin, "Acme").await);
    let made = server.send(post(&links).cookie(&admin).json(&json!({ "label": " Ines \n" }))).await.data();
    let secret = made["url"].as_str().and_then(|url| url.strip_prefix(&format!("{ORIGIN}{PORTAL_ENTER}/")));
    let secret = secret.expect("is an address of the portal").to_owned();
    assert_eq!(secret.len(), 43);
    assert_eq!(
        made["link"],
        json!({
            "id": made["link"]["id"], "label": "Ines", "project_id": null, "created_by": "admin",
            "created_at": "2026-01-01T12:00:00Z", "last_used_at": null, "revoked_at": null,
        })
    );
    let listed = server.send(get(&links).cookie(&admin)).await;
    assert!(!listed.text.contains(&secret));
    assert_eq!(listed.data()["items"], json!([made["link"]]));
    assert!(!server.stores(&secret).await);
}

#[tokio::test]
async fn a_link_is_revoked_once_and_stays_in_the_list() {
    let server = Server::start().await;
    let (admin, _) = server.sign_in_with_new_password().await;
    let (one, other) = (add_named(&server, &admin, "One").await, add_named(&server, &admin, "Other").await);
    let links = format!("/api/clients/{one}/links");
    let mut made = Vec::new();
    for label in ["first", "second"] {
        let link = server.send(post(&links).cookie(&admin).json(&json!({ "label": label }))).await.data();
        made.push(link["link"]["id"].as_str().expect("is text").to_owned());
        server.wait(SignedDuration::from_secs(1));
    }
    let foreign = format!("/api/clients/{other}/links/{}", made[0]);
    server.send(delete(&foreign).cookie(&admin)).await.assert_error(404, "not_found");
    let first = format!("{links}/{}", made[0]);
    assert_eq!(server.send(delete(&first).cookie(&admin)).await.data(), json!({}));
    server.send(delete(&first).cookie(&admin)).await.assert_error(404, "not_found");
    for garbage in ["x", "%ff", "%00"] {
        server.send(delete(&format!("{links}/{garbage}")).cookie(&admin)).await.assert_error(404, "not_found");
    }
    let list = server.send(get(&links).cookie(&admin)).await.data();
    let told: Vec<_> = list["items"]
        .as_array()
        .expect("is a list")
        .iter()
        .map(|link| (link["label"].clone(), link["revoked_at"].clone()))
        .collect();
    assert_eq!(told, [(json!("second"), Value::Null), (json!("first"), json!("2026-01-01T12:00:02Z"))]);
    assert_eq!(
        server.send(get(&format!("{links}?limit=1&page=2")).cookie(&admin)).await.data()["items"][0]["label"],
        "first"
    );
    assert_eq!(server.send(get(&format!("/api/clients/{one}")).cookie(&admin)).await.data()["links"], 1);
    server.send(get("/api/clients/x/links").cookie(&admin)).await.assert_error(404, "not_found");
}

#[tokio::test]
async fn an_inactive_client_gets_no_link() {
    let server = Server::start().await;
    let (admin, _) = server.sign_in_with_new_password().await;
    let client = format!("/api/clients/{}", add_named(&server, &admin, "Acme").await);
    let make = |body: Value| server.send(post(&format!("{client}/links")).cookie(&admin).json(&body));
    let set = async |active: bool| {
        server.send(patch(&client).cookie(&admin).json(&json!({ "active": active }))).await.data();
    };
    set(false).await;
    make(json!({})).await.assert_error(409, "client_inactive");
    set(true).await;
    make(json!({})).await.data();
    make(json!({ "label": "x".repeat(201) })).await.assert_error(422, "text_invalid");
    make(json!({ "label": 7 })).await.assert_error(400, "invalid_request");
    let unknown = post("/api/clients/x/links").cookie(&admin).json(&json!({}));
    server.send(unknown).await.assert_error(404, "not_found");
}

#[tokio::test]
async fn a_temporary_session_can_create_no_link_before_a_password_is_set() {
    let server = Server::start().await;
    let (admin, password) = server.sign_in_with_new_password().await;
    let client = add_named(&server, &admin, "Acme").await;
    let links = format!("/api/clients/{client}/links");
    let token = server.service.sign_in().make_login_token(None).await.expect("is created").token.reveal();
    let body = json!({ "login_type": "temporary_token", "temporary_token": token });
    let temporary = server.send(post("/api/auth/login").json(&body)).await.cookie();
    let make = |cookie: &str| server.send(post(&links).cookie(cookie).json(&json!({})));
    make(&temporary).await.assert_error(403, "temporary_session");
    make(&admin).await.data();
    let body =
        json!({ "username": "admin", "password": format!("{password}!"), "confirm_password": format!("{password}!") });
    server.wait(SignedDuration::from_secs(1));
    let answer = server.send(post("/api/auth/setup-authenticated").cookie(&temporary).json(&body)).await;
    answer.data();
    make(&answer.cookie()).await.data();
}
