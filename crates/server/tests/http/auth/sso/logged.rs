//! What is logged when a provider refuses, or when its user is refused here.

use serde_json::json;

use super::{assert_failed, come_back, location, server, through};
use crate::{
    provider::Idp,
    support::{get, logged_of},
};

#[track_caller]
fn line<'a>(logged: &'a [String], event: &str) -> &'a str {
    let start = format!("event={event} ");
    let lines: Vec<_> = logged.iter().filter(|line| line.contains(&start)).collect();
    assert_eq!(lines.len(), 1, "{event}: {logged:?}");
    lines[0]
}

#[tokio::test]
async fn a_refusal_by_a_provider_is_logged_with_its_error_and_without_its_text() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    for (error, logged_as, reason) in [
        ("access_denied", "error=access_denied ", "ACCESS_DENIED"),
        ("login_required", "error=login_required ", "UNKNOWN_EXCEPTION"),
        ("temporarily_unavailable", "error=temporarily_unavailable ", "SERVICE_UNAVAILABLE"),
        ("%3Cscript%3E%0A", "error=scri", "UNKNOWN_EXCEPTION"),
        (&"x".repeat(500), "error=xxx", "UNKNOWN_EXCEPTION"),
    ] {
        let out = server.send(get("/auth/login/okta")).await;
        let state = idp.agree(location(&out)).replace("code=abc&", "");
        let query = format!("error={error}&error_description=hunter2&error_uri=https%3A%2F%2Fevil.example&{state}");
        let (answer, logged) = logged_of(come_back(&server, "okta", &query, &out.cookie())).await;
        assert_failed(&answer, reason);
        let line = line(&logged, "sso_refused_by_provider");
        assert!(line.contains("provider=okta ") && line.contains(logged_as), "{line}");
        assert!(line.len() < 200 && !line.contains(['<', '\n']), "{line}");
        let text = logged.join("\n");
        assert!(!text.contains("hunter2") && !text.contains("evil.example"), "{text}");
    }
    let (_, logged) = logged_of(through(&server, &idp, "okta", "", "")).await;
    assert!(!logged.iter().any(|line| line.contains("sso_refused_by_provider")), "{logged:?}");
}

#[tokio::test]
async fn what_an_unknown_user_lacks_is_named() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    for (said, why) in [
        (json!({ "sub": "1", "email": "ada@example.org" }), "why=no `email_verified` "),
        (json!({ "sub": "1", "email": "ada@example.org", "email_verified": "perhaps" }), "why=no `email_verified` "),
        (json!({ "sub": "1", "email": "ada@example.org", "email_verified": false }), "why=`email_verified` is false "),
        (json!({ "sub": "1", "email_verified": true }), "why=no `email` "),
        (json!({ "sub": "1", "email": "a@example.org", "email_verified": true }), "why=no `allow_registration` "),
    ] {
        idp.set(|script| script.claims = said.clone());
        let (answer, logged) = logged_of(through(&server, &idp, "okta", "", "")).await;
        assert_failed(&answer, "USER_NOT_REGISTERED");
        let line = line(&logged, "sso_not_registered");
        assert!(line.contains("provider=okta ") && line.contains(why), "{said}: {line}");
        assert!(!line.contains("@example.org"), "{line}");
    }
}
