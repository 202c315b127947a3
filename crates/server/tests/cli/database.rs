//! `doorstep database copy`, and databases that commands refuse.

use std::{fs, path::Path, process::Command};

use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, SqliteConnection};

use crate::{Installation, PASSWORD};

/// The variable with the URL of a PostgreSQL server for tests.
const POSTGRES: &str = "DOORSTEP_TEST_POSTGRES";

pub(crate) fn copy(from: &str, to: &str) -> Result<Value, String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_doorstep"));
    let output = command.args(["database", "copy", "--from", from, "--to", to, "--json"]).output().expect("runs");
    if output.status.success() {
        return Ok(serde_json::from_slice(&output.stdout).expect("is JSON"));
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}

pub(crate) fn sqlite(file: &Path) -> String {
    format!("sqlite://{}", file.display())
}

/// An empty PostgreSQL database, if there is a server for tests.
pub(crate) async fn empty(name: &str) -> Option<String> {
    let server = std::env::var(POSTGRES).ok()?;
    let name = format!("doorstep_copy_{name}_{}", std::process::id());
    let mut connection = PgConnection::connect(&server).await.expect("PostgreSQL answers");
    for statement in [format!("DROP DATABASE IF EXISTS {name}"), format!("CREATE DATABASE {name}")] {
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await.expect("succeeds");
    }
    let mut url: url::Url = server.parse().expect("is a URL");
    url.set_path(&name);
    Some(url.into())
}

#[tokio::test]
async fn an_installation_is_copied_to_another_database_and_back_completely_or_not_at_all() {
    let mut here = Installation::new();
    here.serve(&[]);
    here.stop();
    let users = here.json(&["user", "add", "ada", "--email", "ada@example.org"], PASSWORD);
    here.json(&["client", "add", "Harbour"], "");
    let folder = &here.folder;
    let database = sqlite(&folder.join("doorstep.sqlite3"));
    let other = match empty("moved").await {
        Some(postgres) => postgres,
        None => sqlite(&folder.join("other.sqlite3")),
    };
    let counts = copy(&database, &other).expect("is copied");
    assert_eq!((&counts["accounts"], &counts["clients"]), (&2.into(), &1.into()), "{counts}");
    assert!(counts["audit"].as_u64() > Some(2), "{counts}");
    // The existing content is not changed.
    let refused = copy(&database, &other).expect_err("is refused");
    assert!(refused.contains("not empty"), "{refused}");
    let back = sqlite(&folder.join("back.sqlite3"));
    assert_eq!(copy(&other, &back), Ok(counts));
    let listed = here.json(&["user", "list", "--database-url", &back], "");
    assert_eq!(listed, here.json(&["user", "list", "--database-url", &database], ""));
    assert_eq!(listed[0]["id"], users[0]["id"]);
}

#[tokio::test]
async fn a_database_in_use_is_neither_source_nor_target_of_a_copy() {
    let mut here = Installation::new();
    here.serve(&[]);
    let database = sqlite(&here.folder.join("doorstep.sqlite3"));
    let other = sqlite(&here.folder.join("other.sqlite3"));
    for (from, to) in [(&database, &other), (&other, &database)] {
        let refused = copy(from, to).expect_err("is refused");
        assert!(refused.contains(&format!("{database}: a server or another program uses this database")), "{refused}");
    }
    assert!(!here.folder.join("other.sqlite3").exists());
    // After `kill -9` the database is complete and not in use.
    here.stop();
    copy(&database, &other).expect("is copied");

    let Some(postgres) = empty("used").await else { return };
    let user = PgConnection::connect(&postgres).await.expect("connects");
    let refused = copy(&database, &postgres).expect_err("is refused");
    assert!(refused.contains("uses this database"), "{refused}");
    user.close().await.expect("ends");
    copy(&database, &postgres).expect("is copied");
}

/// Runs a statement on an SQLite file.
async fn change(file: &Path, statement: &str) {
    let url = format!("{}?mode=rwc", sqlite(file));
    let mut connection = SqliteConnection::connect(&url).await.expect("opens");
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut connection).await.expect("succeeds");
    connection.close().await.expect("ends");
}

/// The number of tables in a PostgreSQL database.
async fn tables(postgres: &str) -> i64 {
    let mut connection = PgConnection::connect(postgres).await.expect("connects");
    let tables = sqlx::query("SELECT COUNT(*) AS count FROM pg_tables WHERE schemaname = 'public'");
    let count = tables.fetch_one(&mut connection).await.expect("is queried").get("count");
    connection.close().await.expect("ends");
    count
}

#[tokio::test]
async fn no_command_creates_tables_in_a_database_of_another_program() {
    let mut here = Installation::new();
    here.serve(&[]);
    here.stop();
    let none = "this database has no Doorstep installation";
    let foreign = here.folder.join("foreign.sqlite3");
    change(&foreign, "CREATE TABLE users (name TEXT); INSERT INTO users VALUES ('mine')").await;
    let database = sqlite(&here.folder.join("doorstep.sqlite3"));
    let before = fs::read(&foreign).expect("is read");
    let url = sqlite(&foreign);
    let said = here.error(&["user", "list", "--database-url", &url], "");
    assert!(said.contains(&format!("{url}: {none}")), "{said}");
    let said = copy(&url, &sqlite(&here.folder.join("other.sqlite3"))).expect_err("is refused");
    assert!(said.contains(&format!("{url}: {none}")), "{said}");
    let said = copy(&database, &url).expect_err("is refused");
    assert!(said.contains(&format!("{url}: this database is not empty")), "{said}");
    assert_eq!(fs::read(&foreign).expect("is read"), before);
    assert!(!here.folder.join("other.sqlite3").exists());

    let Some(postgres) = empty("not_ours").await else { return };
    let said = here.error(&["user", "list", "--database-url", &postgres], "");
    assert!(said.contains(none), "{said}");
    let said = copy(&postgres, &sqlite(&here.folder.join("other.sqlite3"))).expect_err("is refused");
    assert!(said.contains(none), "{said}");
    assert_eq!(tables(&postgres).await, 0);
}

#[tokio::test]
async fn the_source_of_a_copy_has_this_version_and_is_not_changed() {
    let mut here = Installation::new();
    here.serve(&[]);
    here.stop();
    let (database, other) = (here.folder.join("doorstep.sqlite3"), here.folder.join("other.sqlite3"));
    copy(&sqlite(&database), &sqlite(&other)).expect("is copied");
    change(&other, "DELETE FROM _sqlx_migrations WHERE version = (SELECT max(version) FROM _sqlx_migrations)").await;
    let before = fs::read(&other).expect("is read");
    let third = sqlite(&here.folder.join("third.sqlite3"));
    let said = copy(&sqlite(&other), &third).expect_err("is refused");
    assert!(said.contains("an older version of Doorstep: start a server of this version on it once"), "{said}");
    change(&other, "INSERT INTO _sqlx_migrations VALUES (9999, 'newer', 0, true, x'00', 0)").await;
    let said = copy(&sqlite(&other), &third).expect_err("is refused");
    assert!(said.contains("a newer version of Doorstep (migration 9999)"), "{said}");
    change(&other, "DELETE FROM _sqlx_migrations WHERE version = 9999; VACUUM").await;
    assert_eq!(fs::read(&other).expect("is read").len(), before.len());

    // A read-only database, such as a standby.
    let Some(postgres) = empty("standby").await else { return };
    copy(&sqlite(&database), &postgres).expect("is copied");
    let mut connection = PgConnection::connect(&postgres).await.expect("connects");
    let name = url::Url::parse(&postgres).expect("is a URL").path().trim_start_matches('/').to_owned();
    let read_only = format!("ALTER DATABASE {name} SET default_transaction_read_only = on");
    sqlx::raw_sql(AssertSqlSafe(read_only)).execute(&mut connection).await.expect("succeeds");
    connection.close().await.expect("ends");
    copy(&postgres, &third).expect("is copied");
}

#[tokio::test]
async fn a_value_that_can_not_be_copied_is_named_by_table_row_and_column() {
    let mut here = Installation::new();
    here.serve(&[]);
    here.stop();
    let users = here.json(&["user", "list"], "");
    let id = users[0]["id"].as_str().expect("has an id");
    let database = here.folder.join("doorstep.sqlite3");
    for (column, value, good, problem) in [
        ("name", "CAST(x'4aff' AS TEXT)", "''", "it is not in UTF-8"),
        ("created_at", "created_at + 0.5", "CAST(created_at AS INTEGER)", "it is no whole number"),
    ] {
        change(&database, &format!("UPDATE accounts SET {column} = {value}")).await;
        let said = copy(&sqlite(&database), &sqlite(&here.folder.join("other.sqlite3"))).expect_err("is refused");
        let expected = format!("nothing was copied: accounts, the row where id = '{id}', column {column}: {problem}");
        assert!(said.contains(&expected), "{said}");
        change(&database, &format!("UPDATE accounts SET {column} = {good}")).await;
    }
    let Some(postgres) = empty("odd").await else { return };
    change(&database, "UPDATE accounts SET name = 'a' || char(0) || 'b'").await;
    let said = copy(&sqlite(&database), &postgres).expect_err("is refused");
    assert!(
        said.contains(&format!("accounts, the row where id = '{id}', column name: there is a NUL in it")),
        "{said}"
    );
    change(&database, "UPDATE accounts SET name = 'b'").await;
    copy(&sqlite(&database), &postgres).expect("is copied");
}

#[tokio::test]
async fn a_database_without_utf8_is_refused_at_start() {
    let Ok(server) = std::env::var(POSTGRES) else { return };
    let name = format!("doorstep_latin_{}", std::process::id());
    let mut connection = PgConnection::connect(&server).await.expect("PostgreSQL answers");
    let make = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING LATIN1 LOCALE 'C'");
    sqlx::raw_sql(AssertSqlSafe(make)).execute(&mut connection).await.expect("is created");
    let mut url: url::Url = server.parse().expect("is a URL");
    url.set_path(&name);
    let here = Installation::new();
    let said = here.error(&["serve", "--listen", "127.0.0.1:0", "--database-url", url.as_str()], "");
    assert!(said.contains("its encoding is LATIN1, and must be UTF8"), "{said}");
    assert_eq!(tables(url.as_str()).await, 0);
}

#[test]
fn a_command_needs_no_data_folder_if_database_and_secret_key_are_elsewhere() {
    let mut there = Installation::new();
    there.serve(&[]);
    there.stop();
    let key = fs::read_to_string(there.folder.join("secret-key")).expect("is read");
    let here = Installation::new();
    let list = |url: &str| {
        let mut command = here.doorstep(&["user", "list"]);
        let output = command.env("DOORSTEP_DATABASE_URL", url).env("DOORSTEP_SECRET_KEY", &key).output().expect("runs");
        String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
    };
    let said = list(&sqlite(&there.folder.join("doorstep.sqlite3")));
    assert!(said.starts_with("admin  admin@localhost"), "{said}");
    assert!(!here.folder.exists());
    // An invalid URL is reported as such, with or without a folder.
    let said = list("postgres://db.example.org/x?sslmodus=require");
    assert!(said.contains("database_url: expected sqlite://PATH or postgres://"), "{said}");
    let said = here.error(&["user", "list", "--database-url", "mysql://db.example.org/x"], "");
    assert!(said.contains("database_url: expected sqlite://PATH or postgres://"), "{said}");
}
