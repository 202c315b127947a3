//! From columns to values.

use doorstep_contract::auth::{BeganWith, Role};
use jiff::Timestamp;
use sqlx::{Row as _, sqlite::SqliteRow};

use super::StoreError;
use crate::domain::{
    account::{Account, Status},
    id::Id,
    session::Session,
};

/// The columns that [`account`] reads.
macro_rules! account_columns {
    () => {
        "a.id AS account_id, a.username, a.email, a.name, a.role, a.status, a.password_is_initial, \
         a.password_changed_at, a.created_at AS account_created_at"
    };
}
pub(super) use account_columns;

pub(super) fn account(row: &SqliteRow) -> Result<Account, StoreError> {
    Ok(Account {
        id: Id::stored(row.try_get("account_id")?),
        username: row.try_get("username")?,
        email: row.try_get("email")?,
        name: row.try_get("name")?,
        role: word(row, "role", |word| [Role::Operator, Role::Member].into_iter().find(|role| role.as_str() == word))?,
        status: word(row, "status", Status::parse)?,
        password_is_initial: row.try_get::<i64, _>("password_is_initial")? != 0,
        password_changed_at: time(row, "password_changed_at")?,
        created_at: time(row, "account_created_at")?,
    })
}

pub(super) fn session(row: &SqliteRow) -> Result<Session, StoreError> {
    Ok(Session {
        id: Id::stored(row.try_get("id")?),
        began_with: word(row, "began_with", BeganWith::parse)?,
        created_at: time(row, "created_at")?,
        proved_at: time(row, "proved_at")?,
        last_seen_at: time(row, "last_seen_at")?,
    })
}

fn word<T>(row: &SqliteRow, column: &'static str, parse: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
    let value: String = row.try_get(column)?;
    parse(&value).ok_or(StoreError::Unknown { what: column, value })
}

pub(super) fn time(row: &SqliteRow, column: &'static str) -> Result<Timestamp, StoreError> {
    let value: i64 = row.try_get(column)?;
    Timestamp::from_millisecond(value).map_err(|_| StoreError::Unknown { what: column, value: value.to_string() })
}
