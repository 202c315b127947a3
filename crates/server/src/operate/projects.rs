//! `doorstep project`.

use doorstep_contract::projects::{self, ProjectEdit};

use super::{OperateError, columns, json, open};
use crate::{
    cli::{Project, ProjectAction},
    domain::{audit::Origin, id::Id},
    error::Error,
    serve::Terminal,
};

/// `doorstep project`.
///
/// # Errors
/// See [`OperateError`].
pub async fn project(command: Project, terminal: &impl Terminal) -> Result<(), OperateError> {
    let service = open(&command.operation).await?;
    let origin = Origin::command();
    let (projects, done) = match command.action {
        ProjectAction::Add { name, summary, client } => {
            let client_id = match client {
                Some(slug) => Some(service.clients().by_slug(&slug).await?.id.to_string()),
                None => None,
            };
            let wanted = ProjectEdit { name: Some(name), summary: Some(summary), client_id, status: None };
            (vec![service.projects().create(&origin, wanted).await?], Some("created"))
        }
        ProjectAction::List => (service.projects().all().await?, None),
        ProjectAction::Link { project, client } => {
            let client_id = Some(service.clients().by_slug(&client).await?.id.to_string());
            let wanted = ProjectEdit { client_id, ..ProjectEdit::default() };
            let linked = service.projects().edit(&origin, &Id::stored(project), wanted).await;
            let linked = linked.map_err(|error| match error {
                Error::NotFound => OperateError::Unknown("project with this ID"),
                other => other.into(),
            })?;
            (vec![linked], Some("linked"))
        }
    };
    service.close().await;
    if command.operation.json {
        terminal.line(&json(&projects));
    } else if let Some(done) = done {
        for project in &projects {
            terminal.line(&format!("{}: {done}, {}", project.name, project.id));
        }
    } else {
        columns(terminal, &projects, cells);
    }
    Ok(())
}

fn cells(project: &projects::Project) -> [String; 4] {
    let client = project.client_name.clone().unwrap_or_else(|| "-".to_owned());
    [project.id.clone(), project.status.as_str().to_owned(), client, project.name.clone()]
}
