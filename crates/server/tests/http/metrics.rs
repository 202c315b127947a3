//! GET `/metrics`.

use std::collections::BTreeSet;

use axum::http::Method;
use doorstep_contract::auth::BeganWith;
use doorstep_server::{domain::quota::Quota, service::passwords::Party};
use serde_json::json;

use crate::{
    auth::sso,
    device::{ask, poll},
    provider::{Fault, Idp},
    support::{Server, credentials, get, post, request, second_step},
};

/// The name of the sample that counts a request.
fn requests(route: &str, method: &str, status: u16) -> String {
    format!("doorstep_http_requests_total{{route=\"{route}\",method=\"{method}\",status=\"{status}\"}}")
}

fn sign_ins(way: &str, outcome: &str) -> String {
    format!("doorstep_sign_ins_total{{way=\"{way}\",outcome=\"{outcome}\"}}")
}

fn limits(limit: &str) -> String {
    format!("doorstep_limits_hit_total{{limit=\"{limit}\"}}")
}

#[tokio::test]
async fn requests_are_counted_under_documented_names_and_labels() {
    let server = Server::start().await;
    let before = server.samples().await;
    assert_eq!(before.count(&sign_ins("password", "succeeded")), 0, "the series exists from the start");
    assert_eq!(before.count(&limits("sign_in")), 0);

    // The second sign-in comes from an unknown browser, so a mail is sent.
    server.sign_in().await;
    server.sign_in().await;
    for _ in 0..6 {
        server.send(post("/api/auth/login").json(&credentials("nobody", "wrong")).from("192.0.2.1")).await;
    }
    for path in ["/etc/passwd", "/api/nothing", "/portal/nothing", "/assets/nothing.js", "//"] {
        server.send(get(path)).await;
    }
    server.send(get("/login")).await;
    server.send(get("/projects/0198c2a5-7b1e-7c3f-9a44-0123456789ab")).await;
    server.send(request(Method::from_bytes(b"SECRET").expect("is a method"), "/healthz")).await;

    let samples = server.samples().await;
    for (name, count) in [
        (requests("/api/auth/login", "POST", 200), 2),
        (requests("/api/auth/login", "POST", 401), 5),
        (requests("/api/auth/login", "POST", 429), 1),
        (requests("(unknown)", "GET", 404), 4),
        (requests("/assets/{name}", "GET", 404), 1),
        (requests("/login", "GET", 200), 1),
        (requests("/projects", "GET", 200), 1),
        (requests("/healthz", "(other)", 405), 1),
        ("doorstep_http_request_duration_seconds_count{route=\"/api/auth/login\"}".to_owned(), 8),
        ("doorstep_http_request_duration_seconds_bucket{route=\"/api/auth/login\",le=\"+Inf\"}".to_owned(), 8),
        (sign_ins("password", "succeeded"), 2),
        (sign_ins("password", "failed"), 5),
        (limits("sign_in"), 1),
        ("doorstep_mails_waiting".to_owned(), 1),
        ("doorstep_password_slots_in_use".to_owned(), 0),
        ("doorstep_password_waiting".to_owned(), 0),
        ("doorstep_password_refused_total".to_owned(), 0),
        (concat!("doorstep_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"}").to_owned(), 1),
    ] {
        assert_eq!(samples.count(&name), count, "{name}");
    }
    assert!((1..=4).contains(&samples.count("doorstep_password_slots")));

    // The documentation lists all metrics, and no others.
    let names = samples.names();
    let families = names.iter().filter_map(|name| name.split('{').next()).map(|name| {
        let parts = ["_bucket", "_sum", "_count"].iter().find_map(|part| name.strip_suffix(part));
        parts.unwrap_or(name)
    });
    let manual = include_str!("../../../../docs/OPERATIONS.md");
    let documented = manual.lines().filter_map(|line| line.strip_prefix("| `doorstep_")?.split('`').next());
    let documented: BTreeSet<String> = documented.map(|name| format!("doorstep_{name}")).collect();
    assert_eq!(families.map(str::to_owned).collect::<BTreeSet<_>>(), documented);
}

#[tokio::test]
async fn every_way_to_sign_in_and_every_limit_has_a_series_from_the_start() {
    let server = Server::start().await;
    let samples = server.samples().await;
    for way in BeganWith::ALL {
        assert_eq!(samples.count(&sign_ins(way.as_str(), "succeeded")), 0);
    }
    for way in ["password", "code", "temporary_token", "sso"] {
        assert_eq!(samples.count(&sign_ins(way, "failed")), 0);
    }
    for limit in Quota::ALL.map(Quota::as_str).into_iter().chain(["sign_in", "name_change", "device_poll"]) {
        assert_eq!(samples.count(&limits(limit)), 0);
    }
}

#[tokio::test]
async fn a_thousand_invented_requests_add_no_series() {
    let server = Server::start().await;
    server.send(get("/etc/passwd")).await;
    server.send(post("/api/auth/login").json(&credentials("nobody", "wrong"))).await;
    server.send(request(Method::from_bytes(b"X").expect("is a method"), "/nowhere")).await;
    let before = server.samples().await;
    for number in 0..1000 {
        match number % 4 {
            0 => server.send(get(&format!("/secret-{number}/{{id}}/\u{fc}?token={number}"))).await,
            1 => server.send(get(&format!("/api/secret-{number}"))).await,
            2 => server.send(get(&format!("/portal/enter/secret-{number}"))).await,
            _ => {
                let method = Method::from_bytes(format!("SECRET{number}").as_bytes()).expect("is a method");
                server.send(request(method, "/nowhere").header("user-agent", "secret")).await
            }
        };
    }
    let after = server.samples().await;
    let new: Vec<_> = after.names().into_iter().filter(|name| !before.names().contains(name)).collect();
    // Only one route, the access link, was requested for the first time: its statuses and its histogram.
    assert!(new.iter().all(|name| name.contains("route=\"/portal/enter/{token}\"") || name.contains("status=\"4")));
    assert!(new.len() < 20, "{new:#?}");
    assert!(!after.names().concat().to_lowercase().contains("secret"));
}

#[tokio::test]
async fn second_steps_tokens_quotas_and_polls_are_counted_where_they_are_decided() {
    let server = Server::start().await;
    let authenticator = server.add_with_totp("ada").await;
    let give = async |code: &str| {
        let challenge = server.challenge("ada").await;
        server.send(post("/api/auth/login").json(&second_step(&challenge, code))).await.status.as_u16()
    };
    assert_eq!(give(&authenticator.wrong_code(&server)).await, 401);
    assert_eq!(give(&authenticator.code(&server)).await, 200);
    assert_eq!(give(&authenticator.recovery_codes[0]).await, 200);

    let token = server.service.sign_in().make_login_token(Some("ada")).await.expect("is created").token;
    let with_token = |token: &str| {
        post("/api/auth/login").json(&json!({ "login_type": "temporary_token", "temporary_token": token }))
    };
    for _ in 0..20 {
        server.send(with_token("wrong").from("192.0.2.1")).await;
    }
    server.send(with_token(&token.reveal())).await.data();

    let codes = ask(&server).await;
    for _ in 0..3 {
        server.send(poll(&codes)).await;
    }
    let bob = server.sign_in_member("bob").await;
    for _ in 0..7 {
        let body = json!({ "new_username": "ada" });
        server.send(post("/api/auth/account/edit").cookie(&bob).json(&body)).await;
    }

    let samples = server.samples().await;
    for (name, count) in [
        (sign_ins("password", "succeeded"), 2),
        (sign_ins("password", "failed"), 0),
        (sign_ins("code", "failed"), 1),
        (sign_ins("totp", "succeeded"), 1),
        (sign_ins("recovery_code", "succeeded"), 1),
        (sign_ins("temporary_token", "succeeded"), 1),
        (sign_ins("temporary_token", "failed"), 10),
        (limits("temporary_token_per_hour"), 10),
        (limits("device_poll"), 2),
        (limits("name_change"), 2),
        (limits("sign_in"), 0),
    ] {
        assert_eq!(samples.count(&name), count, "{name}");
    }
}

#[tokio::test]
async fn sso_sign_ins_are_counted_and_linking_is_not() {
    let idp = Idp::start().await;
    let server = sso::server(&idp).await;
    sso::linked(&server, &idp, "okta").await;
    sso::through(&server, &idp, "okta", "", "").await;
    idp.set(|script| script.fault = Fault::Signature);
    sso::through(&server, &idp, "okta", "", "").await;
    let samples = server.samples().await;
    assert_eq!(samples.count(&sign_ins("sso", "succeeded")), 1);
    assert_eq!(samples.count(&sign_ins("sso", "failed")), 1);
    assert_eq!(samples.count(&requests("/auth/login/{provider}/callback", "GET", 302)), 3);
}

#[tokio::test]
async fn the_hashing_queue_and_the_database_have_metrics() {
    let server = Server::start().await;
    let slots = server.samples().await.count("doorstep_password_slots");
    let seats: Vec<_> =
        (0..=slots).map(|_| server.service.passwords().seat(&Party::Operator).expect("has a place")).collect();
    let mut turns = Vec::new();
    for seat in seats.iter().take(usize::try_from(slots).expect("is small")) {
        turns.push(seat.turn().await.expect("is free"));
    }
    let mut waiting = Box::pin(seats.last().expect("exists").turn());
    assert!(futures_util::poll!(waiting.as_mut()).is_pending());
    let samples = server.samples().await;
    assert_eq!(samples.count("doorstep_password_slots_in_use"), slots);
    assert_eq!(samples.count("doorstep_password_waiting"), 1);
    drop(turns);
    drop(waiting.await.expect("is called"));
    let counted = |operation: &str| {
        samples.count(&format!("doorstep_database_duration_seconds_count{{operation=\"{operation}\"}}"))
    };
    let (reads, writes) = (counted("read"), counted("write"));
    assert!(reads > 0 && writes > 0);
    server.send(get("/api/auth/me").cookie("doorstep_session=x")).await;
    server.store.check(server.now()).await.expect("can be written");
    let samples = server.samples().await;
    let name = |operation: &str| format!("doorstep_database_duration_seconds_count{{operation=\"{operation}\"}}");
    assert!(samples.count(&name("read")) > reads && samples.count(&name("write")) > writes);
}

#[tokio::test]
async fn metrics_have_their_own_listener_which_serves_nothing_else() {
    let server = Server::start().await;
    assert_eq!(server.send(get("/metrics")).await.status, 404);
    assert!(server.endpoints().iter().all(|endpoint| endpoint.path != "/metrics"));
    let answer = server.send_to_metrics(get("/metrics")).await;
    assert_eq!(
        (answer.status.as_u16(), answer.headers["x-content-type-options"].to_str().expect("is ASCII")),
        (200, "nosniff")
    );
    assert_eq!(answer.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    for path in ["/", "/login", "/healthz", "/api/auth/me", "/metrics/", "/metrics/x"] {
        assert_eq!(server.send_to_metrics(get(path)).await.status, 404, "{path}");
    }
    assert_eq!(server.send_to_metrics(post("/metrics")).await.status, 405);
}
