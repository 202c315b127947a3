//! Statements with optional conditions.
//!
//! A list can be filtered in several ways at once. One statement for all of them (`$1 IS NULL OR column = $1`)
//! would use no index, so each statement has only the requested conditions. Its text consists of constants; values
//! are bound.

use sqlx::{Any, Arguments as _, AssertSqlSafe, Encode, Type, any::AnyArguments, query::Query};

use super::StoreError;
use crate::domain::page::Page;

/// A `SELECT` statement under construction.
pub(super) struct Selection {
    sql: String,
    arguments: AnyArguments,
    narrowed: bool,
}

impl Selection {
    /// Without conditions: `SELECT … FROM …`. SQLite counts such a selection by its pages rather than its rows.
    pub(super) fn new(everything: &str) -> Self {
        Self { sql: everything.to_owned(), arguments: AnyArguments::default(), narrowed: false }
    }

    /// Begins another condition.
    pub(super) fn and(&mut self, condition: &str) -> &mut Self {
        self.push(if self.narrowed { " AND " } else { " WHERE " });
        self.narrowed = true;
        self.push(condition)
    }

    /// Appends constant SQL.
    pub(super) fn push(&mut self, sql: &str) -> &mut Self {
        self.sql.push_str(sql);
        self
    }

    /// Appends a value.
    pub(super) fn bind<'t>(&mut self, value: impl Encode<'t, Any> + Type<Any>) -> Result<&mut Self, StoreError> {
        self.arguments.add(value).map_err(sqlx::Error::Encode)?;
        let place = format!("${}", self.arguments.len());
        Ok(self.push(&place))
    }

    /// Appends order, limit and offset of a page.
    pub(super) fn page(&mut self, order: &str, page: Page) -> Result<&mut Self, StoreError> {
        self.push(" ORDER BY ").push(order).push(" LIMIT ").bind(i64::from(page.limit))?;
        // SQLite plans a statement again whenever a bare parameter of `LIMIT` changes.
        self.push(" + 0 OFFSET ").bind(page.offset())
    }

    /// The statement with its values.
    pub(super) fn query<'q>(self) -> Query<'q, Any, AnyArguments> {
        sqlx::query_with(AssertSqlSafe(self.sql), self.arguments)
    }
}
