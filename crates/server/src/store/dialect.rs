//! The differences between the two databases.
//!
//! All other statements are written once, in SQL that both understand:
//!
//! - Numbers are `BIGINT`, and a flag is 0 or 1. The result of a condition is a number in SQLite and a boolean in
//!   PostgreSQL; [`row::flag`](super::row::flag) reads both.
//! - Text is compared and sorted by its bytes (SQLite: `BINARY`; PostgreSQL: every column is `COLLATE "C"`). To
//!   ignore the case of ASCII, `lower(column)` is compared with lower-case text; to ignore that of Unicode, a
//!   column holds the folded text.
//! - Parts of text are found by `LIKE … ESCAPE '\'` with a [`pattern`], in lower-case text: `LIKE` is
//!   case-sensitive in PostgreSQL only.
//! - The smaller of two values is computed by `CASE`; `min` and `max` are aggregates.
//! - In `ON CONFLICT DO UPDATE`, the columns of the existing row are qualified with the table's name.

use sqlx::{migrate::Migrator, postgres::PgDatabaseError};

/// The kind of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// One file, usually one process, one connection that writes.
    Sqlite,
    /// A server, shared by several servers of Doorstep.
    Postgres,
}

impl Dialect {
    /// Begins a transaction that writes. It is serializable: what it reads holds until it ends, or it fails and is
    /// run again.
    pub(super) const fn begin(self) -> &'static str {
        match self {
            // Takes the write lock at once: a transaction that waited for it later would have read outdated data.
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN ISOLATION LEVEL SERIALIZABLE",
        }
    }

    /// Begins a transaction that reads a consistent snapshot.
    pub(super) const fn snapshot(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN",
            Self::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
        }
    }

    /// Locks a table against writes by other transactions, before the transaction has read anything; `None` where
    /// it is the only writer.
    pub(super) fn lock(self, table: &'static str) -> Option<String> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some(format!("LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")),
        }
    }

    /// Prepares a connection. Locks are waited for at most [`PATIENCE`](super::PATIENCE). A commit is durable
    /// before it is acknowledged: for PostgreSQL that is the default, which the operator may make stricter.
    pub(super) const fn set_up(self, writes: bool) -> &'static str {
        match (self, writes) {
            (Self::Sqlite, true) => {
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000"
            }
            // Half of SQLite's default: the system caches the file as well.
            (Self::Sqlite, false) => "PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000; PRAGMA cache_size = -1000",
            // A crashed client must not hold locks for long. Sequential scans are disabled, since a transaction
            // that scans a whole table conflicts with every write to it, even if the table is small.
            (Self::Postgres, true) => {
                "SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '15s'; SET enable_seqscan = off"
            }
            (Self::Postgres, false) => "SET lock_timeout = '5s'; SET default_transaction_read_only = on",
        }
    }

    /// Reads the database's clock, in milliseconds; `None` where it is this machine's.
    pub(super) const fn clock(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT) AS now"),
        }
    }

    /// Fails while another program has the database open ([`is_in_use`]). PostgreSQL counts connections of the same
    /// user: monitoring programs should use another.
    pub(super) const fn refuse_others(self) -> &'static str {
        match self {
            // In this mode the first access locks the whole file, which every open connection prevents.
            Self::Sqlite => "PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT",
            Self::Postgres => {
                "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() \
                 AND usename = current_user AND backend_type = 'client backend' AND pid <> pg_backend_pid()) \
                 THEN RAISE object_in_use; END IF; END $$"
            }
        }
    }

    /// Reads the encoding of the database, where it may not be Unicode.
    pub(super) const fn encoding(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("SELECT current_setting('server_encoding') AS encoding"),
        }
    }

    /// Count the table of migrations, and all other tables in our schema. Tables of extensions are not counted.
    pub(super) const fn tables(self) -> [&'static str; 2] {
        match self {
            Self::Sqlite => [
                "SELECT COUNT(*) AS count FROM sqlite_schema WHERE name = '_sqlx_migrations'",
                "SELECT COUNT(*) AS count FROM sqlite_schema WHERE type = 'table' AND name <> '_sqlx_migrations'",
            ],
            Self::Postgres => [
                "SELECT COUNT(*) AS count FROM pg_class WHERE oid = to_regclass('_sqlx_migrations')",
                "SELECT COUNT(*) AS count FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                 WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f') \
                 AND c.relname <> '_sqlx_migrations' AND NOT EXISTS (SELECT 1 FROM pg_depend d \
                 WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')",
            ],
        }
    }

    /// The number of connections that write, or that read.
    pub(super) const fn connections(self, writes: bool) -> u32 {
        match (self, writes) {
            (Self::Sqlite, true) => 1,
            (Self::Sqlite, false) => 4,
            (Self::Postgres, _) => 8,
        }
    }

    /// Whether idle connections may be lost. A file's are not, and testing one would cost as much as a statement.
    pub(super) const fn can_be_lost(self) -> bool {
        matches!(self, Self::Postgres)
    }

    /// The migrations. PostgreSQL starts with the tables that SQLite's migrations up to 0042 produce; later
    /// migrations have the same number in both.
    pub(super) fn migrations(self) -> &'static Migrator {
        static SQLITE: Migrator = sqlx::migrate!("src/store/migrations/sqlite");
        static POSTGRES: Migrator = sqlx::migrate!("src/store/migrations/postgres");
        match self {
            Self::Sqlite => &SQLITE,
            Self::Postgres => &POSTGRES,
        }
    }
}

/// The longest searched text, in characters.
const LONGEST_PART: usize = 5_000;

/// A pattern for `LIKE … ESCAPE '\'` that matches a part of a text. NUL would end a pattern in SQLite and is
/// refused by PostgreSQL; its replacement occurs in no text either. The length is limited to [`LONGEST_PART`],
/// which SQLite accepts.
pub(super) fn pattern(part: &str) -> String {
    let part: String = part.chars().take(LONGEST_PART).collect();
    let part = part.replace('\0', "\u{fffd}");
    ["%", &part.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_"), "%"].concat()
}

/// Whether the failure is temporary: the database is locked, full, read-only, restarting or unreachable.
pub(super) fn is_transient(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Io(_)
        | sqlx::Error::Tls(_) => true,
        sqlx::Error::Database(database) => postgres_code(error).map_or_else(
            || database.code().is_some_and(|code| is_transient_on_sqlite(&code)),
            is_transient_on_postgres,
        ),
        _ => false,
    }
}

/// Whether [`Dialect::refuse_others`] failed because of other programs: `object_in_use`, or BUSY.
pub(super) fn is_in_use(error: &sqlx::Error) -> bool {
    let sqlite = || error.as_database_error().and_then(|database| database.code()?.parse::<u32>().ok());
    postgres_code(error).map_or_else(|| sqlite().is_some_and(|code| code & 0xff == 5), |code| code == "55006")
}

/// Whether the database refuses a character: `character_not_in_repertoire`.
pub(super) fn refuses_text(error: &sqlx::Error) -> bool {
    postgres_code(error) == Some("22021")
}

/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>: connection lost; password not accepted any
/// more; database renamed; serialization failure; out of resources; server starting or stopping; system failure;
/// lock timeout; connections refused; standby; idle transaction.
fn is_transient_on_postgres(code: &str) -> bool {
    ["08", "28", "3D", "40", "53", "57", "58"].iter().any(|class| code.starts_with(class))
        || ["55P03", "55000", "25006", "25P03"].contains(&code)
}

/// <https://www.sqlite.org/rescode.html>: BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN. The low byte of an
/// extended code is the primary code.
fn is_transient_on_sqlite(code: &str) -> bool {
    code.parse::<u32>().is_ok_and(|code| [5, 6, 8, 10, 13, 14].contains(&(code & 0xff)))
}

/// Whether a transaction conflicted with a concurrent one, and would see its changes if it ran again. SQLite has a
/// single writer, so transactions never conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loss {
    /// It did not conflict.
    None,
    /// It inserted what another one inserted meanwhile; or the statement itself is wrong.
    Possible,
    /// It conflicted.
    Certain,
}

/// Classifies an error: `serialization_failure`, `deadlock_detected`, `unique_violation`.
pub(super) fn loss(error: &sqlx::Error) -> Loss {
    match postgres_code(error) {
        Some("40001" | "40P01") => Loss::Certain,
        Some("23505") => Loss::Possible,
        _ => Loss::None,
    }
}

fn postgres_code(error: &sqlx::Error) -> Option<&str> {
    let database = error.as_database_error()?;
    database.try_downcast_ref::<PgDatabaseError>().map(PgDatabaseError::code)
}

#[cfg(test)]
mod tests {
    use sqlx::{AssertSqlSafe, Connection as _, Row as _, SqliteConnection};

    use super::*;

    /// The schema after all migrations, as SQLite describes it: SQLite's own as it is, PostgreSQL's with the names
    /// of SQLite's types.
    async fn tables(dialect: Dialect) -> Vec<String> {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.expect("opens");
        for migration in dialect.migrations().iter() {
            let sql = migration.sql.as_str().replace("BYTEA", "BLOB").replace(" COLLATE \"C\"", "");
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.expect("is SQL that both understand");
        }
        let described = sqlx::query(
            "SELECT t.name || '.' || c.name || ' ' || c.type || ' null: ' || (c.\"notnull\" = 0 AND c.pk = 0) || ' key: ' \
             || c.pk || ' else: ' || coalesce(c.dflt_value, '') AS told \
             FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' \
             UNION ALL SELECT t.name || '.' || k.\"from\" || ' refers to ' || k.\"table\" || '.' || k.\"to\" || ' ' \
             || k.on_delete FROM sqlite_schema t, pragma_foreign_key_list(t.name) k WHERE t.type = 'table' \
             UNION ALL SELECT t.name || ' is unique by ' || (SELECT group_concat(c.name) FROM pragma_index_info(i.name) c) \
             FROM sqlite_schema t, pragma_index_list(t.name) i WHERE t.type = 'table' AND i.origin = 'u' \
             UNION ALL SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1",
        );
        let described = described.fetch_all(&mut connection).await.expect("is described");
        let told = described.iter().map(|row| row.get::<String, _>("told"));
        told.map(|told| told.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    #[tokio::test]
    async fn both_databases_have_the_same_tables_columns_and_indexes() {
        let (sqlite, postgres) = (tables(Dialect::Sqlite).await, tables(Dialect::Postgres).await);
        assert!(sqlite.len() > 200, "{sqlite:#?}");
        for line in &sqlite {
            assert!(postgres.contains(line), "PostgreSQL lacks: {line}");
        }
        for line in &postgres {
            assert!(sqlite.contains(line), "SQLite lacks: {line}");
        }
    }

    #[test]
    fn later_migrations_have_the_same_numbers_in_both_databases() {
        let versions = |dialect: Dialect| dialect.migrations().iter().map(|migration| migration.version);
        let first = versions(Dialect::Postgres).next().expect("exists");
        let later = versions(Dialect::Sqlite).filter(|version| *version >= first);
        assert_eq!(later.collect::<Vec<_>>(), versions(Dialect::Postgres).collect::<Vec<_>>());
    }

    #[test]
    fn a_pattern_matches_its_text_literally() {
        assert_eq!(pattern(r"5%_\"), r"%5\%\_\\%");
        assert_eq!(pattern("a\0"), "%a\u{fffd}%");
    }
}
