//! Who did what.

use jiff::{SignedDuration, Timestamp};
use sqlx::{QueryBuilder, Row as _, Sqlite, SqliteConnection, Transaction, sqlite::SqliteRow};

use super::{Store, StoreError, row};
use crate::domain::{
    account::NameKey,
    audit::{Actor, Entry, Event, Filter, Repeated, STRANGERS_AN_HOUR, beginning},
    id::Id,
    page::Page,
};

impl Store {
    /// Writes an event down.
    pub async fn record(&self, entry: &Entry) -> Result<(), StoreError> {
        let mut connection = self.writer.acquire().await?;
        record(&mut connection, entry).await
    }

    /// Events that fit, newest first.
    pub async fn list_audit(&self, filter: &Filter, page: Page) -> Result<Vec<Entry>, StoreError> {
        let mut query = QueryBuilder::new("SELECT * FROM audit");
        push_filter(&mut query, filter);
        query.push(" ORDER BY at DESC, id DESC LIMIT ").push_bind(i64::from(page.limit));
        query.push(" + 0 OFFSET ").push_bind(page.offset());
        let rows = query.build().fetch_all(&self.readers).await?;
        rows.iter().map(entry).collect()
    }

    /// How many events fit.
    pub async fn count_audit(&self, filter: &Filter) -> Result<u64, StoreError> {
        let mut query = QueryBuilder::new("SELECT COUNT(*) AS fitting FROM audit");
        push_filter(&mut query, filter);
        let row = query.build().fetch_one(&self.readers).await?;
        Ok(u64::try_from(row.try_get::<i64, _>("fitting")?).unwrap_or_default())
    }

    /// Writes an event down that clients can bring about as often as they like.
    pub async fn record_repeated(&self, repeated: &Repeated) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        record_repeated(&mut transaction, repeated).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Removes what happened before the first time, and what names no account from before the second; how much there was.
    pub async fn prune_audit(&self, before: Option<Timestamp>, strangers: Timestamp) -> Result<u64, StoreError> {
        let mut removed = sqlx::query("DELETE FROM audit WHERE of_stranger = 1 AND at < $1")
            .bind(strangers.as_millisecond())
            .execute(&self.writer)
            .await?
            .rows_affected();
        if let Some(before) = before {
            let old = sqlx::query("DELETE FROM audit WHERE at < $1").bind(before.as_millisecond());
            removed += old.execute(&self.writer).await?.rows_affected();
        }
        Ok(removed)
    }
}

/// The conditions that are asked for and no others, so that each finds its index.
fn push_filter(query: &mut QueryBuilder<Sqlite>, filter: &Filter) {
    let Filter { event, actor, text, since, until } = filter;
    query.push(" WHERE true");
    if let Some(event) = event {
        query.push(" AND event = ").push_bind(event.as_str());
    }
    if let Some(actor) = actor {
        query.push(" AND (actor_name = ").push_bind(actor.clone()).push(" COLLATE NOCASE");
        query.push(" OR actor_account = (SELECT id FROM accounts WHERE username_key = ");
        query.push_bind(NameKey::new(actor).as_str().to_owned()).push("))");
    }
    if let Some(text) = text {
        let pattern = ["%", &text.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_"), "%"].concat();
        for (start, column) in [(" AND (", "actor_name"), (" OR ", "subject"), (" OR ", "address")] {
            query.push(start).push(column).push(" LIKE ").push_bind(pattern.clone()).push(r" ESCAPE '\'");
        }
        query.push(")");
    }
    if let Some(since) = since {
        query.push(" AND at >= ").push_bind(since.as_millisecond());
    }
    if let Some(until) = until {
        query.push(" AND at < ").push_bind(until.as_millisecond());
    }
}

/// Writes an event down, in the transaction of what it is about: both happen or neither.
pub(super) async fn record(connection: &mut SqliteConnection, entry: &Entry) -> Result<(), StoreError> {
    insert(connection, entry, false).await
}

/// The same of an event that clients can bring about as often as they like.
pub(super) async fn record_repeated(connection: &mut SqliteConnection, repeated: &Repeated) -> Result<(), StoreError> {
    if count_again(connection, &repeated.own).await? {
        return Ok(());
    }
    let Some(all) = &repeated.all else {
        return insert(connection, &repeated.own, false).await;
    };
    let last = sqlx::query("SELECT 1 FROM audit WHERE of_stranger = 1 AND at >= $1 ORDER BY at LIMIT 1 OFFSET $2")
        .bind(beginning(all.at, SignedDuration::from_hours(1)).as_millisecond())
        .bind(i64::from(STRANGERS_AN_HOUR) - 1)
        .fetch_optional(&mut *connection)
        .await?;
    if last.is_none() {
        return insert(connection, &repeated.own, true).await;
    }
    if !count_again(connection, all).await? {
        insert(connection, all, true).await?;
    }
    Ok(())
}

/// Counts it once more in the row that stands for it; `false` when there is none yet.
async fn count_again(connection: &mut SqliteConnection, entry: &Entry) -> Result<bool, StoreError> {
    let counted = sqlx::query("UPDATE audit SET times = times + 1 WHERE id = $1").bind(entry.id.as_str());
    Ok(counted.execute(connection).await?.rows_affected() > 0)
}

async fn insert(connection: &mut SqliteConnection, entry: &Entry, of_stranger: bool) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO audit (id, at, event, actor_account, actor_name, address, subject, detail, times, of_stranger) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(entry.id.as_str())
    .bind(entry.at.as_millisecond())
    .bind(entry.event.as_str())
    .bind(entry.actor.account.as_ref().map(Id::as_str))
    .bind(&entry.actor.name)
    .bind(entry.address.map(|address| address.to_string()))
    .bind(&entry.subject)
    .bind(serde_json::to_string(&entry.detail).unwrap_or_default())
    .bind(i64::from(entry.times))
    .bind(i64::from(of_stranger))
    .execute(connection)
    .await?;
    Ok(())
}

/// The same for several.
pub(super) async fn record_all(connection: &mut SqliteConnection, entries: &[Entry]) -> Result<(), StoreError> {
    for entry in entries {
        record(connection, entry).await?;
    }
    Ok(())
}

/// Ends a transaction: with its event, when what it is about has happened, and it says whether it has.
pub(super) async fn record_if(
    happened: bool,
    mut transaction: Transaction<'_, Sqlite>,
    entry: &Entry,
) -> Result<bool, StoreError> {
    if happened {
        record(&mut transaction, entry).await?;
    }
    transaction.commit().await?;
    Ok(happened)
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
        times: u32::try_from(row.try_get::<i64, _>("times")?).unwrap_or(u32::MAX),
    })
}
