//! Copying one row to another database, and naming it by its key.

use std::fmt;

use sqlx::{
    AnyConnection, Arguments as _, AssertSqlSafe, Column as _, Row as _, ValueRef as _,
    any::{AnyArguments, AnyRow, AnyTypeInfoKind},
};

use super::{StoreError, dialect::Dialect};

/// A table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table {
    pub(super) name: &'static str,
    /// The columns of its primary key.
    pub(super) key: &'static [&'static str],
}

/// A row that can't be copied.
#[derive(Debug)]
pub struct BadRow {
    table: &'static str,
    /// The column at fault, if known.
    column: Option<String>,
    /// The key: columns and values.
    key: Vec<(&'static str, String)>,
    problem: String,
}

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.table)?;
        for (place, (name, value)) in self.key.iter().enumerate() {
            write!(f, "{} {name} = {value}", if place == 0 { ", the row where" } else { " and" })?;
        }
        if let Some(column) = &self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.problem)
    }
}

/// Inserts a row into the target.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    table: Table,
    row: &AnyRow,
    to: Dialect,
) -> Result<Result<(), BadRow>, StoreError> {
    let bad = |column: Option<&str>, problem: String| {
        let key = table.key.iter().map(|name| (*name, shown(row, name))).collect();
        Ok(Err(BadRow { table: table.name, column: column.map(str::to_owned), key, problem }))
    };
    let mut arguments = AnyArguments::default();
    let mut names = Vec::with_capacity(row.columns().len());
    for column in row.columns() {
        let value = row.try_get_raw(column.ordinal())?;
        let added = match value.type_info().kind() {
            // Null values are omitted, which makes them null.
            _ if value.is_null() => continue,
            AnyTypeInfoKind::Blob => arguments.add(row.try_get::<Vec<u8>, _>(column.ordinal())?),
            AnyTypeInfoKind::Text => {
                let text = row.try_get::<String, _>(column.ordinal())?;
                if to == Dialect::Postgres && text.contains('\0') {
                    return bad(
                        Some(column.name()),
                        "there is a NUL in it, which PostgreSQL keeps in no text".to_owned(),
                    );
                }
                arguments.add(text)
            }
            AnyTypeInfoKind::Real | AnyTypeInfoKind::Double => {
                return bad(Some(column.name()), "it is no whole number".to_owned());
            }
            _ => arguments.add(row.try_get::<i64, _>(column.ordinal())?),
        };
        added.map_err(sqlx::Error::Encode)?;
        names.push(column.name());
    }
    let places: Vec<String> = (1..=names.len()).map(|place| format!("${place}")).collect();
    let insert = format!("INSERT INTO {} ({}) VALUES ({})", table.name, names.join(", "), places.join(", "));
    // The text consists of our own table and column names; values are bound.
    let inserted = sqlx::query_with(AssertSqlSafe(insert), arguments).execute(connection).await;
    match inserted.map_err(StoreError::from) {
        Ok(_) => Ok(Ok(())),
        // The database failed, not the row.
        Err(error @ StoreError::Unavailable(_)) => Err(error),
        Err(error) => bad(None, error.to_string()),
    }
}

/// A value as an SQL literal.
fn shown(row: &AnyRow, name: &str) -> String {
    let text = row.try_get::<String, _>(name).map(|text| format!("'{}'", text.escape_debug()));
    let number = || row.try_get::<i64, _>(name).map(|number| number.to_string());
    let bytes = || row.try_get::<Vec<u8>, _>(name).map(|bytes| hex(&bytes));
    text.or_else(|_| number()).or_else(|_| bytes()).unwrap_or_else(|_| "?".to_owned())
}

/// Bytes as an SQL literal.
fn hex(bytes: &[u8]) -> String {
    let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("x'{}'", digits.concat())
}

/// Names the row that can't be read, by its number in key order: SQLite accepts text that is not UTF-8.
pub(super) async fn unreadable(
    source: &mut AnyConnection,
    table: Table,
    number: u64,
    error: &sqlx::Error,
) -> Result<Option<BadRow>, StoreError> {
    if !matches!(error, sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. }) {
        return Ok(None);
    }
    let columns = sqlx::query("SELECT name FROM pragma_table_info($1)").bind(table.name);
    let mut bad = BadRow { table: table.name, column: None, key: Vec::new(), problem: "it is not in UTF-8".to_owned() };
    for column in columns.fetch_all(&mut *source).await? {
        let column: String = column.try_get("name")?;
        let value = AssertSqlSafe(format!(
            "SELECT typeof({column}) AS type, coalesce(CAST({column} AS BLOB), x'') AS bytes FROM {} ORDER BY {} LIMIT 1 OFFSET {number}",
            table.name,
            table.key.join(", ")
        ));
        let value = sqlx::query(value).fetch_one(&mut *source).await?;
        let (kind, bytes): (String, Vec<u8>) = (value.try_get("type")?, value.try_get("bytes")?);
        let text = String::from_utf8_lossy(&bytes);
        if let Some(name) = table.key.iter().find(|name| **name == column) {
            let shown = match kind.as_str() {
                "blob" => hex(&bytes),
                "text" => format!("'{}'", text.escape_debug()),
                _ => text.clone().into_owned(),
            };
            bad.key.push((*name, shown));
        }
        if kind == "text" && std::str::from_utf8(&bytes).is_err() {
            bad.column = Some(column);
        }
    }
    Ok(Some(bad))
}
