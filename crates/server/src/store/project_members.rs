//! The members of projects.

use sqlx::{Row as _, any::AnyRow};

use super::{Store, StoreError, audit::record_if, row};
use crate::domain::{audit::Entry, id::Id, page::Page, project::Member};

/// Members with their names.
macro_rules! members {
    ($rest:literal) => {
        concat!(
            "SELECT m.account_id, a.username, a.name, m.created_at FROM project_members m \
             JOIN accounts a ON a.id = m.account_id ",
            $rest
        )
    };
}

impl Store {
    /// A page of the members of a project, by username.
    pub async fn list_members(&self, project: &Id, page: Page) -> Result<Vec<Member>, StoreError> {
        let rows = sqlx::query(members!("WHERE m.project_id = $1 ORDER BY a.username_key LIMIT $2 + 0 OFFSET $3"))
            .bind(project.as_str())
            .bind(i64::from(page.limit))
            .bind(page.offset())
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(member).collect()
    }

    /// The number of members of a project.
    pub async fn count_members(&self, project: &Id) -> Result<u64, StoreError> {
        let row = sqlx::query("SELECT COUNT(*) AS count FROM project_members WHERE project_id = $1")
            .bind(project.as_str())
            .fetch_one(&self.readers)
            .await?;
        row::count(&row)
    }

    /// A member of a project.
    pub async fn find_member(&self, project: &Id, account: &Id) -> Result<Option<Member>, StoreError> {
        let row = sqlx::query(members!("WHERE m.project_id = $1 AND m.account_id = $2"))
            .bind(project.as_str())
            .bind(account.as_str())
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(member).transpose()
    }

    /// Adds an account to a project; `false` when it is a member already, or one of the two does not exist.
    pub async fn insert_member(&self, project: &Id, member: &Member, entry: &Entry) -> Result<bool, StoreError> {
        self.write(|mut transaction| async move {
            let result = sqlx::query(
                "INSERT INTO project_members (project_id, account_id, created_at) \
                 SELECT p.id, a.id, $3 FROM projects p, accounts a WHERE p.id = $1 AND a.id = $2 ON CONFLICT DO NOTHING",
            )
            .bind(project.as_str())
            .bind(member.account.as_str())
            .bind(member.created_at.as_millisecond())
            .execute(&mut *transaction)
            .await?;
            record_if(result.rows_affected() > 0, transaction, entry).await
        })
        .await
    }

    /// Removes an account from a project; `false` when it is not a member.
    pub async fn remove_member(&self, project: &Id, account: &Id, entry: &Entry) -> Result<bool, StoreError> {
        self.write(|mut transaction| async move {
            let result = sqlx::query("DELETE FROM project_members WHERE project_id = $1 AND account_id = $2")
                .bind(project.as_str())
                .bind(account.as_str())
                .execute(&mut *transaction)
                .await?;
            record_if(result.rows_affected() > 0, transaction, entry).await
        })
        .await
    }
}

fn member(row: &AnyRow) -> Result<Member, StoreError> {
    Ok(Member {
        account: Id::stored(row.try_get("account_id")?),
        username: row.try_get("username")?,
        name: row.try_get("name")?,
        created_at: row::time(row, "created_at")?,
    })
}
