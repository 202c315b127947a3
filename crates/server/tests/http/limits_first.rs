//! Limits are asked before the work that they are for, over all surfaces: what is refused hashes nothing and writes nothing.

use doorstep_server::{domain::quota::Quota, idp::Providers};
use serde_json::json;

use crate::{
    provider::Idp,
    support::{PASSWORD, RequestBuilder, Server, credentials, get, post, statements_of},
};

const ADDRESS: &str = "192.0.2.1";

#[tokio::test]
async fn what_the_limits_refuse_costs_no_hash_and_no_write() {
    let idp = Idp::start().await;
    let settings = doorstep_server::idp::Settings { device_external: true, ..idp.openid() };
    let providers = Providers::new(vec![settings]).expect("there are certificates");
    let server = Server::start_with(|service| {
        service.idp = providers;
        for quota in Quota::ALL {
            service.quotas.set(quota, 1);
        }
    })
    .await;
    // Without the proof of a known browser, which has a limit of its own.
    let cookie = server.sign_in_member("ada").await;
    let session = cookie.split("; ").find(|pair| pair.contains("session=")).expect("is there").to_owned();
    let name = "ada@example.org";
    // Without one in force, temporary tokens are refused for that.
    server.service.make_login_token(Some("ada")).await.expect("is made");
    let tokens = server.send(post("/auth/login").json(&json!({ "email": name, "password": PASSWORD }))).await.json();
    let bearer = format!("Bearer {}", tokens["data"]["access_token"].as_str().expect("is text"));
    let graphql = format!("mutation {{ auth_login(email: \"{name}\", password: \"{PASSWORD}\") {{ access_token }} }}");
    let code = "BCDF-GHJK";
    let json = |path: &str, body| post(path).json(&body);
    let own = |path: &str, body| post(path).cookie(&session).json(&body);
    let program = |path: &str, body| post(path).header("authorization", &bearer).json(&body);
    let requests: Vec<Box<dyn Fn() -> RequestBuilder>> = vec![
        Box::new(|| json("/api/auth/login", credentials("ada", PASSWORD))),
        Box::new(|| json("/auth/login", json!({ "email": name, "password": PASSWORD }))),
        Box::new(|| json("/auth/login/default", json!({ "email": name, "password": PASSWORD }))),
        Box::new(|| json("/graphql/system", json!({ "query": graphql }))),
        Box::new(|| own("/api/auth/reauth", json!({ "password": PASSWORD }))),
        Box::new(|| own("/api/auth/account/edit", json!({ "password": PASSWORD, "new_name": "Ada" }))),
        Box::new(|| own("/api/auth/totp/setup", json!({ "password": PASSWORD }))),
        Box::new(|| program("/users/me/tfa/generate", json!({ "password": PASSWORD }))),
        Box::new(|| {
            json("/api/auth/login", json!({ "login_type": "temporary_token", "temporary_token": "x".repeat(43) }))
        }),
        Box::new(|| json("/auth/refresh", json!({ "refresh_token": "x".repeat(64) }))),
        Box::new(|| json("/auth/password/request", json!({ "email": name }))),
        Box::new(|| json("/auth/password/reset", json!({ "token": "x".repeat(43), "password": "seven clouds over" }))),
        // Its callback does no work without a state of this server (`auth/sso/sign_in.rs`).
        Box::new(|| get("/auth/login/okta")),
        Box::new(|| get("/portal/enter/x")),
        Box::new(|| json("/v1/oauth/device/code", json!({ "client_id": "difyctl" }))),
        Box::new(|| get(&format!("/v1/oauth/device/lookup?user_code={code}"))),
        Box::new(|| get(&format!("/console/api/oauth/device/context?user_code={code}")).cookie(&session)),
        Box::new(|| own("/console/api/oauth/device/approve", json!({ "user_code": code }))),
        Box::new(|| own("/console/api/oauth/device/deny", json!({ "user_code": code }))),
        Box::new(|| get(&format!("/v1/oauth/device/sso-initiate?user_code={code}&provider=okta"))),
    ];
    // The address has had its attempts: five wrong passwords, and one of everything else.
    for number in 0..5 {
        let wrong = json("/api/auth/login", credentials(&format!("user{number}"), "wrong")).from(ADDRESS);
        server.send(wrong).await.assert_error(401, "invalid_credentials");
    }
    for request in &requests {
        server.send(request().from(ADDRESS)).await;
    }
    let checked = server.service.passwords.checked();
    for (number, request) in requests.iter().enumerate() {
        let (answer, asked) = statements_of(server.send(request().from(ADDRESS))).await;
        // GraphQL has its errors in the body.
        let limited = answer.status == 429 || answer.text.contains("REQUESTS_EXCEEDED");
        assert!(limited, "request {number}: {} {}", answer.status, answer.text);
        assert!(answer.headers.contains_key("retry-after") || answer.status == 200, "request {number}");
        assert!(asked.iter().all(|statement| statement.starts_with("SELECT")), "request {number}: {asked:?}");
    }
    assert_eq!(server.service.passwords.checked(), checked);
}
