//! A proxy that passes only `/portal*` exposes nothing else of the server.

use std::collections::BTreeSet;

use axum::http::Method;
use serde_json::Value;

use super::Office;
use crate::support::{Answer, Server, get, pages, request};

/// Every path of the server and of the app outside the portal.
fn paths(server: &Server) -> BTreeSet<String> {
    let id = "0198c2a5-7b1e-7c3f-9a44-0123456789ab";
    let mounted = server.endpoints().iter().map(|endpoint| {
        let parts = endpoint.path.split('/').map(|part| if part.starts_with('{') { id } else { part });
        parts.collect::<Vec<_>>().join("/")
    });
    pages(id).chain(mounted).filter(|path| !path.starts_with("/portal")).collect()
}

/// Asserts an error of the portal's API, a missing file, or one of its pages.
#[track_caller]
fn assert_of_portal(answer: &Answer, path: &str) {
    assert!(matches!(answer.status.as_u16(), 401 | 404 | 405), "{path}: {} {}", answer.status, answer.text);
    assert!(answer.set_cookies().next().is_none(), "{path}");
    let kind = answer.headers.get("content-type").map_or("", |kind| kind.to_str().expect("is ASCII"));
    match kind.split(';').next().unwrap_or_default() {
        "application/json" => {
            let json = answer.json();
            let keys: Vec<&String> = json.as_object().expect("is valid").keys().collect();
            assert_eq!(keys, ["error"], "{path}");
            assert!(matches!(json["error"], Value::String(_)), "{path}");
        }
        "text/html" => {
            assert!(answer.text.contains("id=\"access-required\""), "{path}: {}", answer.text);
            assert!(!answer.text.contains("login-form") && !answer.text.contains("=\"/assets/"), "{path}");
            assert!(!answer.text.contains("\"username\""), "{path}: {}", answer.text);
        }
        "text/plain" => assert_eq!(answer.text, "there is no such file\n", "{path}"),
        "" => assert_eq!((answer.status.as_u16(), answer.text.as_str()), (405, ""), "{path}"),
        other => panic!("{path}: {other} {}", answer.text),
    }
}

#[tokio::test]
async fn nothing_of_the_dashboard_is_reachable_below_the_portal() {
    let office = Office::open().await;
    let portal = office.enter().await;
    // As an operator, whose cookies grant access to everything, with and without a portal session.
    for cookie in [office.operator.clone(), format!("{}; {portal}", office.operator)] {
        for path in paths(&office.server) {
            for front in [
                "/portal",
                "/portal/",
                "/portal/..",
                "/portal/%2e%2e",
                "/portal/..%2f",
                "/portal/.",
                "/portal/api",
                "/portal/api/..",
                "/portal/api/../..",
                "/portal/assets",
                "/portal/assets/..",
                "/portal/enter",
                "/portal/enter/..",
                "/portal;",
                "/portal%00",
                "/portalx",
            ] {
                let path = [front, &path].concat();
                for method in [Method::GET, Method::POST, Method::DELETE, Method::PATCH] {
                    // The portal's own paths: its pages, its API, its files.
                    if portal_function(&path) {
                        continue;
                    }
                    let sent = request(method, &path).cookie(&cookie).header("sec-fetch-site", "same-origin");
                    let answer = office.server.send(sent.header("content-type", "application/json").body("{}")).await;
                    assert_of_portal(&answer, &path);
                }
            }
        }
    }
    assert_eq!(office.server.send(get("/api/auth/me").cookie(&office.operator)).await.status, 200);
}

/// `/portal/api/projects…` and `/portal/projects/{id}` belong to the portal, as does `/portal/`.
fn portal_function(path: &str) -> bool {
    let own = ["/portal/", "/portal/api/projects", "/portal/projects/0198c2a5-7b1e-7c3f-9a44-0123456789ab"];
    own.contains(&path)
}
