//! The schema of the database, read from the database itself.

use jiff::Timestamp;
use sqlx::{AnyConnection, AssertSqlSafe, Connection as _, Row as _};

use super::{Database, Server};

/// Marks statements of tests, which are not the server's.
const OF_TEST: &str = "/* a test */";

impl Server {
    /// Runs a query, written for SQLite and for PostgreSQL.
    async fn ask(&self, connection: &mut AnyConnection, [sqlite, postgres]: [&'static str; 2]) -> Vec<String> {
        let question = match self.database() {
            Database::Sqlite(_) => sqlite,
            Database::Postgres(_) => postgres,
        };
        let rows = sqlx::query(AssertSqlSafe(format!("{OF_TEST} {question}"))).fetch_all(connection).await;
        rows.expect("is queried").iter().map(|row| row.get("answer")).collect()
    }

    /// Every numeric column as `table.column`, with its largest value.
    pub(crate) async fn numbers(&self) -> Vec<(String, Option<i64>)> {
        let mut connection = AnyConnection::connect(&self.database().text()).await.expect("the database opens");
        let columns = [
            "SELECT t.name || '.' || c.name AS answer FROM sqlite_schema t, pragma_table_info(t.name) c \
             WHERE t.type = 'table' AND t.name NOT LIKE '\\_sqlx%' ESCAPE '\\' AND c.type NOT IN ('TEXT', 'BLOB')",
            "SELECT table_name::text || '.' || column_name::text AS answer FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%' AND data_type NOT IN ('text', 'bytea')",
        ];
        let mut numbers = Vec::new();
        for name in self.ask(&mut connection, columns).await {
            let (table, column) = name.split_once('.').expect("has two parts");
            let greatest = AssertSqlSafe(format!("{OF_TEST} SELECT MAX({column}) AS greatest FROM {table}"));
            let row = sqlx::query(greatest).fetch_one(&mut connection).await.expect("is queried");
            numbers.push((name, row.get("greatest")));
        }
        numbers
    }

    /// The foreign keys without an index: deleting a referenced row scans their table.
    pub(crate) async fn foreign_keys_without_index(&self) -> Vec<String> {
        let mut connection = AnyConnection::connect(&self.database().text()).await.expect("the database opens");
        let bare = [
            "SELECT t.name || '.' || k.\"from\" AS answer FROM sqlite_schema t, pragma_foreign_key_list(t.name) k \
             WHERE t.type = 'table' AND NOT EXISTS (SELECT 1 FROM pragma_index_list(t.name) i, pragma_index_info(i.name) c \
             WHERE c.seqno = 0 AND c.name = k.\"from\" AND i.partial = 0)",
            "SELECT c.conrelid::regclass::text || '.' || a.attname::text AS answer FROM pg_constraint c \
             JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] \
             WHERE c.contype = 'f' AND NOT EXISTS (SELECT 1 FROM pg_index i \
             WHERE i.indrelid = c.conrelid AND i.indkey[0] = a.attnum AND i.indpred IS NULL)",
        ];
        self.ask(&mut connection, bare).await
    }
}

/// A time as the database stores it.
pub(crate) fn time(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).expect("is a time")
}
