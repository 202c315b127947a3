//! How much anonymous clients can make the database grow, each request from another address.
//!
//! Prints the table in docs/SECURITY.md: `cargo test -p doorstep-server --test http growth -- --nocapture`.

use std::fs;

use axum::http::{Method, StatusCode};
use doorstep_server::domain::{account::Status, audit::Event, quota::Quota};
use futures_util::{StreamExt as _, stream};
use jiff::SignedDuration;
use serde_json::json;

use crate::{
    support::{Database, PASSWORD, RequestBuilder, Server, credentials, get, is_postgres, post, request},
    tokens::send,
};

/// The limit for 10,000 requests of one kind, in bytes.
const MOST: u64 = 2_000_000;
const PAGE: u64 = 4096;

/// A distinct address, of IPv4, which has no network that is counted in addition.
fn stranger(number: u32) -> String {
    format!("{}.{}.{}.1", 20 + number / 0x1_0000, number / 0x100 % 0x100, number % 0x100)
}

/// The size of the database in bytes after its server was closed.
async fn size(server: Server) -> u64 {
    server.store.close().await;
    match server.database() {
        Database::Sqlite(file) => fs::metadata(file).expect("exists").len(),
        // The file keeps free space until it is vacuumed; only used space counts.
        Database::Postgres(_) => server.database().bytes().await.len().try_into().expect("is counted"),
    }
}

/// Extrapolates the growth by 10,000 requests of a kind: that of the first ones, and that of as many after them,
/// multiplied.
#[expect(clippy::print_stdout, reason = "the table of the documentation")]
async fn assert_bounded(kind: &str, count: u32, made: impl Fn(u32) -> RequestBuilder, status: StatusCode) {
    // A file takes a while to reuse freed space; where rows are counted, reaching their limit is enough.
    let count = if is_postgres() { count.min(600) } else { count };
    let mut sizes = Vec::new();
    for sent in [0, count, 2 * count] {
        let server = Server::start().await;
        server.service.sign_in().make_login_token(None).await.expect("is created");
        let shared = &server;
        let made = &made;
        let send = move |number: u32| async move {
            let answer = shared.send(made(number).from(&stranger(number))).await;
            assert_eq!(answer.status, status, "{}", answer.text);
        };
        stream::iter(0..sent).map(send).buffer_unordered(16).collect::<Vec<()>>().await;
        sizes.push(size(server).await);
    }
    let [none, first, second] = sizes.as_slice() else { panic!("three were measured") };
    let rest = u64::from((10_000 - count) / count);
    let grown = first - none + second.saturating_sub(*first) * rest;
    println!("| {kind} | {} kB |", grown.div_ceil(1000));
    // A difference of a page is random, and would be multiplied too.
    assert!(grown < MOST + PAGE * rest, "{kind}: {grown} bytes, of {sizes:?}");
}

#[tokio::test]
async fn ten_thousand_sign_ins_of_unknown_names() {
    let sign_in = |number| post("/api/auth/login").json(&credentials(&format!("nobody{number}"), PASSWORD));
    assert_bounded("sign-in with an unknown name", 150, sign_in, StatusCode::UNAUTHORIZED).await;
}

#[tokio::test]
async fn ten_thousand_temporary_tokens() {
    let body = json!({ "login_type": "temporary_token", "temporary_token": "A".repeat(43) });
    let sign_in = |_| post("/api/auth/login").json(&body);
    assert_bounded("temporary sign-in token", 400, sign_in, StatusCode::UNAUTHORIZED).await;
}

#[tokio::test]
async fn ten_thousand_device_codes() {
    let scope = "apps:run full ".repeat(4_000);
    let body = json!({ "client_id": "difyctl", "device_label": "x".repeat(200), "scope": scope });
    let agent = "Mozilla/5.0 ".repeat(500);
    let ask = |_| request(Method::POST, "/v1/oauth/device/code").json(&body).header("user-agent", &agent);
    assert_bounded("device code, with the longest name, scope and user agent", 2_500, ask, StatusCode::OK).await;
}

#[tokio::test]
async fn ten_thousand_user_codes() {
    let look_up = |_| get("/v1/oauth/device/lookup?user_code=BBBB-BBBB");
    assert_bounded("user code looked up", 400, look_up, StatusCode::OK).await;
}

#[tokio::test]
async fn ten_thousand_polls() {
    let body = json!({ "client_id": "difyctl", "device_code": "dc_x" });
    let poll = |_| request(Method::POST, "/v1/oauth/device/token").json(&body);
    assert_bounded("poll for a device's token", 400, poll, StatusCode::BAD_REQUEST).await;
}

#[tokio::test]
async fn ten_thousand_requests_for_a_password() {
    let agent = "Mozilla/5.0 ".repeat(500);
    let ask = |number: u32| {
        let email = format!("{number}{}@example.org", "x".repeat(200));
        send("/auth/password/request", &json!({ "email": email })).header("user-agent", &agent)
    };
    assert_bounded("password reset requested", 2_500, ask, StatusCode::NO_CONTENT).await;
}

#[tokio::test]
async fn a_flood_of_reset_requests_displaces_none_of_another_network() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let ask = |email: &str| send("/auth/password/request", &json!({ "email": email }));
    server.send(ask("ada@example.org").from("198.51.100.1")).await.assert_nothing();
    for number in 0..600 {
        server
            .send(ask("x@example.org").from(&format!("20.0.{}.{}", number / 200, number % 200)))
            .await
            .assert_nothing();
    }
    let mails = server.mails().await;
    assert_eq!(mails.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), ["ada@example.org"]);
}

#[tokio::test]
async fn if_every_network_has_one_request_the_next_is_refused_and_none_is_dropped() {
    let server = Server::start().await;
    let ask = || send("/auth/password/request", &json!({ "email": "x@example.org" }));
    for number in 0..500 {
        server.send(ask().from(&format!("{}.{}.0.1", 20 + number / 250, number % 250))).await.assert_nothing();
    }
    assert_eq!(server.send(ask().from("198.51.100.1")).await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn without_delivery_reset_mails_wait_as_requests() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let ask = |number: usize, email: &str| {
        let address = format!("{}.{}.0.1", 20 + number / 250, number % 250);
        send("/auth/password/request", &json!({ "email": email })).from(&address)
    };
    // The response does not depend on whether the account exists.
    for number in 0..=200 {
        server.send(ask(number, "x@example.org")).await.assert_nothing();
    }
    server.service.account().process_password_requests().await;
    assert_eq!(server.store.count_mails().await.expect("answers"), 200);
    server.send(ask(201, "ada@example.org")).await.assert_nothing();
    for number in 202..700 {
        server.send(ask(number, "x@example.org")).await.assert_nothing();
    }
    server.service.account().process_password_requests().await;
    assert_eq!(server.store.count_mails().await.expect("answers"), 200);
    assert_eq!(server.send(ask(700, "x@example.org")).await.status, StatusCode::SERVICE_UNAVAILABLE);
    // Acknowledged requests are sent once mails are delivered again.
    let mut mails = Vec::new();
    for _ in 0..4 {
        mails.extend(server.mails().await);
    }
    assert_eq!(mails.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), ["ada@example.org"]);
    server.send(ask(701, "x@example.org")).await.assert_nothing();
}

#[tokio::test]
async fn without_delivery_the_newest_mails_of_an_account_are_kept() {
    let server = Server::start().await;
    server.add_member("ada").await;
    server.add_member("grace").await;
    server.service.accounts().set_status("grace", Status::Suspended).await.expect("is set");
    for _ in 0..60 {
        for status in [Status::Suspended, Status::Active] {
            server.service.accounts().set_status("ada", status).await.expect("is set");
        }
    }
    assert_eq!(server.store.count_mails().await.expect("answers"), 101);
    let mails = server.mails().await;
    let of_ada: Vec<_> = mails.iter().filter(|mail| mail.to == "ada@example.org").collect();
    assert_eq!(of_ada.len(), 100);
    assert!(mails.iter().any(|mail| mail.to == "grace@example.org"), "other accounts have their own limit");
}

#[tokio::test]
async fn ten_thousand_overlong_emails_are_not_stored() {
    let email = format!("{}@example.org", "x".repeat(60_000));
    let ask = |_| send("/auth/password/request", &json!({ "email": email }));
    assert_bounded("password reset requested for what is no email", 400, ask, StatusCode::NO_CONTENT).await;
}

#[tokio::test]
async fn ten_thousand_new_passwords() {
    let body = json!({ "token": "A".repeat(43), "password": PASSWORD });
    let reset = |_| send("/auth/password/reset", &body);
    assert_bounded("password reset with a wrong token", 400, reset, StatusCode::FORBIDDEN).await;
}

#[tokio::test]
async fn ten_thousand_refresh_tokens() {
    let body = json!({ "refresh_token": "A".repeat(64) });
    let refresh = |_| send("/auth/refresh", &body);
    assert_bounded("refresh with a wrong token", 400, refresh, StatusCode::UNAUTHORIZED).await;
}

#[tokio::test]
async fn ten_thousand_magic_links() {
    let path = format!("/portal/enter/{}", "A".repeat(43));
    assert_bounded("access link that leads nowhere", 400, |_| get(&path), StatusCode::UNAUTHORIZED).await;
}

#[tokio::test]
async fn a_flood_of_failures_is_aggregated_and_hides_none_of_an_account() {
    let server = Server::start_with(|builder| builder.policy.sign_in_limit.free_failures = 1_000).await;
    server.add_member("ada").await;
    let token = json!({ "login_type": "temporary_token", "temporary_token": "A".repeat(43) });
    server.service.sign_in().make_login_token(None).await.expect("is created");
    let failed = async || {
        let events = server.events().await;
        events.into_iter().filter(|entry| entry.event == Event::SignInFailed).collect::<Vec<_>>()
    };
    for number in 0..130 {
        let sent = post("/api/auth/login").json(&token).from(&stranger(number));
        server.send(sent).await.assert_error(401, "invalid_token");
    }
    let events = failed().await;
    assert_eq!(events.len(), 101, "one row per address, and one for the rest");
    assert_eq!(events.iter().map(|entry| entry.times).sum::<u32>(), 130);
    let rest = events.iter().find(|entry| entry.address.is_none()).expect("exists");
    assert_eq!(rest.times, 30);

    for address in ["192.0.2.1", "192.0.2.2"] {
        for _ in 0..3 {
            let sent = post("/api/auth/login").json(&credentials("ada", "not the password")).from(address);
            server.send(sent).await.assert_error(401, "invalid_credentials");
        }
    }
    let of_ada: Vec<_> = failed().await.into_iter().filter(|entry| entry.subject == "ada").collect();
    assert_eq!(of_ada.iter().map(|entry| entry.times).collect::<Vec<_>>(), [3, 3]);
    server.wait(SignedDuration::from_mins(1));
    let sent = post("/api/auth/login").json(&credentials("ada", "not the password")).from("192.0.2.1");
    server.send(sent).await.assert_error(401, "invalid_credentials");
    assert_eq!(failed().await.into_iter().filter(|entry| entry.subject == "ada").count(), 3);

    // Events about no account are removed after 30 days.
    server.wait(SignedDuration::from_hours(31 * 24));
    server.service.audit().prune().await;
    let left = failed().await;
    assert!(left.len() == 3 && left.iter().all(|entry| entry.subject == "ada"), "{left:?}");
}

#[tokio::test]
async fn a_flooding_network_displaces_its_own_requests() {
    let server = Server::start_with(|builder| builder.policy.quotas.set(Quota::DeviceCode, 10_000)).await;
    let ask = |address: &str| {
        let body = json!({ "client_id": "difyctl" });
        request(Method::POST, "/v1/oauth/device/code").json(&body).from(address)
    };
    let of_user = server.send(ask("203.0.113.9")).await.json();
    let flood = |number: u32| {
        let ask = ask(&format!("2001:db8:{number:x}::1"));
        let server = &server;
        async move { assert_eq!(server.send(ask).await.status, StatusCode::OK) }
    };
    stream::iter(0..1_050).map(flood).buffer_unordered(16).collect::<Vec<()>>().await;
    let body = json!({ "client_id": "difyctl", "device_code": of_user["device_code"] });
    let poll = request(Method::POST, "/v1/oauth/device/token").json(&body).from("203.0.113.9");
    assert_eq!(server.send(poll).await.json()["error"], "authorization_pending");
}
