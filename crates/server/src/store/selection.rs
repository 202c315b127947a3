//! A statement that is put together by what is asked for.
//!
//! A list can be narrowed in several ways, alone and together. One statement for all of them (`$1 IS NULL OR column = $1`) would
//! find no index, so each has the conditions that are asked for and no others. Its text is made of texts of this program; what
//! the caller writes is bound.

use sqlx::{Any, Arguments as _, AssertSqlSafe, Encode, Type, any::AnyArguments, query::Query};

use super::StoreError;
use crate::domain::page::Page;

/// A `SELECT`, as far as it is put together.
pub(super) struct Selection {
    sql: String,
    arguments: AnyArguments,
    narrowed: bool,
}

impl Selection {
    /// Everything: `SELECT … FROM …`. A count without any condition is one that SQLite reads from its pages, not from its rows.
    pub(super) fn new(everything: &str) -> Self {
        Self { sql: everything.to_owned(), arguments: AnyArguments::default(), narrowed: false }
    }

    /// Begins a condition that must be true as well.
    pub(super) fn and(&mut self, condition: &str) -> &mut Self {
        self.push(if self.narrowed { " AND " } else { " WHERE " });
        self.narrowed = true;
        self.push(condition)
    }

    /// Goes on with a text of this program.
    pub(super) fn push(&mut self, sql: &str) -> &mut Self {
        self.sql.push_str(sql);
        self
    }

    /// Goes on with a value.
    pub(super) fn bind<'t>(&mut self, value: impl Encode<'t, Any> + Type<Any>) -> Result<&mut Self, StoreError> {
        self.arguments.add(value).map_err(sqlx::Error::Encode)?;
        let place = format!("${}", self.arguments.len());
        Ok(self.push(&place))
    }

    /// Ends with a page of what there is, in this order.
    pub(super) fn page(&mut self, order: &str, page: Page) -> Result<&mut Self, StoreError> {
        self.push(" ORDER BY ").push(order).push(" LIMIT ").bind(i64::from(page.limit))?;
        // SQLite prepares a statement anew each time whose limit is a bare parameter.
        self.push(" + 0 OFFSET ").bind(page.offset())
    }

    /// The statement, with its values.
    pub(super) fn query<'q>(self) -> Query<'q, Any, AnyArguments> {
        sqlx::query_with(AssertSqlSafe(self.sql), self.arguments)
    }
}
