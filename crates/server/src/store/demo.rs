//! Sample data for an empty database.

use super::{Store, StoreError, audit::record, client_links, clients, project_updates, projects};
use crate::domain::{
    audit::Entry,
    client::{Client, Link, LinkHash},
    id::Id,
    project::{Project, Update},
};

/// The sample data.
#[derive(Debug, Clone, Default)]
pub struct Sample {
    /// Clients.
    pub clients: Vec<Client>,
    /// Their magic links.
    pub links: Vec<(Link, LinkHash)>,
    /// Projects.
    pub projects: Vec<Project>,
    /// Updates, each with the id of its project.
    pub updates: Vec<(Id, Update)>,
    /// The audit events.
    pub entries: Vec<Entry>,
}

impl Store {
    /// Inserts the sample data into a database without projects and clients; `false` when there are any.
    pub async fn insert_sample(&self, sample: &Sample) -> Result<bool, StoreError> {
        self.write(|mut transaction| async move {
            let any = sqlx::query("SELECT 1 FROM projects UNION ALL SELECT 1 FROM clients LIMIT 1");
            if any.fetch_optional(&mut *transaction).await?.is_some() {
                return Ok(false);
            }
            for client in &sample.clients {
                clients::insert(&mut transaction, client).await?;
            }
            for (link, secret) in &sample.links {
                client_links::insert(&mut transaction, link, *secret).await?;
            }
            for project in &sample.projects {
                projects::insert(&mut transaction, project).await?;
            }
            for (project, update) in &sample.updates {
                project_updates::insert(&mut transaction, project, update).await?;
            }
            for entry in &sample.entries {
                record(&mut transaction, entry).await?;
            }
            transaction.commit().await?;
            Ok(true)
        })
        .await
    }
}
