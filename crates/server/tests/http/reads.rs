//! What a GET may write, over all surfaces: nothing. A link, a picture or a return URL that leads there changes nothing.

use std::collections::BTreeSet;

use doorstep_server::idp::Providers;
use serde_json::json;

use crate::{
    portal::Office,
    provider::Idp,
    support::{RequestBuilder, Server, get, post, statements_of},
};

/// Counters of the limits, which are what stands between a stranger and the rest.
const COUNTED: &[&str] = &["quotas"];
const NOTHING: &[&str] = &[];

/// Every address that is read: with what is in the way of a stranger, what it may write.
fn every_read(office: &Office, code: &str) -> Vec<(String, &'static [&'static str])> {
    let (client, project) = (&office.client, &office.project);
    let mut reads: Vec<(String, &[&str])> = vec![
        ("/auth/login/okta?redirect=%2Fprojects".to_owned(), COUNTED),
        ("/auth/login/okta?reauth=1".to_owned(), COUNTED),
        (format!("/console/api/oauth/device/context?user_code={code}"), COUNTED),
        // What was opened last, which is the default workspace of the person's devices.
        (format!("/api/projects/{project}"), &["accounts"]),
        (format!("/projects/{project}/portal-preview"), &["accounts"]),
        ("/v1/me".to_owned(), COUNTED),
        ("/openapi/v1/account".to_owned(), COUNTED),
    ];
    for mount in ["/v1/oauth/device", "/openapi/v1/oauth/device"] {
        reads.push((format!("{mount}/lookup?user_code={code}"), COUNTED));
        reads.push((format!("{mount}/sso-initiate?user_code={code}&provider=okta"), COUNTED));
        reads.push((format!("{mount}/sso-complete?sso_assertion=x"), NOTHING));
        reads.push((format!("{mount}/approval-context"), NOTHING));
    }
    let nothing = [
        "/",
        "/login",
        "/forgot-password",
        "/reset-password?token=x",
        "/device",
        "/device?user_code=x",
        "/projects",
        "/account",
        "/account/security",
        "/account/sessions",
        "/account/devices",
        "/account/identities",
        "/clients",
        "/audit",
        "/portal",
        "/nowhere",
        "/assets/x",
        "/portal/assets/x",
        "/healthz",
        "/readyz",
        "/api/auth/setup-status",
        "/api/auth/me",
        "/api/auth/sessions",
        "/api/auth/trusted-devices",
        "/api/auth/devices",
        "/api/auth/identities",
        "/api/auth/challenge",
        "/api/projects",
        "/api/clients",
        "/api/audit",
        "/api/audit?format=csv",
        "/api/audit/events",
        "/auth",
        "/auth?sessionOnly",
        "/users/me",
        "/auth/login/okta?link=1",
        "/auth/login/okta?link=1&redirect=%2Fprojects",
        "/auth/login/nobody",
        "/auth/login/okta/callback?code=x&state=y",
        "/auth/login/okta/callback?error=x",
        "/.well-known/oauth-authorization-server",
        "/v1/device/sso-complete?sso_assertion=x",
        "/openapi/v1/account/sessions",
        "/openapi/v1/_version",
        "/portal/api/me",
        "/portal/api/projects",
    ];
    reads.extend(nothing.map(|path| (path.to_owned(), NOTHING)));
    for path in [
        "/projects/ID",
        "/api/projects/ID/updates",
        "/api/projects/ID/members",
        "/portal/projects/ID",
        "/portal/api/projects/ID",
    ] {
        reads.push((path.replace("ID", project), NOTHING));
    }
    for path in ["/clients/ID", "/api/clients/ID", "/api/clients/ID/links"] {
        reads.push((path.replace("ID", client), NOTHING));
    }
    reads
}

/// The tables that a request writes.
async fn written(server: &Server, request: RequestBuilder) -> (BTreeSet<String>, Vec<String>) {
    let (answer, statements) = statements_of(server.send(request)).await;
    let table = |statement: &String| {
        let mut words = statement.split_whitespace();
        match words.next()? {
            "INSERT" | "DELETE" => words.nth(1),
            "UPDATE" => words.next(),
            _ => None,
        }
        .map(ToOwned::to_owned)
    };
    let cookies = answer.set_cookies().map(ToOwned::to_owned).collect();
    (statements.iter().filter_map(table).collect(), cookies)
}

#[tokio::test]
async fn a_get_changes_nothing() {
    let idp = Idp::start().await;
    let settings = doorstep_server::idp::Settings { device_external: true, ..idp.openid() };
    let providers = Providers::new(vec![settings]).expect("there are certificates");
    let office = Office::of(Server::start_with(|service| service.idp = providers).await).await;
    let server = &office.server;
    let asked = server.send(post("/v1/oauth/device/code").json(&json!({ "client_id": "difyctl" }))).await.json();
    let code = asked["user_code"].as_str().expect("is text");
    let preview =
        server.send(post(&format!("/api/projects/{}/portal-preview", office.project)).cookie(&office.operator)).await;
    let all = [office.operator.as_str(), &preview.cookie()].join("; ");
    for (path, may_write) in every_read(&office, code) {
        for cookie in ["", &all] {
            for site in [None, Some("cross-site")] {
                let sent = get(&path).cookie(cookie);
                let sent = match site {
                    Some(site) => sent.header("sec-fetch-site", site).header("sec-fetch-mode", "navigate"),
                    None => sent,
                };
                let (tables, cookies) = written(server, sent).await;
                let other: Vec<_> = tables.iter().filter(|table| !may_write.contains(&table.as_str())).collect();
                assert!(other.is_empty(), "{path} writes {other:?}");
                let opens = |cookie: &&String| {
                    let value =
                        cookie.split(';').next().and_then(|pair| pair.split_once('=')).map_or("", |(_, value)| value);
                    !value.is_empty()
                        && ["session", "trusted", "known", "refresh", "grant", "portal"]
                            .iter()
                            .any(|name| cookie.split('=').next().is_some_and(|found| found.contains(name)))
                };
                assert!(!cookies.iter().any(|cookie| opens(&cookie)), "{path} sets {cookies:?}");
            }
        }
    }
    // What a GET may do, it does.
    let begun = get(&format!("/projects/{}/portal-preview", office.project)).cookie(&office.operator);
    let (_, cookies) = written(server, begun.header("sec-fetch-site", "same-origin")).await;
    assert!(cookies.iter().any(|cookie| cookie.contains("portal_session=")), "{cookies:?}");
}
