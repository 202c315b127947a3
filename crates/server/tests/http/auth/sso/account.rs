//! Linking, unlinking, and reauthentication by SSO.

use axum::http::Method;
use jiff::SignedDuration;

use super::{begin_link, come_back, link, linked, location, server, server_with, through};
use crate::{
    provider::Idp,
    support::{PASSWORD, credentials, delete, get, post, request},
};

#[tokio::test]
async fn identities_are_listed_and_unlinked_with_a_recent_proof() {
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
    let mails = server.other_mails().await;
    assert!(mails.iter().all(|mail| mail.text.contains("Linked account: ada@example.org\n")), "which one: {mails:?}");
    let mut told: Vec<_> = mails.into_iter().map(|mail| mail.subject).collect();
    told.sort();
    assert_eq!(told, ["Your Doorstep account was linked to Okta", "Your Doorstep account was unlinked from Okta"]);
    // The sessions that it began end.
    server.send(get("/api/auth/me").cookie(&by_identity)).await.assert_error(401, "unauthenticated");
}

#[tokio::test]
async fn the_last_way_to_sign_in_can_not_be_unlinked() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    linked(&server, &idp, "okta").await;
    drop(server);
    let server = server_with(&idp, |builder| builder.policy.password_login = false).await;
    server.add_without_password("sam").await;
    let settings = doorstep_server::idp::Settings { allow_registration: true, ..idp.openid() };
    let providers = doorstep_server::idp::Providers::new(vec![settings]).expect("the system has certificates");
    let server = crate::support::Server::start_with(|builder| builder.providers = providers).await;
    idp.set(|script| script.claims["email"] = "new@example.org".into());
    let cookie = through(&server, &idp, "okta", "", "").await.cookie();
    let list = server.send(get("/api/auth/identities").cookie(&cookie)).await.data();
    let path = format!("/api/auth/identities/{}", list["items"][0]["id"].as_str().expect("is text"));
    server.send(delete(&path).cookie(&cookie)).await.assert_error(409, "last_identity");
    server.send(get("/api/auth/me").cookie(&cookie)).await.data();
}

#[tokio::test]
async fn linking_needs_a_post_and_a_recent_proof() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    let cookie = server.sign_in_member("ada").await;
    server.send(begin_link("nobody", &cookie)).await.assert_error(404, "not_found");
    server.send(begin_link("okta", "")).await.assert_error(401, "unauthenticated");
    for (name, value) in [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "null")] {
        let sent = request(Method::POST, "/api/auth/identities").header(name, value).cookie(&cookie);
        server.send(sent.json(&serde_json::json!({ "provider": "okta" }))).await.assert_error(403, "csrf_rejected");
    }
    server.wait(SignedDuration::from_mins(11));
    server.send(begin_link("okta", &cookie)).await.assert_error(403, "reauth_required");
    server.sign_in_with_new_password().await;
    let token = server.service.sign_in().make_login_token(None).await.expect("is created").token.reveal();
    let sent = serde_json::json!({ "login_type": "temporary_token", "temporary_token": token });
    let temporary = server.send(post("/api/auth/login").json(&sent)).await.cookie();
    server.send(begin_link("okta", &temporary)).await.assert_error(403, "temporary_session");
}

#[tokio::test]
async fn a_get_of_the_linking_address_shows_a_page_and_changes_nothing() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    let cookie = server.sign_in_member("ada").await;
    let path = "/auth/login/okta?link=1&redirect=%2Fprojects";
    for (site, status) in [(None, 200), (Some("same-origin"), 200), (Some("none"), 200), (Some("cross-site"), 403)] {
        for path in [path, "/auth/login/okta?link=true"] {
            let sent = get(path).cookie(&cookie);
            let sent = if let Some(site) = site { sent.header("sec-fetch-site", site) } else { sent };
            let page = server.send(sent).await;
            assert_eq!(page.status.as_u16(), status, "{}", page.text);
            assert!(page.text.contains("<form class=\"form\" method=\"post\"><button"), "{}", page.text);
            assert!(page.text.contains("Okta account") && page.text.contains("as ada."), "{}", page.text);
            assert!(page.set_cookies().next().is_none() && !page.headers.contains_key("location"));
        }
    }
    let stranger = server.send(get(path)).await;
    assert_eq!(location(&stranger), "/login?reason=REAUTH_REQUIRED&redirect=%2Faccount%2Fidentities");
    server.send(get("/auth/login/nobody?link=1").cookie(&cookie)).await.assert_refused(403, "INVALID_PROVIDER");
    let hostile = get("/auth/login/okta?link=1&redirect=%2Fauth%2Flogin%2Fokta").cookie(&cookie);
    server.send(hostile).await.assert_refused(400, "INVALID_PAYLOAD");

    // The button works only on a page of this origin.
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example"), ("origin", "null")] {
        let pressed = request(Method::POST, path).header(name, value).cookie(&cookie);
        server.send(pressed).await.assert_refused(403, "FORBIDDEN");
    }
    let unmarked = server.send(request(Method::POST, path).cookie(&cookie)).await;
    assert_eq!((unmarked.status.as_u16(), unmarked.set_cookies().count()), (403, 0));
    let pressed = server.send(post(path).cookie(&cookie)).await;
    assert_eq!(pressed.status.as_u16(), 200, "{}", pressed.text);
    let refresh = pressed.headers["refresh"].to_str().expect("is ASCII");
    let back = idp.agree(refresh.strip_prefix("0;url=").expect("redirects"));
    let done = come_back(&server, "okta", &back, &[&cookie, pressed.cookie().as_str()].join("; ")).await;
    assert_eq!(location(&done), "/projects");

    server.wait(SignedDuration::from_mins(11));
    for sent in [get(path), post(path)] {
        let stale = server.send(sent.cookie(&cookie)).await;
        assert_eq!(location(&stale), "/account/identities?reason=REAUTH_REQUIRED");
    }
}

/// An account takeover: the victim signs in on a page of this origin, and the return URL links the attacker's
/// identity.
#[tokio::test]
async fn signing_in_returns_only_to_pages() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    for target in
        ["/auth/login/okta?link=1&redirect=/projects", "/projects/0198c2a5-7b1e-7c3f-9a44-0123456789ab/portal-preview"]
    {
        let encoded: String = url::form_urlencoded::byte_serialize(target.as_bytes()).collect();
        let out = server.send(get(&format!("/auth/login/okta?redirect={encoded}"))).await;
        out.assert_refused(400, "INVALID_PAYLOAD");
        let shell = server.send(get(&format!("/login?redirect={encoded}"))).await;
        assert!(!shell.text.contains("portal-preview") && !shell.text.contains("link%3D1"), "{}", shell.text);
    }
}

#[tokio::test]
async fn an_identity_is_linked_in_the_session_that_began_it_and_to_one_account() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    linked(&server, &idp, "okta").await;
    server.add_member("bob").await;
    let bob = server.send(post("/api/auth/login").json(&credentials("bob", PASSWORD))).await.cookie();
    let taken = link(&server, &idp, "okta", &bob).await;
    assert_eq!(location(&taken), "/account/identities?reason=IDENTITY_TAKEN");
    // A user who signs in meanwhile is someone else.
    let out = server.send(begin_link("okta", &bob)).await;
    let back = idp.agree(out.data()["location"].as_str().expect("is text"));
    let ada = server.send(post("/api/auth/login").json(&credentials("ada", PASSWORD))).await.cookie();
    let answer = come_back(&server, "okta", &back, &[ada, out.cookie()].join("; ")).await;
    assert_eq!(location(&answer), "/account/identities?reason=STATE_EXPIRED");
}

#[tokio::test]
async fn a_provider_can_reauthenticate_the_user() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    linked(&server, &idp, "okta").await;
    let cookie = through(&server, &idp, "okta", "", "").await.cookie();
    server.wait(SignedDuration::from_mins(11));
    let now = server.now();
    idp.set(|script| script.now = now);

    let out = server.send(get("/auth/login/okta?reauth=1&redirect=/account").cookie(&cookie)).await;
    assert!(location(&out).contains("prompt=login") && location(&out).contains("max_age=600"), "{}", location(&out));
    for auth_time in [serde_json::Value::Null, (now.as_second() - 600).into(), (now.as_second() + 61).into()] {
        idp.set(|script| script.claims["auth_time"] = auth_time);
        let answer = through(&server, &idp, "okta", "?reauth=1&redirect=/account", &cookie).await;
        assert_eq!(location(&answer), "/account?reason=INVALID_CREDENTIALS");
    }
    idp.set(|script| script.claims["auth_time"] = now.as_second().into());
    let answer = through(&server, &idp, "okta", "?reauth=1&redirect=/account", &cookie).await;
    assert_eq!(location(&answer), "/account");
    // The session's token is rotated, and the proof is recent.
    server.send(get("/api/auth/me").cookie(&cookie)).await.assert_error(401, "unauthenticated");
    let started = post("/api/auth/totp/setup").cookie(&answer.cookie()).json(&serde_json::json!({}));
    server.send(started).await.data();
    // An authentication there a moment ago counts from its own time.
    idp.set(|script| script.claims["auth_time"] = (now.as_second() - 300).into());
    let answer = through(&server, &idp, "okta", "?reauth=1&redirect=/account", &answer.cookie()).await;
    assert_eq!(location(&answer), "/account");
    server.wait(SignedDuration::from_mins(6));
    server.send(begin_link("okta", &answer.cookie())).await.assert_error(403, "reauth_required");
    let now = server.now();
    idp.set(|script| {
        script.now = now;
        script.claims["auth_time"] = now.as_second().into();
    });
    let answer = through(&server, &idp, "okta", "?reauth=1&redirect=/account", &answer.cookie()).await;
    // Another site can't refresh the proof.
    let led = get("/auth/login/okta?reauth=1&redirect=/account").cookie(&answer.cookie());
    let led = server.send(led.header("sec-fetch-site", "cross-site")).await;
    assert_eq!(location(&led), "/account?reason=REAUTH_REQUIRED");
    // Another user of the provider is refused.
    idp.set(|script| script.claims["sub"] = "somebody else".into());
    let other = through(&server, &idp, "okta", "?reauth=1&redirect=/account", &answer.cookie()).await;
    assert_eq!(location(&other), "/account?reason=INVALID_CREDENTIALS");
    // Plain OAuth 2.0 can't reauthenticate.
    let plain = server.send(get("/auth/login/forge?reauth=1").cookie(&answer.cookie())).await;
    assert_eq!(location(&plain), "/?reason=INVALID_PROVIDER");
}
