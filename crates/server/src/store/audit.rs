//! Who did what.

use jiff::Timestamp;
use sqlx::{Row as _, SqliteConnection, sqlite::SqliteRow};

use super::{Store, StoreError, row};
use crate::domain::{
    audit::{Actor, Entry, Event, Filter},
    id::Id,
};

/// The condition of a [`Filter`], bound by [`Store::list_audit`] and [`Store::count_audit`] in this order.
macro_rules! filtered {
    ($columns:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM audit WHERE ($1 IS NULL OR event = $1) AND ($2 IS NULL OR actor_account = $2) \
             AND ($3 IS NULL OR at >= $3) AND ($4 IS NULL OR at < $4) ",
            $rest
        )
    };
}

impl Store {
    /// Writes an event down.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn record(&self, entry: &Entry) -> Result<(), StoreError> {
        let mut connection = self.writer.acquire().await?;
        record(&mut connection, entry).await
    }

    /// Events that fit, newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn list_audit(&self, filter: &Filter, limit: u32, offset: u32) -> Result<Vec<Entry>, StoreError> {
        let rows = sqlx::query(filtered!("*", "ORDER BY at DESC, id DESC LIMIT $5 OFFSET $6"))
            .bind(filter.event.map(Event::as_str))
            .bind(filter.account.as_ref().map(Id::as_str))
            .bind(filter.since.map(Timestamp::as_millisecond))
            .bind(filter.until.map(Timestamp::as_millisecond))
            .bind(i64::from(limit))
            .bind(i64::from(offset))
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(entry).collect()
    }

    /// How many events fit.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_audit(&self, filter: &Filter) -> Result<u64, StoreError> {
        let row = sqlx::query(filtered!("COUNT(*) AS fitting", ""))
            .bind(filter.event.map(Event::as_str))
            .bind(filter.account.as_ref().map(Id::as_str))
            .bind(filter.since.map(Timestamp::as_millisecond))
            .bind(filter.until.map(Timestamp::as_millisecond))
            .fetch_one(&self.readers)
            .await?;
        Ok(u64::try_from(row.try_get::<i64, _>("fitting")?).unwrap_or_default())
    }
}

/// Writes an event down, in the transaction of what it is about: both happen or neither.
pub(super) async fn record(connection: &mut SqliteConnection, entry: &Entry) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO audit (id, at, event, actor_account, actor_name, address, subject, detail) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(entry.id.as_str())
    .bind(entry.at.as_millisecond())
    .bind(entry.event.as_str())
    .bind(entry.actor.account.as_ref().map(Id::as_str))
    .bind(&entry.actor.name)
    .bind(entry.address.map(|address| address.to_string()))
    .bind(&entry.subject)
    .bind(serde_json::to_string(&entry.detail).unwrap_or_default())
    .execute(connection)
    .await?;
    Ok(())
}

fn entry(row: &SqliteRow) -> Result<Entry, StoreError> {
    let detail: String = row.try_get("detail")?;
    Ok(Entry {
        id: Id::stored(row.try_get("id")?),
        at: row::time(row, "at")?,
        event: row::word(row, "event", Event::parse)?,
        actor: Actor {
            account: row.try_get::<Option<String>, _>("actor_account")?.map(Id::stored),
            name: row.try_get("actor_name")?,
        },
        address: row.try_get::<Option<String>, _>("address")?.and_then(|text| text.parse().ok()),
        subject: row.try_get("subject")?,
        detail: serde_json::from_str(&detail)
            .map_err(|_| StoreError::Unknown { what: "detail", value: detail.clone() })?,
    })
}
