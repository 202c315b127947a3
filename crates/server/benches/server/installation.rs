//! The measured processes.

use std::{
    env, fs,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use sqlx::{AnyConnection, AssertSqlSafe, Connection as _, Executor as _, any::install_default_drivers};

use super::{
    bare,
    client::{Connection, get, post},
};

pub const PASSWORD: &str = "seven clouds over lisbon";
const FIRST_PASSWORD: &str = "correct horse battery staple";

/// The number of pending device requests, slightly below the limit beyond which they displace each other.
const WAITING: u32 = 400;

/// A header sets the client's address, so that each client can have its own; and no limit is reached.
const SETTINGS: &str = "trusted_proxies = [\"127.0.0.1/32\"]\n[limits]\nsign_in_free_failures = 1000000000\n\
    refresh_per_minute = 1000000000\ndevice_code_per_hour = 1000000000\ndevice_approve_per_hour = 1000000000\n\
    new_browser_mail_per_day = 1\n";

/// The PostgreSQL server to measure with, in a cluster that ends with the run: each installation creates a database
/// there.
const POSTGRES: &str = "DOORSTEP_BENCH_POSTGRES";

/// A server process.
pub struct Process {
    child: Child,
    pub address: SocketAddr,
}

impl Process {
    /// Starts it and waits until it prints its address.
    fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("starts");
        let mut said = String::new();
        let mut lines = BufReader::new(child.stdout.take().expect("is piped"));
        let address = loop {
            assert!(lines.read_line(&mut said).expect("is read") > 0, "it ended: {said}");
            let last = said.lines().last().unwrap_or_default();
            let tells = last.starts_with("listening on ") || last.starts_with("http://");
            let address = last.rsplit("http://").next().filter(|_| tells);
            if let Some(address) = address.and_then(|address| address.trim().parse().ok()) {
                break address;
            }
        };
        Self { child, address }
    }

    /// Its CPU time in microseconds, precise to a hundredth of a second.
    pub fn worked(&self) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let fields: Vec<_> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = |index: usize| fields.get(index).and_then(|text| text.parse::<f64>().ok()).unwrap_or_default();
        (ticks(11) + ticks(12)) * 10_000.0
    }

    /// Its resident memory in megabytes.
    pub fn resident(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
        line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or_default() * 1024.0 / 1e6
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The server with its own database.
pub struct Installation {
    pub process: Process,
    pub folder: PathBuf,
    /// The URL of its database.
    pub database: String,
    /// The cookies of the operator.
    pub cookies: String,
}

impl Installation {
    /// Starts it with a signed-in operator and `rows` further rows in each growing table. As many device requests
    /// as possible are pending; the others are over.
    pub async fn start(binary: &Path, rows: u32) -> Self {
        Self::start_with(binary, rows, WAITING).await
    }

    /// The same, with this number of pending device requests.
    pub async fn start_with(binary: &Path, rows: u32, waiting: u32) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = env::temp_dir().join(format!("doorstep-bench-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).expect("is created");
        let settings = folder.join("doorstep.toml");
        fs::write(&settings, SETTINGS).expect("is written");
        #[cfg(unix)]
        for (path, mode) in [(&folder, 0o700), (&settings, 0o600)] {
            fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).expect("is set");
        }
        let database = match env::var(POSTGRES) {
            Ok(server) => make_database(&server, &format!("doorstep_bench_{number}")).await,
            Err(_) => format!("sqlite://{}", folder.join("doorstep.sqlite3").display()),
        };
        let mut command = Command::new(binary);
        for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("DOORSTEP_")) {
            command.env_remove(name);
        }
        command.args(["serve", "--listen", "127.0.0.1:0", "--config"]).arg(&settings).arg("--data-dir").arg(&folder);
        command.env("DOORSTEP_DATABASE_URL", &database);
        let process = Process::start(command.env("DOORSTEP_INITIAL_PASSWORD", FIRST_PASSWORD));
        let cookies = set_up(process.address).await;
        let here = Self { process, folder, database, cookies };
        here.fill(rows, waiting).await;
        here
    }

    /// The `Cookie` header line with the operator's cookies.
    pub fn cookie(&self) -> String {
        format!("cookie: {}\r\n", self.cookies)
    }

    /// Inserts rows beside the running server. Pending device requests have distinct networks, and the codes of
    /// [`device_code`].
    async fn fill(&self, rows: u32, waiting: u32) {
        install_default_drivers();
        let mut connection = AnyConnection::connect(&self.database).await.expect("opens");
        let of_postgres = is_postgres(&self.database);
        if !of_postgres {
            connection.execute("PRAGMA busy_timeout = 30000").await.expect("is set");
        }
        let now = jiff::Timestamp::now().as_millisecond();
        let mut transaction = connection.begin().await.expect("begins");
        let n = format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) INSERT INTO");
        let (hex, bytes) = if of_postgres {
            ("lpad(to_hex(i), 12, '0')", "sha256(convert_to('session ' || i, 'UTF8'))")
        } else {
            ("printf('%012x', i)", "randomblob(32)")
        };
        let id = |kind: &str| format!("'0198c2a5-0000-7000-{kind}-' || {hex}");
        let (account, session, project, event) = (id("a000"), id("b000"), id("8000"), id("9000"));
        for statement in [
            format!(
                "{n} accounts (id, username, username_key, email, email_key, name, role, status, password_changed_at, \
                 created_at) SELECT {account}, 'user' || i, 'user' || i, 'user' || i || '@example.org', \
                 'user' || i || '@example.org', '', 'member', 'active', {now}, {now} FROM n"
            ),
            format!(
                "{n} sessions (id, token_hash, account_id, began_with, created_at, proved_at, last_seen_at, address, \
                 user_agent) SELECT {session}, {bytes}, {account}, 'password', {now}, {now}, {now}, \
                 '192.0.2.1', 'bench' FROM n"
            ),
            format!(
                "{n} projects (id, name, name_folded, status, summary, created_at, updated_at) SELECT {project}, \
                 'Project ' || i, 'project ' || i, 'active', '', {now} + i, {now} + i FROM n"
            ),
            format!(
                "{n} audit (id, at, event, actor_name, address, subject, detail) SELECT {event}, {now} - i, 'signed_in', \
                 'user' || i, '192.0.2.1', 'user' || i, '{{}}' FROM n"
            ),
        ] {
            sqlx::query(AssertSqlSafe(statement)).execute(&mut *transaction).await.expect("succeeds");
        }
        for number in 0..rows {
            let code = device_code(number.into());
            let hash = |text: &str| Sha256::digest(text).to_vec();
            sqlx::query(
                "INSERT INTO device_grants (id, device_code_hash, user_code_hash, client_id, scope, state, poll_interval, \
                 address, user_agent, created_at, expires_at, network) VALUES ($1, $2, $3, 'difyctl', 'full', $4, 5, \
                 '127.0.0.1', 'bench', $5, $6, $7)",
            )
            .bind(format!("0198c2a5-0000-7000-c000-{number:012x}"))
            .bind(hash(&code))
            .bind(hash(&format!("user code {number}")))
            .bind(if number < waiting { "pending" } else { "consumed" })
            .bind(now)
            .bind(now + 900_000)
            .bind(format!("network {number}"))
            .execute(&mut *transaction)
            .await
            .expect("is added");
        }
        transaction.commit().await.expect("is committed");
        let settle = if of_postgres { "VACUUM ANALYZE" } else { "PRAGMA wal_checkpoint(TRUNCATE)" };
        connection.execute(settle).await.expect("succeeds");
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        let _ = self.process.child.kill();
        let _ = self.process.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Whether a URL is of a PostgreSQL database.
pub fn is_postgres(database: &str) -> bool {
    database.starts_with("postgres")
}

/// Creates a database on a PostgreSQL server and returns its URL.
async fn make_database(server: &str, name: &str) -> String {
    install_default_drivers();
    let mut connection = AnyConnection::connect(server).await.expect("PostgreSQL answers");
    let make = sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}")));
    make.execute(&mut connection).await.expect("is created");
    let mut url: url::Url = server.parse().expect("is a URL");
    url.set_path(name);
    url.into()
}

/// The device code of a pending request.
pub fn device_code(number: u64) -> String {
    format!("dc_{number:032x}")
}

/// Starts the baseline, with the database of an installation and files to send.
pub fn start_bare(here: &Installation, files: &Path) -> Process {
    let mut command = Command::new(env::current_exe().expect("is known"));
    Process::start(command.arg(bare::WORD).arg(&here.database).arg(files))
}

/// Signs the operator in and chooses a password: the cookies of the session.
async fn set_up(address: SocketAddr) -> String {
    let mut connection = Connection::open(address).await;
    let first = json!({ "username": "admin", "password": FIRST_PASSWORD });
    let cookies = cookies(&mut connection, "/api/auth/login", "", &first).await;
    let chosen = json!({ "username": "admin", "password": PASSWORD, "confirm_password": PASSWORD });
    self::cookies(&mut connection, "/api/auth/setup-authenticated", &format!("cookie: {cookies}\r\n"), &chosen).await
}

async fn cookies(connection: &mut Connection, path: &str, headers: &str, body: &Value) -> String {
    let answer = connection.answer(&post(path, headers, &body.to_string())).await;
    assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
    let set = answer.head.lines().filter_map(|line| line.strip_prefix("set-cookie: "));
    set.filter_map(|cookie| cookie.split(';').next()).collect::<Vec<_>>().join("; ")
}

/// The path of the largest file that the sign-in page loads.
pub async fn largest_file(address: SocketAddr) -> String {
    let mut connection = Connection::open(address).await;
    let page = connection.answer(&get("/login", "")).await;
    let page = String::from_utf8_lossy(&page.body).into_owned();
    let wasm = page.split('"').find(|path| path.starts_with("/assets/") && path.contains("_bg.wasm"));
    wasm.expect("the server was built with the app").to_owned()
}
