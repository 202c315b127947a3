//! Linking, unlinking, and proving again who is signed in.

use jiff::SignedDuration;

use super::{linked, location, server, server_with, through};
use crate::{
    provider::Idp,
    support::{PASSWORD, credentials, delete, get, post},
};

#[tokio::test]
async fn identities_are_listed_and_removed_by_whoever_is_fresh() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    let cookie = linked(&server, &idp, "okta").await;
    let by_identity = through(&server, &idp, "okta", "", "").await.cookie();
    let list = server.send(get("/api/auth/identities").cookie(&cookie)).await.data();
    assert_eq!((&list["total"], &list["items"][0]["provider"]), (&1.into(), &"okta".into()));
    assert_eq!(list["items"][0]["email"], "ada@example.org");
    let path = format!("/api/auth/identities/{}", list["items"][0]["id"].as_str().expect("is text"));

    server.add_member("bob").await;
    let bob = server.send(post("/api/auth/login").json(&credentials("bob", PASSWORD))).await.cookie();
    server.send(delete(&path).cookie(&bob)).await.assert_error(404, "not_found");
    server.wait(SignedDuration::from_mins(11));
    server.send(delete(&path).cookie(&cookie)).await.assert_error(403, "reauth_required");
    let fresh = server.send(post("/api/auth/login").json(&credentials("ada", PASSWORD))).await.cookie();
    server.send(delete(&path).cookie(&fresh)).await.data();
    // What it had opened ends.
    server.send(get("/api/auth/me").cookie(&by_identity)).await.assert_error(401, "unauthenticated");
}

#[tokio::test]
async fn the_last_way_in_stays() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    linked(&server, &idp, "okta").await;
    drop(server);
    let server = server_with(&idp, |service| service.password_login = false).await;
    server.add_without_password("sam").await;
    let settings = doorstep_server::idp::Settings { allow_registration: true, ..idp.openid() };
    let providers = doorstep_server::idp::Providers::new(vec![settings]).expect("there are certificates");
    let server = crate::support::Server::start_with(|service| service.idp = providers).await;
    idp.set(|script| script.claims["email"] = "new@example.org".into());
    let cookie = through(&server, &idp, "okta", "", "").await.cookie();
    let list = server.send(get("/api/auth/identities").cookie(&cookie)).await.data();
    let path = format!("/api/auth/identities/{}", list["items"][0]["id"].as_str().expect("is text"));
    server.send(delete(&path).cookie(&cookie)).await.assert_error(409, "last_identity");
    server.send(get("/api/auth/me").cookie(&cookie)).await.data();
}

#[tokio::test]
async fn linking_wants_a_fresh_session_and_a_page_of_this_origin() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    server.add_member("ada").await;
    let cookie = server.send(post("/api/auth/login").json(&credentials("ada", PASSWORD))).await.cookie();
    for site in ["cross-site", "same-site", "none"] {
        let sent = get("/auth/login/okta?link=1").cookie(&cookie).header("sec-fetch-site", site);
        server.send(sent).await.assert_refused(403, "FORBIDDEN");
        // Whoever follows such a link, or types the address, is told on the page.
        let sent = get("/auth/login/okta?link=1").cookie(&cookie).header("sec-fetch-site", site);
        let person = server.send(sent.header("sec-fetch-mode", "navigate")).await;
        assert_eq!(location(&person), "/account/identities?reason=REAUTH_REQUIRED", "{site}");
    }
    let stranger = server.send(get("/auth/login/okta?link=1")).await;
    assert_eq!(location(&stranger), "/login?reason=REAUTH_REQUIRED&redirect=%2Faccount%2Fidentities");
    assert_eq!(server.send(get("/api/auth/proof").cookie(&cookie)).await.data(), serde_json::json!({}));
    server.wait(SignedDuration::from_mins(11));
    let stale = server.send(get("/auth/login/okta?link=1").cookie(&cookie)).await;
    assert_eq!(location(&stale), "/account/identities?reason=REAUTH_REQUIRED");
    server.send(get("/api/auth/proof").cookie(&cookie)).await.assert_error(403, "reauth_required");
    server.send(get("/api/auth/proof")).await.assert_error(401, "unauthenticated");
}

#[tokio::test]
async fn an_identity_is_linked_in_the_session_that_asked_and_to_one_account() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    linked(&server, &idp, "okta").await;
    server.add_member("bob").await;
    let bob = server.send(post("/api/auth/login").json(&credentials("bob", PASSWORD))).await.cookie();
    let taken = through(&server, &idp, "okta", "?link=1", &bob).await;
    assert_eq!(location(&taken), "/account/identities?reason=IDENTITY_TAKEN");
    // Whoever is signed in meanwhile is somebody else.
    let out = server.send(get("/auth/login/okta?link=1").cookie(&bob)).await;
    let back = idp.agree(location(&out));
    let ada = server.send(post("/api/auth/login").json(&credentials("ada", PASSWORD))).await.cookie();
    let answer = super::come_back(&server, "okta", &back, &[ada, out.cookie()].join("; ")).await;
    assert_eq!(location(&answer), "/account/identities?reason=STATE_EXPIRED");
}

#[tokio::test]
async fn a_provider_proves_again_who_is_signed_in() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    linked(&server, &idp, "okta").await;
    let cookie = through(&server, &idp, "okta", "", "").await.cookie();
    server.wait(SignedDuration::from_mins(11));
    let now = server.now();
    idp.set(|script| script.now = now);

    let out = server.send(get("/auth/login/okta?reauth=1&redirect=/account").cookie(&cookie)).await;
    assert!(location(&out).contains("prompt=login") && location(&out).contains("max_age=0"), "{}", location(&out));
    for auth_time in [serde_json::Value::Null, (now.as_second() - 600).into()] {
        idp.set(|script| script.claims["auth_time"] = auth_time);
        let answer = through(&server, &idp, "okta", "?reauth=1&redirect=/account", &cookie).await;
        assert_eq!(location(&answer), "/account?reason=INVALID_CREDENTIALS");
    }
    idp.set(|script| script.claims["auth_time"] = now.as_second().into());
    let answer = through(&server, &idp, "okta", "?reauth=1&redirect=/account", &cookie).await;
    assert_eq!(location(&answer), "/account");
    // The session has another token, and is fresh.
    server.send(get("/api/auth/me").cookie(&cookie)).await.assert_error(401, "unauthenticated");
    let started = post("/api/auth/totp/setup").cookie(&answer.cookie()).json(&serde_json::json!({}));
    server.send(started).await.data();
    // Somebody else there is nobody here.
    idp.set(|script| script.claims["sub"] = "somebody else".into());
    let other = through(&server, &idp, "okta", "?reauth=1&redirect=/account", &answer.cookie()).await;
    assert_eq!(location(&other), "/account?reason=INVALID_CREDENTIALS");
    // Plain OAuth 2.0 can't.
    let plain = server.send(get("/auth/login/forge?reauth=1").cookie(&answer.cookie())).await;
    assert_eq!(location(&plain), "/?reason=INVALID_PROVIDER");
}
