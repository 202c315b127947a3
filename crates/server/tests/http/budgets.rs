//! The exact number of statements that each endpoint runs. Each statement is a round trip to a thread or a server,
//! so every change of a number must be intended, and is recorded here.
//!
//! `BEGIN` and `COMMIT` are not counted. Caches are warm, as for all requests except the first.

use std::fmt::Write as _;

use axum::http::Method;
use doorstep_server::http::routes::Authentication;
use serde_json::json;

use crate::{
    device::{program, token},
    portal::Office,
    support::{PASSWORD, RequestBuilder, Server, credentials, get, pages, post, statements_of},
    tokens::send,
};

/// Reads by an operator, with one project and one client; pages by their routes.
const READS: &str = include_str!("budgets/reads.txt");
/// Sign-ins, and the frequent operations of programs and devices.
const FLOWS: &str = include_str!("budgets/flows.txt");

async fn count(server: &Server, request: RequestBuilder) -> usize {
    let (answer, asked) = statements_of(server.send(request)).await;
    assert!(answer.status.as_u16() < 500, "{}", answer.text);
    asked.len()
}

/// Compares the counts, and prints what would have to be recorded.
#[track_caller]
fn compare(expected: &str, counted: &[(String, usize)]) {
    let mut found = String::new();
    for (what, count) in counted {
        writeln!(found, "{count} {what}").expect("is written");
    }
    assert_eq!(found, expected, "what was counted:\n{found}");
}

#[tokio::test]
async fn each_read_runs_the_recorded_number_of_statements() {
    let office = Office::open().await;
    let server = &office.server;
    server.add_member("ada").await;
    let access = server.tokens("ada").await.access;
    let device = token(server, &office.operator).await;
    let mounted = server.endpoints().iter().filter(|endpoint| endpoint.method == Method::GET);
    let mounted: Vec<_> =
        mounted.map(|endpoint| (endpoint.path.clone(), Some(endpoint.needs.authentication))).collect();
    let mut counted = Vec::new();
    for (route, authentication) in mounted.into_iter().chain(pages(&office.project).map(|page| (page, None))) {
        let thing = if route.starts_with("/api/clients") || route.starts_with("/clients") {
            &office.client
        } else {
            &office.project
        };
        let path = route.replace("{id}", thing).replace("{provider}", "okta").replace("{token}", "x");
        let ask = || match authentication {
            Some(Authentication::DeviceToken) => get(&path).header("authorization", &format!("Bearer {device}")),
            Some(Authentication::AccessToken) => get(&path).header("authorization", &format!("Bearer {access}")),
            _ => get(&path).cookie(&office.operator),
        };
        count(server, ask()).await;
        counted.push((route.replace(&office.project, "{id}"), count(server, ask()).await));
    }
    compare(READS, &counted);
}

#[tokio::test]
async fn each_flow_runs_the_recorded_number_of_statements() {
    let server = Server::start().await;
    let (operator, _) = server.sign_in_with_new_password().await;
    server.add_member("ada").await;
    let mut counted = Vec::new();
    for page in ["/login", "/device", "/portal", "/", "/nowhere"] {
        count(&server, get(page)).await;
        counted.push((format!("a stranger's {page}"), count(&server, get(page)).await));
    }
    let sign_in = || post("/api/auth/login").json(&credentials("ada", PASSWORD));
    count(&server, sign_in()).await;
    counted.push(("a sign-in".to_owned(), count(&server, sign_in()).await));
    let wrong = post("/api/auth/login").json(&credentials("ada", "not the password")).from("192.0.2.1");
    counted.push(("a sign-in with a wrong password".to_owned(), count(&server, wrong).await));
    let tokens = server.tokens("ada").await;
    let refresh = send("/auth/refresh", &json!({ "refresh_token": tokens.refresh }));
    counted.push(("a refresh".to_owned(), count(&server, refresh).await));

    let body = json!({ "client_id": "difyctl" });
    let (answer, asked) = statements_of(server.send(program("/v1/oauth/device/code", &body))).await;
    counted.push(("a device code".to_owned(), asked.len()));
    let codes = answer.json();
    let poll = || {
        let body = json!({ "client_id": "difyctl", "device_code": codes["device_code"] });
        program("/v1/oauth/device/token", &body)
    };
    counted.push(("a poll in time".to_owned(), count(&server, poll()).await));
    counted.push(("a poll too soon".to_owned(), count(&server, poll()).await));
    let approve = post("/console/api/oauth/device/approve").cookie(&operator);
    let approve = approve.json(&json!({ "user_code": codes["user_code"] }));
    counted.push(("an approval".to_owned(), count(&server, approve).await));
    counted.push(("a pick-up".to_owned(), count(&server, poll()).await));
    compare(FLOWS, &counted);
}
