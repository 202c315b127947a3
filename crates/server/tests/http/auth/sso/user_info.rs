//! The user info of a provider: it may be anything where the ID token says all that is needed.

use axum::http::StatusCode;
use doorstep_server::idp::{Providers, Settings};
use serde_json::json;

use super::{assert_failed, linked, location, server, through};
use crate::{
    provider::{Fault, Idp},
    support::{Server, get, logged_of},
};

/// Answers that can't be read: failures, a signed JWT (`OpenID` Connect Core §5.3.2), and JSON that is no object.
const UNREADABLE: [(StatusCode, &str); 8] = [
    (StatusCode::INTERNAL_SERVER_ERROR, ""),
    (StatusCode::NOT_FOUND, "<h1>Not found</h1>"),
    (StatusCode::UNAUTHORIZED, r#"{"error":"invalid_token"}"#),
    (StatusCode::OK, ""),
    (StatusCode::OK, "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIyNDgyODk3NjEwMDEifQ.c2ln"),
    (StatusCode::OK, "[]"),
    (StatusCode::OK, "null"),
    (StatusCode::OK, r#""248289761001""#),
];

/// Answers that can be read, with odd types in all that need not be there.
const ODD: [&str; 3] = [
    r#"{"sub":"248289761001"}"#,
    r#"{"sub":248289761001,"email":["a@example.org"],"email_verified":1,"name":{},"preferred_username":false}"#,
    r#"{"sub":"248289761001","email":null,"email_verified":"perhaps","updated_at":"today","address":[],"":0}"#,
];

fn answers() -> impl Iterator<Item = (StatusCode, String)> {
    let odd = ODD.iter().map(|body| (StatusCode::OK, *body));
    UNREADABLE.into_iter().chain(odd).map(|(status, body)| (status, body.to_owned()))
}

#[tokio::test]
async fn whoever_the_id_token_names_signs_in_whatever_the_user_info_says() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    linked(&server, &idp, "okta").await;
    let all = json!({ "sub": "248289761001", "email": "ada@example.org", "email_verified": true });
    for said in [all, json!({ "sub": "248289761001", "email": "ada@example.org" }), json!({ "sub": "248289761001" })] {
        for answer in answers() {
            idp.set(|script| {
                script.claims = said.clone();
                script.user_info = Some(answer.clone());
            });
            assert_eq!(location(&through(&server, &idp, "okta", "", "").await), "/", "{said} {answer:?}");
        }
    }
}

#[tokio::test]
async fn a_provider_without_user_info_signs_in_too() {
    let idp = Idp::start().await;
    idp.set(|script| script.fault = Fault::Discovery("userinfo_endpoint"));
    let server = server(&idp).await;
    linked(&server, &idp, "okta").await;
    idp.set(|script| script.email_apart = true);
    assert_eq!(location(&through(&server, &idp, "okta", "", "").await), "/");
}

/// A new user needs an email: where only the user info has it, its failure is the provider's and not theirs.
#[tokio::test]
async fn a_new_user_is_told_that_the_provider_failed() {
    let idp = Idp::start().await;
    let providers = Providers::new(vec![Settings { allow_registration: true, ..idp.openid() }]);
    let providers = providers.expect("the system has certificates");
    let server = Server::start_with(|builder| builder.providers = providers).await;
    idp.set(|script| script.email_apart = true);
    for ((status, body), reason) in [
        (UNREADABLE[0], "SERVICE_UNAVAILABLE"),
        (UNREADABLE[4], "INVALID_PROVIDER"),
        (UNREADABLE[5], "INVALID_PROVIDER"),
        ((StatusCode::OK, ODD[0]), "USER_NOT_REGISTERED"),
    ] {
        idp.set(|script| script.user_info = Some((status, body.to_owned())));
        let (answer, logged) = logged_of(through(&server, &idp, "okta", "", "")).await;
        assert_failed(&answer, reason);
        let is_named = logged.iter().any(|line| line.contains("event=provider_unavailable"));
        assert_eq!(is_named, reason != "USER_NOT_REGISTERED", "{body}: {logged:?}");
    }
    // What the ID token says is enough.
    idp.set(|script| {
        script.email_apart = false;
        script.user_info = Some((StatusCode::INTERNAL_SERVER_ERROR, String::new()));
    });
    let answer = through(&server, &idp, "okta", "", "").await;
    let me = server.send(get("/api/auth/me").cookie(&answer.cookie())).await.data();
    assert_eq!(me["account"]["email"], "ada@example.org");
}
