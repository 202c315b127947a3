//! The database of a test: a file, or a database on the PostgreSQL server in `DOORSTEP_TEST_POSTGRES`.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
    thread,
};

use doorstep_server::store::{DatabaseUrl, Store};
use futures_util::TryStreamExt as _;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, postgres::PgPoolCopyExt as _};
use tokio::sync::Mutex;

/// The variable with the URL of a database on that server, beside which others are created.
const POSTGRES: &str = "DOORSTEP_TEST_POSTGRES";

/// A database that is removed after the test.
pub(crate) enum Database {
    /// A file in the folder of the server.
    Sqlite(PathBuf),
    /// A PostgreSQL database, by its name.
    Postgres(String),
}

impl Database {
    /// An empty database with tables.
    pub(super) async fn make(folder: &Path) -> Self {
        if !is_postgres() {
            return Self::Sqlite(folder.join("doorstep.sqlite3"));
        }
        let (template, name) = (template().await, next_name());
        Self::run(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        Self::Postgres(name)
    }

    /// A PostgreSQL database without tables.
    pub(crate) async fn bare() -> Self {
        let name = next_name();
        Self::run(&format!("CREATE DATABASE {name}")).await;
        Self::Postgres(name)
    }

    /// Runs a statement on the PostgreSQL server.
    pub(crate) async fn run(statement: &str) {
        let server = std::env::var(POSTGRES).expect("names a server");
        let mut connection = PgConnection::connect(&server).await.expect("PostgreSQL answers");
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await.expect("succeeds");
        connection.close().await.expect("ends");
    }

    /// Its URL.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Sqlite(path) => format!("sqlite://{}", path.display()),
            Self::Postgres(name) => postgres(name),
        }
    }

    pub(crate) fn url(&self) -> DatabaseUrl {
        DatabaseUrl::parse(&self.text()).expect("is valid")
    }

    /// Its whole content, as bytes.
    pub(crate) async fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Sqlite(path) => {
                let files = std::fs::read_dir(path.parent().expect("is in a folder")).expect("is read");
                let files = files.map(|file| file.expect("is read").path()).filter(|path| path.is_file());
                files.flat_map(|file| std::fs::read(file).expect("is read")).collect()
            }
            Self::Postgres(name) => {
                let pool = sqlx::PgPool::connect(&postgres(name)).await.expect("exists");
                let tables = sqlx::query("SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public'");
                let mut all = Vec::new();
                for table in tables.fetch_all(&pool).await.expect("is queried") {
                    let copy = format!("COPY {} TO STDOUT (FORMAT binary)", table.get::<String, _>("name"));
                    let rows = pool.copy_out_raw(&copy).await.expect("is copied");
                    all.extend(rows.try_collect::<Vec<_>>().await.expect("is copied").concat());
                }
                pool.close().await;
                all
            }
        }
    }

    /// Removes it.
    pub(crate) fn remove(&self) {
        let Self::Postgres(name) = self else { return };
        let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        // On a separate thread: the test has a runtime already, which may be dropping the server.
        let dropped = thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be made");
            runtime.block_on(Self::run(&drop));
        });
        let _ = dropped.join();
    }
}

/// Whether the tests run on PostgreSQL.
pub(crate) fn is_postgres() -> bool {
    std::env::var_os(POSTGRES).is_some()
}

/// The name of a database with tables, which is copied for each test.
async fn template() -> String {
    static MADE: Mutex<bool> = Mutex::const_new(false);
    let name = format!("doorstep_{}", std::process::id());
    let mut made = MADE.lock().await;
    if !*made {
        Database::run(&format!("CREATE DATABASE {name}")).await;
        let url = DatabaseUrl::parse(&postgres(&name)).expect("is valid");
        Store::open(&url).await.expect("opens").close().await;
        *made = true;
    }
    name
}

/// The URL of the database with this name.
fn postgres(name: &str) -> String {
    let server = std::env::var(POSTGRES).expect("names a server");
    let mut url: url::Url = server.parse().expect("is a URL");
    url.set_path(name);
    url.into()
}

fn next_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("doorstep_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}
