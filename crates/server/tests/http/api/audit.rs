//! GET `/api/audit` and `/api/audit/events`.

mod flows;

use std::path::Path;

use doorstep_server::domain::audit::{Actor, Entry, Event};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use sqlx::Row as _;

use crate::support::{Answer, Database, PASSWORD, Server, credentials, get, post, statements_of};

/// A server with a signed-in operator, and this many earlier events, a minute apart.
async fn with_events(count: u32) -> (Server, String) {
    let server = Server::start().await;
    for number in 0..count {
        let event = if number % 2 == 0 { Event::SignedIn } else { Event::SignedOut };
        remember(&server, event, "ada", &format!("thing {number}")).await;
        server.wait(SignedDuration::from_mins(1));
    }
    let (cookie, _) = server.sign_in_with_new_password().await;
    (server, cookie)
}

async fn remember(server: &Server, event: Event, actor: &str, subject: &str) {
    let entry = Entry {
        id: server.service.new_id().expect("random bytes"),
        at: server.now(),
        event,
        actor: Actor::named(actor),
        address: Some("192.0.2.7".parse().expect("is an address")),
        subject: subject.to_owned(),
        detail: Map::new(),
        times: 1,
    };
    server.store.record(&entry).await.expect("is stored");
}

async fn ask(server: &Server, cookie: &str, query: &str) -> Answer {
    server.send(get(&format!("/api/audit?{query}")).cookie(cookie)).await
}

async fn subjects(server: &Server, cookie: &str, query: &str) -> Vec<String> {
    let list = ask(server, cookie, query).await.data();
    let items = list["items"].as_array().expect("is a list");
    items.iter().map(|item| item["subject"].as_str().expect("is text").to_owned()).collect()
}

#[tokio::test]
async fn only_operators_read_it() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let ada = server.send(post("/api/auth/login").json(&credentials("ada", PASSWORD))).await.cookie();
    let before = server.sign_in().await;
    for path in ["/api/audit", "/api/audit?format=csv", "/api/audit?page=x", "/api/audit/events"] {
        server.send(get(path)).await.assert_error(401, "unauthenticated");
        server.send(get(path).cookie(&ada)).await.assert_error(403, "forbidden");
        server.send(get(path).cookie(&before)).await.assert_error(403, "password_change_required");
    }
}

#[tokio::test]
async fn an_event_has_actor_event_time_and_address() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let body = json!({ "password": "wrong" });
    server.wait(SignedDuration::from_secs(1));
    let sent = post("/api/auth/reauth").cookie(&cookie).json(&body).from("192.0.2.9");
    server.send(sent).await.assert_error(401, "wrong_password");
    let list = ask(&server, &cookie, "limit=1").await.data();
    assert_eq!((&list["page"], &list["limit"], list.as_object().map(Map::len)), (&json!(1), &json!(1), Some(4)));
    let me = server.send(get("/api/auth/me").cookie(&cookie)).await.data();
    let item = &list["items"][0];
    assert!(item["id"].as_str().is_some_and(|id| id.len() == 36), "{item}");
    let mut rest = item.as_object().expect("is an object").clone();
    rest.remove("id");
    let wanted = json!({
        "at": "2026-01-01T12:00:01Z", "event": "reauth_failed", "actor_id": me["account"]["id"], "actor": "admin",
        "ip": "192.0.2.9", "subject": "admin", "detail": r#"{"with":"password"}"#,
    });
    assert_eq!(Value::Object(rest), wanted);
}

#[tokio::test]
async fn filters_narrow_the_list() {
    let (server, cookie) = with_events(4).await;
    let found = async |query: &str| subjects(&server, &cookie, query).await;
    assert_eq!(found("event=signed_out").await, ["thing 3", "thing 1"]);
    assert_eq!(found("actor=ADA&event=signed_in").await, ["thing 2", "thing 0"]);
    assert_eq!(
        found("actor=a&event=signed_in&until=2026-01-01T12:03:00Z").await,
        found("event=signed_in&until=2026-01-01T12:03:00Z").await
    );
    assert_eq!(found("q=ING%203").await, ["thing 3"]);
    assert_eq!(found("q=192.0.2.&event=signed_out&actor=ada").await.len(), 2);
    assert_eq!(found("since=2026-01-01T12:01:00Z&until=2026-01-01T12:03:00Z").await, ["thing 2", "thing 1"]);
    assert_eq!(found("since=2026-01-01T14:02:00%2B02:00&actor=ada").await, ["thing 3", "thing 2"]);
    // Wildcards are literal text, and empty parameters count as absent.
    for nothing in [
        "q=%25",
        "q=thing_1",
        "q=%5C",
        "actor=somebody",
        "actor=%25",
        "actor=a_",
        "actor=da",
        "until=1970-01-01T00:00:00Z",
    ] {
        assert_eq!(ask(&server, &cookie, nothing).await.data()["total"], 0, "{nothing}");
    }
    assert!(found("event=&actor=&q=%20&since=&until=").await.len() > 4);
}

#[tokio::test]
async fn an_actor_is_found_by_the_current_and_the_former_name() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let edit = post("/api/auth/account/edit").cookie(&cookie).json(&json!({ "new_username": "grace" }));
    server.send(edit).await.data();
    let total = async |query: &str| ask(&server, &cookie, query).await.data()["total"].as_u64().expect("is a number");
    let before = total("actor=admin").await;
    assert!(before >= 3);
    let again = post("/api/auth/reauth").cookie(&cookie).json(&json!({ "password": "wrong" }));
    server.send(again).await.assert_error(401, "wrong_password");
    assert_eq!((total("actor=admin").await, total("actor=Grace").await), (before, before + 1));
    // By the beginning of either name.
    assert_eq!((total("actor=Adm").await, total("actor=gr").await, total("actor=race").await), (before, before + 1, 0));
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repetition() {
    let (server, cookie) = with_events(7).await;
    let mut all = Vec::new();
    for page in 1..=4 {
        let list = ask(&server, &cookie, &format!("actor=ada&limit=2&page={page}")).await.data();
        assert_eq!((&list["total"], &list["page"], &list["limit"]), (&json!(7), &json!(page), &json!(2)));
        let items = list["items"].as_array().expect("is a list").clone();
        all.extend(items.into_iter().map(|item| item["subject"].as_str().expect("is text").to_owned()));
    }
    assert_eq!(all, (0..7).rev().map(|number| format!("thing {number}")).collect::<Vec<_>>());
    assert_eq!(subjects(&server, &cookie, "page=4294967295&limit=200").await, Vec::<String>::new());
    assert_eq!(ask(&server, &cookie, "").await.data()["limit"], 50);
}

#[tokio::test]
async fn an_invalid_value_is_named() {
    let (server, cookie) = with_events(0).await;
    let long = format!("q={}", "x".repeat(201));
    for (query, name) in [
        ("event=something_else", "event"),
        ("since=yesterday", "since"),
        ("until=2026-01-01", "until"),
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=4294967296", "page"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=ten", "limit"),
        ("format=xml", "format"),
        ("format=csv&limit=10001", "limit"),
        (&long, "q"),
    ] {
        let answer = ask(&server, &cookie, query).await;
        answer.assert_error(400, "invalid_request");
        assert!(answer.json()["message"].as_str().is_some_and(|told| told.contains(&format!("`{name}`"))), "{query}");
    }
    ask(&server, &cookie, "page=1&page=2").await.assert_error(400, "invalid_request");
    ask(&server, &cookie, "unknown=1&%ff=%fe").await.data();
}

#[tokio::test]
async fn an_export_contains_the_filtered_events() {
    let (server, cookie) = with_events(3).await;
    let csv = ask(&server, &cookie, "format=csv&event=signed_out").await;
    assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(csv.headers["content-disposition"], "attachment; filename=\"doorstep-audit.csv\"");
    assert_eq!(csv.headers["cache-control"], "no-store");
    assert_eq!(csv.headers["x-content-type-options"], "nosniff");
    let lines: Vec<&str> = csv.text.split("\r\n").collect();
    assert_eq!(lines.len(), 3, "{}", csv.text);
    assert_eq!(lines[0], r#""at","event","actor","ip","subject","detail","actor_id","id""#);
    assert!(
        lines[1].starts_with(r#""2026-01-01T12:01:00Z","signed_out","ada","192.0.2.7","thing 1","{}","",""#),
        "{}",
        lines[1]
    );

    let file = ask(&server, &cookie, "format=json&actor=ada&limit=2").await;
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"doorstep-audit.json\"");
    let list = file.json();
    assert_eq!((&list["total"], list["items"].as_array().map(Vec::len)), (&json!(3), Some(2)));
    assert_eq!(ask(&server, &cookie, "format=json").await.json()["limit"], 10_000);
}

#[tokio::test]
async fn no_cell_of_an_export_is_a_formula_or_contains_a_line_break() {
    let (server, cookie) = with_events(0).await;
    for subject in ["=cmd|'/c calc'!A0", "+1", "-1", "@x", "\tx", "\rx", "a\nb\u{202e}\"c\""] {
        remember(&server, Event::DeviceApproved, "ada", subject).await;
    }
    let text = ask(&server, &cookie, "format=csv&event=device_approved").await.text;
    let subjects = ["\"'=cmd|'/c calc'!A0\"", "\"'+1\"", "\"'-1\"", "\"'@x\"", r#""'\tx""#, r#""'\rx""#];
    for subject in subjects.into_iter().chain([r#""a\nb\u{202e}""c""""#]) {
        assert!(text.contains(&format!(",{subject},")), "{subject} in {text}");
    }
    assert_eq!(text.split("\r\n").count(), 9, "{text}");
    assert!(!text.replace("\r\n", "").contains(char::is_control), "{text}");
}

#[tokio::test]
async fn events_have_titles_in_the_users_language() {
    let (server, cookie) = with_events(0).await;
    let ask = async |language: &str| {
        server.send(get("/api/audit/events").cookie(&cookie).header("accept-language", language)).await.data()
    };
    let (english, chinese) = (ask("en").await, ask("zh-CN").await);
    assert_eq!(english["total"], Event::ALL.len());
    assert_eq!(english["items"][6], json!({ "event": "signed_in", "title": "Signed in" }));
    assert_eq!(chinese["items"][6], json!({ "event": "signed_in", "title": "已登录" }));
}

#[tokio::test]
async fn events_older_than_the_retention_are_removed() {
    let (server, _) = with_events(1).await;
    let is_there = async || server.events().await.iter().any(|entry| entry.actor.name == "ada");
    server.wait(SignedDuration::from_hours(400 * 24) - SignedDuration::from_mins(1));
    server.service.audit().prune().await;
    assert!(is_there().await);
    server.wait(SignedDuration::from_millis(1));
    server.service.audit().prune().await;
    assert!(!is_there().await);

    let server = Server::start_with(|builder| builder.policy.audit_life = None).await;
    server.wait(SignedDuration::from_hours(20_000 * 24));
    server.service.audit().prune().await;
    assert_eq!(server.events().await.len(), 1, "the creation of the first account");
}

#[tokio::test]
async fn a_page_of_many_events_takes_two_lookups_and_no_sort() {
    let (server, cookie) = with_events(0).await;
    // PostgreSQL chooses plans by the amount of data.
    let Database::Sqlite(file) = server.database() else { return };
    let database = fill_audit(file, 2_000).await;
    for query in [
        "",
        "page=20",
        "event=signed_out&page=3",
        "q=thing%201999",
        "since=2025-01-02T00:00:00Z&until=2025-01-03T00:00:00Z",
        "actor=ad&since=2025-01-02T00:00:00Z",
    ] {
        let (answer, asked) = statements_of(ask(&server, &cookie, query)).await;
        assert!(answer.data()["total"].as_u64().is_some_and(|total| total > 0), "{query}");
        // The session, the page, and the total.
        assert_eq!(asked.len(), 3, "{query}: {asked:#?}");
        let page = asked.iter().find(|statement| statement.contains("ORDER BY")).expect("is requested");
        let plan = sqlx::query(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {page}"))).fetch_all(&database).await;
        let plan: Vec<String> = plan.expect("is explained").iter().map(|step| step.get("detail")).collect();
        assert!(plan.iter().any(|step| step.contains("USING INDEX audit_by_")), "{query}: {plan:?}");
        // An actor is found by two names; the combined result must be sorted.
        assert_eq!(plan.iter().any(|step| step.contains("ORDER BY")), query.starts_with("actor"), "{query}: {plan:?}");
    }
    database.close().await;
}

/// Inserts this many events of the previous year at once, and returns the database.
async fn fill_audit(file: &Path, count: u32) -> sqlx::SqlitePool {
    let from: Timestamp = "2025-01-01T00:00:00Z".parse().expect("is a time");
    let url = format!("sqlite://{}", file.display());
    let pool = sqlx::SqlitePool::connect(&url).await.expect("opens");
    sqlx::query(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) \
         INSERT INTO audit (id, at, event, actor_account, actor_name, address, subject, detail) \
         SELECT printf('filled-%07d', i), $2 + i * 300000, CASE i % 3 WHEN 0 THEN 'signed_in' ELSE 'signed_out' END, \
         NULL, CASE i % 7 WHEN 0 THEN 'ada' ELSE 'bob' END, '192.0.2.1', printf('thing %d', i), '{}' FROM n",
    )
    .bind(i64::from(count))
    .bind(from.as_millisecond())
    .execute(&pool)
    .await
    .expect("is filled");
    pool
}
