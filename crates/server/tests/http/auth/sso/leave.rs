//! Beginning a flow: GET `/auth/login/:provider`.

use futures_util::future::join_all;
use jiff::SignedDuration;
use url::Url;

use super::{assert_failed, location, server};
use crate::{
    auth::hostile_urls,
    provider::{Fault, Idp},
    support::{Server, get},
};

#[tokio::test]
async fn a_flow_has_pkce_state_and_nonce_and_a_cookie_to_verify_the_callback() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    let out = server.send(get("/auth/login/okta?redirect=/account").header("host", "evil.example")).await;
    let url = Url::parse(location(&out)).expect("is a URL");
    let query = |key: &str| url.query_pairs().find(|(name, _)| name == key).expect("exists").1.into_owned();
    assert_eq!(query("client_id"), "doorstep");
    assert_eq!(query("scope"), "openid email");
    assert_eq!(query("redirect_uri"), "http://127.0.0.1:8080/auth/login/okta/callback");
    assert!(query("nonce").len() == 43 && query("state").len() == 43 && query("code_challenge").len() == 43);
    let cookie = out.set_cookies().next().expect("is set");
    assert!(cookie.starts_with(&format!("doorstep_sso_{}_8080=", query("state"))), "{cookie}");
    assert!(cookie.ends_with("; HttpOnly; SameSite=Lax; Path=/; Max-Age=900"), "{cookie}");
    assert!(!cookie.contains(&query("nonce")));
}

#[tokio::test]
async fn an_unknown_provider_and_a_foreign_destination_are_refused() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    server.send(get("/auth/login/nobody")).await.assert_refused(403, "INVALID_PROVIDER");
    server.send(get("/auth/login/default")).await.assert_refused(403, "INVALID_PROVIDER");
    server.send(get("/auth/login/nobody/callback?code=x&state=y")).await;
    for text in hostile_urls() {
        let encoded: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        let answer = server.send(get(&format!("/auth/login/okta?redirect={encoded}"))).await;
        answer.assert_refused(400, "INVALID_PAYLOAD");
    }
    let allowed = server.send(get("/auth/login/okta?redirect=https%3A%2F%2Fapp.example.org%2Fin%3Fx%3D1")).await;
    assert!(location(&allowed).starts_with(&idp.issuer));
}

#[tokio::test]
async fn an_unavailable_provider_is_a_reason_and_not_cached() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    idp.set(|script| script.fault = Fault::Down);
    assert_failed(&server.send(get("/auth/login/okta")).await, "SERVICE_UNAVAILABLE");
    idp.set(|script| script.fault = Fault::Nothing);
    assert!(location(&server.send(get("/auth/login/okta")).await).starts_with(&idp.issuer));
    // The discovery document is cached.
    idp.set(|script| script.fault = Fault::Down);
    assert!(location(&server.send(get("/auth/login/okta")).await).starts_with(&idp.issuer));
}

/// Of concurrent requests only one contacts the provider, and the others do not retry a failure at once.
#[tokio::test]
async fn a_hanging_provider_is_contacted_once() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    idp.set(|script| script.fault = Fault::Hangs);
    let answers = join_all((0..20).map(|_| server.send(get("/auth/login/okta")))).await;
    for answer in answers {
        assert_failed(&answer, "SERVICE_UNAVAILABLE");
    }
    assert_eq!(idp.discoveries(), 1);
    idp.set(|script| script.fault = Fault::Nothing);
    assert_failed(&server.send(get("/auth/login/okta")).await, "SERVICE_UNAVAILABLE");
    server.wait(SignedDuration::from_secs(5));
    let answers = join_all((0..20).map(|_| server.send(get("/auth/login/okta")))).await;
    assert!(answers.iter().all(|answer| location(answer).starts_with(&idp.issuer)));
    assert_eq!(idp.discoveries(), 2);
}

#[tokio::test]
async fn the_providers_are_listed() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    let listed = server.send(get("/auth")).await.json();
    assert_eq!(listed["data"][0], serde_json::json!({ "name": "okta", "driver": "openid", "label": "Okta" }));
    assert_eq!((&listed["data"][1]["driver"], &listed["disableDefault"]), (&"oauth2".into(), &false.into()));
    assert_eq!(server.send(get("/auth?sessionOnly")).await.json()["data"], serde_json::json!([]));
    let status = server.send(get("/api/auth/setup-status")).await.data();
    assert_eq!(status["providers"][0]["name"], "okta");
    assert_eq!(Server::start().await.send(get("/auth")).await.json()["data"], serde_json::json!([]));
}
