//! Reading values from columns.

use doorstep_contract::auth::{BeganWith, Role};
use doorstep_locales::Language;
use jiff::Timestamp;
use sqlx::{
    Row as _, ValueRef as _,
    any::{AnyRow, AnyTypeInfoKind},
};

use super::StoreError;
use crate::domain::{
    account::{Account, PendingEmail, Status},
    id::Id,
    session::Session,
};

/// The columns that [`account`] reads.
macro_rules! account_columns {
    () => {
        "a.id AS account_id, a.username, a.email, a.name, a.role, a.status, a.password_is_initial, \
         a.password_hash IS NOT NULL AS has_password, \
         a.password_changed_at, a.totp_secret IS NOT NULL AS totp_enabled, \
         (SELECT COUNT(*) FROM recovery_codes r WHERE r.account_id = a.id) AS recovery_codes_left, \
         a.created_at AS account_created_at, a.language, \
         (SELECT c.email FROM email_changes c WHERE c.account_id = a.id AND c.used_at IS NULL) AS pending_email, \
         (SELECT c.expires_at FROM email_changes c WHERE c.account_id = a.id) AS pending_email_until, \
         (SELECT COUNT(*) FROM project_members m WHERE m.account_id = a.id) AS memberships"
    };
}
pub(super) use account_columns;

/// The columns that [`session`] reads.
macro_rules! session_columns {
    () => {
        "s.id, s.began_with, s.created_at, s.proved_at, s.last_seen_at"
    };
}
pub(super) use session_columns;

pub(super) fn account(row: &AnyRow) -> Result<Account, StoreError> {
    Ok(Account {
        id: Id::stored(row.try_get("account_id")?),
        username: row.try_get("username")?,
        email: row.try_get("email")?,
        name: row.try_get("name")?,
        role: word(row, "role", |word| [Role::Operator, Role::Member].into_iter().find(|role| role.as_str() == word))?,
        status: word(row, "status", Status::parse)?,
        has_password: flag(row, "has_password")?,
        password_is_initial: flag(row, "password_is_initial")?,
        password_changed_at: time(row, "password_changed_at")?,
        totp_enabled: flag(row, "totp_enabled")?,
        recovery_codes_left: u32::try_from(row.try_get::<i64, _>("recovery_codes_left")?).unwrap_or(u32::MAX),
        created_at: time(row, "account_created_at")?,
        // A language that is not supported any more counts as unknown.
        language: row.try_get::<Option<&str>, _>("language")?.and_then(Language::of_tag),
        pending_email: pending_email(row)?,
        memberships: u32::try_from(row.try_get::<i64, _>("memberships")?).unwrap_or(u32::MAX),
    })
}

fn pending_email(row: &AnyRow) -> Result<Option<PendingEmail>, StoreError> {
    let email: Option<String> = row.try_get("pending_email")?;
    email.map(|email| Ok(PendingEmail { email, expires_at: time(row, "pending_email_until")? })).transpose()
}

pub(super) fn session(row: &AnyRow) -> Result<Session, StoreError> {
    Ok(Session {
        id: Id::stored(row.try_get("id")?),
        began_with: word(row, "began_with", BeganWith::parse)?,
        created_at: time(row, "created_at")?,
        proved_at: time(row, "proved_at")?,
        last_seen_at: time(row, "last_seen_at")?,
    })
}

/// A boolean column: a flag, or the result of a condition.
pub(super) fn flag(row: &AnyRow, column: &'static str) -> Result<bool, StoreError> {
    match row.try_get_raw(column)?.type_info().kind() {
        AnyTypeInfoKind::Bool => Ok(row.try_get(column)?),
        _ => Ok(row.try_get::<i64, _>(column)? != 0),
    }
}

pub(super) fn word<T>(row: &AnyRow, column: &'static str, parse: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
    let value: String = row.try_get(column)?;
    parse(&value).ok_or(StoreError::Unknown { what: column, value })
}

pub(super) fn time(row: &AnyRow, column: &'static str) -> Result<Timestamp, StoreError> {
    let value: i64 = row.try_get(column)?;
    Timestamp::from_millisecond(value).map_err(|_| StoreError::Unknown { what: column, value: value.to_string() })
}

pub(super) fn optional_time(row: &AnyRow, column: &'static str) -> Result<Option<Timestamp>, StoreError> {
    let value: Option<i64> = row.try_get(column)?;
    value.map(|_| time(row, column)).transpose()
}

/// A number of rows, from the column `count`.
pub(super) fn count(row: &AnyRow) -> Result<u64, StoreError> {
    Ok(u64::try_from(row.try_get::<i64, _>("count")?).unwrap_or_default())
}

/// The part of a keyed hash that is stored as a key: 128 bits.
pub(super) fn short(hash: &[u8]) -> &[u8] {
    hash.get(..16).unwrap_or(hash)
}
