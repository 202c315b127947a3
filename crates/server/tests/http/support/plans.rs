//! Checks query plans: no statement scans a table that grows.
//!
//! Every test takes part: when its server ends, the plans of all new statements are read. So each statement is
//! checked as soon as any test runs it, and no list of statements has to be maintained.

use std::{path::Path, thread};

use sqlx::{AssertSqlSafe, Connection as _, Row as _, SqliteConnection, sqlite::SqliteConnectOptions};

use super::statements;

/// Statements that may scan a whole table, by a part of their text, and the reason.
const MAY_SCAN: [(&str, &str); 21] = [
    ("SELECT COUNT(*) AS waiting FROM", "what waits is bounded in number, and counted for that"),
    ("GROUP BY network", "the requests of devices that wait: a thousand at most"),
    ("FROM settings LIMIT 1", "whether the database answers; one row is enough"),
    ("SELECT 1 FROM accounts", "whether there is any; one row is enough"),
    ("SELECT 1 FROM projects UNION ALL", "whether there is any; one row is enough"),
    ("FROM accounts a ORDER BY a.username_key", "the operator's command that lists all"),
    ("name_folded LIKE", "a search for a part of a text, by operators alone"),
    ("lower(actor_name) LIKE", "a search for a part of a text, by operators alone"),
    ("FROM audit ORDER BY at DESC, id DESC LIMIT", "a page in the order of an index"),
    ("ORDER BY p.updated_at DESC, p.id DESC LIMIT", "a page in the order of an index"),
    ("ORDER BY c.name_folded, c.id LIMIT", "a page in the order of an index"),
    ("SELECT COUNT(*) AS count FROM audit", "how many there are; without a condition, of pages and not of rows"),
    ("SELECT COUNT(*) AS count FROM clients c", "how many there are, of pages and not of rows"),
    ("SELECT COUNT(*) AS count FROM projects p", "how many there are, of pages and not of rows"),
    ("(SELECT COUNT(*) FROM projects) -", "how many there are, of pages and not of rows"),
    ("ORDER BY p.name_folded, p.id LIMIT", "the first hundred in the order of an index"),
    ("WHERE a.password_is_initial = 1 LIMIT 1", "an index that has the one account of the first start at most"),
    ("SELECT count(*) AS count FROM mails", "a count for monitoring; the queue is bounded per account"),
    ("FROM _sqlx_migrations", "as many rows as there are migrations"),
    ("FROM sqlite_schema", "as many rows as there are tables: asked by a test"),
    ("FROM password_requests ORDER BY id LIMIT 1", "the first in the order of an index"),
];

/// Reads the plans of statements that were not checked before.
#[track_caller]
pub(super) fn check(database: &Path) {
    if thread::panicking() {
        return;
    }
    let statements = statements::new_ones();
    if statements.is_empty() {
        return;
    }
    let options = SqliteConnectOptions::new().filename(database).read_only(true);
    // On a separate thread: the test has a runtime already, which may be dropping the server.
    let plans = thread::spawn(|| {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be made");
        runtime.block_on(plans(options, statements))
    });
    for (statement, plan) in plans.join().expect("the plans are read") {
        let scans = plan.iter().any(|step| step.starts_with("SCAN ") && step != "SCAN CONSTANT ROW");
        let may = MAY_SCAN.iter().any(|(part, _)| statement.contains(part));
        assert!(!scans || may, "a statement scans a whole table: {statement}\n{plan:#?}");
        assert!(
            is_prepared_once(&statement),
            "write `LIMIT $1 + 0`, or it is planned each time (store/mod.rs): {statement}"
        );
    }
}

/// SQLite plans a statement with a bare parameter as `LIMIT` each time.
fn is_prepared_once(statement: &str) -> bool {
    let bound = statement.split("LIMIT ").skip(1).filter_map(|limit| limit.strip_prefix(['$', '?']));
    bound
        .map(|number| number.trim_start_matches(|letter: char| letter.is_ascii_digit()))
        .all(|rest| rest.starts_with(" +"))
}

async fn plans(options: SqliteConnectOptions, statements: Vec<String>) -> Vec<(String, Vec<String>)> {
    let mut connection = SqliteConnection::connect_with(&options).await.expect("the database opens");
    let mut plans = Vec::with_capacity(statements.len());
    for statement in statements {
        if !["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].iter().any(|word| statement.starts_with(word)) {
            continue;
        }
        // Statements of the tests themselves do not count.
        if statement.starts_with("WITH RECURSIVE") {
            continue;
        }
        // Objects used only by migrations may be gone.
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
        if let Ok(steps) = sqlx::query(explain).fetch_all(&mut connection).await {
            plans.push((statement, steps.iter().map(|step| step.get("detail")).collect()));
        }
    }
    plans
}
