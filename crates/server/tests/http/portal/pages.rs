//! The pages of the portal.

use axum::http::Method;
use serde_json::{Value, json};

use super::Office;
use crate::support::{Server, get, post, request};

#[tokio::test]
async fn a_viewer_gets_the_app_with_its_data() {
    let office = Office::open().await;
    let cookie = office.enter().await;
    let project = format!("/portal/projects/{}", office.project);
    for (path, status) in [
        ("/portal", 200),
        (&project, 200),
        ("/portal/projects/0198c2a5-7b1e-7c3f-9a44-0123456789ab", 200),
        ("/portal/nowhere", 404),
        ("/portal/projects", 404),
        ("/portal/projects/1", 404),
        ("/portal/enter", 404),
        ("/portal/assets/", 404),
        ("/portalnowhere", 404),
    ] {
        let answer = office.server.send(get(path).cookie(&cookie)).await;
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.headers["cache-control"], "no-store");
        let data = data_block(&answer.text);
        assert_eq!(data["me"]["client"]["name"], "Harbour office", "{path}");
        assert_eq!(
            data.as_object().map(|data| data.keys().cloned().collect()),
            Some(vec!["branding".to_owned(), "me".to_owned(), "project".to_owned()])
        );
        assert!(answer.text.contains("<template id=\"access-required-template\"><section id=\"access-required\""));
        // Rendered before the app runs.
        assert!(
            answer.text.contains("<bdi class=\"visitor-name\" title=\"Harbour office\">Harbour office</bdi>"),
            "{path}"
        );
        assert_eq!(answer.text.contains("<section id=\"outline\""), status == 200, "{path}");
        assert_of_portal_alone(&answer.text);
    }
}

/// The data of a page for the app.
fn data_block(page: &str) -> Value {
    let data = page.split_once("<script id=\"doorstep-data\" type=\"application/json\">").expect("has data").1;
    serde_json::from_str(data.split_once("</script>").expect("ends").0).expect("is JSON")
}

#[tokio::test]
async fn a_project_page_contains_its_project_only() {
    let office = Office::open().await;
    let other_client = office.make("/api/clients", &json!({ "name": "Boatyard" })).await;
    let foreign = office.make_project("Slipway", Some(&other_client)).await;
    let hostile = office.make_project("</script><script>alert(1)</script>", Some(&office.client)).await;
    let client = office.enter().await;
    let previewing = office.previewing(&office.project).await;
    let page = |id: &str| format!("/portal/projects/{id}");
    for (path, cookie, project) in [
        ("/portal".to_owned(), &client, None),
        (page(&office.project), &client, Some(&office.project)),
        (page(&hostile), &client, Some(&hostile)),
        (page(&foreign), &client, None),
        ("/portal".to_owned(), &previewing, Some(&office.project)),
        (page(&office.project), &previewing, Some(&office.project)),
        (page(&hostile), &previewing, None),
    ] {
        let answer = office.server.send(get(&path).cookie(cookie)).await;
        assert_eq!(answer.status, 200, "{path}");
        let brought = data_block(&answer.text)["project"].take();
        let asked = match project {
            Some(id) => office.server.send(get(&format!("/portal/api/projects/{id}")).cookie(cookie)).await.json(),
            None => Value::Null,
        };
        assert_eq!(brought, asked, "{path}");
    }
}

#[tokio::test]
async fn visitors_without_access_get_instructions_without_a_sign_in() {
    let office = Office::open().await;
    for (path, status) in [
        ("/portal", 401),
        ("/portal/projects/0198c2a5-7b1e-7c3f-9a44-0123456789ab", 401),
        ("/portal/nowhere", 404),
        ("/portalnowhere", 404),
    ] {
        for cookie in ["", &office.operator] {
            let answer = office.server.send(get(path).cookie(cookie)).await;
            answer.assert_access_required(status);
            assert!(answer.text.contains("<h1 tabindex=\"-1\">You need an access link</h1>"), "{}", answer.text);
            assert!(answer.text.contains("<title>You need an access link – Doorstep</title>"));
            assert_of_portal_alone(&answer.text);
        }
    }
    let answer = office.server.send(get("/portal").header("accept-language", "zh-CN")).await;
    assert!(answer.text.contains("<h1 tabindex=\"-1\">您需要访问链接</h1>"), "{}", answer.text);
}

#[tokio::test]
async fn a_visitor_without_access_selects_the_language_by_a_link() {
    let server = Server::start().await;
    // The second one is an invalid link.
    for path in ["/portal", "/portal/enter/x"] {
        let page = server.send(get(path)).await.text;
        let german = r#"<a href="/portal?lang=de" rel="nofollow" lang="de" hreflang="de">Deutsch</a>"#;
        assert!(page.contains(german), "{path}: {page}");
        assert!(page.contains(r#"<span aria-current="true">English</span>"#), "{path}: {page}");
    }
    let chosen = server.send(get("/portal?lang=de")).await;
    assert_eq!((chosen.status.as_u16(), chosen.headers["location"].to_str().ok()), (303, Some("/portal")));
    let german = server.send(get("/portal").cookie(&chosen.cookie())).await;
    german.assert_access_required(401);
    assert!(german.text.contains("Sie benötigen einen Zugriffslink"), "{}", german.text);
    server.send(get("/portal?lang=tlh")).await.assert_access_required(401);
}

#[tokio::test]
async fn pages_of_the_portal_link_only_to_the_portal_even_with_branding() {
    let office = Office::of(
        Server::start_with(|builder| {
            builder.branding.name = "</script><script>alert(1)</script>".to_owned();
            builder.branding.logo = Some("/assets/logo-0123456789abcdef.svg".to_owned());
            builder.branding.accent = Some("#aa0000".to_owned());
        })
        .await,
    )
    .await;
    let cookie = office.enter().await;
    for cookie in ["", &cookie] {
        let text = office.server.send(get("/portal").cookie(cookie)).await.text;
        assert!(
            text.contains("<img src=\"/portal/assets/logo-0123456789abcdef.svg\" alt=\"\" height=\"32\">"),
            "{text}"
        );
        assert!(text.contains("href=\"/portal/assets/accent-aa0000.css\""), "{text}");
        assert!(!text.contains("<script>alert"), "{text}");
        assert_of_portal_alone(&text);
    }
}

#[tokio::test]
async fn pages_refuse_writes() {
    let office = Office::open().await;
    for path in ["/portal", "/portal/nowhere", "/portal/projects/0198c2a5-7b1e-7c3f-9a44-0123456789ab"] {
        let answer = office.server.send(request(Method::POST, path).cookie(&office.operator)).await;
        assert_eq!((answer.status.as_u16(), answer.text.as_str()), (405, ""), "{path}");
    }
    assert_eq!(office.server.send(post("/portal/enter/x")).await.status, 405);
}

#[tokio::test]
async fn the_files_of_the_app_are_also_served_below_the_portal() {
    let server = Server::start().await;
    let path = "/assets/app-0123456789abcdef.js";
    let (here, there) = (server.send(get(path)).await, server.send(get(&format!("/portal{path}"))).await);
    assert_eq!((there.status, &there.text), (here.status, &here.text));
    for header in ["content-type", "cache-control", "vary"] {
        assert_eq!(there.headers[header], here.headers[header]);
    }
    for name in ["nothing.js", "portal.html", "..%2fportal.html"] {
        assert_eq!(server.send(get(&format!("/portal/assets/{name}"))).await.status, 404, "{name}");
    }
}

/// Asserts that every URL in a page is below the portal.
#[track_caller]
fn assert_of_portal_alone(text: &str) {
    for attribute in ["href=\"", "src=\"", "action=\"", "\"logo\":\""] {
        for rest in text.split(attribute).skip(1) {
            let address = rest.split('"').next().unwrap_or_default();
            let is_own = ["#main", "/portal"].contains(&address)
                || ["/portal/", "/portal?lang=", "data:"].iter().any(|own| address.starts_with(own));
            assert!(is_own, "{address} in {text}");
        }
    }
}
