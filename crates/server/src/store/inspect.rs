//! Inspecting a database before it is used: whether it responds, and what it contains.

use sqlx::{AnyConnection, Connection as _, Row as _, any::install_default_drivers};

use super::{
    DatabaseUrl, StoreError,
    connections::{DEADLINE, within},
    dialect::Dialect,
    row,
};

/// The content of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// No tables.
    Nothing,
    /// Tables of another program.
    Foreign,
    /// An installation of an older version.
    Older,
    /// An installation of this version.
    Current,
    /// An installation of a newer version, with the number of its migration.
    Newer(i64),
}

impl DatabaseUrl {
    /// Inspects a database without changing it.
    pub(super) async fn inspect(&self) -> Result<Found, StoreError> {
        install_default_drivers();
        self.check_tls_files()?;
        let options = self.options(true)?;
        // Another service may listen on that port and never respond.
        within(Some(DEADLINE), async {
            let mut connection = AnyConnection::connect_with(&options).await?;
            let found = find(self.dialect, &mut connection).await;
            // The result of the inspection matters, not that of closing.
            let _ = connection.close().await;
            found
        })
        .await
    }
}

async fn find(dialect: Dialect, connection: &mut AnyConnection) -> Result<Found, StoreError> {
    if let Some(encoding) = dialect.encoding() {
        let encoding: String = sqlx::query(encoding).fetch_one(&mut *connection).await?.try_get("encoding")?;
        if encoding != "UTF8" {
            return Err(StoreError::Encoding(encoding));
        }
    }
    let [migrations, others] = dialect.tables();
    let is_empty = async |statement, connection: &mut AnyConnection| {
        Ok::<_, StoreError>(row::count(&sqlx::query(statement).fetch_one(connection).await?)? == 0)
    };
    let has_no_others = is_empty(others, connection).await?;
    let mut applied = Vec::new();
    if !is_empty(migrations, connection).await? {
        // Failed migrations have been rolled back.
        let rows = sqlx::query("SELECT version, checksum FROM _sqlx_migrations WHERE success");
        for row in rows.fetch_all(connection).await? {
            applied.push((row.try_get::<i64, _>("version")?, row.try_get::<Vec<u8>, _>("checksum")?));
        }
    }
    let known = dialect.migrations();
    // The first migration never changes, and its checksum identifies Doorstep.
    let is_ours = known.iter().next().is_some_and(|first| {
        applied.iter().any(|(version, checksum)| (*version, &**checksum) == (first.version, &*first.checksum))
    });
    let newer = applied.iter().map(|(version, _)| *version).find(|version| !known.version_exists(*version));
    let is_applied = |version| applied.iter().any(|(applied, _)| *applied == version);
    Ok(match newer {
        _ if applied.is_empty() && has_no_others => Found::Nothing,
        _ if !is_ours => Found::Foreign,
        Some(version) => Found::Newer(version),
        None if known.iter().all(|migration| is_applied(migration.version)) => Found::Current,
        None => Found::Older,
    })
}
