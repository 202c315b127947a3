//! Copying an installation from one database to another.

use futures_util::TryStreamExt as _;
use sqlx::{
    Any, AnyConnection, AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, Transaction,
    any::AnyConnectOptions,
};

use super::{
    DatabaseUrl, Store, StoreError,
    connections::{DEADLINE, within},
    copy_row::{self, BadRow, Table},
    dialect::Dialect,
    inspect::Found,
    row,
};

/// The tables, each after those that it references. No column is a sequence, so none has to be adjusted.
const TABLES: [Table; 29] = [
    Table { name: "settings", key: &["name"] },
    Table { name: "accounts", key: &["id"] },
    Table { name: "sessions", key: &["id"] },
    Table { name: "access_tokens", key: &["token_hash"] },
    Table { name: "refresh_tokens", key: &["token_hash"] },
    Table { name: "recovery_codes", key: &["account_id", "hash"] },
    Table { name: "totp_enrolments", key: &["session_id"] },
    Table { name: "totp_steps", key: &["account_id", "step"] },
    Table { name: "trusted_devices", key: &["id"] },
    Table { name: "login_tokens", key: &["token_hash"] },
    Table { name: "identities", key: &["id"] },
    Table { name: "provider_sessions", key: &["session_id"] },
    Table { name: "challenges", key: &["token_hash"] },
    Table { name: "email_changes", key: &["account_id"] },
    Table { name: "email_reverts", key: &["token_hash"] },
    Table { name: "password_requests", key: &["id"] },
    Table { name: "password_resets", key: &["account_id"] },
    Table { name: "mails", key: &["id"] },
    Table { name: "limits", key: &["bucket", "key"] },
    Table { name: "quotas", key: &["key"] },
    Table { name: "device_grants", key: &["id"] },
    Table { name: "device_tokens", key: &["id"] },
    Table { name: "device_nonces", key: &["hash"] },
    Table { name: "clients", key: &["id"] },
    Table { name: "projects", key: &["id"] },
    Table { name: "project_updates", key: &["id"] },
    Table { name: "project_members", key: &["project_id", "account_id"] },
    Table { name: "client_links", key: &["id"] },
    Table { name: "audit", key: &["id"] },
];

/// Why a copy failed. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The target database is not empty.
    #[error("the database to copy to is not empty: table {0} has rows")]
    NotEmpty(&'static str),
    /// The source database contains no installation.
    #[error("the source database is empty")]
    Nothing,
    /// The target does not have as many rows as were read.
    #[error("{table}: {read} rows were read, but {written} were written")]
    Differs {
        /// The table.
        table: &'static str,
        /// The number of rows read.
        read: u64,
        /// The number of rows written.
        written: u64,
    },
    /// A row can't be copied.
    #[error("{0}")]
    Row(BadRow),
    /// One of the databases failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The database to copy, which is only read.
#[derive(Debug)]
pub struct Source {
    dialect: Dialect,
    options: AnyConnectOptions,
}

impl DatabaseUrl {
    /// Checks that the database can be copied.
    ///
    /// # Errors
    /// When it contains no installation of this version, or can't be opened.
    pub async fn check_source(&self) -> Result<(), StoreError> {
        match self.inspect().await? {
            Found::Current => Ok(()),
            Found::Nothing | Found::Foreign => Err(StoreError::Foreign),
            Found::Older => Err(StoreError::Older),
            Found::Newer(version) => Err(StoreError::Newer(version)),
        }
    }
}

impl Source {
    /// A source that passed [`check_source`](DatabaseUrl::check_source). Slow statements are not logged: they are
    /// expected.
    ///
    /// # Errors
    /// When it can't be opened.
    pub fn new(url: &DatabaseUrl) -> Result<Self, StoreError> {
        // Opened for writing, because SQLite then removes its temporary files.
        Ok(Self { dialect: url.dialect, options: url.options(true)?.disable_statement_logging() })
    }

    /// Copies a consistent snapshot into an empty database, completely or not at all. Returns the number of rows of
    /// each table.
    ///
    /// # Errors
    /// See [`CopyError`].
    pub async fn copy_into(&self, target: &Store) -> Result<Vec<(&'static str, u64)>, CopyError> {
        let to = target.dialect;
        let copied = target.write_for_long(|target| async move {
            let connect = AnyConnection::connect_with(&self.options);
            let mut connection = within(Some(DEADLINE), connect).await?;
            let copied = self.copy(&mut connection, target, to).await;
            // The result of the copy matters, not that of closing.
            let _ = connection.close().await;
            copied
        });
        copied.await?
    }

    async fn copy(
        &self,
        source: &mut AnyConnection,
        mut target: Transaction<'_, Any>,
        to: Dialect,
    ) -> Result<Result<Vec<(&'static str, u64)>, CopyError>, StoreError> {
        source.execute(self.dialect.set_up(false)).await?;
        let mut source = source.begin_with(self.dialect.snapshot()).await?;
        for table in TABLES {
            if count(&mut target, table).await? > 0 {
                return Ok(Err(CopyError::NotEmpty(table.name)));
            }
        }
        let mut counts = Vec::with_capacity(TABLES.len());
        for table in TABLES {
            let read = match copy_table(&mut source, &mut target, table, to).await? {
                Ok(read) => read,
                Err(row) => return Ok(Err(CopyError::Row(row))),
            };
            let written = count(&mut target, table).await?;
            if written != read {
                return Ok(Err(CopyError::Differs { table: table.name, read, written }));
            }
            counts.push((table.name, written));
        }
        if counts.iter().all(|(_, rows)| *rows == 0) {
            return Ok(Err(CopyError::Nothing));
        }
        target.commit().await?;
        Ok(Ok(counts))
    }
}

async fn count(connection: &mut AnyConnection, table: Table) -> Result<u64, StoreError> {
    let rows = AssertSqlSafe(format!("SELECT COUNT(*) AS count FROM {}", table.name));
    row::count(&sqlx::query(rows).fetch_one(connection).await?)
}

/// Copies the rows of a table and returns their number, or the row that can't be copied.
async fn copy_table(
    source: &mut AnyConnection,
    target: &mut AnyConnection,
    table: Table,
    to: Dialect,
) -> Result<Result<u64, BadRow>, StoreError> {
    let mut read = 0;
    let unreadable = {
        let all = AssertSqlSafe(format!("SELECT * FROM {} ORDER BY {}", table.name, table.key.join(", ")));
        let mut rows = sqlx::query(all).fetch(&mut *source);
        loop {
            match rows.try_next().await {
                Ok(Some(row)) => {
                    if let Err(bad) = copy_row::insert(target, table, &row, to).await? {
                        return Ok(Err(bad));
                    }
                }
                Ok(None) => return Ok(Ok(read)),
                Err(error) => break error,
            }
            read += 1;
        }
    };
    let bad = copy_row::unreadable(source, table, read, &unreadable).await?;
    bad.map_or_else(|| Err(unreadable.into()), |bad| Ok(Err(bad)))
}

#[cfg(test)]
mod tests {
    use sqlx::Row as _;

    use super::*;

    #[tokio::test]
    async fn every_table_is_copied_after_those_that_it_refers_to() {
        let mut connection = sqlx::SqliteConnection::connect("sqlite::memory:").await.expect("opens");
        Dialect::Sqlite.migrations().run(&mut connection).await.expect("are created");
        let tables =
            sqlx::query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_sqlx%' ESCAPE '\\'");
        let tables = tables.fetch_all(&mut connection).await.expect("is queried");
        let mut names: Vec<String> = tables.iter().map(|row| row.get("name")).collect();
        names.sort_unstable();
        let mut copied = TABLES.map(|table| table.name);
        copied.sort_unstable();
        assert_eq!(names, copied);
        for table in TABLES {
            let key = sqlx::query("SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk").bind(table.name);
            let key = key.fetch_all(&mut connection).await.expect("is queried");
            assert_eq!(key.iter().map(|row| row.get::<String, _>("name")).collect::<Vec<_>>(), table.key, "{table:?}");
        }
        let references = sqlx::query(
            "SELECT t.name AS of, k.\"table\" AS other FROM sqlite_schema t, pragma_foreign_key_list(t.name) k \
             WHERE t.type = 'table'",
        );
        for row in references.fetch_all(&mut connection).await.expect("is queried") {
            let place = |name: String| TABLES.iter().position(|table| table.name == name);
            assert!(place(row.get("other")) < place(row.get("of")));
        }
    }
}
