//! An installation moves from one database to another.

use futures_util::TryStreamExt as _;
use sqlx::{
    AnyConnection, Arguments as _, AssertSqlSafe, Column as _, Row as _, ValueRef as _,
    any::{AnyArguments, AnyRow, AnyTypeInfoKind},
};

use super::{Store, StoreError, row};

/// The tables, each after those that it refers to. No column counts by itself, so no sequence has to be set.
const TABLES: [&str; 29] = [
    "settings",
    "accounts",
    "sessions",
    "access_tokens",
    "refresh_tokens",
    "recovery_codes",
    "totp_enrolments",
    "totp_steps",
    "trusted_devices",
    "login_tokens",
    "identities",
    "provider_sessions",
    "challenges",
    "email_changes",
    "email_reverts",
    "password_requests",
    "password_resets",
    "mails",
    "limits",
    "quotas",
    "device_grants",
    "device_tokens",
    "device_nonces",
    "clients",
    "projects",
    "project_updates",
    "project_members",
    "client_links",
    "audit",
];

/// Why a database was not copied. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// There is something in the database to copy to.
    #[error("the database to copy to is not empty: there is something in {0}")]
    NotEmpty(&'static str),
    /// As many rows as were read are not there.
    #[error("{table}: {read} rows were read, and {written} are there")]
    Differs {
        /// In which table.
        table: &'static str,
        /// How many were read.
        read: u64,
        /// How many are there.
        written: u64,
    },
    /// One of the two databases did not do what was asked.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Copies everything as it is at one moment into an empty database, or nothing. How many rows each table has.
    ///
    /// # Errors
    /// As [`CopyError`] says.
    pub async fn copy_into(&self, target: &Self) -> Result<Vec<(&'static str, u64)>, CopyError> {
        let copied = target.write(|mut target| async move {
            let mut source = self.readers.begin_with(self.dialect.snapshot()).await?;
            for table in TABLES {
                if count(&mut target, table).await? > 0 {
                    return Ok(Err(CopyError::NotEmpty(table)));
                }
            }
            let mut counts = Vec::with_capacity(TABLES.len());
            for table in TABLES {
                let all = AssertSqlSafe(format!("SELECT * FROM {table}"));
                let mut rows = sqlx::query(all).fetch(&mut *source);
                let mut read = 0;
                while let Some(row) = rows.try_next().await? {
                    insert(&mut target, table, &row).await?;
                    read += 1;
                }
                let written = count(&mut target, table).await?;
                if written != read {
                    return Ok(Err(CopyError::Differs { table, read, written }));
                }
                counts.push((table, written));
            }
            target.commit().await?;
            Ok(Ok(counts))
        });
        copied.await?
    }
}

async fn count(connection: &mut AnyConnection, table: &str) -> Result<u64, StoreError> {
    let rows = AssertSqlSafe(format!("SELECT COUNT(*) AS count FROM {table}"));
    row::count(&sqlx::query(rows).fetch_one(connection).await?)
}

async fn insert(connection: &mut AnyConnection, table: &str, row: &AnyRow) -> Result<(), StoreError> {
    let mut arguments = AnyArguments::default();
    let mut names = Vec::with_capacity(row.columns().len());
    for column in row.columns() {
        let value = row.try_get_raw(column.ordinal())?;
        // What is null is left out, and null by that.
        let added = match value.type_info().kind() {
            _ if value.is_null() => continue,
            AnyTypeInfoKind::Blob => arguments.add(row.try_get::<Vec<u8>, _>(column.ordinal())?),
            AnyTypeInfoKind::Text => arguments.add(row.try_get::<String, _>(column.ordinal())?),
            _ => arguments.add(row.try_get::<i64, _>(column.ordinal())?),
        };
        added.map_err(sqlx::Error::Encode)?;
        names.push(column.name());
    }
    let places: Vec<String> = (1..=names.len()).map(|place| format!("${place}")).collect();
    let insert = format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), places.join(", "));
    // Made of the names of our own tables and columns; what they hold is bound.
    sqlx::query_with(AssertSqlSafe(insert), arguments).execute(connection).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use sqlx::Connection as _;

    use super::*;
    use crate::store::dialect::Dialect;

    #[tokio::test]
    async fn every_table_is_copied_after_those_that_it_refers_to() {
        let mut connection = sqlx::SqliteConnection::connect("sqlite::memory:").await.expect("opens");
        Dialect::Sqlite.migrations().run(&mut connection).await.expect("are made");
        let tables =
            sqlx::query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_sqlx%' ESCAPE '\\'");
        let tables = tables.fetch_all(&mut connection).await.expect("is asked");
        let mut names: Vec<String> = tables.iter().map(|row| row.get("name")).collect();
        names.sort_unstable();
        let mut copied = TABLES;
        copied.sort_unstable();
        assert_eq!(names, copied);
        let references = sqlx::query(
            "SELECT t.name AS of, k.\"table\" AS other FROM sqlite_schema t, pragma_foreign_key_list(t.name) k \
             WHERE t.type = 'table'",
        );
        for row in references.fetch_all(&mut connection).await.expect("is asked") {
            let place = |name: String| TABLES.iter().position(|table| **table == name);
            assert!(place(row.get("other")) < place(row.get("of")));
        }
    }
}
