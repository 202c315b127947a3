//! The tables of the database, as it describes them itself.

use jiff::Timestamp;
use sqlx::{AssertSqlSafe, Connection as _, Row as _, SqliteConnection, sqlite::SqliteConnectOptions};

use super::Server;

/// Marks what a test asks, which is none of the server's statements.
const OF_TEST: &str = "/* a test */";

impl Server {
    async fn connection(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(self.folder.join("doorstep.sqlite3")).read_only(true);
        SqliteConnection::connect_with(&options).await.expect("the database opens")
    }

    /// Every column that holds numbers, as `table.column`, with the greatest of them.
    pub(crate) async fn numbers(&self) -> Vec<(String, Option<i64>)> {
        let mut connection = self.connection().await;
        let columns = AssertSqlSafe(format!(
            "{OF_TEST} SELECT t.name AS of, c.name FROM sqlite_schema t, pragma_table_info(t.name) c \
             WHERE t.type = 'table' AND t.name NOT LIKE '\\_sqlx%' ESCAPE '\\' AND c.type NOT IN ('TEXT', 'BLOB')"
        ));
        let columns = sqlx::query(columns).fetch_all(&mut connection).await.expect("is asked");
        let mut numbers = Vec::with_capacity(columns.len());
        for column in columns {
            let (table, column): (String, String) = (column.get("of"), column.get("name"));
            let greatest = AssertSqlSafe(format!("{OF_TEST} SELECT MAX({column}) AS greatest FROM {table}"));
            let row = sqlx::query(greatest).fetch_one(&mut connection).await.expect("is asked");
            numbers.push((format!("{table}.{column}"), row.get("greatest")));
        }
        numbers
    }

    /// The columns that refer to another table and begin no index: the removal of a row there reads this table.
    pub(crate) async fn foreign_keys_without_index(&self) -> Vec<String> {
        let mut connection = self.connection().await;
        let bare = sqlx::query(
            "SELECT t.name || '.' || k.\"from\" AS column FROM sqlite_schema t, pragma_foreign_key_list(t.name) k \
             WHERE t.type = 'table' AND NOT EXISTS (SELECT 1 FROM pragma_index_list(t.name) i, pragma_index_info(i.name) c \
             WHERE c.seqno = 0 AND c.name = k.\"from\" AND i.partial = 0)",
        );
        bare.fetch_all(&mut connection).await.expect("is asked").iter().map(|row| row.get("column")).collect()
    }
}

/// A time as the database holds it.
pub(crate) fn time(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).expect("is a time")
}
