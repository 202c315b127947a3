//! Lost connections, database versions, and servers that start at once.

use std::time::Duration;

use doorstep_server::{
    domain::{audit::Event, clock::Clock, id::Id},
    store::{DatabaseUrl, Store, StoreError},
};
use futures_util::future::join_all;
use jiff::SignedDuration;
use serde_json::json;
use sqlx::{AnyConnection, Connection as _};

use crate::{
    device::{MOUNT, program},
    support::{Database, Line, RequestBuilder, Server, credentials, get, is_postgres, post, statements_of},
    tokens,
};

#[tokio::test]
async fn a_database_that_a_newer_version_has_used_is_refused() {
    let server = Server::start().await;
    server.store.close().await;
    let mut connection = AnyConnection::connect(&server.database().text()).await.expect("opens");
    let newer = sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'of a newer version', true, $1, 0)",
    );
    newer.bind(vec![0_u8; 48]).execute(&mut connection).await.expect("is written");
    connection.close().await.expect("ends");
    let opened = Store::open_existing(&server.database().url()).await;
    assert!(matches!(opened, Err(StoreError::Newer(9999))), "{opened:?}");
}

#[tokio::test]
async fn a_server_replaces_closed_connections() {
    let server = Server::start().await;
    let Database::Postgres(name) = server.database() else { return };
    let (cookie, _) = server.sign_in_with_new_password().await;
    for _ in 0..3 {
        // As when PostgreSQL is restarted.
        Database::run(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"))
            .await;
        assert_eq!(server.send(get("/readyz")).await.status, 200);
        server.send(get("/api/auth/me").cookie(&cookie)).await.data();
        server.wait(SignedDuration::from_mins(1));
    }
}

#[tokio::test]
async fn while_the_database_is_down_requests_get_503_and_recover_afterwards() {
    let server = Server::start().await;
    let Database::Postgres(name) = server.database() else { return };
    let (cookie, _) = server.sign_in_with_new_password().await;
    for _ in 0..2 {
        Database::run(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false")).await;
        Database::run(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"))
            .await;
        for path in ["/readyz", "/api/auth/me", "/api/projects", "/"] {
            let answer = server.send(get(path).cookie(&cookie)).await;
            assert_eq!((answer.status.as_u16(), answer.headers.contains_key("retry-after")), (503, true), "{path}");
        }
        Database::run(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true")).await;
        server.send(get("/api/auth/me").cookie(&cookie)).await.data();
        assert_eq!(server.send(get("/readyz")).await.status, 200);
    }
}

#[tokio::test]
async fn a_database_that_refuses_connections_is_a_503_too() {
    let server = Server::start().await;
    let Database::Postgres(name) = server.database() else { return };
    let (cookie, _) = server.sign_in_with_new_password().await;
    // Renamed, as when another one replaces it.
    Database::run(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")).await;
    Database::run(&format!("ALTER DATABASE {name} RENAME TO {name}_away")).await;
    for request in [get("/readyz"), get("/api/auth/me").cookie(&cookie)] {
        assert_eq!(server.send(request).await.status, 503);
    }
    Database::run(&format!("ALTER DATABASE {name}_away RENAME TO {name}")).await;
    server.send(get("/api/auth/me").cookie(&cookie)).await.data();
}

#[tokio::test]
async fn servers_over_one_database_use_its_clock() {
    let server = Server::start().await;
    let wrong = Clock::new(|| Clock::system().now() - SignedDuration::from_secs(12));
    let ahead = server.store.clock_ahead(&wrong).await.expect("is measured");
    if is_postgres() {
        let ahead = ahead.expect("has a clock");
        assert!((ahead - SignedDuration::from_secs(12)).abs() < SignedDuration::from_secs(2), "{ahead}");
    } else {
        // A file has no clock.
        assert_eq!(ahead, None);
    }
    let service = server.another_with(|builder| builder.clock = wrong.clone()).await;
    service.follow_clock().await.expect("is measured");
    let corrected = service.now().duration_since(wrong.machine());
    assert_eq!(corrected > SignedDuration::from_secs(10), is_postgres(), "{corrected}");
}

#[tokio::test]
async fn requests_that_wait_for_a_lock_wait_only_once() {
    let server = Server::start().await;
    if !is_postgres() {
        return;
    }
    let mut holder = AnyConnection::connect(&server.database().text()).await.expect("opens");
    let mut lock = holder.begin().await.expect("begins");
    sqlx::query("LOCK TABLE accounts IN ACCESS EXCLUSIVE MODE").execute(&mut *lock).await.expect("is locked");
    // More requests than connections: some wait for a connection first, after an earlier call.
    let sign_in = |number| post("/api/auth/login").json(&credentials(&format!("nobody{number}"), "wrong"));
    let all = (0..24).map(|number| server.send(sign_in(number).from(&format!("20.{number}.0.1"))));
    let answers =
        tokio::time::timeout(Duration::from_secs(8), join_all(all)).await.expect("no request waits this long");
    for answer in answers {
        assert_eq!(answer.status, 503, "{}", answer.text);
    }
    lock.rollback().await.expect("ends");
    let answer = server.send(sign_in(24)).await;
    assert_eq!(answer.status, 401, "{}", answer.text);
}

#[tokio::test]
async fn silent_connections_are_replaced() {
    if !is_postgres() {
        return;
    }
    let database = Database::bare().await;
    let server = database.text().parse().expect("is a URL");
    let line = Line::to(&server).await;
    let store = Store::open(&DatabaseUrl::parse(&line.url(&server)).expect("is valid")).await.expect("opens");
    // All requests wait for a lock when the proxy goes silent: those that read, and those that write.
    let mut holder = AnyConnection::connect(&database.text()).await.expect("opens");
    let mut lock = holder.begin().await.expect("begins");
    sqlx::query("LOCK TABLE settings, mails IN ACCESS EXCLUSIVE MODE").execute(&mut *lock).await.expect("is locked");
    let now = jiff::Timestamp::UNIX_EPOCH;
    let mail = Id::stored("none".to_owned());
    let all =
        join_all((0..24).map(|_| async { (store.check(now).await.is_err(), store.remove_mail(&mail).await.is_err()) }));
    let silence = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        line.silence();
        lock.rollback().await.expect("ends");
    };
    let (ended, ()) = tokio::join!(tokio::time::timeout(Duration::from_mins(1), all), silence);
    let ended = ended.expect("nothing waits forever");
    assert!(ended.iter().any(|(read, _)| *read) && ended.iter().any(|(_, written)| *written), "{ended:?}");
    // It may take some attempts until it is clear that no connection returns.
    let goes_on = async { while store.check(now).await.is_err() || store.remove_mail(&mail).await.is_err() {} };
    tokio::time::timeout(Duration::from_mins(1), goes_on).await.expect("continues");
    drop((store, holder));
    database.remove();
}

#[tokio::test]
async fn one_of_several_starting_servers_creates_the_tables() {
    if !is_postgres() {
        return;
    }
    let database = Database::bare().await;
    let url = database.url();
    let stores = join_all((0..4).map(|_| Store::open(&url))).await;
    for store in &stores {
        store.as_ref().expect("opens").check(jiff::Timestamp::UNIX_EPOCH).await.expect("can be written");
    }
    drop(stores);
    database.remove();
}

/// Sends one request each of 64 clients at once, to two servers in turn, and returns their statements.
async fn flood(made: impl Fn(u8) -> RequestBuilder, status: u16) -> (Server, Vec<String>) {
    let mut server = Server::start().await;
    if is_postgres() {
        server.join(1).await;
    }
    let sent = (0..64).map(|number| statements_of(server.send(made(number).from(&format!("20.{number}.0.1")))));
    let mut all = Vec::new();
    for (answer, asked) in join_all(sent).await {
        assert_eq!(answer.status, status, "{}", answer.text);
        all.extend(asked);
    }
    (server, all)
}

/// Asserts that the statement that counts these rows ran once per client: no transaction was repeated. While other
/// tests keep it busy, PostgreSQL aborts a few more transactions than necessary; if all of them conflicted, there
/// would be hundreds.
fn assert_counted_once(asked: &[String], table: &str) {
    let count = format!("SELECT COUNT(*) AS waiting FROM {table}");
    let counted = asked.iter().filter(|statement| statement.starts_with(&count)).count();
    let most = if is_postgres() { 80 } else { 64 };
    assert!((64..=most).contains(&counted), "{counted}");
}

#[tokio::test]
async fn device_requests_of_64_clients_are_serialized() {
    let body = json!({ "client_id": "difyctl" });
    let (_server, asked) = flood(|_| program(&format!("{MOUNT}/code"), &body), 200).await;
    assert_counted_once(&asked, "device_grants");
}

#[tokio::test]
async fn password_requests_of_64_clients_are_serialized() {
    let ask = |number: u8| json!({ "email": format!("{number}@example.org") });
    let (_server, asked) = flood(|number| tokens::send("/auth/password/request", &ask(number)), 204).await;
    assert_counted_once(&asked, "password_requests");
}

#[tokio::test]
async fn failed_sign_ins_of_64_clients_are_answered_and_recorded() {
    let sign_in = |number| post("/api/auth/login").json(&credentials(&format!("nobody{number}"), "wrong"));
    let (server, _) = flood(sign_in, 401).await;
    let failed = server.events().await.into_iter().filter(|entry| entry.event == Event::SignInFailed);
    assert_eq!(failed.map(|entry| entry.times).sum::<u32>(), 64);
}

/// PostgreSQL accepts no NUL in a text, SQLite does: neither fails.
#[tokio::test]
async fn no_text_makes_a_database_fail() {
    let server = Server::start().await;
    let cookie = server.sign_in().await;
    for path in [
        "/api/audit?actor=",
        "/api/audit?q=",
        "/api/audit?event=",
        "/api/projects?q=",
        "/api/projects?status=",
        "/api/clients?q=",
        "/openapi/v1/oauth/device/lookup?user_code=",
    ] {
        let status = server.send(get(&format!("{path}a%00b")).cookie(&cookie)).await.status;
        assert!(!status.is_server_error(), "{path}: {status}");
    }
    let text = "a\0b";
    for (path, body) in [
        ("/api/auth/login", credentials(text, text)),
        ("/api/auth/reauth", json!({ "password": text })),
        ("/api/auth/account/edit", json!({ "username": text, "email": text, "display_name": text })),
        ("/api/projects", json!({ "name": text, "summary": text })),
        ("/api/clients", json!({ "name": text, "slug": text })),
        ("/auth/login", json!({ "email": text, "password": text })),
        ("/auth/password/request", json!({ "email": text })),
        ("/openapi/v1/oauth/device/code", json!({ "client_id": text, "device_label": text, "scope": text })),
    ] {
        let status = server.send(post(path).cookie(&cookie).json(&body)).await.status;
        assert!(!status.is_server_error(), "{path}: {status}");
    }
}
