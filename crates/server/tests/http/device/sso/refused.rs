//! Refused assertions and grants: forged, foreign, altered, late, repeated.

use axum::http::Method;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use doorstep_server::domain::jws::{self, SharedKey, Use};
use jiff::SignedDuration;
use serde_json::json;

use super::{
    ASSERTION, CALLBACK, STATE, assertion, came_back, come_back, context, decide, grant, initiate, key, said, sent_to,
    sign, start,
};
use crate::{
    device::{MOUNT, approve, ask},
    support::{ORIGIN, get, post, request},
};

#[tokio::test]
async fn an_assertion_must_be_signed_by_the_system_for_this_browser() {
    let server = start().await;
    let codes = ask(&server).await;
    let browser = initiate(&server, &codes).await;
    let good = assertion(&server, &browser);
    let now = server.now();
    let as_state = jws::sign(Use { life: ASSERTION.life, ..STATE }, &key(), said(&browser, "eve@partner.example"), now);
    let other_kid =
        jws::sign(Use { kid: "doorstep-v1", ..ASSERTION }, &key(), said(&browser, "eve@partner.example"), now);
    let foreign = SharedKey::parse("q8dPzN1mVxT4sKfWb7YhRj2LcGaEuC9o").expect("is long enough");
    let foreign = jws::sign(ASSERTION, &foreign, said(&browser, "eve@partner.example"), now);
    let long = jws::sign(Use { life: STATE.life, ..ASSERTION }, &key(), said(&browser, "eve@partner.example"), now);
    let unsigned = {
        let header = URL_SAFE_NO_PAD.encode(json!({ "alg": "none", "kid": "doorstep-shared-v1" }).to_string());
        format!("{header}.{}.", good.split('.').nth(1).expect("has parts"))
    };
    let with = |name: &str, value: &str| {
        let mut said = said(&browser, "eve@partner.example");
        said[name] = value.into();
        sign(&server, &said)
    };
    let tampered = {
        let mut parts: Vec<String> = good.split('.').map(str::to_owned).collect();
        parts[1] = with("email", "mallory@partner.example").split('.').nth(1).expect("has parts").to_owned();
        parts.join(".")
    };
    for wrong in [
        String::new(),
        "garbage".to_owned(),
        tampered,
        unsigned,
        as_state.expect("is signed"),
        other_kid.expect("is signed"),
        foreign.expect("is signed"),
        long.expect("is signed"),
        with("nonce", "another"),
        with("user_code", "BCDF-GHJK"),
        with("user_code", "nonsense"),
        with("email", "no email"),
        with("issuer", ""),
    ] {
        sent_to(&server.send(come_back(&browser.cookie, &wrong)).await, "/device?sso_error=invalid_sso_assertion");
    }
    // Another browser, and one that did not begin the flow.
    let other = initiate(&server, &codes).await;
    for cookie in [other.cookie.as_str(), "", "doorstep_device_sso_8080=x"] {
        sent_to(&server.send(come_back(cookie, &good)).await, "/device?sso_error=invalid_sso_assertion");
    }
    sent_to(&server.send(get(CALLBACK).cookie(&browser.cookie)).await, "/device?sso_error=invalid_sso_assertion");
    // The failures have not invalidated anything.
    grant(&server.send(come_back(&browser.cookie, &good)).await);
    server.wait(SignedDuration::from_mins(5));
    let late = initiate(&server, &codes).await;
    let old = assertion(&server, &late);
    server.wait(SignedDuration::from_mins(5));
    sent_to(&server.send(come_back(&late.cookie, &old)).await, "/device?sso_error=invalid_sso_assertion");
}

#[tokio::test]
async fn an_assertion_works_once_even_concurrently() {
    let server = start().await;
    let codes = ask(&server).await;
    let browser = initiate(&server, &codes).await;
    let assertion = assertion(&server, &browser);
    let sent = (0..8).map(|_| server.send(come_back(&browser.cookie, &assertion)));
    let answers = futures_util::future::join_all(sent).await;
    let verified = answers.iter().filter(|answer| answer.headers["location"] == "/device?sso_verified=1").count();
    assert_eq!(verified, 1);
    let again = server.send(come_back(&browser.cookie, &assertion)).await;
    sent_to(&again, "/device?sso_error=invalid_sso_assertion");
}

#[tokio::test]
async fn a_grant_allows_one_decision_for_its_code_with_its_csrf_token() {
    let server = start().await;
    let (codes, other) = (ask(&server).await, ask(&server).await);
    let grant = came_back(&server, &codes).await;
    let csrf_token = context(&server, &grant).await["csrf_token"].as_str().expect("is text").to_owned();
    let path = format!("{MOUNT}/approve-external");

    server.send(decide("approve", "", &csrf_token, &codes.user_code)).await.refused(401, "invalid_session");
    let forged = format!("{}x", &grant[..grant.len() - 1]);
    server.send(decide("approve", &forged, &csrf_token, &codes.user_code)).await.refused(401, "invalid_session");
    server.send(get(&format!("{MOUNT}/approval-context")).cookie(&forged)).await.refused(401, "no_session");
    server.send(get(&format!("{MOUNT}/approval-context"))).await.refused(401, "no_session");
    server.send(decide("approve", &grant, "wrong", &codes.user_code)).await.refused(403, "csrf_mismatch");
    let bare = post(&path).cookie(&grant).json(&json!({ "user_code": codes.user_code }));
    server.send(bare).await.refused(403, "csrf_mismatch");
    server.send(decide("approve", &grant, &csrf_token, &other.user_code)).await.refused(400, "user_code_mismatch");
    let elsewhere = request(Method::POST, &path).header("origin", "https://evil.example").cookie(&grant);
    server.send(elsewhere.json(&json!({}))).await.refused(403, "access_denied");
    server.send(post(&path).cookie(&grant).body("x")).await.refused(415, "unsupported_media_type");

    let sent = (0..4).map(|_| server.send(decide("approve", &grant, &csrf_token, &codes.user_code)));
    let answers = futures_util::future::join_all(sent).await;
    assert_eq!(answers.iter().filter(|answer| answer.status.is_success()).count(), 1);
    for answer in answers.iter().filter(|answer| !answer.status.is_success()) {
        answer.refused(401, "session_already_consumed");
    }
    server.send(decide("deny", &grant, &csrf_token, &codes.user_code)).await.refused(401, "session_already_consumed");
    server.send(get(&format!("{MOUNT}/approval-context")).cookie(&grant)).await.refused(401, "no_session");
}

#[tokio::test]
async fn grants_and_sessions_are_not_interchangeable() {
    let server = start().await;
    let codes = ask(&server).await;
    let grant = came_back(&server, &codes).await;
    server.send(approve(&grant, &codes)).await.refused(401, "unauthenticated");
    server.send(get("/api/auth/me").cookie(&grant)).await.assert_error(401, "unauthenticated");
    let (cookie, _) = server.sign_in_with_new_password().await;
    server.send(decide("approve", &cookie, "x", &codes.user_code)).await.refused(401, "invalid_session");
    // The shared key signs no grants.
    let claims = json!({
        "iss": ORIGIN, "subject_email": "eve@partner.example", "subject_issuer": "x", "user_code": codes.user_code,
        "nonce": "n", "csrf_token": "c",
    });
    for kid in ["doorstep-v1", "doorstep-shared-v1"] {
        let to = Use { kid, audience: "api.device_flow.approval_grant", life: SignedDuration::from_mins(5) };
        let forged = jws::sign(to, &key(), claims.clone(), server.now()).expect("is signed");
        let forged = format!("device_approval_grant={forged}");
        server.send(decide("approve", &forged, "c", &codes.user_code)).await.refused(401, "invalid_session");
    }
}
