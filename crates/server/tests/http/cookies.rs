//! Cookies on every surface: cookies of other programs hide none of ours, and planted ones have no effect.

mod stale;

use axum::http::HeaderValue;
use doorstep_server::idp::Providers;
use jiff::SignedDuration;
use serde_json::json;

use crate::{
    auth::sso,
    portal::{self, Office},
    provider::Idp,
    support::{Answer, Jar, PASSWORD, Server, credentials, delete, get, post, statements_of},
    tokens::send,
};

const HTTPS: &str = "https://login.example.org";

fn sign_in(name: &str) -> crate::support::RequestBuilder {
    post("/api/auth/login").json(&credentials(name, PASSWORD))
}

/// A cookie among others that programs on the same host may have set.
fn among_others(pair: &str) -> HeaderValue {
    let line = [b"greeting=Gr\xfc\xdfe; ; x; =y; ", pair.as_bytes(), b"; \xff=\xff"].concat();
    HeaderValue::from_bytes(&line).expect("is a header")
}

#[tokio::test]
async fn cookies_of_other_programs_break_no_surface() {
    let office = Office::open().await;
    let portal = office.enter().await;
    let server = &office.server;
    let body = json!({ "email": "admin@example.org", "password": "seven clouds over lisbon", "mode": "session" });
    let token = server.send(send("/auth/login", &body)).await.cookie_value("directus_session_token");
    for (path, pair) in [
        ("/api/auth/me", office.operator.clone()),
        ("/openapi/v1/account/sessions", office.operator.clone()),
        ("/portal/api/me", portal),
        ("/users/me", format!("directus_session_token={token}")),
    ] {
        assert_ne!(server.send(get(path)).await.status, 200, "{path}");
        let sent = get(path).header_value("cookie", among_others(&pair));
        assert_eq!(server.send(sent).await.status, 200, "{path}");
    }
    let sent = get("/portal").header_value("cookie", among_others("doorstep_language=zh-Hans; doorstep_theme=dark"));
    let page = server.send(sent).await;
    assert!(page.text.contains("lang=\"zh-Hans\"") && page.text.contains("data-theme=\"dark\""), "{}", page.text);
}

#[tokio::test]
async fn planted_proofs_hide_no_known_browser_and_are_dropped_gradually() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let known = server.send(sign_in("ada")).await.cookie();
    for number in 0..5 {
        let wrong = post("/api/auth/login").from(&format!("192.0.2.{number}")).json(&credentials("ada", "wrong"));
        server.send(wrong).await.assert_error(401, "invalid_credentials");
    }
    let proof = "A".repeat(75);
    let planted: Vec<String> = (0..80).map(|number| format!("doorstep_known_{number:012}={proof}; ")).collect();
    let planted = planted.concat();
    let sent = |cookie: &str| sign_in("ada").from("192.0.2.9").cookie(cookie);
    server.send(sent(&planted)).await.assert_error(429, "rate_limited");
    let answer = server.send(sent(&[&planted, known.as_str()].concat())).await;
    answer.data();
    let dropped = answer.set_cookies().filter(|cookie| cookie.contains("_known_") && cookie.ends_with("Max-Age=0"));
    assert_eq!(dropped.count(), 8);
}

#[tokio::test]
async fn an_expired_or_planted_value_does_not_hide_the_valid_one() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let pair = |answer: &Answer| answer.set_cookie().split(';').next().expect("exists").to_owned();
    let over = pair(&server.send(sign_in("ada")).await);
    server.send(post("/api/auth/logout").cookie(&over)).await.data();
    let good = pair(&server.send(sign_in("ada")).await);
    for line in [format!("{over}; {good}"), format!("{good}; {over}"), format!("doorstep_language=x; {over}; {good}")] {
        let me = server.send(get("/api/auth/me").cookie(&line)).await.data();
        assert_eq!(me["account"]["username"], "ada");
    }
    // Only a few are looked up, however many there are.
    let planted: Vec<String> = (0..50).map(|n| format!("doorstep_session={n:A>43}")).collect();
    let (answer, asked) = statements_of(server.send(get("/api/auth/me").cookie(&planted.join("; ")))).await;
    answer.assert_error(401, "unauthenticated");
    assert!(asked.len() <= 16, "{asked:?}");
}

#[tokio::test]
async fn authenticating_a_browser_takes_one_lookup() {
    let server = Server::start().await;
    let cookie = server.sign_in().await;
    assert!(cookie.contains("doorstep_session=") && cookie.contains("doorstep_session_8080="), "{cookie}");
    let (_, asked) = statements_of(server.send(get("/api/auth/me").cookie(&cookie))).await;
    let look_ups = asked.iter().filter(|statement| statement.contains("FROM sessions")).count();
    assert_eq!(look_ups, 1, "{asked:?}");
}

#[tokio::test]
async fn two_servers_on_one_host_do_not_overwrite_each_other_s_sessions() {
    let (one, other) = (Server::start().await, Server::start_at("http://127.0.0.1:8081").await);
    let mut jar = Jar::default();
    for server in [&one, &other, &one, &other] {
        let answer = server.send(post("/api/auth/login").cookie(&jar.header()).json(&credentials("admin", PASSWORD)));
        jar.keep(&answer.await);
    }
    for server in [&one, &other] {
        server.send(get("/api/auth/me").cookie(&jar.header())).await.data();
    }
    jar.keep(&other.send(post("/api/auth/logout").cookie(&jar.header())).await);
    one.send(get("/api/auth/me").cookie(&jar.header())).await.data();
    other.send(get("/api/auth/me").cookie(&jar.header())).await.assert_error(401, "unauthenticated");
    jar.keep(&one.send(post("/api/auth/logout").cookie(&jar.header())).await);
    assert!(!jar.names().iter().any(|name| name.contains("session")), "{:?}", jar.names());
}

#[tokio::test]
async fn a_change_is_made_in_the_valid_session() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let over = format!("doorstep_session={}", "A".repeat(43));
    let cookie = format!("{over}; {}", server.send(sign_in("ada")).await.cookie());
    let edit = post("/api/auth/account/edit").json(&json!({ "new_name": "Ada L." }));
    server.send(edit.cookie(&cookie)).await.data();
    let again = post("/api/auth/reauth").json(&json!({ "password": PASSWORD }));
    let renewed = server.send(again.cookie(&cookie)).await;
    renewed.data();
    let list = server.send(get("/api/auth/sessions").cookie(&renewed.cookie())).await.data();
    let id = list["items"][0]["id"].as_str().expect("exists").to_owned();
    let ended = server.send(delete(&format!("/api/auth/sessions/{id}")).cookie(&renewed.cookie())).await;
    ended.data();
    assert_eq!(ended.set_cookies().filter(|set| set.contains("Max-Age=0")).count(), 2, "{:?}", ended.headers);
}

#[tokio::test]
async fn an_old_refresh_token_beside_the_valid_one_ends_nothing() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let body = json!({ "email": "ada@example.org", "password": PASSWORD, "mode": "cookie" });
    let old = server.send(send("/auth/login", &body)).await.cookie_value("directus_refresh_token");
    let refresh = |cookie: String| server.send(send("/auth/refresh", &json!({ "mode": "cookie" })).cookie(&cookie));
    let good = refresh(format!("directus_refresh_token={old}")).await.cookie_value("directus_refresh_token");
    server.wait(SignedDuration::from_mins(1));
    let both = format!("directus_refresh_token={old}; directus_refresh_token={good}");
    refresh(both).await.tokens_data();
}

#[tokio::test]
async fn signing_out_ends_and_clears_every_cookie_of_the_request() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let mut jar = Jar::default();
    for mode in ["cookie", "session"] {
        let body = json!({ "email": "ada@example.org", "password": PASSWORD, "mode": mode });
        jar.keep(&server.send(send("/auth/login", &body)).await);
    }
    let named = server.tokens("ada").await;
    let kept = jar.header();
    let answer = server.send(send("/auth/logout", &json!({ "refresh_token": named.refresh })).cookie(&kept)).await;
    answer.assert_nothing();
    jar.keep(&answer);
    assert!(!jar.names().iter().any(|name| name.starts_with("directus")), "{:?}", jar.names());
    server.send(get("/users/me").cookie(&kept)).await.assert_refused(401, "INVALID_CREDENTIALS");
    // An independent browser session continues.
    let mut jar = Jar::default();
    jar.keep(&server.send(sign_in("ada")).await);
    jar.keep(&server.send(send("/auth/logout", &json!({})).cookie(&jar.header())).await);
    server.send(get("/api/auth/me").cookie(&jar.header())).await.data();
}

#[tokio::test]
async fn a_program_s_sign_out_clears_the_browser_session_that_ends_with_it() {
    let idp = Idp::start().await;
    let server = sso::server(&idp).await;
    sso::linked(&server, &idp, "okta").await;
    let mut jar = Jar::default();
    jar.keep(&sso::through(&server, &idp, "okta", "?mode=session", "").await);
    server.send(get("/api/auth/me").cookie(&jar.header())).await.data();
    jar.keep(&server.send(send("/auth/logout", &json!({ "mode": "session" })).cookie(&jar.header())).await);
    assert!(!jar.names().iter().any(|name| name.contains("session")), "{:?}", jar.names());
}

#[tokio::test]
async fn with_https_a_planted_portal_session_neither_grants_access_nor_hides_one() {
    let office = Office::of(Server::start_at(HTTPS).await).await;
    let planted = office.enter().await;
    let (_, path) = office.link(&office.client).await;
    let mut jar = Jar::default();
    jar.keep(&office.server.send(get(&path)).await);
    assert_eq!(jar.names(), ["portal_session", "__Host-portal_session"]);
    office.server.send(portal::me(&planted)).await.assert_portal_error(401, "portal_access_required");
    let real = jar.header();
    for line in [format!("{planted}; {real}"), format!("{real}; {planted}")] {
        let me = office.server.send(portal::me(&line)).await;
        assert_eq!(me.status, 200, "{}", me.text);
        let left = office.server.send(post("/portal/api/leave").cookie(&line)).await;
        for part in ["__Host-portal_session=;", "Path=/portal;", "Domain=example.org"] {
            assert!(left.set_cookies().any(|set| format!("{set};").contains(part)), "{part}: {:?}", left.headers);
        }
    }
    // A value under the companion's name alone does not count either.
    let companion = real.split("; ").nth(1).expect("has two");
    office.server.send(portal::me(companion)).await.assert_portal_error(401, "portal_access_required");
    office
        .server
        .send(portal::me(&format!("{planted}; {companion}")))
        .await
        .assert_portal_error(401, "portal_access_required");
}

#[tokio::test]
async fn with_https_the_cookies_of_a_sign_in_are_bound_to_their_host() {
    let idp = Idp::start().await;
    let providers = Providers::new(vec![idp.openid()]).expect("the system has certificates");
    let server = sso::server(&idp).await;
    sso::linked(&server, &idp, "okta").await;
    let server = server.restart_at(HTTPS, |builder| builder.providers = providers).await;
    // Abandoned flows do not pile up.
    let mut jar = Jar::default();
    for _ in 0..6 {
        jar.keep(&server.send(get("/auth/login/okta").cookie(&jar.header())).await);
    }
    assert_eq!(jar.names().len(), 4, "{:?}", jar.names());
    assert!(jar.names().iter().all(|name| name.starts_with("__Host-doorstep_sso_")), "{:?}", jar.names());
    // A sibling host can set neither of the names; what it can set is ignored.
    let out = server.send(get("/auth/login/okta")).await;
    let planted = out.cookie().replace("__Host-", "__Secure-");
    let there = out.headers["location"].to_str().expect("is ASCII").to_owned();
    let path = format!("/auth/login/okta/callback?{}", idp.agree(&there));
    let back = server.send(get(&path).cookie(&planted)).await;
    assert!(!back.set_cookies().any(|set| set.contains("session=")), "{:?}", back.headers);
    // After the callback none of them is kept.
    let back = sso::through(&server, &idp, "okta", "", &jar.header()).await;
    jar.keep(&back);
    assert!(!jar.names().iter().any(|name| name.contains("sso_")), "{:?}", jar.names());
    server.send(get("/api/auth/me").cookie(&jar.header())).await.data();
}

#[tokio::test]
async fn with_https_a_planted_token_gets_no_companion_and_hides_none() {
    let server = Server::start_at(HTTPS).await;
    for (mode, name) in [("session", "directus_session_token"), ("cookie", "directus_refresh_token")] {
        let signed_in = async |account: &str| {
            server.add_member(account).await;
            let body = json!({ "email": format!("{account}@example.org"), "password": PASSWORD, "mode": mode });
            server.send(send("/auth/login", &body)).await
        };
        let companion = ["__Host-", name].concat();
        let mut own = Jar::default();
        own.keep(&signed_in(&format!("ada-{mode}")).await);
        let planted = format!("{name}={}", signed_in(&format!("eve-{mode}")).await.cookie_value(name));
        let refresh =
            async |line: &str| server.send(send("/auth/refresh", &json!({ "mode": mode })).cookie(line)).await;
        // In a browser, a sibling host may have planted it.
        let by_browser = send("/auth/refresh", &json!({ "mode": mode })).header("sec-fetch-site", "same-origin");
        server.send(by_browser.cookie(&planted)).await.assert_refused(400, "INVALID_PAYLOAD");
        // A program may send it from its own jar; it stays without a companion.
        let renewed = refresh(&planted).await;
        renewed.tokens_data();
        assert!(!renewed.set_cookies().any(|set| set.starts_with(&companion)), "{:?}", renewed.headers);
        let planted = format!("{name}={}", renewed.cookie_value(name));
        // Beside a companion with another value it is ignored.
        let own_companion = own.header().split("; ").find(|pair| pair.starts_with(&companion)).map(str::to_owned);
        let beside = format!("{planted}; {}", own_companion.expect("exists"));
        refresh(&beside).await.assert_refused(400, "INVALID_PAYLOAD");
        let renewed = refresh(&format!("{planted}; {}", own.header())).await;
        assert!(renewed.set_cookies().any(|set| set.starts_with(&companion)), "{:?}", renewed.headers);
    }
}
