//! GET `/portal/enter/{token}`.

use axum::http::Method;
use jiff::SignedDuration;
use serde_json::json;

use super::{Office, me, portal_cookie};
use crate::support::{RequestBuilder, Server, get, request};

#[tokio::test]
async fn a_magic_link_opens_the_portal() {
    let office = Office::open().await;
    let (link, path) = office.link(&office.client).await;
    assert_eq!(office.links(&office.client).await[0]["last_used_at"], json!(null));
    office.server.wait(SignedDuration::from_mins(5));
    let answer = office.server.send(get(&path).from("192.0.2.7")).await;
    answer.assert_leads_to(302, "/portal?entered");
    let set: Vec<&str> = answer.set_cookies().collect();
    assert_eq!(set.len(), 2, "{set:?}");
    assert!(set.iter().all(|set| set.ends_with("; HttpOnly; SameSite=Lax; Path=/; Max-Age=2592000")), "{set:?}");
    let seen = office.server.send(me(&portal_cookie(&answer))).await;
    assert_eq!(seen.json(), json!({ "client": { "id": office.client, "name": "Harbour office" }, "preview": null }));
    assert_eq!(office.links(&office.client).await[0]["last_used_at"], "2026-01-01T12:05:00Z");

    office.server.wait(SignedDuration::from_secs(1));
    // It can be used any number of times, and each use is recorded without the secret.
    office.server.send(get(&path)).await.assert_leads_to(302, "/portal?entered");
    let entered = office.events().await.into_iter().filter(|entry| entry.event.as_str() == "portal_entered");
    let entered: Vec<_> = entered.collect();
    assert_eq!((entered.len(), entered[1].subject.as_str(), &entered[1].actor.account), (2, "Harbour office", &None));
    assert_eq!(entered[1].address.map(|address| address.to_string()).as_deref(), Some("192.0.2.7"));
    assert_eq!(entered[1].detail["link_id"], link.as_str());
    let secret = path.rsplit('/').next().expect("exists");
    assert!(!format!("{entered:?}").contains(secret));
}

#[tokio::test]
async fn with_https_the_cookie_is_secure() {
    let office = Office::of(Server::start_at("https://login.example.org").await).await;
    let sent = crate::support::post(&format!("/api/clients/{}/links", office.client));
    let made = office.server.send(sent.cookie(&office.operator).json(&json!({}))).await.data();
    let url = made["url"].as_str().expect("is text");
    let path = url.strip_prefix("https://login.example.org").expect("is on this origin");
    let answer = office.server.send(get(path)).await;
    assert!(answer.set_cookies().all(|set| set.contains("; Secure;")), "{:?}", answer.headers);
}

#[tokio::test]
async fn an_invalid_link_leads_to_the_page_that_says_so() {
    let office = Office::open().await;
    let (link, path) = office.link(&office.client).await;
    let (unknown, long) = ("B".repeat(43), "B".repeat(5000));
    for token in [&unknown, &long, &link, "x", "%00", "%ff", "%C3%A4", "..", &format!("{}A", &path[14..])] {
        let answer = office.server.send(get(&format!("/portal/enter/{token}"))).await;
        answer.assert_access_required(401);
        assert!(answer.set_cookies().next().is_none());
    }
    office.revoke(&office.client, &link).await;
    office.server.send(get(&path)).await.assert_access_required(401);
}

#[tokio::test]
async fn links_of_an_inactive_client_work_again_after_activation() {
    let office = Office::open().await;
    let (_, path) = office.link(&office.client).await;
    office.set_client_active(&office.client, false).await;
    office.server.send(get(&path)).await.assert_access_required(401);
    office.set_client_active(&office.client, true).await;
    office.server.send(get(&path)).await.assert_leads_to(302, "/portal?entered");
}

#[tokio::test]
async fn attempts_are_limited_by_address() {
    let office = Office::open().await;
    let (_, path) = office.link(&office.client).await;
    let guess = format!("/portal/enter/{}", "B".repeat(43));
    for _ in 0..60 {
        office.server.send(get(&guess).from("192.0.2.1")).await.assert_access_required(401);
    }
    for path in [&guess, &path] {
        let answer = office.server.send(get(path).from("192.0.2.1")).await;
        assert_eq!((answer.status.as_u16(), &answer.headers["retry-after"]), (429, &"3600".parse().expect("is valid")));
        assert!(answer.text.contains("Wait 60 minutes, then"), "{}", answer.text);
        assert!(answer.set_cookies().next().is_none());
    }
    office.server.send(get(&path).from("192.0.2.2")).await.assert_leads_to(302, "/portal?entered");
    office.server.wait(SignedDuration::from_hours(1));
    office.server.send(get(&path).from("192.0.2.1")).await.assert_leads_to(302, "/portal?entered");
}

#[tokio::test]
async fn the_database_contains_no_secret_of_a_link() {
    let office = Office::open().await;
    let (_, path) = office.link(&office.client).await;
    office.server.send(get(&path)).await.assert_leads_to(302, "/portal?entered");
    let secret = path.rsplit('/').next().expect("exists").as_bytes();
    assert!(!office.server.stores(secret).await);
}

/// Requests that are not navigations of the user.
pub(crate) fn not_followed(path: &str) -> Vec<RequestBuilder> {
    vec![
        request(Method::HEAD, path),
        get(path).header("sec-purpose", "prefetch"),
        get(path).header("sec-purpose", "prefetch;prerender").header("sec-fetch-mode", "navigate"),
        get(path).header("purpose", "prefetch"),
        get(path).header("sec-fetch-mode", "no-cors").header("sec-fetch-dest", "image"),
        get(path).header("sec-fetch-mode", "cors").header("sec-fetch-dest", "empty"),
        get(path).header("sec-fetch-mode", "navigate").header("sec-fetch-dest", "iframe"),
    ]
}

#[tokio::test]
async fn only_navigations_have_an_effect() {
    let office = Office::open().await;
    let (_, path) = office.link(&office.client).await;
    let before = office.events().await.len();
    // More often than the limit.
    for _ in 0..10 {
        for sent in not_followed(&path) {
            let answer = office.server.send(sent.from("192.0.2.1")).await;
            assert!(answer.set_cookies().next().is_none(), "{answer:?}");
            assert!(!answer.headers.contains_key("location") && answer.text.is_empty(), "{answer:?}");
            assert_eq!(answer.headers["cache-control"], "no-store");
        }
    }
    assert_eq!(office.links(&office.client).await[0]["last_used_at"], json!(null));
    assert_eq!(office.events().await.len(), before);
    let followed = get(&path).header("sec-fetch-mode", "navigate").header("sec-fetch-dest", "document");
    office.server.send(followed.from("192.0.2.1")).await.assert_leads_to(302, "/portal?entered");
}
