//! The updates of projects.

use jiff::Timestamp;
use sqlx::{AnyConnection, Row as _, any::AnyRow};

use super::{Store, StoreError, audit::record_if, projects::touch, row};
use crate::domain::{audit::Entry, id::Id, page::Page, project::Update};

impl Store {
    /// A page of the updates of a project, newest first.
    pub async fn list_updates(&self, project: &Id, page: Page) -> Result<Vec<Update>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, body, author, created_at, edited_at FROM project_updates WHERE project_id = $1 \
             ORDER BY created_at DESC, id DESC LIMIT $2 + 0 OFFSET $3",
        )
        .bind(project.as_str())
        .bind(i64::from(page.limit))
        .bind(page.offset())
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(update).collect()
    }

    /// The number of updates of a project.
    pub async fn count_updates(&self, project: &Id) -> Result<u64, StoreError> {
        let row = sqlx::query("SELECT COUNT(*) AS count FROM project_updates WHERE project_id = $1")
            .bind(project.as_str())
            .fetch_one(&self.readers)
            .await?;
        row::count(&row)
    }

    /// An update of a project.
    pub async fn find_update(&self, project: &Id, id: &Id) -> Result<Option<Update>, StoreError> {
        let row = sqlx::query(
            "SELECT id, body, author, created_at, edited_at FROM project_updates WHERE project_id = $1 AND id = $2",
        )
        .bind(project.as_str())
        .bind(id.as_str())
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(update).transpose()
    }

    /// Creates an update; `false` when there is no such project.
    pub async fn insert_update(&self, project: &Id, update: &Update, entry: &Entry) -> Result<bool, StoreError> {
        self.write(|mut transaction| async move {
            let happened = touch(&mut transaction, project, update.created_at).await?;
            if happened {
                insert(&mut transaction, project, update).await?;
            }
            record_if(happened, transaction, entry).await
        })
        .await
    }

    /// Edits an update; `false` when the project has none with this id.
    pub async fn change_update(
        &self,
        project: &Id,
        id: &Id,
        body: &str,
        entry: &Entry,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write(|mut transaction| async move {
            let result =
                sqlx::query("UPDATE project_updates SET body = $3, edited_at = $4 WHERE project_id = $1 AND id = $2")
                    .bind(project.as_str())
                    .bind(id.as_str())
                    .bind(body)
                    .bind(now.as_millisecond())
                    .execute(&mut *transaction)
                    .await?;
            let happened = result.rows_affected() > 0 && touch(&mut transaction, project, now).await?;
            record_if(happened, transaction, entry).await
        })
        .await
    }

    /// Removes an update; `false` when the project has none with this id.
    pub async fn remove_update(
        &self,
        project: &Id,
        id: &Id,
        entry: &Entry,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write(|mut transaction| async move {
            let result = sqlx::query("DELETE FROM project_updates WHERE project_id = $1 AND id = $2")
                .bind(project.as_str())
                .bind(id.as_str())
                .execute(&mut *transaction)
                .await?;
            let happened = result.rows_affected() > 0 && touch(&mut transaction, project, now).await?;
            record_if(happened, transaction, entry).await
        })
        .await
    }
}

/// Inserts an update.
pub(super) async fn insert(connection: &mut AnyConnection, project: &Id, update: &Update) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO project_updates (id, project_id, body, author, created_at, edited_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(update.id.as_str())
    .bind(project.as_str())
    .bind(&update.body)
    .bind(&update.author)
    .bind(update.created_at.as_millisecond())
    .bind(update.edited_at.map(Timestamp::as_millisecond))
    .execute(connection)
    .await?;
    Ok(())
}

fn update(row: &AnyRow) -> Result<Update, StoreError> {
    Ok(Update {
        id: Id::stored(row.try_get("id")?),
        body: row.try_get("body")?,
        author: row.try_get("author")?,
        created_at: row::time(row, "created_at")?,
        edited_at: row::optional_time(row, "edited_at")?,
    })
}
