//! Clients.

use jiff::Timestamp;
use sqlx::{AnyConnection, Row as _, any::AnyRow};

use super::{Store, StoreError, audit::record, dialect::pattern, row, selection::Selection};
use crate::domain::{
    audit::Entry,
    client::{Client, free_slug},
    id::Id,
    page::Page,
    text,
};

/// The changes of a client; `None` leaves a field as it is.
#[derive(Debug, Clone, Default)]
pub struct ClientChange {
    /// The display name.
    pub name: Option<String>,
    /// The slug.
    pub slug: Option<String>,
    /// Whether it may use the portal.
    pub active: Option<bool>,
}

/// The outcome of writing a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientOutcome {
    /// It was written.
    Done,
    /// Nothing was written: there is no such client.
    Gone,
    /// Nothing was written: another client has the slug.
    SlugTaken,
}

/// Clients with their counts of projects and links.
macro_rules! clients {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.name, c.slug, c.active, c.preview_of, c.created_at, c.updated_at, \
             (SELECT COUNT(*) FROM projects p WHERE p.client_id = c.id) AS projects, \
             (SELECT COUNT(*) FROM client_links l WHERE l.client_id = c.id AND l.revoked_at IS NULL \
             AND l.project_id IS NULL) AS links FROM clients c ",
            $rest
        )
    };
}

/// A selection from the clients `c` with the words in their name or slug.
fn selection(selected: &str, words: &str) -> Result<Selection, StoreError> {
    let mut selection = Selection::new(selected);
    if !words.is_empty() {
        let pattern = pattern(words);
        selection.and("(c.name_folded LIKE ").bind(pattern.as_str())?.push(r" ESCAPE '\' OR c.slug LIKE ");
        selection.bind(pattern.as_str())?.push(r" ESCAPE '\')");
    }
    Ok(selection)
}

impl Store {
    /// A page of the clients with the words in their name or slug, by name. The words are [folded](text::fold).
    pub async fn list_clients(&self, words: &str, page: Page) -> Result<Vec<Client>, StoreError> {
        let mut selection = selection(clients!(""), words)?;
        selection.page("c.name_folded, c.id", page)?;
        selection.query().fetch_all(&self.readers).await?.iter().map(client).collect()
    }

    /// The number of clients with the words in their name or slug.
    pub async fn count_clients(&self, words: &str) -> Result<u64, StoreError> {
        let selection = selection("SELECT COUNT(*) AS count FROM clients c", words)?;
        row::count(&selection.query().fetch_one(&self.readers).await?)
    }

    /// A client by its id.
    pub async fn find_client(&self, id: &Id) -> Result<Option<Client>, StoreError> {
        let row = sqlx::query(clients!("WHERE c.id = $1")).bind(id.as_str()).fetch_optional(&self.readers).await?;
        row.as_ref().map(client).transpose()
    }

    /// The client with this slug.
    pub async fn find_client_by_slug(&self, slug: &str) -> Result<Option<Client>, StoreError> {
        let row = sqlx::query(clients!("WHERE c.slug = $1")).bind(slug).fetch_optional(&self.readers).await?;
        row.as_ref().map(client).transpose()
    }

    /// Creates a client.
    pub async fn insert_client(&self, client: &Client, entry: &Entry) -> Result<ClientOutcome, StoreError> {
        self.write(|mut transaction| async move {
            if !insert(&mut transaction, client).await? {
                return Ok(ClientOutcome::SlugTaken);
            }
            record(&mut transaction, entry).await?;
            transaction.commit().await?;
            Ok(ClientOutcome::Done)
        })
        .await
    }

    /// Creates a client with its slug, or the next free one with a number; returns the slug.
    pub async fn insert_client_with_free_slug(&self, client: &Client, entry: &Entry) -> Result<String, StoreError> {
        // No other write happens between the read and the insert.
        self.write(|mut transaction| async move {
            // Slugs that begin with this one and a dash: in ASCII, the dash is followed by the full stop.
            let rows = sqlx::query("SELECT slug FROM clients WHERE slug = $1 OR (slug >= $2 AND slug < $3)")
                .bind(&client.slug)
                .bind(format!("{}-", client.slug))
                .bind(format!("{}.", client.slug))
                .fetch_all(&mut *transaction)
                .await?;
            let taken = rows.iter().map(|row| row.try_get("slug")).collect::<Result<Vec<String>, _>>()?;
            let slug = free_slug(&client.slug, &taken);
            insert(&mut transaction, &Client { slug: slug.clone(), ..client.clone() }).await?;
            record(&mut transaction, entry).await?;
            transaction.commit().await?;
            Ok(slug)
        })
        .await
    }

    /// Changes a client.
    pub async fn change_client(
        &self,
        id: &Id,
        change: &ClientChange,
        entries: &[Entry],
        now: Timestamp,
    ) -> Result<ClientOutcome, StoreError> {
        self.write(|mut transaction| async move {
            let result = sqlx::query(
                "UPDATE clients SET name = coalesce($2, name), name_folded = coalesce($3, name_folded), \
                 slug = coalesce($4, slug), active = coalesce($5, active), updated_at = $6 WHERE id = $1",
            )
            .bind(id.as_str())
            .bind(change.name.as_deref())
            .bind(change.name.as_deref().map(text::fold))
            .bind(change.slug.as_deref())
            .bind(change.active.map(i64::from))
            .bind(now.as_millisecond())
            .execute(&mut *transaction)
            .await;
            match result {
                Ok(result) if result.rows_affected() == 1 => {}
                Ok(_) => return Ok(ClientOutcome::Gone),
                Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
                    return Ok(ClientOutcome::SlugTaken);
                }
                Err(error) => return Err(error.into()),
            }
            for entry in entries {
                record(&mut transaction, entry).await?;
            }
            transaction.commit().await?;
            Ok(ClientOutcome::Done)
        })
        .await
    }
}

/// Creates a client; `false` when another has its slug.
pub(super) async fn insert(connection: &mut AnyConnection, client: &Client) -> Result<bool, StoreError> {
    let result = sqlx::query(
        "INSERT INTO clients (id, name, name_folded, slug, active, preview_of, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
    )
    .bind(client.id.as_str())
    .bind(&client.name)
    .bind(text::fold(&client.name))
    .bind(&client.slug)
    .bind(i64::from(client.active))
    .bind(client.preview_of.as_ref().map(Id::as_str))
    .bind(client.created_at.as_millisecond())
    .bind(client.updated_at.as_millisecond())
    .execute(connection)
    .await?;
    Ok(result.rows_affected() == 1)
}

pub(super) fn client(row: &AnyRow) -> Result<Client, StoreError> {
    let number = |column| Ok::<_, StoreError>(u32::try_from(row.try_get::<i64, _>(column)?).unwrap_or(u32::MAX));
    Ok(Client {
        id: Id::stored(row.try_get("id")?),
        name: row.try_get("name")?,
        slug: row.try_get("slug")?,
        active: row::flag(row, "active")?,
        preview_of: row.try_get::<Option<String>, _>("preview_of")?.map(Id::stored),
        projects: number("projects")?,
        links: number("links")?,
        created_at: row::time(row, "created_at")?,
        updated_at: row::time(row, "updated_at")?,
    })
}
