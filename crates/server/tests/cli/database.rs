//! `doorstep database copy`, and what a database's URL must not tell.

use std::{path::Path, process::Command};

use serde_json::Value;
use sqlx::Connection as _;

use crate::{Installation, PASSWORD};

/// The URL of a server of PostgreSQL, where the tests have one.
const POSTGRES: &str = "DOORSTEP_TEST_POSTGRES";

fn copy(from: &str, to: &str) -> Result<Value, String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_doorstep"));
    let output = command.args(["database", "copy", "--from", from, "--to", to, "--json"]).output().expect("runs");
    if output.status.success() {
        return Ok(serde_json::from_slice(&output.stdout).expect("is JSON"));
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}

fn sqlite(file: &Path) -> String {
    format!("sqlite://{}", file.display())
}

/// An empty database of PostgreSQL, if the tests have one.
async fn empty(name: &str) -> Option<String> {
    let server = std::env::var(POSTGRES).ok()?;
    let name = format!("doorstep_copy_{name}_{}", std::process::id());
    let mut connection = sqlx::PgConnection::connect(&server).await.expect("PostgreSQL answers");
    for statement in [format!("DROP DATABASE IF EXISTS {name}"), format!("CREATE DATABASE {name}")] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut connection).await.expect("is done");
    }
    let mut url: url::Url = server.parse().expect("is a URL");
    url.set_path(&name);
    Some(url.into())
}

#[tokio::test]
async fn an_installation_moves_to_another_database_and_back_whole_or_not_at_all() {
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
    // What is there stays as it is.
    let refused = copy(&database, &other).expect_err("is refused");
    assert!(refused.contains("not empty"), "{refused}");
    let back = sqlite(&folder.join("back.sqlite3"));
    assert_eq!(copy(&other, &back), Ok(counts));
    let listed = here.json(&["user", "list", "--database-url", &back], "");
    assert_eq!(listed, here.json(&["user", "list", "--database-url", &database], ""));
    assert_eq!(listed[0]["id"], users[0]["id"]);
}

#[tokio::test]
async fn a_database_that_a_server_uses_is_neither_copied_nor_copied_to() {
    let mut here = Installation::new();
    here.serve(&[]);
    let database = sqlite(&here.folder.join("doorstep.sqlite3"));
    let other = sqlite(&here.folder.join("other.sqlite3"));
    for (from, to) in [(&database, &other), (&other, &database)] {
        let refused = copy(from, to).expect_err("is refused");
        assert!(refused.contains(&format!("{database}: a server or another program uses this database")), "{refused}");
    }
    assert!(!here.folder.join("other.sqlite3").exists());
    // What a server that was killed has left behind is whole, and in no one's use.
    here.stop();
    copy(&database, &other).expect("is copied");

    let Some(postgres) = empty("used").await else { return };
    let user = sqlx::PgConnection::connect(&postgres).await.expect("connects");
    let refused = copy(&database, &postgres).expect_err("is refused");
    assert!(refused.contains("uses this database"), "{refused}");
    user.close().await.expect("ends");
    copy(&database, &postgres).expect("is copied");
}

#[test]
fn a_file_for_tls_that_is_of_no_use_is_named() {
    let here = Installation::new();
    std::fs::create_dir_all(&here.folder).expect("is made");
    let (missing, empty) = (here.folder.join("missing.pem"), here.folder.join("empty.pem"));
    std::fs::write(&empty, "no certificate").expect("is written");
    for (parameter, file, problem) in [
        ("sslrootcert", &missing, "can't be read: "),
        ("sslrootcert", &empty, "holds no certificate in PEM"),
        ("sslcert", &empty, "holds no certificate in PEM"),
        ("sslkey", &empty, "holds no private key in PEM"),
    ] {
        let file = file.display();
        let url = format!("postgres://127.0.0.1:1/x?sslmode=verify-full&{parameter}={file}");
        let said = copy(&url, &sqlite(&here.folder.join("other.sqlite3"))).expect_err("is refused");
        assert!(said.contains(&format!("postgres://127.0.0.1:1/x: {parameter}: {file} {problem}")), "{said}");
    }
}

#[test]
fn no_error_and_no_help_tells_the_password_of_a_database() {
    let installation = Installation::new();
    for (url, arguments) in [
        ("postgres://ada:hunter2@127.0.0.1:1/x", &["serve", "--listen", "127.0.0.1:0"][..]),
        ("postgres://ada:hunter2@127.0.0.1:1/x?sslmode=perhaps", &["serve", "--listen", "127.0.0.1:0"]),
        ("postgres://ada:hunter2@127.0.0.1:1/x", &["serve", "--help"]),
        ("mysql://ada:hunter2@127.0.0.1/x", &["serve", "--listen", "127.0.0.1:0"]),
    ] {
        let mut command = installation.doorstep(arguments);
        let output = command.env("DOORSTEP_DATABASE_URL", url).env("RUST_LOG", "debug").output().expect("runs");
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(!said.is_empty() && !said.contains("hunter2"), "{said}");
    }
}
