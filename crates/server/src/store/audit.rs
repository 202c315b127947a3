//! The audit log.

use jiff::{SignedDuration, Timestamp};
use sqlx::{Any, AnyConnection, Row as _, Transaction, any::AnyRow};

use super::{Store, StoreError, dialect::pattern, row, selection::Selection};
use crate::domain::{
    account::NameKey,
    audit::{ANONYMOUS_PER_HOUR, Actor, Entry, Event, Filter, Repeated, beginning},
    id::Id,
    page::Page,
};

impl Store {
    /// Records an event.
    pub async fn record(&self, entry: &Entry) -> Result<(), StoreError> {
        self.write(|transaction| record_if(true, transaction, entry)).await?;
        Ok(())
    }

    /// The events that match the filter, newest first.
    pub async fn list_audit(&self, filter: &Filter, page: Page) -> Result<Vec<Entry>, StoreError> {
        let mut selection = selection("SELECT * FROM audit", filter)?;
        selection.page("at DESC, id DESC", page)?;
        let rows = selection.query().fetch_all(&self.readers).await?;
        rows.iter().map(entry).collect()
    }

    /// The number of events that match the filter.
    pub async fn count_audit(&self, filter: &Filter) -> Result<u64, StoreError> {
        let selection = selection("SELECT COUNT(*) AS count FROM audit", filter)?;
        row::count(&selection.query().fetch_one(&self.readers).await?)
    }

    /// Records an event that clients can cause any number of times.
    pub async fn record_repeated(&self, repeated: &Repeated) -> Result<(), StoreError> {
        self.write(|mut transaction| async move {
            record_repeated(&mut transaction, repeated).await?;
            transaction.commit().await?;
            Ok(())
        })
        .await
    }

    /// Removes events before the first time, and those about no account before the second; returns their number.
    pub async fn prune_audit(&self, before: Option<Timestamp>, strangers: Timestamp) -> Result<u64, StoreError> {
        let mut removed = 0;
        for (statement, before) in [
            ("DELETE FROM audit WHERE of_stranger = 1 AND at < $1", Some(strangers)),
            ("DELETE FROM audit WHERE at < $1", before),
        ] {
            let Some(before) = before else { continue };
            removed += self.remove(|| sqlx::query(statement).bind(before.as_millisecond())).await?;
        }
        Ok(removed)
    }
}

/// A selection from the events that match the filter.
fn selection(selected: &str, filter: &Filter) -> Result<Selection, StoreError> {
    let Filter { event, actor, text, since, until } = filter;
    let mut selection = Selection::new(selected);
    if let Some(event) = event {
        selection.and("event = ").bind(event.as_str())?;
    }
    if let Some(actor) = actor {
        selection.and("(");
        begins_with(&mut selection, "lower(actor_name)", &actor.to_ascii_lowercase())?;
        selection.push(" OR actor_account IN (SELECT id FROM accounts WHERE ");
        begins_with(&mut selection, "username_key", NameKey::new(actor).as_str())?;
        selection.push("))");
    }
    if let Some(text) = text {
        let pattern = pattern(&text.to_ascii_lowercase());
        selection.and("(");
        for (start, column) in [("", "actor_name"), (" OR ", "subject"), (" OR ", "address")] {
            selection.push(start).push("lower(").push(column).push(") LIKE ");
            selection.bind(pattern.as_str())?.push(r" ESCAPE '\'");
        }
        selection.push(")");
    }
    if let Some(since) = since {
        selection.and("at >= ").bind(since.as_millisecond())?;
    }
    if let Some(until) = until {
        selection.and("at < ").bind(until.as_millisecond())?;
    }
    Ok(selection)
}

/// The condition that a text begins with another, as a range: `LIKE` does not use an index in both databases. No name
/// has the last code point.
fn begins_with(selection: &mut Selection, text: &str, beginning: &str) -> Result<(), StoreError> {
    selection.push("(").push(text).push(" >= ").bind(beginning)?;
    selection.push(" AND ").push(text).push(" < ").bind(format!("{beginning}{}", char::MAX).as_str())?.push(")");
    Ok(())
}

/// Records an event in the transaction of the change that it is about.
pub(super) async fn record(connection: &mut AnyConnection, entry: &Entry) -> Result<(), StoreError> {
    insert(connection, entry, false).await
}

/// Records an event that clients can cause any number of times, in a transaction.
pub(super) async fn record_repeated(connection: &mut AnyConnection, repeated: &Repeated) -> Result<(), StoreError> {
    if count_again(connection, &repeated.own).await? {
        return Ok(());
    }
    let Some(all) = &repeated.all else {
        return insert(connection, &repeated.own, false).await;
    };
    let last = sqlx::query("SELECT 1 FROM audit WHERE of_stranger = 1 AND at >= $1 ORDER BY at LIMIT 1 OFFSET $2")
        .bind(beginning(all.at, SignedDuration::from_hours(1)).as_millisecond())
        .bind(i64::from(ANONYMOUS_PER_HOUR) - 1)
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

/// Increments the count of an existing row; `false` when there is none.
async fn count_again(connection: &mut AnyConnection, entry: &Entry) -> Result<bool, StoreError> {
    let counted = sqlx::query("UPDATE audit SET times = times + 1 WHERE id = $1").bind(entry.id.as_str());
    Ok(counted.execute(connection).await?.rows_affected() > 0)
}

async fn insert(connection: &mut AnyConnection, entry: &Entry, of_stranger: bool) -> Result<(), StoreError> {
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

/// Records several events, in a transaction.
pub(super) async fn record_all(connection: &mut AnyConnection, entries: &[Entry]) -> Result<(), StoreError> {
    for entry in entries {
        record(connection, entry).await?;
    }
    Ok(())
}

/// Commits a transaction with its event if `happened`, and returns that flag.
pub(super) async fn record_if(
    happened: bool,
    mut transaction: Transaction<'_, Any>,
    entry: &Entry,
) -> Result<bool, StoreError> {
    if happened {
        record(&mut transaction, entry).await?;
    }
    transaction.commit().await?;
    Ok(happened)
}

fn entry(row: &AnyRow) -> Result<Entry, StoreError> {
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
