//! Where the two databases differ, and nowhere else.
//!
//! Statements are written once, in what both understand:
//!
//! - Numbers are `BIGINT`, and a flag is 0 or 1. What a condition gives is a number to SQLite and a boolean to PostgreSQL;
//!   [`row::flag`](super::row::flag) reads both.
//! - Text is compared and put in order by its bytes (SQLite: `BINARY`; PostgreSQL: every column is `COLLATE "C"`). Where the
//!   case of ASCII does not matter, `lower(column)` is compared with what is in lower case already; where that of Unicode does
//!   not, a column holds the folded text.
//! - A part of a text is looked for by `LIKE … ESCAPE '\'` with a [`pattern`], in text in lower case: `LIKE` minds the case in
//!   PostgreSQL alone.
//! - The smaller of two values is a `CASE`; `min` and `max` are of rows.
//! - In `ON CONFLICT DO UPDATE`, the columns of the row that is there are named with their table.

use sqlx::{migrate::Migrator, postgres::PgDatabaseError};

/// Which database it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// One file, one process that writes much, one connection that writes.
    Sqlite,
    /// A server of its own, that several servers share.
    Postgres,
}

impl Dialect {
    /// How a transaction begins that writes. What it reads holds until it ends, or it fails and is run again.
    pub(super) const fn begin(self) -> &'static str {
        match self {
            // The lock of the writer from the beginning: one that had to wait for it in the middle would have read too early.
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN ISOLATION LEVEL SERIALIZABLE",
        }
    }

    /// How a transaction begins that reads everything as it is at one moment.
    pub(super) const fn snapshot(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN",
            Self::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
        }
    }

    /// How a transaction keeps others from writing to a table until it ends, before it has looked at anything; nothing where it
    /// is the only one that writes.
    pub(super) fn lock(self, table: &'static str) -> Option<String> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some(format!("LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")),
        }
    }

    /// What is set up on a connection before it is used. No one waits for a lock longer than [`PATIENCE`](super::PATIENCE). A commit is
    /// on disk before it is acknowledged: for PostgreSQL that is the default, which an operator may make stricter.
    pub(super) const fn set_up(self, writes: bool) -> &'static str {
        match (self, writes) {
            (Self::Sqlite, true) => {
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000"
            }
            (Self::Sqlite, false) => "PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000",
            // A server that is gone without a word holds no lock for long. What reads a whole table loses to all who write there:
            // a small one is not read from end to end either.
            (Self::Postgres, true) => {
                "SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '15s'; SET enable_seqscan = off"
            }
            (Self::Postgres, false) => "SET lock_timeout = '5s'; SET default_transaction_read_only = on",
        }
    }

    /// What its clock says, in milliseconds; nothing for one that has none but ours.
    pub(super) const fn clock(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT) AS now"),
        }
    }

    /// What fails while another program has the database open ([`is_in_use`]). PostgreSQL counts those of the same user: that of
    /// a monitoring program is another one.
    pub(super) const fn refuse_others(self) -> &'static str {
        match self {
            // In this mode the first access takes the whole file, of which every open connection holds a part.
            Self::Sqlite => "PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT",
            Self::Postgres => {
                "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() \
                 AND usename = current_user AND backend_type = 'client backend' AND pid <> pg_backend_pid()) \
                 THEN RAISE object_in_use; END IF; END $$"
            }
        }
    }

    /// Asks for the encoding of a database, where it may be one that does not keep every text.
    pub(super) const fn encoding(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("SELECT current_setting('server_encoding') AS encoding"),
        }
    }

    /// Counts the table of migrations, and all others where ours would be. What belongs to an extension is not counted.
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

    /// How many connections write, or read.
    pub(super) const fn connections(self, writes: bool) -> u32 {
        match (self, writes) {
            (Self::Sqlite, true) => 1,
            (Self::Sqlite, false) => 4,
            (Self::Postgres, _) => 8,
        }
    }

    /// Whether a connection may get lost while it is not used. One to a file does not: to ask it whether it is there would cost
    /// as much as a statement, which is mostly the way to its thread and back.
    pub(super) const fn can_be_lost(self) -> bool {
        matches!(self, Self::Postgres)
    }

    /// What brings its tables up to date. PostgreSQL begins with the tables that SQLite's migrations up to 0042 leave; a later
    /// migration has the same number in both.
    pub(super) fn migrations(self) -> &'static Migrator {
        static SQLITE: Migrator = sqlx::migrate!("src/store/migrations/sqlite");
        static POSTGRES: Migrator = sqlx::migrate!("src/store/migrations/postgres");
        match self {
            Self::Sqlite => &SQLITE,
            Self::Postgres => &POSTGRES,
        }
    }
}

/// What is searched has no more characters.
const LONGEST_PART: usize = 5_000;

/// What `LIKE … ESCAPE '\'` finds a part of a text by. No text has a NUL, which would be the end of a pattern to SQLite and is
/// refused by PostgreSQL; what takes its place is in no text either. None is longer than [`LONGEST_PART`], which SQLite takes.
pub(super) fn pattern(part: &str) -> String {
    let part: String = part.chars().take(LONGEST_PART).collect();
    let part = part.replace('\0', "\u{fffd}");
    ["%", &part.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_"), "%"].concat()
}

/// Whether the database can't do it now, and may later: it is locked, full, read-only, being restarted or out of reach.
pub(super) fn is_passing(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Io(_)
        | sqlx::Error::Tls(_) => true,
        sqlx::Error::Database(database) => postgres_code(error)
            .map_or_else(|| database.code().is_some_and(|code| is_passing_on_sqlite(&code)), is_passing_on_postgres),
        _ => false,
    }
}

/// Whether what [`Dialect::refuse_others`] does failed because of others: `object_in_use`, or BUSY.
pub(super) fn is_in_use(error: &sqlx::Error) -> bool {
    let sqlite = || error.as_database_error().and_then(|database| database.code()?.parse::<u32>().ok());
    postgres_code(error).map_or_else(|| sqlite().is_some_and(|code| code & 0xff == 5), |code| code == "55006")
}

/// Whether it takes a text for none: `character_not_in_repertoire`.
pub(super) fn refuses_text(error: &sqlx::Error) -> bool {
    postgres_code(error) == Some("22021")
}

/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>: the connection is gone; the password is not taken any more;
/// the database was renamed; the transaction lost to another one; resources; the server stops or starts; a failure of the
/// system; a lock was held for too long; the database takes no connections; a standby; a transaction was idle for too long.
fn is_passing_on_postgres(code: &str) -> bool {
    ["08", "28", "3D", "40", "53", "57", "58"].iter().any(|class| code.starts_with(class))
        || ["55P03", "55000", "25006", "25P03"].contains(&code)
}

/// <https://www.sqlite.org/rescode.html>: BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN. The low byte of an extended code is the
/// code itself.
fn is_passing_on_sqlite(code: &str) -> bool {
    code.parse::<u32>().is_ok_and(|code| [5, 6, 8, 10, 13, 14].contains(&(code & 0xff)))
}

/// Whether a transaction lost to another one that ran at the same time, and would see what that one has done if it ran again.
/// SQLite has one writer, whom all wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loss {
    /// It lost to nothing.
    None,
    /// It wrote what another one has written since it looked, or there is a fault in what it writes.
    Possible,
    /// It lost.
    Certain,
}

/// What an error says of that: `serialization_failure`, `deadlock_detected`, `unique_violation`.
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

    /// Everything that a database's migrations leave, as SQLite describes it: its own as they are, those of PostgreSQL by what
    /// SQLite calls their types.
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
    fn later_migrations_have_the_same_numbers_in_both() {
        let versions = |dialect: Dialect| dialect.migrations().iter().map(|migration| migration.version);
        let first = versions(Dialect::Postgres).next().expect("is there");
        let later = versions(Dialect::Sqlite).filter(|version| *version >= first);
        assert_eq!(later.collect::<Vec<_>>(), versions(Dialect::Postgres).collect::<Vec<_>>());
    }

    #[test]
    fn a_pattern_has_no_meaning_but_that_of_its_text() {
        assert_eq!(pattern(r"5%_\"), r"%5\%\_\\%");
        assert_eq!(pattern("a\0"), "%a\u{fffd}%");
    }
}
