//! What a GET may write, on all surfaces: nothing, so that a link, an image or a return URL has no effect.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use doorstep_server::{http::routes::Authentication, idp::Providers};
use serde_json::json;

use crate::{
    device::token,
    portal::Office,
    provider::Idp,
    support::{RequestBuilder, Server, get, pages, post, request, statements_of},
};

/// The counters of limits, where the table of routes states some.
const COUNTED: &[&str] = &["quotas"];

/// When a token was last used, to the minute.
const STAMPED: &[&str] = &["device_tokens"];
/// The health check writes, every few seconds at most.
const PROBES: (&str, &str) = ("/readyz", "settings");
/// The project opened last is the default workspace of a user's devices (contract §3), except when another site led
/// the browser there.
const OPENS: &str = "/api/projects/{id}";
/// Routes that can't be reached successfully here, and why.
const UNREACHED: [(&str, &str); 9] = [
    ("/revert-email", "no email was changed"),
    ("/v1/device/sso-complete", "no identity system of another kind is configured"),
    ("/v1/oauth/device/sso-complete", "the same"),
    ("/openapi/v1/oauth/device/sso-complete", "the same"),
    ("/api/auth/challenge", "no sign-in waits for a code"),
    ("/openapi/v1/account/sessions/{id}", "no device has the id of a project"),
    ("/v1/oauth/device/approval-context", "opened by a grant"),
    ("/openapi/v1/oauth/device/approval-context", "the same"),
    ("/portal/enter/{token}", "with the secret of a link it is meant to write"),
];

/// All paths that can be read, with their routes: the mounted ones, and the pages of the app.
fn every_read(office: &Office, code: &str) -> Vec<(String, String)> {
    let endpoints = office.server.endpoints().iter();
    let mounted = endpoints.filter(|endpoint| endpoint.method == Method::GET).map(|endpoint| endpoint.path.clone());
    let pages = pages(&office.project).chain(["/nowhere".to_owned()]);
    let mut reads = Vec::new();
    for route in mounted.chain(pages) {
        let thing = if route.starts_with("/api/clients") || route.starts_with("/clients") {
            &office.client
        } else {
            &office.project
        };
        let path = route
            .replace("{id}", thing)
            .replace("{provider}", "okta")
            .replace("{token}", "x")
            .replace("{name}", "words-portal-en-0123456789abcdef.json");
        assert!(!path.contains('{'), "add a value for the parameter of {route}");
        let queries: &[&str] = match route.rsplit('/').next() {
            Some("lookup" | "context" | "device") => &["", "?user_code=CODE"],
            Some("sso-initiate") => &["", "?user_code=CODE&provider=okta"],
            Some("sso-complete") => &["", "?sso_assertion=x"],
            Some("callback") => &["", "?code=x&state=y", "?error=x"],
            Some("{provider}") => {
                &["", "?redirect=%2Fprojects", "?reauth=1", "?link=1", "?link=1&redirect=%2Fprojects"]
            }
            Some("auth") => &["", "?sessionOnly"],
            Some("audit") => &["", "?format=csv"],
            Some("reset-password" | "revert-email") => &["", "?token=x"],
            _ => &[""],
        };
        reads.extend(queries.iter().map(|query| (route.clone(), [&path, *query].concat().replace("CODE", code))));
    }
    reads
}

/// The tables that a request writes.
async fn written(server: &Server, request: RequestBuilder) -> (StatusCode, BTreeSet<String>, Vec<String>) {
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
    (answer.status, statements.iter().filter_map(table).collect(), cookies)
}

/// Whether a cookie grants access.
fn opens_something(cookie: &str) -> bool {
    let Some((name, value)) = cookie.split(';').next().and_then(|pair| pair.split_once('=')) else { return false };
    let opening = ["session", "trusted", "known", "refresh", "grant", "portal"];
    !value.is_empty() && opening.iter().any(|part| name.contains(part))
}

#[tokio::test]
async fn a_request_of_another_site_counts_against_no_limit() {
    let idp = Idp::start().await;
    let settings = doorstep_server::idp::Settings { device_external: true, ..idp.openid() };
    let providers = Providers::new(vec![settings]).expect("the system has certificates");
    let office = Office::of(Server::start_with(|builder| builder.providers = providers).await).await;
    let server = &office.server;
    let picture = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")];
    let fetched = [("sec-fetch-site", "same-site"), ("sec-fetch-mode", "cors"), ("sec-fetch-dest", "empty")];
    let ahead = [("sec-purpose", "prefetch"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
    let mut tried = BTreeSet::new();
    for (route, path) in every_read(&office, "BCDF-GHJK") {
        let plain = path.split('?').next().unwrap_or_default();
        if server.endpoint(&Method::GET, plain).is_none_or(|found| found.needs.limits.is_empty()) {
            continue;
        }
        for (method, headers) in
            [(Method::GET, &picture[..]), (Method::GET, &fetched), (Method::GET, &ahead), (Method::HEAD, &[])]
        {
            let sent = request(method.clone(), &path).cookie(&office.operator);
            let sent = headers.iter().fold(sent, |sent, (name, value)| sent.header(name, value));
            let (_, tables, _) = written(server, sent).await;
            assert!(!tables.contains("quotas"), "{method} {path} with {headers:?} counts");
        }
        tried.insert(route);
    }
    assert!(tried.iter().any(|route| route.ends_with("/lookup")), "{tried:?}");
}

#[tokio::test]
async fn a_get_changes_nothing() {
    let idp = Idp::start().await;
    let settings = doorstep_server::idp::Settings { device_external: true, ..idp.openid() };
    let providers = Providers::new(vec![settings]).expect("the system has certificates");
    let office = Office::of(Server::start_with(|builder| builder.providers = providers).await).await;
    let server = &office.server;
    let asked = server.send(post("/v1/oauth/device/code").json(&json!({ "client_id": "difyctl" }))).await.json();
    let code = asked["user_code"].as_str().expect("is text");
    let preview =
        server.send(post(&format!("/api/projects/{}/portal-preview", office.project)).cookie(&office.operator)).await;
    let all = [office.operator.as_str(), &preview.cookie()].join("; ");
    server.add_member("ada").await;
    let access = server.tokens("ada").await.access;
    let device = token(server, &office.operator).await;
    let mut unreached: BTreeSet<String> = BTreeSet::new();
    let mut reached: BTreeSet<String> = BTreeSet::new();
    for (route, path) in every_read(&office, code) {
        let needs = server.endpoint(&Method::GET, path.split('?').next().unwrap_or_default()).map(|found| found.needs);
        let authentication = needs.map_or(Authentication::Anyone, |needs| needs.authentication);
        let counted = if needs.is_some_and(|needs| !needs.limits.is_empty()) { COUNTED } else { &[] };
        let (stamped, bearer) = match authentication {
            Authentication::DeviceToken => (STAMPED, Some(&device)),
            Authentication::AccessToken => (&[][..], Some(&access)),
            _ => (&[][..], None),
        };
        for (cookie, site, method) in [
            ("", None, Method::GET),
            (&all, None, Method::GET),
            ("", Some("cross-site"), Method::GET),
            (&all, Some("cross-site"), Method::GET),
            (&all, Some("same-origin"), Method::HEAD),
        ] {
            let mut sent = request(method.clone(), &path).cookie(cookie);
            if let Some(bearer) = bearer.filter(|_| !cookie.is_empty()) {
                sent = sent.header("authorization", &format!("Bearer {bearer}"));
            }
            if let Some(site) = site {
                sent = sent.header("sec-fetch-site", site).header("sec-fetch-mode", "navigate");
            }
            let (status, tables, cookies) = written(server, sent).await;
            let opens = route == OPENS && site.is_none();
            let may = |table: &str| {
                let expected = counted.contains(&table) || stamped.contains(&table);
                expected || (opens && table == "accounts") || (route.as_str(), table) == PROBES
            };
            let mut other = tables.iter().filter(|table| !may(table));
            assert_eq!(other.next(), None, "{method} {path} from {site:?} writes");
            assert!(!cookies.iter().any(|cookie| opens_something(cookie)), "{path} sets {cookies:?}");
            let list = if status.as_u16() < 400 && method == Method::GET { &mut reached } else { &mut unreached };
            list.insert(route.clone());
        }
    }
    let unreached: Vec<_> = unreached.difference(&reached).map(String::as_str).collect();
    let expected: BTreeSet<&str> = UNREACHED.iter().map(|(route, _)| *route).chain(["/nowhere"]).collect();
    assert_eq!(unreached, Vec::from_iter(expected), "routes that are not covered");
    // All permitted effects do occur.
    let begun = get(&format!("/projects/{}/portal-preview", office.project)).cookie(&office.operator);
    let (_, _, cookies) = written(server, begun.header("sec-fetch-site", "same-origin")).await;
    assert!(cookies.iter().any(|cookie| cookie.contains("portal_session=")), "{cookies:?}");
}
