//! Projects.

use doorstep_contract::projects::ProjectStatus;
use jiff::Timestamp;
use sqlx::{AnyConnection, Row as _, any::AnyRow};

use super::{Store, StoreError, audit::record, dialect::pattern, row, selection::Selection};
use crate::domain::{
    audit::Entry,
    id::Id,
    page::Page,
    project::{Filter, LinkedClient, Project, Statuses, Whose},
    text,
};

/// The changes of a project; `None` leaves a field as it is.
#[derive(Debug, Clone, Default)]
pub struct ProjectChange {
    /// The name.
    pub name: Option<String>,
    /// The status.
    pub status: Option<ProjectStatus>,
    /// The summary.
    pub summary: Option<String>,
    /// The client; `Some(None)` unlinks it.
    pub client: Option<Option<Id>>,
}

impl ProjectChange {
    /// Whether there are no changes.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.name.is_none() && self.status.is_none() && self.summary.is_none() && self.client.is_none()
    }
}

/// The outcome of writing a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProjectOutcome {
    /// It was written.
    Done,
    /// Nothing was written: there is no such project.
    Gone,
    /// Nothing was written: there is no such client.
    UnknownClient,
}

/// Projects with the names of their clients, and optional further columns.
macro_rules! projects {
    ($rest:expr) => {
        $crate::store::projects::projects!("", $rest)
    };
    ($further:expr, $rest:expr) => {
        concat!(
            "SELECT p.id, p.name, p.status, p.summary, p.client_id, c.name AS client_name, c.active AS client_active, \
             c.preview_of IS NOT NULL AS client_preview, p.created_at, p.updated_at",
            $further,
            " FROM projects p LEFT JOIN clients c ON c.id = p.client_id ",
            $rest
        )
    };
}
pub(super) use projects;

/// A selection from the projects `p` and their clients `c` that match the filter.
fn selection(selected: &str, filter: Filter<'_>) -> Result<Selection, StoreError> {
    let Filter { whose, statuses, words } = filter;
    let mut selection = Selection::new(selected);
    match whose {
        Whose::All => {}
        Whose::Member(account) => {
            selection.and("p.id IN (SELECT m.project_id FROM project_members m WHERE m.account_id = ");
            selection.bind(account.as_str())?.push(")");
        }
        Whose::Client(client) => {
            selection.and("p.client_id = ").bind(client.as_str())?;
        }
    }
    match statuses {
        Statuses::All => {}
        Statuses::Current => {
            selection.and("p.status <> ").bind(ProjectStatus::Archived.as_str())?;
        }
        Statuses::Only(status) => {
            selection.and("p.status = ").bind(status.as_str())?;
        }
    }
    if !words.is_empty() {
        let pattern = pattern(words);
        selection.and("(p.name_folded LIKE ").bind(pattern.as_str())?.push(r" ESCAPE '\' OR c.name_folded LIKE ");
        selection.bind(pattern.as_str())?.push(r" ESCAPE '\')");
    }
    Ok(selection)
}

impl Store {
    /// A page of the projects that match the filter, the last changed first.
    pub async fn list_projects(&self, filter: Filter<'_>, page: Page) -> Result<Vec<Project>, StoreError> {
        let mut selection = selection(projects!(""), filter)?;
        selection.page("p.updated_at DESC, p.id DESC", page)?;
        selection.query().fetch_all(&self.readers).await?.iter().map(project).collect()
    }

    /// The number of projects that match the filter.
    pub async fn count_projects(&self, filter: Filter<'_>) -> Result<u64, StoreError> {
        let selection = match filter {
            // All minus the archived ones: SQLite counts a whole table by its pages, and the archived ones by an
            // index.
            Filter { whose: Whose::All, statuses: Statuses::Current, words: "" } => {
                let mut selection = Selection::new(
                    "SELECT (SELECT COUNT(*) FROM projects) - (SELECT COUNT(*) FROM projects p WHERE p.status = ",
                );
                selection.bind(ProjectStatus::Archived.as_str())?.push(") AS count");
                selection
            }
            // The search includes the client's name.
            Filter { words, .. } if !words.is_empty() => {
                selection("SELECT COUNT(*) AS count FROM projects p LEFT JOIN clients c ON c.id = p.client_id", filter)?
            }
            _ => selection("SELECT COUNT(*) AS count FROM projects p", filter)?,
        };
        row::count(&selection.query().fetch_one(&self.readers).await?)
    }

    /// A project; with `member`, only if that account is a member.
    pub async fn find_project(&self, id: &Id, member: Option<&Id>) -> Result<Option<Project>, StoreError> {
        let row = sqlx::query(projects!(
            "WHERE p.id = $1 AND ($2 IS NULL OR EXISTS \
             (SELECT 1 FROM project_members m WHERE m.project_id = p.id AND m.account_id = $2))"
        ))
        .bind(id.as_str())
        .bind(member.map(Id::as_str))
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(project).transpose()
    }

    /// Creates a project.
    pub async fn insert_project(&self, project: &Project, entry: &Entry) -> Result<ProjectOutcome, StoreError> {
        self.write(|mut transaction| async move {
            if !insert(&mut transaction, project).await? {
                return Ok(ProjectOutcome::UnknownClient);
            }
            record(&mut transaction, entry).await?;
            transaction.commit().await?;
            Ok(ProjectOutcome::Done)
        })
        .await
    }

    /// Changes a project.
    pub async fn change_project(
        &self,
        id: &Id,
        change: &ProjectChange,
        entry: &Entry,
        now: Timestamp,
    ) -> Result<ProjectOutcome, StoreError> {
        self.write(|mut transaction| async move {
            let result = sqlx::query(
                "UPDATE projects SET name = coalesce($2, name), name_folded = coalesce($3, name_folded), \
                 status = coalesce($4, status), summary = coalesce($5, summary), \
                 client_id = CASE WHEN $6 = 1 THEN $7 ELSE client_id END, updated_at = $8 WHERE id = $1",
            )
            .bind(id.as_str())
            .bind(change.name.as_deref())
            .bind(change.name.as_deref().map(text::fold))
            .bind(change.status.map(ProjectStatus::as_str))
            .bind(change.summary.as_deref())
            .bind(i64::from(change.client.is_some()))
            .bind(change.client.as_ref().and_then(Option::as_ref).map(Id::as_str))
            .bind(now.as_millisecond())
            .execute(&mut *transaction)
            .await;
            match result {
                Ok(result) if result.rows_affected() == 1 => {}
                Ok(_) => return Ok(ProjectOutcome::Gone),
                Err(sqlx::Error::Database(error)) if error.is_foreign_key_violation() => {
                    return Ok(ProjectOutcome::UnknownClient);
                }
                Err(error) => return Err(error.into()),
            }
            record(&mut transaction, entry).await?;
            transaction.commit().await?;
            Ok(ProjectOutcome::Done)
        })
        .await
    }

    /// The projects of an account by name, except archived ones, and the id of the one last opened; all projects
    /// without a member.
    pub async fn workspaces(
        &self,
        account: &Id,
        member: Option<&Id>,
        limit: u32,
    ) -> Result<Vec<(Id, String, bool)>, StoreError> {
        // Part of every `me` response, so the statement is constant and stays prepared.
        macro_rules! workspaces {
            ($whose:literal) => {
                concat!(
                    "SELECT p.id, p.name, EXISTS \
                     (SELECT 1 FROM accounts a WHERE a.id = $1 AND a.last_project_id = p.id) AS opened \
                     FROM projects p WHERE p.status <> $2 AND ",
                    $whose,
                    " ORDER BY p.name_folded, p.id LIMIT $4 + 0"
                )
            };
        }
        let rows = sqlx::query(match member {
            Some(_) => workspaces!("p.id IN (SELECT m.project_id FROM project_members m WHERE m.account_id = $3)"),
            None => workspaces!("$3 IS NULL"),
        })
        .bind(account.as_str())
        .bind(ProjectStatus::Archived.as_str())
        .bind(member.map(Id::as_str))
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await?;
        let workspace =
            |row: &AnyRow| Ok((Id::stored(row.try_get("id")?), row.try_get("name")?, row::flag(row, "opened")?));
        rows.iter().map(workspace).collect()
    }

    /// Whether the project is the one that the account opened last.
    pub async fn is_last_opened(&self, account: &Id, project: &Id) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT 1 FROM accounts WHERE id = $1 AND last_project_id = $2")
            .bind(account.as_str())
            .bind(project.as_str())
            .fetch_optional(&self.readers)
            .await?;
        Ok(row.is_some())
    }

    /// Records that the account opened the project last.
    pub async fn put_last_opened(&self, account: &Id, project: &Id) -> Result<(), StoreError> {
        self.execute(|| {
            sqlx::query("UPDATE accounts SET last_project_id = $2 WHERE id = $1")
                .bind(account.as_str())
                .bind(project.as_str())
        })
        .await?;
        Ok(())
    }
}

/// Creates a project; `false` when there is no such client.
pub(super) async fn insert(connection: &mut AnyConnection, project: &Project) -> Result<bool, StoreError> {
    let result = sqlx::query(
        "INSERT INTO projects (id, name, name_folded, status, summary, client_id, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(project.id.as_str())
    .bind(&project.name)
    .bind(text::fold(&project.name))
    .bind(project.status.as_str())
    .bind(&project.summary)
    .bind(project.client.as_ref().map(|client| client.id.as_str()))
    .bind(project.created_at.as_millisecond())
    .bind(project.updated_at.as_millisecond())
    .execute(connection)
    .await;
    match result {
        Ok(_) => Ok(true),
        Err(sqlx::Error::Database(error)) if error.is_foreign_key_violation() => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Updates when a project, or a part of it, was last changed; `false` when there is no such project.
pub(super) async fn touch(connection: &mut AnyConnection, id: &Id, now: Timestamp) -> Result<bool, StoreError> {
    let result = sqlx::query("UPDATE projects SET updated_at = $2 WHERE id = $1")
        .bind(id.as_str())
        .bind(now.as_millisecond())
        .execute(connection)
        .await?;
    Ok(result.rows_affected() == 1)
}

pub(super) fn project(row: &AnyRow) -> Result<Project, StoreError> {
    let client = match row.try_get::<Option<String>, _>("client_id")? {
        Some(id) => Some(LinkedClient {
            id: Id::stored(id),
            name: row.try_get("client_name")?,
            active: row::flag(row, "client_active")?,
            preview: row::flag(row, "client_preview")?,
        }),
        None => None,
    };
    Ok(Project {
        id: Id::stored(row.try_get("id")?),
        name: row.try_get("name")?,
        status: row::word(row, "status", ProjectStatus::parse)?,
        summary: row.try_get("summary")?,
        client,
        created_at: row::time(row, "created_at")?,
        updated_at: row::time(row, "updated_at")?,
    })
}
