//! Completing a flow: who is signed in, and who is not.

use axum::http::StatusCode;
use doorstep_server::{
    domain::{account::Status, quota::Quota},
    idp::Providers,
};
use jiff::SignedDuration;
use serde_json::json;

use super::{assert_failed, come_back, link, linked, linked_with_totp, location, server, server_with, through};
use crate::{
    provider::{Fault, Idp},
    support::{PASSWORD, Server, credentials, get, post, second_step},
};

#[tokio::test]
async fn a_linked_user_is_signed_in_and_returned_to_the_wanted_page() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    for provider in ["okta", "forge"] {
        idp.set(|script| script.claims["id"] = 7.into());
        if provider == "okta" {
            linked(&server, &idp, provider).await;
        } else {
            let ada = credentials("ada", PASSWORD);
            let cookie = server.send(post("/api/auth/login").json(&ada)).await.cookie();
            assert_eq!(location(&link(&server, &idp, provider, &cookie).await), "/account/identities");
        }
        let answer = through(&server, &idp, provider, "?redirect=/account%3Fx%3D1", "").await;
        assert_eq!(location(&answer), "/account?x=1");
        assert!(!answer.text.contains("token"));
        let me = server.send(get("/api/auth/me").cookie(&answer.cookie())).await.data();
        assert_eq!((&me["account"]["username"], &me["session"]["began_with"]), (&"ada".into(), &"sso".into()));
    }
}

#[tokio::test]
async fn implausible_statements_are_refused() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    linked(&server, &idp, "okta").await;
    for fault in [
        Fault::Nonce,
        Fault::NoNonce,
        Fault::Audience,
        Fault::Issuer,
        Fault::Signature,
        Fault::Expired,
        Fault::NoEnd,
        Fault::Unsigned,
        Fault::SharedSecret,
    ] {
        idp.set(|script| script.fault = fault);
        assert_failed(&through(&server, &idp, "okta", "", "").await, "INVALID_CREDENTIALS");
    }
    idp.set(|script| script.fault = Fault::UserInfoOfSomebodyElse);
    idp.set(|script| script.email_apart = true);
    assert_failed(&through(&server, &idp, "okta", "", "").await, "INVALID_CREDENTIALS");
    idp.set(|script| script.fault = Fault::Nothing);
    assert_eq!(location(&through(&server, &idp, "okta", "", "").await), "/");
}

#[tokio::test]
async fn a_new_key_of_the_provider_is_loaded() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    linked(&server, &idp, "okta").await;
    idp.rotate();
    assert_eq!(location(&through(&server, &idp, "okta", "", "").await), "/");
}

#[tokio::test]
async fn a_refusal_by_the_provider_is_shown_in_our_words() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    for (error, reason) in [
        ("access_denied", "ACCESS_DENIED"),
        ("temporarily_unavailable", "SERVICE_UNAVAILABLE"),
        ("%3Cscript%3E", "UNKNOWN_EXCEPTION"),
    ] {
        let out = server.send(get("/auth/login/okta")).await;
        let state = idp.agree(location(&out)).replace("code=abc&", "");
        let query = format!("error={error}&error_description=%3Cb%3Eevil%3C%2Fb%3E&{state}");
        assert_failed(&come_back(&server, "okta", &query, &out.cookie()).await, reason);
    }
    idp.set(|script| script.fault = Fault::Nothing);
    let out = server.send(get("/auth/login/okta")).await;
    let back = idp.agree(location(&out));
    idp.set(|script| script.fault = Fault::Down);
    assert_failed(&come_back(&server, "okta", &back, &out.cookie()).await, "SERVICE_UNAVAILABLE");
}

#[tokio::test]
async fn a_callback_is_valid_for_its_browser_and_provider_for_a_quarter_of_an_hour() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    linked(&server, &idp, "okta").await;
    let out = server.send(get("/auth/login/okta?redirect=/account")).await;
    let back = idp.agree(location(&out));
    assert_failed(&come_back(&server, "okta", &back, "").await, "STATE_EXPIRED");
    assert_failed(&come_back(&server, "okta", "", &out.cookie()).await, "STATE_EXPIRED");
    assert_failed(&come_back(&server, "forge", &back, &out.cookie()).await, "STATE_EXPIRED");
    // The sealed cookie of another tab does not match this state.
    let other = server.send(get("/auth/login/okta")).await;
    let (name, value) = (out.cookie(), other.cookie());
    let mixed = [name.split('=').next().expect("has a name"), value.split('=').nth(1).expect("has a value")].join("=");
    assert_failed(&come_back(&server, "okta", &back, &mixed).await, "STATE_EXPIRED");
    let wrong = format!("{back}&iss=https://evil.example");
    let answer = come_back(&server, "okta", &wrong, &out.cookie()).await;
    assert_eq!(location(&answer), "/login?reason=INVALID_CREDENTIALS&redirect=%2Faccount");
    server.wait(SignedDuration::from_mins(15));
    assert_failed(&come_back(&server, "okta", &back, &out.cookie()).await, "STATE_EXPIRED");
}

#[tokio::test]
async fn two_tabs_can_begin_a_flow() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    linked(&server, &idp, "okta").await;
    let (one, other) = (server.send(get("/auth/login/okta")).await, server.send(get("/auth/login/okta")).await);
    let cookies = [one.cookie(), other.cookie()].join("; ");
    for out in [&one, &other] {
        let back = idp.agree(location(out));
        assert_eq!(location(&come_back(&server, "okta", &back, &cookies).await), "/");
    }
}

#[tokio::test]
async fn unused_fields_of_a_provider_may_have_any_type() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    linked(&server, &idp, "okta").await;
    idp.set(|script| script.odd = true);
    for odd in [
        json!({ "aud": ["doorstep", "another"], "azp": "doorstep" }),
        json!({ "aud": ["another", 5, "doorstep"], "azp": "doorstep" }),
        json!({ "aud": ["doorstep"] }),
        json!({ "azp": null }),
        json!({ "updated_at": "2026-01-01T12:00:00Z" }),
        json!({ "email_verified": "True", "phone_number_verified": "no" }),
        json!({ "email": null, "email_verified": 1 }),
        json!({ "email": ["a@example.org"], "name": 5, "preferred_username": {} }),
        json!({ "address": "a street", "locale": 7, "zoneinfo": [], "birthdate": 19_900_101, "gender": {} }),
        json!({ "picture": "no url", "website": 1, "profile": false }),
        json!({ "acr": 0, "amr": "pwd", "auth_time": "now", "at_hash": 5, "c_hash": [], "nbf": "x", "jti": 1 }),
        json!({ "groups": { "a": [1] }, "": null }),
    ] {
        let before = json!({ "sub": "248289761001" });
        idp.set(|script| {
            script.claims = before;
            script.claims.as_object_mut().expect("is valid").extend(odd.as_object().expect("is valid").clone());
        });
        assert_eq!(location(&through(&server, &idp, "okta", "", "").await), "/", "{odd}");
    }
    for wrong in [
        json!({ "aud": ["doorstep", "another"] }),
        json!({ "aud": ["doorstep", "another"], "azp": "another" }),
        json!({ "aud": ["another"], "azp": "doorstep" }),
        json!({ "aud": { "doorstep": 1 } }),
        json!({ "azp": "another" }),
        json!({ "azp": ["doorstep"] }),
    ] {
        idp.set(|script| {
            script.claims = json!({ "sub": "248289761001" });
            script.claims.as_object_mut().expect("is valid").extend(wrong.as_object().expect("is valid").clone());
        });
        assert_failed(&through(&server, &idp, "okta", "", "").await, "INVALID_CREDENTIALS");
    }
}

#[tokio::test]
async fn a_state_works_once() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    linked(&server, &idp, "okta").await;
    let before = idp.exchanges();
    let out = server.send(get("/auth/login/okta")).await;
    let back = idp.agree(location(&out));
    assert_eq!(location(&come_back(&server, "okta", &back, &out.cookie()).await), "/");
    for _ in 0..5 {
        assert_failed(&come_back(&server, "okta", &back, &out.cookie()).await, "STATE_EXPIRED");
    }
    // Nor does it work on another server.
    let providers = Providers::new(vec![idp.openid()]).expect("the system has certificates");
    let server = server.restart_with(|builder| builder.providers = providers).await;
    assert_failed(&come_back(&server, "okta", &back, &out.cookie()).await, "STATE_EXPIRED");
    assert_eq!(idp.exchanges() - before, 1);
}

#[tokio::test]
async fn starts_and_callbacks_are_limited_by_address() {
    let idp = Idp::start().await;
    let server = server_with(&idp, |builder| {
        builder.policy.quotas.set(Quota::SsoStart, 3);
        builder.policy.quotas.set(Quota::SsoCallback, 2);
    })
    .await;
    let start = || get("/auth/login/okta");
    let out = server.send(start()).await;
    let back = idp.agree(location(&out));
    for _ in 0..2 {
        assert_eq!(come_back(&server, "okta", &back, &out.cookie()).await.status, StatusCode::FOUND);
        assert_eq!(server.send(start()).await.status, StatusCode::FOUND);
    }
    for refused in [come_back(&server, "okta", &back, &out.cookie()).await, server.send(start()).await] {
        refused.assert_refused(429, "REQUESTS_EXCEEDED");
        assert!(refused.headers.contains_key("retry-after"));
    }
    assert_eq!(server.send(start().from("198.51.100.7")).await.status, StatusCode::FOUND);
}

#[tokio::test]
async fn the_size_of_a_provider_s_statements_is_limited() {
    let idp = Idp::start().await;
    let settings = doorstep_server::idp::Settings { allow_registration: true, ..idp.openid() };
    let providers = Providers::new(vec![settings]).expect("the system has certificates");
    let server = Server::start_with(|builder| builder.providers = providers).await;
    let long = "x".repeat(200_000);
    idp.set(|script| script.claims["sub"] = long.clone().into());
    assert_failed(&through(&server, &idp, "okta", "", "").await, "INVALID_CREDENTIALS");
    let id = long.clone();
    idp.set(|script| {
        script.claims = json!({ "sub": "1", "email": format!("{id}@example.org"), "email_verified": true });
    });
    assert_failed(&through(&server, &idp, "okta", "", "").await, "USER_NOT_REGISTERED");
    idp.set(|script| {
        script.claims = json!({
            "sub": "x".repeat(255), "email": "new@example.org", "email_verified": true, "name": long, "preferred_username": long,
        });
    });
    let answer = through(&server, &idp, "okta", "", "").await;
    let me = server.send(get("/api/auth/me").cookie(&answer.cookie())).await.data();
    assert_eq!((&me["account"]["username"], &me["account"]["name"]), (&"new".into(), &"".into()));
    let size = server.database().bytes().await.len();
    assert!(size < 20_000_000, "{size}");
    assert!(server.events().await.iter().all(|entry| entry.subject.len() < 300));
}

#[tokio::test]
async fn an_email_counts_only_if_the_provider_verified_it() {
    let idp = Idp::start().await;
    let other = doorstep_server::idp::Settings { name: "sure".to_owned(), assume_email_verified: true, ..idp.openid() };
    let providers = Providers::new(vec![idp.openid(), other]).expect("the system has certificates");
    let server = Server::start_with(|builder| builder.providers = providers).await;
    server.add_member("ada").await;
    for (said, okta, sure) in [
        (json!(null), "USER_NOT_REGISTERED", "EMAIL_TAKEN"),
        (json!("maybe"), "USER_NOT_REGISTERED", "EMAIL_TAKEN"),
        (json!(false), "USER_NOT_REGISTERED", "USER_NOT_REGISTERED"),
        (json!("false"), "USER_NOT_REGISTERED", "USER_NOT_REGISTERED"),
        (json!("true"), "EMAIL_TAKEN", "EMAIL_TAKEN"),
    ] {
        idp.set(|script| script.claims["email_verified"] = said.clone());
        assert_failed(&through(&server, &idp, "okta", "", "").await, okta);
        assert_failed(&through(&server, &idp, "sure", "", "").await, sure);
    }
}

#[tokio::test]
async fn an_email_alone_links_no_account() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    assert_failed(&through(&server, &idp, "okta", "", "").await, "USER_NOT_REGISTERED");
    server.add_member("ada").await;
    assert_failed(&through(&server, &idp, "okta", "", "").await, "EMAIL_TAKEN");
    idp.set(|script| script.claims["email_verified"] = false.into());
    assert_failed(&through(&server, &idp, "okta", "", "").await, "USER_NOT_REGISTERED");
}

#[tokio::test]
async fn a_new_user_becomes_a_member_where_that_is_allowed() {
    let idp = Idp::start().await;
    let settings = doorstep_server::idp::Settings { allow_registration: true, ..idp.openid() };
    let providers = Providers::new(vec![settings]).expect("the system has certificates");
    let server = Server::start_with(|builder| builder.providers = providers).await;
    idp.set(|script| {
        script.claims = json!({ "sub": "1", "email": "new@example.org", "preferred_username": "admin", "name": "New" });
    });
    assert_failed(&through(&server, &idp, "okta", "", "").await, "USER_NOT_REGISTERED");
    idp.set(|script| {
        script.claims["email_verified"] = true.into();
        script.email_apart = true;
    });
    let answer = through(&server, &idp, "okta", "", "").await;
    assert_eq!(location(&answer), "/");
    let me = server.send(get("/api/auth/me").cookie(&answer.cookie())).await.data();
    let programs = through(&server, &idp, "okta", "?mode=session", "").await;
    assert_eq!(server.send(get("/users/me").cookie(&programs.cookie())).await.tokens_data()["provider"], "okta");
    let account = &me["account"];
    assert_eq!((&account["username"], &account["role"]), (&"admin-2".into(), &"member".into()));
    assert_eq!((&account["email"], &account["has_password"]), (&"new@example.org".into(), &false.into()));
    // The next sign-in is to the same account.
    assert_eq!(location(&through(&server, &idp, "okta", "", "").await), "/");
}

#[tokio::test]
async fn a_suspended_account_can_not_sign_in() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    linked(&server, &idp, "okta").await;
    server.service.accounts().set_status("ada", Status::Suspended).await.expect("is suspended");
    assert_failed(&through(&server, &idp, "okta", "", "").await, "USER_SUSPENDED");
}

#[tokio::test]
async fn a_one_time_code_is_required_unless_the_provider_used_a_second_factor() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    let app = linked_with_totp(&server, &idp, "okta").await;
    let answer = through(&server, &idp, "okta", "?redirect=/account&mode=session", "").await;
    assert_eq!(location(&answer), "/login?reason=INVALID_OTP&redirect=%2Faccount");
    assert!(!answer.set_cookies().any(|cookie| cookie.contains("session=")));
    server.send(get("/api/auth/challenge")).await.assert_error(404, "not_found");
    let challenge = server.send(get("/api/auth/challenge").cookie(&answer.cookie())).await.data();
    let challenge = challenge["challenge"].as_str().expect("is text");
    let wrong = second_step(challenge, &app.wrong_code(&server));
    server.send(post("/api/auth/login").json(&wrong)).await.assert_error(401, "invalid_code");
    let right = second_step(challenge, &app.code(&server));
    let signed_in = server.send(post("/api/auth/login").json(&right)).await;
    assert_eq!(signed_in.data()["session"]["began_with"], "sso");
    signed_in.cookie_value("directus_session_token");

    idp.set(|script| script.claims["amr"] = json!(["pwd", "otp"]));
    // A recently linked identity does not replace the code.
    let again = through(&server, &idp, "okta", "", "").await;
    assert_eq!(location(&again), "/login?reason=INVALID_OTP&redirect=%2F");
    server.wait(SignedDuration::from_hours(1));
    idp.set(|script| script.now = server.now());
    assert_eq!(location(&through(&server, &idp, "okta", "", "").await), "/");
}

#[tokio::test]
async fn programs_get_their_cookie_too_and_one_sign_out_ends_both() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    linked(&server, &idp, "okta").await;
    for dashboard in [true, false] {
        let answer = through(&server, &idp, "okta", "?mode=session", "").await;
        let cookie = answer.cookie();
        server.send(get("/users/me").cookie(&cookie)).await.tokens_data();
        server.send(get("/api/auth/me").cookie(&cookie)).await.data();
        let path = if dashboard { "/api/auth/logout" } else { "/auth/logout" };
        let out = server.send(post(path).cookie(&cookie)).await;
        assert!(out.status == StatusCode::OK || out.status == StatusCode::NO_CONTENT, "{}", out.text);
        assert!(out.set_cookies().any(|cookie| cookie.starts_with("directus_session_token=;")));
        server.send(get("/users/me").cookie(&cookie)).await.assert_refused(401, "INVALID_CREDENTIALS");
        server.send(get("/api/auth/me").cookie(&cookie)).await.assert_error(401, "unauthenticated");
    }
}

#[tokio::test]
async fn a_failure_returns_to_another_origin_with_its_query_replaced() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    let query = "?redirect=https%3A%2F%2Fapp.example.org%2Fin%3Fx%3D1";
    let answer = through(&server, &idp, "okta", query, "").await;
    assert_eq!(location(&answer), "https://app.example.org/in?reason=USER_NOT_REGISTERED");
    linked(&server, &idp, "okta").await;
    let answer = through(&server, &idp, "okta", query, "").await;
    assert_eq!(location(&answer), "https://app.example.org/in?x=1");
}
