//! SSO users without an account decide about devices: `sso-initiate`, `sso-complete`, `approval-context`,
//! `approve-external`, `deny-external`.

pub(super) mod provider;
mod refused;
mod stale;

use axum::http::StatusCode;
use doorstep_server::domain::{
    device_policy::ExternalSystem,
    jws::{self, SharedKey, Use},
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use url::Url;

use super::{Codes, MOUNT, approve, ask, ask_with, is_live, me, poll};
use crate::portal::enter::not_followed;
use crate::support::{Answer, ORIGIN, PASSWORD, RequestBuilder, Server, credentials, get, post};

const KEY: &str = "Zt5wXn0kBv3QyHs8MdUe6FpJiRl1AgT7";
const CALLBACK: &str = "/v1/device/sso-complete";

const STATE: Use =
    Use { kid: "doorstep-shared-v1", audience: "api.sso.state_envelope", life: SignedDuration::from_mins(15) };
const ASSERTION: Use = Use {
    kid: "doorstep-shared-v1",
    audience: "api.device_flow.external_subject_assertion",
    life: SignedDuration::from_mins(5),
};

fn key() -> SharedKey {
    SharedKey::parse(KEY).expect("is long enough")
}

async fn start() -> Server {
    Server::start_with(|builder| {
        let acs_url = "https://id.example.org/acs?tenant=1".parse().expect("is a URL");
        builder.policy.devices.external = Some(ExternalSystem { acs_url, key: key() });
    })
    .await
}

/// A browser in an SSO flow.
struct Browser {
    /// The value of its `Cookie` header.
    cookie: String,
    /// The state that the identity system received.
    state: Value,
}

async fn initiate(server: &Server, codes: &Codes) -> Browser {
    let answer = server.send(get(&format!("{MOUNT}/sso-initiate?user_code={}", codes.user_code))).await;
    assert_eq!(answer.status, StatusCode::FOUND, "{}", answer.text);
    let location = Url::parse(answer.headers["location"].to_str().expect("is ASCII")).expect("is a URL");
    assert!(location.as_str().starts_with("https://id.example.org/acs?tenant=1&state="), "{location}");
    let text = location.query_pairs().find(|(name, _)| name == "state").expect("exists").1.into_owned();
    let (state, _) = jws::verify::<Value, _>(&text, STATE, [key()], server.now()).expect("is signed");
    Browser { cookie: answer.cookie(), state }
}

/// The identity system's assertion about `eve`.
fn assertion(server: &Server, browser: &Browser) -> String {
    sign(server, &said(browser, "eve@partner.example"))
}

fn said(browser: &Browser, email: &str) -> Value {
    json!({
        "email": email, "issuer": "https://id.example.org", "user_code": browser.state["user_code"],
        "nonce": browser.state["nonce"],
    })
}

fn sign(server: &Server, said: &Value) -> String {
    jws::sign(ASSERTION, &key(), said.clone(), server.now()).expect("is signed")
}

fn come_back(cookie: &str, assertion: &str) -> RequestBuilder {
    get(&format!("{CALLBACK}?sso_assertion={assertion}")).cookie(cookie)
}

#[track_caller]
fn sent_to(answer: &Answer, page: &str) {
    assert_eq!(answer.status, StatusCode::FOUND, "{}", answer.text);
    assert_eq!(answer.headers["location"], page);
    assert_eq!(answer.headers["cache-control"], "no-store");
}

/// The approval grant of a completed flow: the value of a `Cookie` header.
#[track_caller]
fn grant(answer: &Answer) -> String {
    sent_to(answer, "/device?sso_verified=1");
    let cookie = answer.cookie();
    let pair = cookie.split("; ").find(|pair| pair.starts_with("device_approval_grant=")).expect("is set");
    pair.to_owned()
}

/// Performs the whole SSO flow.
async fn came_back(server: &Server, codes: &Codes) -> String {
    let browser = initiate(server, codes).await;
    let assertion = assertion(server, &browser);
    grant(&server.send(come_back(&browser.cookie, &assertion)).await)
}

async fn context(server: &Server, grant: &str) -> Value {
    server.send(get(&format!("{MOUNT}/approval-context")).cookie(grant)).await.ok()
}

fn decide(what: &str, grant: &str, csrf_token: &str, user_code: &str) -> RequestBuilder {
    let sent = post(&format!("{MOUNT}/{what}-external")).cookie(grant).json(&json!({ "user_code": user_code }));
    sent.header("x-csrf-token", csrf_token)
}

async fn approve_external(server: &Server, grant: &str, codes: &Codes) -> Answer {
    let csrf_token = context(server, grant).await["csrf_token"].as_str().expect("is text").to_owned();
    server.send(decide("approve", grant, &csrf_token, &codes.user_code)).await
}

#[tokio::test]
async fn an_sso_user_approves_a_device() {
    let server = start().await;
    let codes = ask_with(&server, &json!({ "client_id": "difyctl", "device_label": "laptop", "scope": "full" })).await;
    let lookup = server.send(get(&format!("{MOUNT}/lookup?user_code={}", codes.user_code))).await.ok();
    assert_eq!(lookup["sso_enabled"], true);

    let browser = initiate(&server, &codes).await;
    assert_eq!(
        (&browser.state["intent"], &browser.state["user_code"]),
        (&json!("device_flow"), &json!(codes.user_code))
    );
    assert_eq!(browser.state["idp_callback_url"], format!("{ORIGIN}{CALLBACK}"));
    let assertion = assertion(&server, &browser);
    let answer = server.send(come_back(&browser.cookie, &assertion)).await;
    let set: Vec<&str> =
        answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().expect("is ASCII")).collect();
    for mount in [MOUNT, "/openapi/v1/oauth/device"] {
        let rest = format!("; HttpOnly; SameSite=Lax; Path={mount}; Max-Age=300");
        assert!(
            set.iter().any(|cookie| cookie.starts_with("device_approval_grant=ey") && cookie.ends_with(&rest)),
            "{set:?}"
        );
    }
    let grant = grant(&answer);

    let told = context(&server, &grant).await;
    assert_eq!(
        (&told["subject_email"], &told["subject_issuer"]),
        (&json!("eve@partner.example"), &json!("https://id.example.org"))
    );
    assert_eq!((&told["user_code"], &told["expires_at"]), (&json!(codes.user_code), &json!("2026-01-01T12:05:00Z")));
    assert_eq!(
        (&told["request"]["device_label"], &told["request"]["scopes"]),
        (&json!("laptop"), &json!(["apps:run"]))
    );

    let answer = approve_external(&server, &grant, &codes).await;
    assert_eq!(answer.ok(), json!({ "status": "approved" }));
    let cleared = answer.headers.get_all("set-cookie").iter().filter(|value| {
        value.to_str().is_ok_and(|text| text.starts_with("device_approval_grant=;") && text.contains("Max-Age=0"))
    });
    assert_eq!(cleared.count(), 2);

    let issued = server.send(poll(&codes)).await.ok();
    let token = issued["token"].as_str().expect("is text").to_owned();
    let wanted = json!({
        "access_token": token, "token": token, "token_type": "Bearer", "expires_in": 14 * 24 * 3600,
        "expires_at": "2026-01-15T12:00:00Z", "scope": "apps:run", "subject_type": "external_sso",
        "subject_email": "eve@partner.example", "subject_issuer": "https://id.example.org", "workspaces": [],
        "token_id": issued["token_id"],
    });
    assert_eq!(issued, wanted);
    assert!(token.starts_with("dfoe_"), "{token}");
    let wanted = json!({
        "subject_type": "external_sso", "subject_email": "eve@partner.example",
        "subject_issuer": "https://id.example.org", "account": null, "workspaces": [],
    });
    assert_eq!(server.send(me(&token)).await.ok(), wanted);
    let listed = get("/openapi/v1/account/sessions").header("authorization", &format!("Bearer {token}"));
    assert_eq!(server.send(listed).await.ok()["total"], 1);
}

#[tokio::test]
async fn with_https_the_cookies_are_secure() {
    let server = Server::start_at("https://login.example.org").await;
    let external =
        ExternalSystem { acs_url: "https://id.example.org/acs?tenant=1".parse().expect("is a URL"), key: key() };
    let server = server
        .restart_at("https://login.example.org", |builder| builder.policy.devices.external = Some(external))
        .await;
    let codes = ask(&server).await;
    let browser = initiate(&server, &codes).await;
    assert!(browser.cookie.contains("__Host-doorstep_device_sso="), "{}", browser.cookie);
    let answer = server.send(come_back(&browser.cookie, &assertion(&server, &browser))).await;
    for cookie in answer.headers.get_all("set-cookie") {
        assert!(cookie.to_str().expect("is ASCII").contains("; Secure; "), "{cookie:?}");
    }
    // A sibling host can plant the contract's cookie, which is invalid without its companion.
    let path = format!("{MOUNT}/approval-context");
    let planted = grant(&answer);
    server.send(get(&path).cookie(&planted)).await.refused(401, "no_session");
    let other = format!("__Host-{planted}x; {planted}");
    server.send(get(&path).cookie(&other)).await.refused(401, "no_session");
    server.send(get(&path).cookie(&answer.cookie())).await.ok();
}

#[tokio::test]
async fn an_sso_user_denies_a_device() {
    let server = start().await;
    let codes = ask(&server).await;
    let grant = came_back(&server, &codes).await;
    let csrf_token = context(&server, &grant).await["csrf_token"].as_str().expect("is text").to_owned();
    let sent = decide("deny", &grant, &csrf_token, &codes.user_code);
    assert_eq!(server.send(sent).await.ok(), json!({ "status": "denied" }));
    server.send(poll(&codes)).await.refused(400, "access_denied");
}

#[tokio::test]
async fn only_a_pending_code_begins_sso() {
    let server = start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let codes = ask(&server).await;
    server.send(approve(&cookie, &codes)).await.ok();
    for query in
        ["", "?user_code=", "?user_code=nonsense", "?user_code=BCDF-GHJK", &format!("?user_code={}", codes.user_code)]
    {
        server.send(get(&format!("{MOUNT}/sso-initiate{query}"))).await.refused(400, "invalid_user_code");
    }
}

#[tokio::test]
async fn a_link_from_another_site_leads_to_the_page_with_the_code_field() {
    let server = start().await;
    let codes = ask(&server).await;
    let path = format!("{MOUNT}/sso-initiate?user_code={}", codes.user_code);
    for site in ["none", "cross-site", "same-site"] {
        let link = get(&path).header("sec-fetch-site", site).header("sec-fetch-mode", "navigate");
        let answer = server.send(link.header("sec-fetch-dest", "document")).await;
        assert_eq!(answer.status, StatusCode::FOUND);
        assert_eq!(answer.headers["location"], format!("/device?user_code={}", codes.user_code), "{site}");
        assert!(!answer.headers.contains_key("set-cookie"));
    }
    let pressed = get(&path).header("sec-fetch-site", "same-origin").header("sec-fetch-mode", "navigate");
    let answer = server.send(pressed.header("sec-fetch-dest", "document")).await;
    assert!(answer.headers["location"].to_str().expect("is ASCII").starts_with("https://id.example.org/"));
}

#[tokio::test]
async fn a_user_with_an_account_must_sign_in() {
    let server = start().await;
    let codes = ask(&server).await;
    let browser = initiate(&server, &codes).await;
    for email in ["admin@example.org", "ADMIN@Example.org"] {
        let assertion = sign(&server, &said(&browser, email));
        sent_to(
            &server.send(come_back(&browser.cookie, &assertion)).await,
            "/device?sso_error=email_belongs_to_account",
        );
    }
}

#[tokio::test]
async fn a_code_resolved_meanwhile_is_reported() {
    let server = start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let codes = ask(&server).await;
    let (browser, grant) = (initiate(&server, &codes).await, came_back(&server, &codes).await);
    let csrf_token = context(&server, &grant).await["csrf_token"].as_str().expect("is text").to_owned();
    server.send(approve(&cookie, &codes)).await.ok();
    let late = server.send(come_back(&browser.cookie, &assertion(&server, &browser))).await;
    sent_to(&late, "/device?sso_error=user_code_not_pending");
    server.send(get(&format!("{MOUNT}/approval-context")).cookie(&grant)).await.refused(409, "user_code_not_pending");
    let sent = decide("approve", &grant, &csrf_token, &codes.user_code);
    server.send(sent).await.refused(409, "user_code_not_pending");
}

#[tokio::test]
async fn a_grant_lives_five_minutes_and_a_new_start_clears_it() {
    let server = start().await;
    let codes = ask(&server).await;
    let grant = came_back(&server, &codes).await;
    server.wait(SignedDuration::from_secs(299));
    context(&server, &grant).await;
    server.wait(SignedDuration::from_secs(1));
    server.send(get(&format!("{MOUNT}/approval-context")).cookie(&grant)).await.refused(401, "no_session");
    let answer = server.send(get(&format!("{MOUNT}/sso-initiate?user_code={}", codes.user_code))).await;
    let cleared = answer.headers.get_all("set-cookie").iter().filter(|value| {
        value.to_str().is_ok_and(|text| text.starts_with("device_approval_grant=;") && text.contains("Max-Age=0"))
    });
    assert_eq!(cleared.count(), 2);
}

#[tokio::test]
async fn users_of_two_systems_with_the_same_email_are_separate_from_each_other_and_from_accounts() {
    let server = start().await;
    let (admin, _) = server.sign_in_with_new_password().await;
    let label = json!({ "client_id": "difyctl", "device_label": "laptop" });
    let mut tokens = vec![super::authorize(&server, &admin, &label).await];
    for (email, issuer) in
        [("eve@partner.example", "one"), ("eve@partner.example", "two"), ("EVE@partner.example", "one")]
    {
        let codes = ask_with(&server, &label).await;
        let browser = initiate(&server, &codes).await;
        let mut said = said(&browser, email);
        said["issuer"] = issuer.into();
        let grant = grant(&server.send(come_back(&browser.cookie, &sign(&server, &said))).await);
        approve_external(&server, &grant, &codes).await.ok();
        tokens.push(server.send(poll(&codes)).await.ok());
    }
    let mut live = Vec::new();
    for token in &tokens {
        live.push(is_live(&server, token["token"].as_str().expect("is text")).await);
    }
    // The last one replaced the second: the same user with another spelling.
    assert_eq!(live, [true, false, true, true]);
    // An account created later does not get it.
    server.add_member("eve").await;
    let eve = server.send(post("/api/auth/login").json(&credentials("eve", PASSWORD))).await.cookie();
    assert_eq!(server.send(get("/api/auth/devices").cookie(&eve)).await.data()["total"], 0);
}

#[tokio::test]
async fn only_navigations_begin_and_complete_sso() {
    let server = start().await;
    let codes = ask(&server).await;
    let browser = initiate(&server, &codes).await;
    let assertion = assertion(&server, &browser);
    let back = format!("{CALLBACK}?sso_assertion={assertion}");
    for path in [&format!("{MOUNT}/sso-initiate?user_code={}", codes.user_code), &back] {
        for sent in not_followed(path) {
            let answer = server.send(sent.cookie(&browser.cookie)).await;
            assert!(answer.set_cookies().next().is_none(), "{path}: {answer:?}");
            assert!(!answer.headers.contains_key("location"), "{path}: {answer:?}");
        }
    }
    // The assertion was not used up.
    grant(&server.send(come_back(&browser.cookie, &assertion)).await);
}
