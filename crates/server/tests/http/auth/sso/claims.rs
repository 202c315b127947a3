//! How the claims of the ID token and the user info are combined, and how the client authenticates.

use axum::http::StatusCode;
use doorstep_server::idp::{Providers, Settings};
use jiff::SignedDuration;
use serde_json::json;

use super::{assert_ends_when_revoked, assert_failed, linked, location, server, through};
use crate::{
    provider::{Fault, Idp},
    support::{Server, get, logged_of},
};

/// A server on which the provider's users get accounts.
async fn open_server(idp: &Idp) -> Server {
    let settings = Settings { allow_registration: true, ..idp.openid() };
    let providers = Providers::new(vec![settings]).expect("there are certificates");
    Server::start_with(|builder| builder.providers = providers).await
}

#[tokio::test]
async fn claims_without_a_subject_are_not_used_and_those_of_another_end_the_sign_in() {
    let idp = Idp::start().await;
    let server = open_server(&idp).await;
    linked(&server, &idp, "okta").await;
    idp.set(|script| script.email_apart = true);
    idp.set(|script| script.fault = Fault::UserInfoOfNobody);
    let (answer, logged) = logged_of(through(&server, &idp, "okta", "", "")).await;
    assert_eq!(location(&answer), "/");
    assert!(logged.iter().any(|line| line.contains("no `sub` in the user info")), "{logged:?}");
    idp.set(|script| script.fault = Fault::UserInfoOfSomebodyElse);
    assert_failed(&through(&server, &idp, "okta", "", "").await, "INVALID_CREDENTIALS");
    // The response does not reveal to a new user that there is no account.
    idp.set(|script| {
        script.fault = Fault::UserInfoOfNobody;
        script.claims["sub"] = "7".into();
    });
    let (answer, logged) = logged_of(through(&server, &idp, "okta", "", "")).await;
    assert_failed(&answer, "INVALID_CREDENTIALS");
    let named = |line: &String| line.contains("event=sso_not_believed") && line.contains("`sub` in the user info");
    assert!(logged.iter().any(named), "{logged:?}");
    // Half of the claims are not enough either.
    idp.set(|script| {
        script.fault = Fault::Nothing;
        script.email_apart = false;
        script.claims = json!({ "sub": "7", "email": "eve@example.org" });
        script.user_info = Some((StatusCode::BAD_GATEWAY, String::new()));
    });
    assert_failed(&through(&server, &idp, "okta", "", "").await, "SERVICE_UNAVAILABLE");
}

#[tokio::test]
async fn an_email_that_is_none_is_named_in_the_log() {
    let idp = Idp::start().await;
    let server = open_server(&idp).await;
    idp.set(|script| script.claims = json!({ "sub": "7", "email": "a..eve@x..y", "email_verified": true }));
    let (answer, logged) = logged_of(through(&server, &idp, "okta", "", "")).await;
    assert_failed(&answer, "USER_NOT_REGISTERED");
    let named =
        |line: &String| line.contains("event=sso_not_registered") && line.contains("`email` is no email address");
    assert!(logged.iter().any(named), "{logged:?}");
}

#[tokio::test]
async fn an_email_is_verified_for_its_mailbox_however_it_is_spelled() {
    let idp = Idp::start().await;
    let server = open_server(&idp).await;
    for (sub, email, info) in [
        ("7", "Eve@M\u{fc}ller.example", r#"{"sub":"7","email":"eve@xn--mller-kva.example","email_verified":true}"#),
        ("8", "Bob@X.example", r#"{"sub":"8","email":"bob@x.example","email_verified":"true"}"#),
    ] {
        idp.set(|script| {
            script.claims = json!({ "sub": sub, "email": email });
            script.user_info = Some((StatusCode::OK, info.to_owned()));
        });
        assert_eq!(location(&through(&server, &idp, "okta", "", "").await), "/", "{email}");
    }
    let other = r#"{"sub":"9","email":"joe@x.example","email_verified":true}"#;
    idp.set(|script| {
        script.claims = json!({ "sub": "9", "email": "jo@x.example" });
        script.user_info = Some((StatusCode::OK, other.to_owned()));
    });
    assert_failed(&through(&server, &idp, "okta", "", "").await, "USER_NOT_REGISTERED");
}

#[tokio::test]
async fn the_secret_is_sent_to_every_token_request_as_the_provider_takes_it() {
    for methods in [json!(["private_key_jwt", "client_secret_post"]), json!("client_secret_post")] {
        let idp = Idp::start().await;
        idp.set(|script| script.methods = methods);
        let server = server(&idp).await;
        linked(&server, &idp, "okta").await;
        let cookie = through(&server, &idp, "okta", "", "").await.cookie();
        server.wait(SignedDuration::from_mins(15));
        server.send(get("/api/auth/me").cookie(&cookie)).await.data();
        assert_eq!(idp.refreshes(), 1);
        assert_ends_when_revoked(&server, &idp, &cookie).await;
    }
}
