//! The servers and their PostgreSQL.

use std::{
    env, fs,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use super::client::Client;

/// The password of `ada`, an operator.
pub(crate) const PASSWORD: &str = "seven clouds over lisbon";
const SECRET: &str = "q8dPzN1mVxT4sKfWb7YhRj2LcGaEuC9o";
/// The variable with `pg_ctl` and its options, one word per line.
const CONTROL: &str = "DOORSTEP_TEST_POSTGRES_CONTROL";

/// Two servers, killed when dropped.
pub(crate) struct Servers {
    folder: PathBuf,
    servers: Vec<(Child, String)>,
}

impl Servers {
    /// Starts two servers over a new database; `None` without a PostgreSQL that may be restarted.
    pub(crate) fn start() -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        env::var_os(CONTROL)?;
        let name = format!("doorstep_cluster_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let database = make_database(&name);
        let folder = env::temp_dir().join(name);
        let mut here = Self { folder, servers: Vec::new() };
        for number in 0..2 {
            let mut serve = here.doorstep(number, &database, &["serve", "--listen", "127.0.0.1:0"]);
            let mut server = serve.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("starts");
            let mut said = String::new();
            let mut lines = BufReader::new(server.stdout.take().expect("is piped"));
            while !said.contains("listening on http://") {
                assert!(lines.read_line(&mut said).expect("is read") > 0, "the server ended: {said}");
            }
            let url = format!("http://{}", said.rsplit("http://").next().expect("is stated").trim());
            here.servers.push((server, url));
        }
        let add = ["user", "add", "ada", "--email", "ada@example.org", "--role", "operator"];
        let mut add = here.doorstep(0, &database, &add);
        let mut add = add.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("starts");
        writeln!(add.stdin.take().expect("is piped"), "{PASSWORD}").expect("is read");
        assert!(add.wait().expect("ends").success());
        Some(here)
    }

    /// A client of one of them.
    pub(crate) fn client(&self, number: usize) -> Client {
        Client::new(self.url(number))
    }

    pub(crate) fn url(&self, number: usize) -> &str {
        &self.servers.get(number).expect("exists").1
    }

    /// Kills one of them (`kill -9`).
    pub(crate) fn kill(&mut self, number: usize) {
        let (server, _) = self.servers.get_mut(number).expect("exists");
        server.kill().expect("can be ended");
        server.wait().expect("ends");
    }

    fn doorstep(&self, number: usize, database: &str, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_doorstep"));
        for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("DOORSTEP_")) {
            command.env_remove(name);
        }
        command.args(words).arg("--data-dir").arg(self.folder.join(number.to_string()));
        command.env("DOORSTEP_DATABASE_URL", database).env("DOORSTEP_SECRET_KEY", SECRET);
        command
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        for (server, _) in &mut self.servers {
            let _ = server.kill();
            let _ = server.wait();
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Runs `pg_ctl`.
pub(crate) fn control(words: &[&str]) {
    let control = env::var(CONTROL).expect("is named");
    let mut control = control.lines();
    let mut command = Command::new(control.next().expect("is a program"));
    // Its user may not be able to read our working directory; and a started server must not keep our output open.
    command.args(control).args(words).current_dir(Path::new("/")).stdout(Stdio::null()).stderr(Stdio::null());
    assert!(command.status().expect("starts").success(), "{words:?}");
}

/// Creates a database and returns its URL.
fn make_database(name: &str) -> String {
    let beside = env::var("DOORSTEP_TEST_POSTGRES").expect("names a PostgreSQL");
    tokio::runtime::Runtime::new().expect("starts").block_on(async {
        let mut connection = PgConnection::connect(&beside).await.expect("answers");
        let make = AssertSqlSafe(format!("CREATE DATABASE {name}"));
        sqlx::raw_sql(make).execute(&mut connection).await.expect("is created");
        connection.close().await.expect("ends");
    });
    let mut url: url::Url = beside.parse().expect("is a URL");
    url.set_path(name);
    url.into()
}
