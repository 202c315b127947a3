//! Projects: operators see and edit all of them, members see their own.

mod members;
mod updates;
mod workspaces;

use doorstep_contract::{
    account::List,
    auth::{Membership, Role},
    projects::{self, ProjectEdit, ProjectStatus},
};
use serde_json::{Value, json};
use tracing::warn;

pub use self::workspaces::{Workspace, Workspaces};
use crate::{
    domain::{
        account::Account,
        audit::{Entry, Event, Origin},
        id::Id,
        page::Page,
        project::{Filter, LinkedClient, MAX_SUMMARY, Project, Statuses, Whose, read_name, read_summary},
        text,
    },
    error::Error,
    service::core::{Core, Identity},
    store::{ProjectChange, ProjectOutcome},
};

/// The maximum number of memberships listed.
const MEMBERSHIPS: u32 = 100;

/// Projects, with their members and updates.
#[derive(Debug, Clone, Copy)]
pub struct Projects<'a> {
    core: &'a Core,
}

impl<'a> Projects<'a> {
    pub(super) const fn new(core: &'a Core) -> Self {
        Self { core }
    }
}

impl Projects<'_> {
    /// A page of the projects that a user sees, the last changed first. `words` filters by text in the name of
    /// project or client; `client` by client, for operators.
    ///
    /// # Errors
    /// [`Error::Forbidden`] when a member filters by client; database errors.
    pub async fn list(
        self,
        identity: &Identity,
        client: Option<&Id>,
        words: &str,
        statuses: Statuses,
        page: Page,
    ) -> Result<List<projects::Project>, Error> {
        let words = text::fold(words.trim());
        let whose = match (member(&identity.account), client) {
            (Some(_), Some(_)) => return Err(Error::Forbidden),
            (Some(member), None) => Whose::Member(member),
            (None, Some(client)) => Whose::Client(client),
            (None, None) => Whose::All,
        };
        let filter = Filter { whose, statuses, words: &words };
        let total = self.core.store.count_projects(filter).await?;
        let projects = self.core.store.list_projects(filter, page).await?;
        Ok(page.list(projects.iter().map(Project::to_wire).collect(), total))
    }

    /// All projects, the last changed first.
    pub async fn all(self) -> Result<Vec<projects::Project>, Error> {
        let filter = Filter { whose: Whose::All, statuses: Statuses::All, words: "" };
        Ok(self.core.store.list_projects(filter, Page::WHOLE).await?.iter().map(Project::to_wire).collect())
    }

    /// A project, if the caller can see it.
    ///
    /// # Errors
    /// [`Error::NotFound`]; database errors.
    pub async fn seen_by(self, identity: &Identity, id: &Id) -> Result<Project, Error> {
        self.core.store.find_project(id, member(&identity.account)).await?.ok_or(Error::NotFound)
    }

    /// A project, for its page: it becomes the project that the user opened last.
    ///
    /// # Errors
    /// As [`seen_by`](Self::seen_by).
    pub async fn open(self, identity: &Identity, id: &Id) -> Result<projects::Project, Error> {
        let project = self.seen_by(identity, id).await?;
        let account = &identity.account.id;
        if !self.core.store.is_last_opened(account, id).await?
            && let Err(error) = self.core.store.put_last_opened(account, id).await
        {
            // While the database is read-only, users can still read.
            warn!(%error, "the last opened project was not recorded");
        }
        Ok(project.to_wire())
    }

    /// Creates a project.
    ///
    /// # Errors
    /// [`Error::InvalidRequest`] without a name; [`Error::TitleInvalid`], [`Error::TextInvalid`],
    /// [`Error::ReferenceInvalid`]; database errors.
    pub async fn create(self, origin: &Origin, wanted: ProjectEdit) -> Result<projects::Project, Error> {
        let wanted = self.read_change(wanted).await?;
        let now = self.core.clock.now();
        let project = Project {
            id: Id::new(&self.core.clock, &self.core.random)?,
            name: wanted.name.ok_or_else(|| Error::InvalidRequest("`name` is missing".to_owned()))?,
            status: wanted.status.unwrap_or(ProjectStatus::Active),
            summary: wanted.summary.unwrap_or_default(),
            client: wanted.client.and_then(Linking::client),
            created_at: now,
            updated_at: now,
        };
        let entry = self.project_event(Event::ProjectCreated, origin, &project)?;
        let entry = match &project.client {
            Some(client) => entry.with("client", client.name.as_str()),
            None => entry,
        };
        written(self.core.store.insert_project(&project, &entry).await?)?;
        entry.log();
        Ok(project.to_wire())
    }

    /// Edits a project; absent fields stay as they are.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::TitleInvalid`], [`Error::TextInvalid`], [`Error::ReferenceInvalid`]; database
    /// errors.
    pub async fn edit(self, origin: &Origin, id: &Id, wanted: ProjectEdit) -> Result<projects::Project, Error> {
        let project = self.find(id).await?;
        let wanted = self.read_change(wanted).await?;
        let mut entry = self.project_event(Event::ProjectEdited, origin, &project)?;
        let mut differs = |field: &str, is_new: bool, value: Value| {
            if is_new {
                entry.detail.insert(field.to_owned(), value);
            }
            is_new
        };
        let client_id = |client: &Option<LinkedClient>| client.as_ref().map(|client| client.id.clone());
        let change = ProjectChange {
            name: wanted.name.filter(|name| differs("name", *name != project.name, json!(name))),
            status: wanted.status.filter(|status| differs("status", *status != project.status, json!(status))),
            // The audit log does not record the text of the summary.
            summary: wanted.summary.filter(|summary| differs("summary", *summary != project.summary, json!(true))),
            client: wanted.client.map(Linking::client).and_then(|client| {
                let name = client.as_ref().map(|client| client.name.as_str());
                let is_new = differs("client", client_id(&client) != client_id(&project.client), json!(name));
                is_new.then(|| client_id(&client))
            }),
        };
        if change.is_empty() {
            return Ok(project.to_wire());
        }
        written(self.core.store.change_project(id, &change, &entry, self.core.clock.now()).await?)?;
        entry.log();
        Ok(self.find(id).await?.to_wire())
    }

    /// The projects of which an account is a member, by name, except archived ones.
    pub(in crate::service) async fn memberships(self, account: &Account) -> Result<Vec<Membership>, Error> {
        if account.memberships == 0 {
            return Ok(Vec::new());
        }
        let projects = self.core.store.workspaces(&account.id, Some(&account.id), MEMBERSHIPS).await?;
        let membership =
            |(id, name, _): (Id, String, bool)| Membership { project_id: id.to_string(), project_name: name };
        Ok(projects.into_iter().map(membership).collect())
    }

    /// A project by its id.
    pub(super) async fn find(self, id: &Id) -> Result<Project, Error> {
        self.core.store.find_project(id, None).await?.ok_or(Error::NotFound)
    }

    /// An event about a project.
    pub(super) fn project_event(self, event: Event, origin: &Origin, project: &Project) -> Result<Entry, Error> {
        let entry = self.core.event(event, origin.actor.clone(), origin.address, project.name.as_str())?;
        Ok(entry.with("project_id", project.id.as_str()))
    }

    /// Validates an edit.
    async fn read_change(self, wanted: ProjectEdit) -> Result<Wanted, Error> {
        let summary = |typed: String| {
            let too_long = || Error::TextInvalid(format!("a summary has at most {MAX_SUMMARY} characters"));
            read_summary(&typed).ok_or_else(too_long)
        };
        let client = match wanted.client_id {
            None => None,
            Some(id) if id.is_empty() => Some(Linking::Unlink),
            Some(id) => {
                let client =
                    self.core.store.find_client(&Id::stored(id)).await?.ok_or(Error::ReferenceInvalid("client"))?;
                let preview = client.preview_of.is_some();
                Some(Linking::Link(LinkedClient { id: client.id, name: client.name, active: client.active, preview }))
            }
        };
        Ok(Wanted {
            name: wanted.name.map(|typed| read_name(&typed).ok_or(Error::TitleInvalid)).transpose()?,
            status: wanted.status,
            summary: wanted.summary.map(summary).transpose()?,
            client,
        })
    }
}

/// A validated edit.
struct Wanted {
    name: Option<String>,
    status: Option<ProjectStatus>,
    summary: Option<String>,
    client: Option<Linking>,
}

/// The requested client of a project.
enum Linking {
    Link(LinkedClient),
    Unlink,
}

impl Linking {
    fn client(self) -> Option<LinkedClient> {
        match self {
            Self::Link(client) => Some(client),
            Self::Unlink => None,
        }
    }
}

/// The account whose memberships limit what it sees; `None` for operators, who see all projects.
pub(super) fn member(account: &Account) -> Option<&Id> {
    match account.role {
        Role::Operator => None,
        Role::Member => Some(&account.id),
    }
}

fn written(kept: ProjectOutcome) -> Result<(), Error> {
    match kept {
        ProjectOutcome::Done => Ok(()),
        ProjectOutcome::Gone => Err(Error::NotFound),
        ProjectOutcome::UnknownClient => Err(Error::ReferenceInvalid("client")),
    }
}
