//! SSO for devices by a configured provider: begun by `sso-initiate`, completed by the common callback, with the
//! same grant.

use axum::http::StatusCode;
use doorstep_server::{
    domain::device_policy::ExternalSystem,
    idp::{Providers, Settings},
};
use jiff::SignedDuration;
use serde_json::json;
use url::Url;

use super::{approve_external, context, decide, grant, key, sent_to};
use crate::{
    device::{Codes, MOUNT, approve, ask, ask_with, is_live, me, poll},
    provider::{Fault, Idp},
    support::{Answer, PASSWORD, Server, credentials, get, post},
};

/// A provider for devices with each protocol, and one that is not for devices.
fn providers(idp: &Idp) -> Providers {
    let for_devices = |settings| Settings { device_external: true, ..settings };
    let other = Settings { name: "staff".to_owned(), ..idp.openid() };
    Providers::new(vec![other, for_devices(idp.openid()), for_devices(idp.oauth2())])
        .expect("the system has certificates")
}

async fn start(idp: &Idp) -> Server {
    Server::start_with(|builder| builder.providers = providers(idp)).await
}

async fn initiate(server: &Server, codes: &Codes, more: &str) -> Answer {
    server.send(get(&format!("{MOUNT}/sso-initiate?user_code={}{more}", codes.user_code))).await
}

async fn come_back(server: &Server, provider: &str, query: &str, cookie: &str) -> Answer {
    server.send(get(&format!("/auth/login/{provider}/callback?{query}")).cookie(cookie)).await
}

#[track_caller]
fn location(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::FOUND, "{}", answer.text);
    answer.headers["location"].to_str().expect("is ASCII")
}

/// Begins a flow and completes it with the provider's current behaviour.
async fn through(server: &Server, idp: &Idp, provider: &str, codes: &Codes) -> Answer {
    let out = initiate(server, codes, &format!("&provider={provider}")).await;
    let back = idp.agree(location(&out));
    come_back(server, provider, &back, &out.cookie()).await
}

/// Performs the whole flow and returns the grant's cookie, its CSRF token and its user code.
pub(crate) async fn came_back_from_provider(server: &Server, idp: &Idp) -> (String, String, String) {
    let codes = ask(server).await;
    let grant = grant(&through(server, idp, "okta", &codes).await);
    let csrf_token = context(server, &grant).await["csrf_token"].as_str().expect("is text").to_owned();
    (grant, csrf_token, codes.user_code)
}

#[track_caller]
fn refused(answer: &Answer, why: &str) {
    sent_to(answer, &format!("/device?sso_error={why}"));
    assert!(!answer.set_cookies().any(|cookie| cookie.starts_with("device_approval_grant=ey")), "{:?}", answer.headers);
}

#[tokio::test]
async fn a_user_of_a_provider_approves_a_device() {
    let idp = Idp::start().await;
    let server = start(&idp).await;
    let codes = ask_with(&server, &json!({ "client_id": "difyctl", "device_label": "laptop", "scope": "full" })).await;
    let lookup = server.send(get(&format!("{MOUNT}/lookup?user_code={}", codes.user_code))).await.ok();
    assert_eq!(lookup["sso_enabled"], true);
    let names: Vec<_> = lookup["sso_providers"].as_array().expect("is a list").iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["okta", "forge"], "only those for devices");

    let out = initiate(&server, &codes, "&provider=okta").await;
    let url = Url::parse(location(&out)).expect("is a URL");
    let query = |key: &str| url.query_pairs().find(|(name, _)| name == key).expect("exists").1.into_owned();
    assert_eq!(query("redirect_uri"), "http://127.0.0.1:8080/auth/login/okta/callback");
    assert_eq!((query("code_challenge_method").as_str(), query("nonce").len()), ("S256", 43));
    let set: Vec<&str> = out.set_cookies().collect();
    let kept = set.iter().find(|cookie| cookie.starts_with(&format!("doorstep_sso_{}_8080=", query("state"))));
    assert!(kept.is_some_and(|cookie| cookie.ends_with("; HttpOnly; SameSite=Lax; Path=/; Max-Age=900")));
    assert_eq!(set.iter().filter(|cookie| cookie.starts_with("device_approval_grant=;")).count(), 2, "{set:?}");

    let back = come_back(&server, "okta", &idp.agree(url.as_str()), &out.cookie()).await;
    for mount in [MOUNT, "/openapi/v1/oauth/device"] {
        let rest = format!("; HttpOnly; SameSite=Lax; Path={mount}; Max-Age=300");
        let is_grant = |cookie: &str| cookie.starts_with("device_approval_grant=ey") && cookie.ends_with(&rest);
        assert!(back.set_cookies().any(is_grant), "{:?}", back.headers);
    }
    assert!(!back.set_cookies().any(|cookie| cookie.contains("doorstep_session=")), "nobody is signed in");
    let grant = grant(&back);
    let told = context(&server, &grant).await;
    assert_eq!(
        (&told["subject_email"], &told["subject_issuer"], &told["subject_provider"]),
        (&json!("ada@example.org"), &json!(idp.issuer.as_str()), &json!("Okta"))
    );
    assert_eq!(approve_external(&server, &grant, &codes).await.ok(), json!({ "status": "approved" }));
    let issued = server.send(poll(&codes)).await.ok();
    let token = issued["token"].as_str().expect("is text");
    assert!(token.starts_with("dfoe_"), "{token}");
    assert_eq!((&issued["scope"], &issued["subject_type"]), (&json!("apps:run"), &json!("external_sso")));
    let wanted = json!({
        "subject_type": "external_sso", "subject_email": "ada@example.org", "subject_issuer": idp.issuer,
        "account": null, "workspaces": [],
    });
    assert_eq!(server.send(me(token)).await.ok(), wanted);
    // The grant was for one decision.
    let again = decide("deny", &grant, told["csrf_token"].as_str().expect("is text"), &codes.user_code);
    server.send(again).await.refused(401, "session_already_consumed");
}

#[tokio::test]
async fn a_user_of_plain_oauth2_denies_a_device() {
    let idp = Idp::start().await;
    let server = start(&idp).await;
    idp.set(|script| script.claims["id"] = 4711.into());
    let codes = ask(&server).await;
    let grant = grant(&through(&server, &idp, "forge", &codes).await);
    let told = context(&server, &grant).await;
    assert_eq!((&told["subject_issuer"], &told["subject_provider"]), (&json!("forge"), &json!("Forge")));
    let csrf_token = told["csrf_token"].as_str().expect("is text");
    server.send(decide("deny", &grant, csrf_token, &codes.user_code)).await.ok();
    server.send(poll(&codes)).await.refused(400, "access_denied");
}

#[tokio::test]
async fn a_user_is_identified_by_the_subject_and_not_by_the_email() {
    let idp = Idp::start().await;
    let server = start(&idp).await;
    let mut tokens = Vec::new();
    for (sub, email) in [("1", "eve@example.org"), ("2", "eve@example.org"), ("1", "eve.new@example.org")] {
        idp.set(|script| {
            script.claims["sub"] = sub.into();
            script.claims["email"] = email.into();
        });
        let codes = ask_with(&server, &json!({ "client_id": "difyctl", "device_label": "laptop" })).await;
        let grant = grant(&through(&server, &idp, "okta", &codes).await);
        approve_external(&server, &grant, &codes).await.ok();
        tokens.push(server.send(poll(&codes)).await.ok()["token"].as_str().expect("is text").to_owned());
    }
    let mut live = Vec::new();
    for token in &tokens {
        live.push(is_live(&server, token).await);
    }
    // The last one replaced the first: the same user and device, with another email.
    assert_eq!(live, [false, true, true]);
}

#[tokio::test]
async fn a_user_with_an_account_must_sign_in() {
    let idp = Idp::start().await;
    let server = start(&idp).await;
    server.add_member("ada").await;
    let codes = ask(&server).await;
    refused(&through(&server, &idp, "okta", &codes).await, "email_belongs_to_account");
    // Also recognized by a linked identity with another email.
    let ada = server.send(post("/api/auth/login").json(&credentials("ada", PASSWORD))).await.cookie();
    crate::auth::sso::link(&server, &idp, "okta", &ada).await;
    idp.set(|script| script.claims["email"] = "other@example.org".into());
    refused(&through(&server, &idp, "okta", &codes).await, "email_belongs_to_account");
    // The existence of an account with an unverified email is not revealed.
    idp.set(|script| {
        script.claims = json!({ "sub": "x", "email": "ada@example.org", "email_verified": false });
    });
    refused(&through(&server, &idp, "okta", &codes).await, "invalid_sso_assertion");
}

#[tokio::test]
async fn implausible_statements_give_no_grant() {
    let idp = Idp::start().await;
    let server = start(&idp).await;
    let codes = ask(&server).await;
    for fault in [Fault::Nonce, Fault::NoNonce, Fault::Audience, Fault::Issuer, Fault::Signature, Fault::Expired] {
        idp.set(|script| script.fault = fault);
        refused(&through(&server, &idp, "okta", &codes).await, "invalid_sso_assertion");
    }
    idp.set(|script| script.fault = Fault::Nothing);
    for claims in [json!({ "sub": "x" }), json!({ "sub": "x", "email": "no email" })] {
        idp.set(|script| script.claims = claims);
        refused(&through(&server, &idp, "okta", &codes).await, "invalid_sso_assertion");
    }
    server.send(poll(&codes)).await.refused(400, "authorization_pending");
}

#[tokio::test]
async fn refusals_and_late_or_forged_callbacks_are_shown_on_the_page() {
    let idp = Idp::start().await;
    let server = start(&idp).await;
    let codes = ask(&server).await;
    let out = initiate(&server, &codes, "&provider=okta").await;
    let back = idp.agree(location(&out));
    let state = back.split("state=").nth(1).expect("exists").to_owned();
    let denied = come_back(&server, "okta", &format!("error=access_denied&state={state}"), &out.cookie()).await;
    refused(&denied, "access_denied");
    assert!(denied.set_cookies().any(|cookie| cookie.contains("doorstep_sso_device.") && cookie.contains("Max-Age=0")));
    // In another browser, with another state, at another provider.
    refused(&come_back(&server, "okta", &back, "").await, "sso_failed");
    refused(&come_back(&server, "okta", &format!("{back}x"), &out.cookie()).await, "sso_failed");
    refused(&come_back(&server, "forge", &back, &out.cookie()).await, "sso_failed");
    server.wait(SignedDuration::from_mins(15));
    refused(&come_back(&server, "okta", &back, &out.cookie()).await, "sso_failed");
}

#[tokio::test]
async fn a_callback_works_once() {
    let idp = Idp::start().await;
    let server = start(&idp).await;
    let codes = ask(&server).await;
    let out = initiate(&server, &codes, "&provider=okta").await;
    let back = idp.agree(location(&out));
    grant(&come_back(&server, "okta", &back, &out.cookie()).await);
    // Another code was issued for the same state.
    idp.agree(location(&out));
    refused(&come_back(&server, "okta", &back, &out.cookie()).await, "sso_failed");
}

#[tokio::test]
async fn a_code_used_meanwhile_is_reported() {
    let idp = Idp::start().await;
    let server = start(&idp).await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let codes = ask(&server).await;
    let out = initiate(&server, &codes, "&provider=okta").await;
    let back = idp.agree(location(&out));
    server.send(approve(&cookie, &codes)).await.ok();
    refused(&come_back(&server, "okta", &back, &out.cookie()).await, "user_code_not_pending");
    let late = ask(&server).await;
    let out = initiate(&server, &late, "&provider=okta").await;
    server.wait(SignedDuration::from_mins(14));
    let other = ask(&server).await;
    server.wait(SignedDuration::from_mins(1));
    refused(&come_back(&server, "okta", &idp.agree(location(&out)), &out.cookie()).await, "sso_failed");
    // A grant is valid for its user code only.
    let now = server.now();
    idp.set(|script| script.now = now);
    let grant = grant(&through(&server, &idp, "okta", &other).await);
    let csrf_token = context(&server, &grant).await["csrf_token"].as_str().expect("is text").to_owned();
    let sent = decide("approve", &grant, &csrf_token, &ask(&server).await.user_code);
    server.send(sent).await.refused(400, "user_code_mismatch");
}

#[tokio::test]
async fn the_default_is_the_first_provider_for_devices() {
    let idp = Idp::start().await;
    let server = start(&idp).await;
    let codes = ask(&server).await;
    let out = initiate(&server, &codes, "").await;
    assert!(location(&out).contains("redirect_uri=http%3A%2F%2F127.0.0.1%3A8080%2Fauth%2Flogin%2Fokta%2Fcallback"));
    for name in ["staff", "nobody", "default"] {
        initiate(&server, &codes, &format!("&provider={name}")).await.refused(404, "not_found");
    }
    // A program gets an OAuth error, a user sees the reason on the page.
    let nonsense = format!("{MOUNT}/sso-initiate?user_code=nonsense");
    server.send(get(&nonsense)).await.refused(400, "invalid_user_code");
    let person = server.send(get(&nonsense).header("sec-fetch-mode", "navigate")).await;
    refused(&person, "user_code_not_pending");
    drop(server);
    // An identity system with signed assertions replaces the providers.
    let acs_url = "https://id.example.org/acs".parse().expect("is a URL");
    let server = Server::start_with(|builder| {
        builder.providers = providers(&idp);
        builder.policy.devices.external = Some(ExternalSystem { acs_url, key: key() });
    })
    .await;
    let codes = ask(&server).await;
    let out = initiate(&server, &codes, "&provider=okta").await;
    assert!(location(&out).starts_with("https://id.example.org/acs?state="));
    let lookup = server.send(get(&format!("{MOUNT}/lookup?user_code={}", codes.user_code))).await.ok();
    assert_eq!((&lookup["sso_enabled"], &lookup["sso_providers"]), (&json!(true), &json!([])));
}

#[tokio::test]
async fn an_unavailable_provider_is_a_502_for_programs_and_a_message_for_users() {
    let idp = Idp::start().await;
    let server = start(&idp).await;
    let codes = ask(&server).await;
    idp.set(|script| script.fault = Fault::Down);
    let out = initiate(&server, &codes, "&provider=okta").await;
    out.refused(502, "sso_initiate_failed");
    let path = format!("{MOUNT}/sso-initiate?user_code={}&provider=okta", codes.user_code);
    let person = server.send(get(&path).header("sec-fetch-mode", "navigate")).await;
    refused(&person, "temporarily_unavailable");
    idp.set(|script| script.fault = Fault::Nothing);
    let out = initiate(&server, &codes, "&provider=okta").await;
    let back = idp.agree(location(&out));
    idp.set(|script| script.fault = Fault::Down);
    refused(&come_back(&server, "okta", &back, &out.cookie()).await, "temporarily_unavailable");
}

#[tokio::test]
async fn starts_are_limited_and_the_page_says_so() {
    let idp = Idp::start().await;
    let server = start(&idp).await;
    let codes = ask(&server).await;
    for _ in 0..60 {
        location(&initiate(&server, &codes, "&provider=okta").await);
    }
    let over = initiate(&server, &codes, "&provider=okta").await;
    over.refused(429, "rate_limited");
    assert!(over.headers.contains_key("retry-after"));
    let path = format!("{MOUNT}/sso-initiate?user_code={}", codes.user_code);
    refused(&server.send(get(&path).header("sec-fetch-mode", "navigate")).await, "rate_limited");
}
