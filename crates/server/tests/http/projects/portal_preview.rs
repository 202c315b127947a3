//! GET and POST `/projects/{id}/portal-preview`, POST `/api/projects/{id}/portal-preview`.

use std::collections::BTreeSet;

use axum::http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    portal::{Office, enter::not_followed, me, portal_cookie},
    support::{Answer, ORIGIN, RequestBuilder, get, post, request},
};

const UNKNOWN: &str = "0198c2a5-7b1e-7c3f-9a44-0123456789ab";

/// A navigation with this `Sec-Fetch-Site`.
fn navigate(project: &str, site: &str) -> RequestBuilder {
    get(&page(project)).header("sec-fetch-site", site)
}

fn page(project: &str) -> String {
    format!("/projects/{project}/portal-preview")
}

fn api(project: &str) -> String {
    format!("/api/projects/{project}/portal-preview")
}

/// Asserts the page with this status; returns whether it has the button.
#[track_caller]
fn assert_page(answer: &Answer, status: u16, has_button: bool) {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
    assert_eq!(answer.text.contains("<form class=\"form\" method=\"post\"><button"), has_button, "{}", answer.text);
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert!(answer.set_cookies().next().is_none());
    assert!(!answer.text.contains("<script"), "{}", answer.text);
}

#[tokio::test]
async fn a_preview_creates_its_client_and_link() {
    let office = Office::open().await;
    let lone = office.make_project("Lone", None).await;
    office.server.wait(SignedDuration::from_secs(1));
    let begun = office.preview(&lone).await;
    let data = begun.data();
    assert_eq!((&data["client_name"], &data["redirect"]), (&json!("Lone"), &json!("/portal")));
    let client = office.read(&format!("/api/clients/{}", data["client_id"].as_str().expect("is text"))).await;
    let of = |key: &str| client[key].clone();
    assert_eq!((of("slug"), of("preview"), of("active")), (json!(format!("preview-{lone}")), json!(true), json!(true)));
    // The project had no client and is linked to the preview client now.
    let project = office.read(&format!("/api/projects/{lone}")).await;
    assert_eq!((&project["client_id"], &project["updated_at"]), (&client["id"], &project["created_at"]));
    let links = office.links(client["id"].as_str().expect("is text")).await;
    let link = &links[0];
    assert_eq!(
        (&link["label"], &link["project_id"], &link["created_by"]),
        (&json!("preview"), &json!(lone), &json!("admin"))
    );
    let told = &office.events().await[0];
    assert_eq!((told.subject.as_str(), told.detail["client_id"].clone()), ("Lone", client["id"].clone()));
}

#[tokio::test]
async fn a_preview_shows_the_portal_of_the_linked_client() {
    let office = Office::open().await;
    let data = office.preview(&office.project).await.data();
    assert_eq!((&data["client_id"], &data["client_name"]), (&json!(office.client), &json!("Harbour office")));
    assert_eq!(office.read("/api/clients").await["total"], 1);
}

#[tokio::test]
async fn a_preview_does_not_change_the_linked_client() {
    let office = Office::open().await;
    office.set_client_active(&office.client, false).await;
    let data = office.preview(&office.project).await.data();
    // The preview client has the name of the real one.
    assert_ne!(data["client_id"], office.client);
    assert_eq!(data["client_name"], "Harbour office");
    let project = office.read(&format!("/api/projects/{}", office.project)).await;
    assert_eq!((&project["client_id"], &project["client_preview"]), (&json!(office.client), &json!(false)));
    office.set_client_active(&office.client, true).await;
    assert_eq!(office.preview(&office.project).await.data()["client_id"], office.client);
}

#[tokio::test]
async fn an_inactive_preview_client_is_reported() {
    let office = Office::open().await;
    let lone = office.make_project("Lone", None).await;
    let preview_client = office.preview(&lone).await.data()["client_id"].as_str().expect("is text").to_owned();
    let linked = office.read(&format!("/api/projects/{lone}")).await;
    assert_eq!((&linked["client_id"], &linked["client_preview"]), (&json!(preview_client), &json!(true)));
    office.set_client_active(&preview_client, false).await;
    office.preview(&lone).await.assert_error(409, "preview_client_inactive");
    let answer = office.server.send(navigate(&lone, "same-origin").cookie(&office.operator)).await;
    assert_page(&answer, 409, false);
    assert!(
        answer.text.contains(&format!("<a href=\"/projects/{lone}\" class=\"button primary\">Go to project</a>")),
        "{}",
        answer.text
    );
    office.set_client_active(&preview_client, true).await;
    assert_eq!(office.preview(&lone).await.data()["client_id"], preview_client);
}

#[tokio::test]
async fn repeated_and_concurrent_previews_share_client_and_link_also_on_two_servers() {
    for others in 0..2 {
        let mut office = Office::open().await;
        office.server.join(others).await;
        let lone = office.make_project("Lone", None).await;
        for project in [&lone, &office.project] {
            let click = || office.preview(project);
            let (a, b, c, d) = tokio::join!(
                async { tokio::join!(click(), click(), click(), click()) },
                async { tokio::join!(click(), click(), click(), click()) },
                async { tokio::join!(click(), click(), click(), click()) },
                async { tokio::join!(click(), click(), click(), click()) },
            );
            let all = [a, b, c, d].map(|(a, b, c, d)| [a, b, c, d]);
            let answers: Vec<&Answer> = all.iter().flatten().collect();
            let clients: BTreeSet<String> =
                answers.iter().map(|answer| answer.data()["client_id"].to_string()).collect();
            let cookies: BTreeSet<String> = answers.iter().map(|answer| portal_cookie(answer)).collect();
            // The clock does not advance, so the same link gives the same cookie.
            assert_eq!((answers.len(), clients.len(), cookies.len()), (16, 1, 1));
            let client = answers[0].data()["client_id"].as_str().expect("is text").to_owned();
            assert_eq!(office.links(&client).await.len(), 1);
        }
        assert_eq!(office.read("/api/clients").await["total"], 2);
    }
}

#[tokio::test]
async fn the_button_is_for_operators() {
    let office = Office::open().await;
    let member = office.member().await;
    for project in [&office.project, UNKNOWN] {
        office.server.send(post(&api(project)).cookie(&member)).await.assert_error(403, "forbidden");
        office.server.send(post(&api(project))).await.assert_error(401, "unauthenticated");
    }
    for project in [UNKNOWN, "x", "%ff"] {
        office.server.send(post(&api(project)).cookie(&office.operator)).await.assert_error(404, "not_found");
    }
    office
        .server
        .send(get(&api(&office.project)).cookie(&office.operator))
        .await
        .assert_error(405, "method_not_allowed");
    let form = post(&api(&office.project)).cookie(&office.operator);
    let form = form.header("content-type", "application/x-www-form-urlencoded").body("a=b");
    office.server.send(form).await.assert_error(415, "unsupported_media_type");
    let foreign = request(Method::POST, &api(&office.project)).cookie(&office.operator);
    office.server.send(foreign.header("sec-fetch-site", "same-site")).await.assert_error(403, "csrf_rejected");
    assert!(office.links(&office.client).await.is_empty());
}

#[tokio::test]
async fn a_link_on_this_origin_or_a_typed_address_leads_to_the_portal() {
    let office = Office::open().await;
    for site in ["same-origin", "none"] {
        let answer = office.server.send(navigate(&office.project, site).cookie(&office.operator)).await;
        answer.assert_leads_to(302, "/portal");
        assert_eq!(answer.headers["cache-control"], "no-store");
        assert_eq!(answer.set_cookies().count(), 2);
        let cookies = format!("{}; {}", office.operator, portal_cookie(&answer));
        let seen = office.server.send(me(&cookies)).await.json();
        assert_eq!(seen["preview"]["project_id"], office.project.as_str());
    }
}

#[tokio::test]
async fn a_link_on_another_site_leads_to_a_page_that_asks() {
    let office = Office::open().await;
    for site in ["cross-site", "same-site", "nonsense", ""] {
        for cookie in ["", &office.operator] {
            let answer = office.server.send(navigate(&office.project, site).cookie(cookie)).await;
            assert_page(&answer, 403, true);
            assert!(answer.text.contains("You came here from another site"), "{}", answer.text);
        }
    }
    assert!(office.links(&office.client).await.is_empty());
}

#[tokio::test]
async fn without_fetch_metadata_a_page_asks() {
    let office = Office::open().await;
    let answer = office.server.send(get(&page(&office.project)).cookie(&office.operator)).await;
    assert_page(&answer, 200, true);
    // The form must contain its origin.
    assert!(answer.text.contains("<meta name=\"referrer\" content=\"same-origin\">"), "{}", answer.text);
    assert!(office.links(&office.client).await.is_empty());
}

#[tokio::test]
async fn the_button_works_only_on_this_origin() {
    let office = Office::open().await;
    let press = || {
        let form = request(Method::POST, &page(&office.project)).cookie(&office.operator);
        form.header("content-type", "application/x-www-form-urlencoded")
    };
    for headers in [
        &[][..],
        &[("origin", "null")],
        &[("origin", "https://evil.example")],
        &[("origin", "http://sub.127.0.0.1:8080")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site"), ("origin", ORIGIN)],
        &[("sec-fetch-site", "none")],
    ] {
        let sent = headers.iter().fold(press(), |sent, (name, value)| sent.header(name, value));
        assert_page(&office.server.send(sent).await, 403, true);
    }
    let filled = press().header("origin", ORIGIN).body("a=b");
    assert_eq!(office.server.send(filled).await.status, 415);
    assert!(office.links(&office.client).await.is_empty());
    for (name, value) in [("origin", ORIGIN), ("sec-fetch-site", "same-origin")] {
        let answer = office.server.send(press().header(name, value)).await;
        answer.assert_leads_to(303, "/portal");
        let cookies = format!("{}; {}", office.operator, portal_cookie(&answer));
        assert_eq!(office.server.send(me(&cookies)).await.status, 200);
    }
}

#[tokio::test]
async fn anonymous_users_sign_in_and_return_to_the_project() {
    let office = Office::open().await;
    let login = format!("/login?redirect=%2Fprojects%2F{}", office.project);
    for cookie in ["", "doorstep_session=x"] {
        for sent in
            [navigate(&office.project, "same-origin"), navigate(&office.project, "none"), get(&page(&office.project))]
        {
            let answer = office.server.send(sent.cookie(cookie)).await;
            answer.assert_leads_to(302, &login);
            assert!(answer.set_cookies().next().is_none());
        }
        let pressed = office.server.send(post(&page(&office.project)).cookie(cookie)).await;
        pressed.assert_leads_to(302, &login);
    }
    // The existence of projects is not revealed to anonymous users.
    let answer = office.server.send(navigate(UNKNOWN, "none")).await;
    answer.assert_leads_to(302, &login.replace(&office.project, UNKNOWN));
}

#[tokio::test]
async fn a_user_with_the_initial_password_must_choose_another_first() {
    let server = crate::support::Server::start().await;
    let cookie = server.sign_in().await;
    let answer = server.send(navigate(UNKNOWN, "none").cookie(&cookie)).await;
    answer.assert_leads_to(302, &format!("/login?redirect=%2Fprojects%2F{UNKNOWN}"));
    server.send(post(&api(UNKNOWN)).cookie(&cookie)).await.assert_error(403, "password_change_required");
}

#[tokio::test]
async fn members_and_unknown_projects_get_explanatory_pages() {
    let office = Office::open().await;
    let member = office.member().await;
    for sent in [navigate(&office.project, "same-origin"), get(&page(&office.project)), navigate(UNKNOWN, "none")] {
        let answer = office.server.send(sent.cookie(&member)).await;
        assert_page(&answer, 403, false);
        assert!(answer.text.contains("Only operators"), "{}", answer.text);
    }
    for project in [UNKNOWN, "x", "%ff"] {
        for sent in [navigate(project, "none"), get(&page(project)), post(&page(project))] {
            let answer = office.server.send(sent.cookie(&office.operator)).await;
            assert_page(&answer, 404, false);
            assert!(
                answer.text.contains("<a href=\"/projects\" class=\"button primary\">Go to projects</a>"),
                "{}",
                answer.text
            );
        }
    }
    let list: Value = office.read("/api/clients").await;
    assert_eq!(list["total"], 1);
}

#[tokio::test]
async fn the_page_is_in_the_users_language_and_refuses_other_methods() {
    let office = Office::open().await;
    let sent = get(&page(&office.project)).cookie(&format!("{}; doorstep_language=zh-Hans", office.operator));
    let answer = office.server.send(sent.header("accept-language", "zh")).await;
    assert!(
        answer.text.contains("<html lang=\"zh-Hans\"") && answer.text.contains(">查看客户门户</button>"),
        "{}",
        answer.text
    );
    let sent = request(Method::DELETE, &page(&office.project)).cookie(&office.operator);
    assert_eq!(office.server.send(sent).await.status, 405);
}

#[tokio::test]
async fn a_database_failure_gets_a_page_too() {
    let office = Office::open().await;
    office.server.store.close().await;
    let answer = office.server.send(navigate(&office.project, "same-origin").cookie(&office.operator)).await;
    assert_eq!(answer.status, 503);
    assert!(answer.text.contains("<h1>The server can't respond</h1>"), "{}", answer.text);
}

#[tokio::test]
async fn only_navigations_begin_a_preview() {
    let office = Office::open().await;
    let before = office.events().await.len();
    for sent in not_followed(&page(&office.project)) {
        let sent = sent.header("sec-fetch-site", "same-origin").cookie(&office.operator);
        let answer = office.server.send(sent).await;
        assert!(answer.set_cookies().next().is_none(), "{answer:?}");
        assert!(!answer.headers.contains_key("location"), "{answer:?}");
    }
    assert_eq!(office.events().await.len(), before);
    office
        .server
        .send(navigate(&office.project, "none").cookie(&office.operator))
        .await
        .assert_leads_to(302, "/portal");
}
