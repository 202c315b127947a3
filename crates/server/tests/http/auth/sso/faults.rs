//! Implausible statements of a provider are refused, and the log names the claim or field.

use serde_json::{Value, json};

use super::{assert_failed, come_back, linked, location, server, through};
use crate::{
    provider::{Fault, Idp},
    support::{Server, get, logged_of},
};

/// Each fault, the reason shown on the sign-in page, and what the log names.
const LIES: [(Fault, &str, &str); 20] = [
    (Fault::Nonce, "INVALID_CREDENTIALS", "`nonce` of the ID token"),
    (Fault::NoNonce, "INVALID_CREDENTIALS", "`nonce` of the ID token"),
    (Fault::Audience, "INVALID_CREDENTIALS", "`aud` of the ID token"),
    (Fault::Party, "INVALID_CREDENTIALS", "`azp` of the ID token"),
    (Fault::Issuer, "INVALID_CREDENTIALS", "`iss` of the ID token"),
    (Fault::Signature, "INVALID_CREDENTIALS", "the signature of the ID token"),
    (Fault::Expired, "INVALID_CREDENTIALS", "`exp` of the ID token"),
    (Fault::NoEnd, "INVALID_CREDENTIALS", "`exp` of the ID token"),
    (Fault::Unsigned, "INVALID_CREDENTIALS", "`alg` of the ID token"),
    (Fault::SharedSecret, "INVALID_CREDENTIALS", "`alg` of the ID token"),
    (Fault::NoSubject, "INVALID_CREDENTIALS", "`sub` of the ID token"),
    (Fault::UserInfoOfSomebodyElse, "INVALID_CREDENTIALS", "`sub` of the user info"),
    (Fault::NoIdToken, "INVALID_PROVIDER", "`id_token` in the token answer"),
    (Fault::Discovery("issuer"), "INVALID_PROVIDER", "`issuer` of the discovery document"),
    (
        Fault::Discovery("authorization_endpoint"),
        "INVALID_PROVIDER",
        "`authorization_endpoint` of the discovery document",
    ),
    (Fault::Discovery("token_endpoint"), "INVALID_PROVIDER", "`token_endpoint` of the discovery document"),
    (Fault::Discovery("jwks_uri"), "INVALID_PROVIDER", "`jwks_uri` of the discovery document"),
    (Fault::NoTime, "INVALID_CREDENTIALS", "`auth_time` in the ID token"),
    (Fault::EarlierTime, "INVALID_CREDENTIALS", "`auth_time` of the ID token"),
    (Fault::LaterTime, "INVALID_CREDENTIALS", "`auth_time` of the ID token is in the future"),
];

/// Begins a flow and completes it as far as possible; returns the page with the result.
async fn try_through(server: &Server, idp: &Idp, query: &str, cookie: &str) -> String {
    let out = server.send(get(&format!("/auth/login/okta{query}")).cookie(cookie)).await;
    if location(&out).starts_with("/login") {
        return location(&out).to_owned();
    }
    let back = idp.agree(location(&out));
    let back = get(&format!("/auth/login/okta/callback?{back}")).cookie(&[cookie, &out.cookie()].join("; "));
    location(&server.send(back).await).to_owned()
}

#[tokio::test]
async fn each_fault_is_refused_and_logged() {
    let idp = Idp::start().await;
    let shared = server(&idp).await;
    let ada = linked(&shared, &idp, "okta").await;
    // Only the userinfo has the email, so that it is requested.
    idp.set(|script| script.email_apart = true);
    for (fault, reason, named) in LIES {
        let again = matches!(fault, Fault::NoTime | Fault::EarlierTime | Fault::LaterTime);
        let (query, cookie) = if again { ("?reauth=1", ada.as_str()) } else { ("", "") };
        // Discovery is cached, so a new server is needed.
        let fresh = if matches!(fault, Fault::Discovery(_)) { Some(server(&idp).await) } else { None };
        idp.set(|script| script.fault = fault);
        let (page, logged) = logged_of(try_through(fresh.as_ref().unwrap_or(&shared), &idp, query, cookie)).await;
        assert!(page.contains(&format!("reason={reason}")), "{fault:?}: {page}");
        let lines: Vec<_> = logged.iter().filter(|line| line.contains("event=sso_")).collect();
        assert!(lines.iter().any(|line| line.contains(named)), "{fault:?}: {lines:?}");
    }
}

#[tokio::test]
async fn another_issuer_or_a_missing_subject_is_logged_too() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    let out = server.send(get("/auth/login/okta")).await;
    let back = format!("{}&iss=https://evil.example", idp.agree(location(&out)));
    let (answer, logged) = logged_of(come_back(&server, "okta", &back, &out.cookie())).await;
    assert_failed(&answer, "INVALID_CREDENTIALS");
    assert!(logged.iter().any(|line| line.contains("`iss` of the answer")), "{logged:?}");
    // OAuth 2.0 has no standard claims: the configured keys are used.
    for (id, named) in [(Value::Null, "no `id`"), ("x".repeat(2000).into(), "`id` is over")] {
        idp.set(|script| script.claims = json!({ "id": id, "email": "ada@example.org" }));
        let (answer, logged) = logged_of(through(&server, &idp, "forge", "", "")).await;
        assert!(location(&answer).contains("reason=INVALID_"), "{:?}", answer.headers);
        assert!(logged.iter().any(|line| line.contains(named)), "{logged:?}");
    }
}
