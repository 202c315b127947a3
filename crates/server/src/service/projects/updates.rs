//! Updates of projects, written for their clients.

use doorstep_contract::{
    account::List,
    projects::{self, UpdateEdit},
};

use super::Projects;
use crate::{
    domain::{
        audit::{Event, Origin},
        id::Id,
        page::Page,
        project::{MAX_BODY, Update, read_body},
    },
    error::Error,
    service::core::Identity,
};

impl Projects<'_> {
    /// A page of the updates of a project, newest first, if the caller can see it.
    ///
    /// # Errors
    /// [`Error::NotFound`]; database errors.
    pub async fn list_updates(
        self,
        identity: &Identity,
        project: &Id,
        page: Page,
    ) -> Result<List<projects::Update>, Error> {
        self.seen_by(identity, project).await?;
        let total = self.core.store.count_updates(project).await?;
        let updates = self.core.store.list_updates(project, page).await?;
        Ok(page.list(updates.iter().map(Update::to_wire).collect(), total))
    }

    /// Creates an update.
    ///
    /// # Errors
    /// [`Error::NotFound`] without the project; [`Error::TextInvalid`]; database errors.
    pub async fn write_update(
        self,
        origin: &Origin,
        project: &Id,
        wanted: &UpdateEdit,
    ) -> Result<projects::Update, Error> {
        let project = self.find(project).await?;
        let update = Update {
            id: Id::new(&self.core.clock, &self.core.random)?,
            body: read(wanted)?,
            author: origin.display_name.clone(),
            created_at: self.core.clock.now(),
            edited_at: None,
        };
        let entry = self.project_event(Event::UpdateWritten, origin, &project)?.with("update_id", update.id.as_str());
        if !self.core.store.insert_update(&project.id, &update, &entry).await? {
            return Err(Error::NotFound);
        }
        entry.log();
        Ok(update.to_wire())
    }

    /// Edits an update.
    ///
    /// # Errors
    /// [`Error::NotFound`] without project or update; [`Error::TextInvalid`]; database errors.
    pub async fn edit_update(
        self,
        origin: &Origin,
        project: &Id,
        id: &Id,
        wanted: &UpdateEdit,
    ) -> Result<projects::Update, Error> {
        let project = self.find(project).await?;
        let update = self.core.store.find_update(&project.id, id).await?.ok_or(Error::NotFound)?;
        let body = read(wanted)?;
        if body == update.body {
            return Ok(update.to_wire());
        }
        let now = self.core.clock.now();
        let entry = self.project_event(Event::UpdateEdited, origin, &project)?.with("update_id", id.as_str());
        if !self.core.store.change_update(&project.id, id, &body, &entry, now).await? {
            return Err(Error::NotFound);
        }
        entry.log();
        Ok(Update { body, edited_at: Some(now), ..update }.to_wire())
    }

    /// Removes an update.
    ///
    /// # Errors
    /// [`Error::NotFound`] without project or update; database errors.
    pub async fn remove_update(self, origin: &Origin, project: &Id, id: &Id) -> Result<(), Error> {
        let project = self.find(project).await?;
        let entry = self.project_event(Event::UpdateRemoved, origin, &project)?.with("update_id", id.as_str());
        if !self.core.store.remove_update(&project.id, id, &entry, self.core.clock.now()).await? {
            return Err(Error::NotFound);
        }
        entry.log();
        Ok(())
    }
}

fn read(wanted: &UpdateEdit) -> Result<String, Error> {
    read_body(&wanted.body).ok_or_else(|| Error::TextInvalid(format!("an update has 1 to {MAX_BODY} characters")))
}
