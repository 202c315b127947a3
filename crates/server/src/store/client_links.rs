//! Magic links, and the links of previews.

use jiff::Timestamp;
use sqlx::{AnyConnection, Row as _, any::AnyRow};

use super::{
    Store, StoreError,
    audit::{record, record_if},
    row,
};
use crate::domain::{
    audit::Entry,
    client::{Link, LinkHash},
    id::Id,
    page::Page,
};

/// The outcome of creating a magic link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkOutcome {
    /// It was created.
    Done,
    /// Nothing was created: the client is inactive or does not exist.
    ClientInactive,
}

/// The columns that [`link`] reads.
macro_rules! link_columns {
    () => {
        "l.id, l.client_id, l.label, l.project_id, l.created_by, l.created_at, l.last_used_at, l.revoked_at"
    };
}

impl Store {
    /// A page of a client's links, newest first, including revoked ones.
    pub async fn list_links(&self, client: &Id, page: Page) -> Result<Vec<Link>, StoreError> {
        let rows = sqlx::query(concat!(
            "SELECT ",
            link_columns!(),
            " FROM client_links l WHERE l.client_id = $1 ORDER BY l.created_at DESC, l.id DESC LIMIT $2 + 0 OFFSET $3"
        ))
        .bind(client.as_str())
        .bind(i64::from(page.limit))
        .bind(page.offset())
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(link).collect()
    }

    /// The number of a client's links, including revoked ones.
    pub async fn count_links(&self, client: &Id) -> Result<u64, StoreError> {
        let row = sqlx::query("SELECT COUNT(*) AS count FROM client_links WHERE client_id = $1")
            .bind(client.as_str())
            .fetch_one(&self.readers)
            .await?;
        row::count(&row)
    }

    /// A link, revoked or not.
    pub async fn find_link(&self, id: &Id) -> Result<Option<Link>, StoreError> {
        let row = sqlx::query(concat!("SELECT ", link_columns!(), " FROM client_links l WHERE l.id = $1"))
            .bind(id.as_str())
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(link).transpose()
    }

    /// Creates a link, if its client is active.
    pub async fn insert_link(&self, link: &Link, secret: LinkHash, entry: &Entry) -> Result<LinkOutcome, StoreError> {
        self.write(|mut transaction| async move {
            if !insert(&mut transaction, link, secret).await? {
                return Ok(LinkOutcome::ClientInactive);
            }
            record(&mut transaction, entry).await?;
            transaction.commit().await?;
            Ok(LinkOutcome::Done)
        })
        .await
    }

    /// Revokes a link; `false` when it was revoked already.
    pub async fn revoke_link(&self, id: &Id, entry: &Entry, now: Timestamp) -> Result<bool, StoreError> {
        self.write(|mut transaction| async move {
            let result = sqlx::query("UPDATE client_links SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL")
                .bind(id.as_str())
                .bind(now.as_millisecond())
                .execute(&mut *transaction)
                .await?;
            record_if(result.rows_affected() > 0, transaction, entry).await
        })
        .await
    }
}

/// Creates a link; `false` when its client is inactive or does not exist.
pub(super) async fn insert(connection: &mut AnyConnection, link: &Link, secret: LinkHash) -> Result<bool, StoreError> {
    let result = sqlx::query(
        "INSERT INTO client_links (id, client_id, secret_hash, label, project_id, created_by, created_at, \
         last_used_at, revoked_at) SELECT $1, c.id, $3, $4, $5, $6, $7, $8, $9 FROM clients c \
         WHERE c.id = $2 AND c.active = 1",
    )
    .bind(link.id.as_str())
    .bind(link.client.as_str())
    .bind(secret.as_bytes().to_vec())
    .bind(&link.label)
    .bind(link.project.as_ref().map(Id::as_str))
    .bind(&link.created_by)
    .bind(link.created_at.as_millisecond())
    .bind(link.last_used_at.map(Timestamp::as_millisecond))
    .bind(link.revoked_at.map(Timestamp::as_millisecond))
    .execute(connection)
    .await?;
    Ok(result.rows_affected() == 1)
}

pub(super) fn link(row: &AnyRow) -> Result<Link, StoreError> {
    Ok(Link {
        id: Id::stored(row.try_get("id")?),
        client: Id::stored(row.try_get("client_id")?),
        label: row.try_get("label")?,
        project: row.try_get::<Option<String>, _>("project_id")?.map(Id::stored),
        created_by: row.try_get("created_by")?,
        created_at: row::time(row, "created_at")?,
        last_used_at: row::optional_time(row, "last_used_at")?,
        revoked_at: row::optional_time(row, "revoked_at")?,
    })
}
