//! `/api/projects/{id}/members[/{account_id}]`, and what devices see of projects.

use axum::http::Method;
use serde_json::{Value, json};

use super::{add_named, id};
use crate::support::{Server, delete, get, patch, post, request};

#[tokio::test]
async fn members_are_added_once_and_removed() {
    let server = Server::start().await;
    let (admin, _) = server.sign_in_with_new_password().await;
    let ada = server.sign_in_member("ada").await;
    let project = add_named(&server, &admin, "Quay").await;
    let members = format!("/api/projects/{project}/members");
    let add = |user: &str| server.send(post(&members).cookie(&admin).json(&json!({ "username": user })));
    let added = add("ADA").await.data();
    assert_eq!((&added["username"], &added["created_at"]), (&json!("ada"), &json!("2026-01-01T12:00:00Z")));
    assert_eq!(add("ada@example.org").await.data(), added, "once is enough");
    add("nobody").await.assert_error(422, "reference_invalid");
    add("").await.assert_error(422, "reference_invalid");
    let list = server.send(get(&members).cookie(&admin)).await.data();
    assert_eq!((&list["total"], &list["items"]), (&json!(1), &json!([added])));
    server.send(get("/api/projects/x/members").cookie(&admin)).await.assert_error(404, "not_found");

    let path = format!("{members}/{}", added["account_id"].as_str().expect("is text"));
    assert_eq!(server.send(delete(&path).cookie(&admin)).await.data(), json!({}));
    server.send(delete(&path).cookie(&admin)).await.assert_error(404, "not_found");
    server.send(get(&format!("/api/projects/{project}")).cookie(&ada)).await.assert_error(404, "not_found");
    assert_eq!(server.send(get("/api/projects").cookie(&ada)).await.data()["total"], 0);
}

/// The workspaces of a user's device.
async fn workspaces(server: &Server, cookie: &str) -> (Value, Value) {
    let asked = post("/v1/oauth/device/code").json(&json!({ "client_id": "difyctl" }));
    let codes = server.send(asked).await.json();
    let approved = post("/v1/oauth/device/approve").cookie(cookie).json(&json!({ "user_code": codes["user_code"] }));
    assert_eq!(server.send(approved).await.json()["status"], "approved");
    let body = json!({ "client_id": "difyctl", "device_code": codes["device_code"] });
    let mut issued = server.send(post("/v1/oauth/device/token").json(&body)).await.json();
    (issued["workspaces"].take(), issued["default_workspace_id"].take())
}

#[tokio::test]
async fn a_device_sees_its_user_s_projects_and_the_one_last_opened() {
    let server = Server::start().await;
    let (admin, _) = server.sign_in_with_new_password().await;
    let ada = server.sign_in_member("ada").await;
    assert_eq!(workspaces(&server, &admin).await, (json!([]), Value::Null));
    let zebra = add_named(&server, &admin, "Zebra").await;
    let apple = add_named(&server, &admin, "apple").await;
    let put_away = json!({ "name": "Put away", "status": "archived" });
    let gone = id(&super::add(&server, &admin, &put_away).await);
    for project in [&zebra, &gone] {
        let members = format!("/api/projects/{project}/members");
        server.send(post(&members).cookie(&admin).json(&json!({ "username": "ada" }))).await.data();
    }
    let all = json!([
        { "id": apple, "name": "apple", "role": "owner" },
        { "id": zebra, "name": "Zebra", "role": "owner" },
    ]);
    assert_eq!(workspaces(&server, &admin).await, (all.clone(), json!(apple)), "the first, while none was opened");
    for (opened, default) in [(&zebra, &zebra), (&gone, &apple)] {
        server.send(get(&format!("/api/projects/{opened}")).cookie(&admin)).await.data();
        assert_eq!(workspaces(&server, &admin).await, (all.clone(), json!(default)));
    }
    let own = json!([{ "id": zebra, "name": "Zebra", "role": "member" }]);
    assert_eq!(workspaces(&server, &ada).await, (own, json!(zebra)));
    let archived = json!({ "status": "archived" });
    server.send(patch(&format!("/api/projects/{zebra}")).cookie(&admin).json(&archived)).await.data();
    assert_eq!(workspaces(&server, &ada).await, (json!([]), Value::Null));
}

#[tokio::test]
async fn a_device_switches_the_default_workspace() {
    let server = Server::start().await;
    let (admin, _) = server.sign_in_with_new_password().await;
    let zebra = add_named(&server, &admin, "Zebra").await;
    let apple = add_named(&server, &admin, "apple").await;
    let asked = post("/v1/oauth/device/code").json(&json!({ "client_id": "difyctl" }));
    let codes = server.send(asked).await.json();
    let approved = post("/v1/oauth/device/approve").cookie(&admin).json(&json!({ "user_code": codes["user_code"] }));
    server.send(approved).await;
    let body = json!({ "client_id": "difyctl", "device_code": codes["device_code"] });
    let issued = server.send(post("/v1/oauth/device/token").json(&body)).await.json();
    let bearer = format!("Bearer {}", issued["access_token"].as_str().expect("is text"));
    let list = async || {
        let list = server.send(get("/openapi/v1/workspaces").header("authorization", &bearer)).await.json();
        let list = list["workspaces"].as_array().expect("is a list").clone();
        list.iter().map(|one| (one["name"].clone(), one["current"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(list().await, [(json!("apple"), json!(true)), (json!("Zebra"), json!(false))]);
    // Programs send no origin. Both forms of the path are in use.
    let switch = |path: String| request(Method::POST, &path).header("authorization", &bearer);
    let switched = server.send(switch(format!("/openapi/v1/workspaces/{zebra}/switch"))).await.json();
    let wanted = json!({ "id": zebra, "name": "Zebra", "role": "owner", "status": "normal", "current": true });
    assert_eq!(switched, wanted);
    assert_eq!(list().await, [(json!("apple"), json!(false)), (json!("Zebra"), json!(true))]);
    let me = server.send(get("/openapi/v1/account").header("authorization", &bearer)).await.json();
    assert_eq!(me["default_workspace_id"], zebra);
    server.send(switch(format!("/openapi/v1/workspaces/{apple}:switch"))).await;
    assert_eq!(list().await, [(json!("apple"), json!(true)), (json!("Zebra"), json!(false))]);
    let one = get(&format!("/openapi/v1/workspaces/{zebra}")).header("authorization", &bearer);
    assert_eq!(server.send(one).await.json()["current"], false);
    for path in ["/openapi/v1/workspaces/x/switch", "/openapi/v1/workspaces/%ff/switch"] {
        assert_eq!(server.send(switch(path.to_owned())).await.status, 404);
    }
    let without = server.send(request(Method::POST, &format!("/openapi/v1/workspaces/{zebra}/switch"))).await;
    assert_eq!((without.status.as_u16(), &without.json()["error"]), (401, &json!("invalid_token")));
}

#[tokio::test]
async fn a_prefetch_does_not_open_a_project() {
    let server = Server::start().await;
    let (admin, _) = server.sign_in_with_new_password().await;
    let zebra = add_named(&server, &admin, "Zebra").await;
    let apple = add_named(&server, &admin, "apple").await;
    let path = format!("/api/projects/{zebra}");
    server.send(request(Method::HEAD, &path).cookie(&admin)).await;
    server.send(get(&path).header("sec-purpose", "prefetch").cookie(&admin)).await.data();
    assert_eq!(workspaces(&server, &admin).await.1, json!(apple));
    server.send(get(&path).cookie(&admin)).await.data();
    assert_eq!(workspaces(&server, &admin).await.1, json!(zebra));
}
