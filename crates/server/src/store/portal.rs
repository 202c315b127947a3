//! The portal: links that open it, what its viewers see, and previews.

use doorstep_contract::projects::ProjectStatus;
use jiff::Timestamp;
use sqlx::{AnyConnection, Row as _, any::AnyRow};

use super::{
    Store, StoreError,
    audit::{record, record_if},
    client_links, clients,
    projects::{project, projects},
};
use crate::domain::{
    audit::Entry,
    client::{Link, LinkHash},
    id::Id,
    page::Page,
    portal::{PREVIEW_LABEL, Seen, preview_client},
    project::{LinkedClient, Project},
};

/// A valid link of an active client.
#[derive(Debug, Clone)]
pub struct ValidLink {
    /// The id.
    pub id: Id,
    /// The label.
    pub label: String,
    /// The client whose portal it opens.
    pub client: Id,
    /// The client's name.
    pub client_name: String,
    /// For a preview: the project that it shows.
    pub project: Option<Id>,
}

/// A preview to begin.
#[derive(Debug)]
pub struct NewPreview<'a> {
    /// The project.
    pub project: &'a Id,
    /// The id of the preview client, if one has to be created.
    pub client: Id,
    /// The id of the preview's link, if it has to be created.
    pub link: Id,
    /// The hash of the link's secret, which is discarded.
    pub secret: LinkHash,
    /// The operator's name.
    pub by: &'a str,
    /// The audit event; subject and details are added.
    pub entry: Entry,
}

/// The outcome of beginning a preview.
#[derive(Debug, Clone)]
pub enum PreviewOutcome {
    /// It has begun.
    Begun(Box<PreviewBegun>),
    /// There is no such project.
    Gone,
    /// The client that it would use is inactive.
    ClientInactive,
}

/// A preview that has begun.
#[derive(Debug, Clone)]
pub struct PreviewBegun {
    /// The link.
    pub link: Id,
    /// The client.
    pub client: LinkedClient,
    /// The recorded event.
    pub entry: Entry,
}

/// The valid links, with the columns that [`in_force`] reads.
macro_rules! valid_links {
    ($condition:literal) => {
        concat!(
            "SELECT l.id, l.label, l.project_id, c.id AS client_id, c.name AS client_name \
             FROM client_links l JOIN clients c ON c.id = l.client_id \
             WHERE l.revoked_at IS NULL AND c.active = 1 AND ",
            $condition
        )
    };
}

/// Projects with an excerpt of their latest update.
macro_rules! with_latest {
    () => {
        projects!(
            ", (SELECT substr(u.body, 1, 280) FROM project_updates u WHERE u.project_id = p.id \
             ORDER BY u.created_at DESC, u.id DESC LIMIT 1) AS latest",
            ""
        )
    };
}

/// The condition for [`Seen`], which binds its id and the status of archived projects.
macro_rules! seen {
    ($columns:expr, $seen:expr, $rest:literal) => {
        match $seen {
            Seen::OfClient(_) => concat!($columns, "WHERE p.client_id = $1 AND p.status <> $2", $rest),
            Seen::Project(_) => concat!($columns, "WHERE p.id = $1 AND p.status <> $2", $rest),
        }
    };
}

impl Store {
    /// A link, if it is valid. A preview's link is valid while the project belongs to its client.
    pub async fn find_valid_link(&self, id: &Id) -> Result<Option<ValidLink>, StoreError> {
        let row = sqlx::query(valid_links!(
            "l.id = $1 AND (l.project_id IS NULL \
             OR EXISTS (SELECT 1 FROM projects p WHERE p.id = l.project_id AND p.client_id = l.client_id))"
        ))
        .bind(id.as_str())
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(in_force).transpose()
    }

    /// The magic link with this secret, if it is valid. A preview's link is not a magic link.
    pub async fn find_magic_link(&self, secret: LinkHash) -> Result<Option<ValidLink>, StoreError> {
        let row = sqlx::query(valid_links!("l.secret_hash = $1 AND l.project_id IS NULL"))
            .bind(secret.as_bytes().to_vec())
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(in_force).transpose()
    }

    /// Records that a visitor opened the portal by a link; `false` when it is not valid any more.
    pub async fn use_magic_link(&self, id: &Id, entry: &Entry, now: Timestamp) -> Result<bool, StoreError> {
        self.write(|mut transaction| async move {
            let result = sqlx::query(
                "UPDATE client_links SET last_used_at = $2 WHERE id = $1 AND revoked_at IS NULL \
                 AND EXISTS (SELECT 1 FROM clients c WHERE c.id = client_id AND c.active = 1)",
            )
            .bind(id.as_str())
            .bind(now.as_millisecond())
            .execute(&mut *transaction)
            .await?;
            record_if(result.rows_affected() > 0, transaction, entry).await
        })
        .await
    }

    /// A page of the projects that a viewer sees, the last changed first.
    pub async fn list_seen(&self, seen: Seen<'_>, page: Page) -> Result<Vec<(Project, Option<String>)>, StoreError> {
        let rows =
            sqlx::query(seen!(with_latest!(), seen, " ORDER BY p.updated_at DESC, p.id DESC LIMIT $3 + 0 OFFSET $4"))
                .bind(id(seen).as_str())
                .bind(ProjectStatus::Archived.as_str())
                .bind(i64::from(page.limit))
                .bind(page.offset())
                .fetch_all(&self.readers)
                .await?;
        rows.iter().map(|row| Ok((project(row)?, row.try_get("latest")?))).collect()
    }

    /// The number of projects that a viewer sees.
    pub async fn count_seen(&self, seen: Seen<'_>) -> Result<u64, StoreError> {
        let row = sqlx::query(seen!("SELECT COUNT(*) AS count FROM projects p ", seen, ""))
            .bind(id(seen).as_str())
            .bind(ProjectStatus::Archived.as_str())
            .fetch_one(&self.readers)
            .await?;
        super::row::count(&row)
    }

    /// A project, if the viewer sees it.
    pub async fn find_seen(&self, seen: Seen<'_>, wanted: &Id) -> Result<Option<Project>, StoreError> {
        let row = sqlx::query(seen!(projects!(""), seen, " AND p.id = $3"))
            .bind(id(seen).as_str())
            .bind(ProjectStatus::Archived.as_str())
            .bind(wanted.as_str())
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(project).transpose()
    }

    /// Begins a preview: finds or creates its client and its link. A project without a client is linked to the
    /// preview client.
    pub async fn begin_preview(&self, new: NewPreview<'_>, now: Timestamp) -> Result<PreviewOutcome, StoreError> {
        // Serialized with other previews: a second click finds what the first one created.
        let new = &new;
        self.write(|mut transaction| async move {
            let row = sqlx::query(projects!("WHERE p.id = $1"))
                .bind(new.project.as_str())
                .fetch_optional(&mut *transaction)
                .await?;
            let Some(project) = row.as_ref().map(project).transpose()? else {
                return Ok(PreviewOutcome::Gone);
            };
            let client = match project.client.clone().filter(|client| client.active) {
                Some(client) => client,
                None => find_or_create_preview_client(&mut transaction, &project, new.client.clone(), now).await?,
            };
            if !client.active {
                return Ok(PreviewOutcome::ClientInactive);
            }
            sqlx::query("UPDATE projects SET client_id = $2 WHERE id = $1 AND client_id IS NULL")
                .bind(project.id.as_str())
                .bind(client.id.as_str())
                .execute(&mut *transaction)
                .await?;
            let link = Link {
                id: new.link.clone(),
                client: client.id.clone(),
                label: PREVIEW_LABEL.to_owned(),
                project: Some(project.id.clone()),
                created_by: new.by.to_owned(),
                created_at: now,
                last_used_at: Some(now),
                revoked_at: None,
            };
            let link = find_or_create_preview_link(&mut transaction, link, new.secret).await?;
            let entry = Entry { subject: project.name, ..new.entry.clone() }
                .with("project_id", project.id.as_str())
                .with("client_id", client.id.as_str())
                .with("link_id", link.as_str());
            record(&mut transaction, &entry).await?;
            transaction.commit().await?;
            Ok(PreviewOutcome::Begun(Box::new(PreviewBegun { link, client, entry })))
        })
        .await
    }
}

/// The preview client of a project, for when it has no active client.
async fn find_or_create_preview_client(
    connection: &mut AnyConnection,
    project: &Project,
    id: Id,
    now: Timestamp,
) -> Result<LinkedClient, StoreError> {
    let new = preview_client(project, id, now);
    let row = sqlx::query("SELECT id, name, active FROM clients WHERE slug = $1 OR preview_of = $2")
        .bind(&new.slug)
        .bind(project.id.as_str())
        .fetch_optional(&mut *connection)
        .await?;
    if let Some(row) = row {
        let active = super::row::flag(&row, "active")?;
        let (id, name) = (Id::stored(row.try_get("id")?), row.try_get("name")?);
        return Ok(LinkedClient { id, name, active, preview: true });
    }
    clients::insert(connection, &new).await?;
    Ok(LinkedClient { id: new.id, name: new.name, active: true, preview: true })
}

/// The link for previews of a project as a client.
async fn find_or_create_preview_link(
    connection: &mut AnyConnection,
    new: Link,
    secret: LinkHash,
) -> Result<Id, StoreError> {
    let row = sqlx::query(
        "UPDATE client_links SET last_used_at = $3 WHERE client_id = $1 AND project_id = $2 AND revoked_at IS NULL \
         RETURNING id",
    )
    .bind(new.client.as_str())
    .bind(new.project.as_ref().map(Id::as_str))
    .bind(new.last_used_at.map(Timestamp::as_millisecond))
    .fetch_optional(&mut *connection)
    .await?;
    if let Some(row) = row {
        return Ok(Id::stored(row.try_get("id")?));
    }
    client_links::insert(connection, &new, secret).await?;
    Ok(new.id)
}

const fn id(seen: Seen<'_>) -> &Id {
    match seen {
        Seen::OfClient(id) | Seen::Project(id) => id,
    }
}

fn in_force(row: &AnyRow) -> Result<ValidLink, StoreError> {
    Ok(ValidLink {
        id: Id::stored(row.try_get("id")?),
        label: row.try_get("label")?,
        client: Id::stored(row.try_get("client_id")?),
        client_name: row.try_get("client_name")?,
        project: row.try_get::<Option<String>, _>("project_id")?.map(Id::stored),
    })
}
