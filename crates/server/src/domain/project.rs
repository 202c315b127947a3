//! Projects, their clients, members and updates.

use doorstep_contract::projects::{self, ProjectStatus};
use jiff::Timestamp;

use super::{id::Id, session::wire_time, text};

/// The longest name of a project or a client, in characters.
pub const MAX_NAME: usize = 200;
/// The longest summary, in characters.
pub const MAX_SUMMARY: usize = 5_000;
/// The longest update, in characters.
pub const MAX_BODY: usize = 10_000;

/// A project.
#[derive(Debug, Clone)]
pub struct Project {
    /// The id.
    pub id: Id,
    /// The display name.
    pub name: String,
    /// The status.
    pub status: ProjectStatus,
    /// The description; may be empty.
    pub summary: String,
    /// The client that it is for.
    pub client: Option<LinkedClient>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it, or one of its updates, was last changed.
    pub updated_at: Timestamp,
}

/// The client of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedClient {
    /// The id.
    pub id: Id,
    /// The display name.
    pub name: String,
    /// Whether it may use the portal.
    pub active: bool,
    /// Whether it exists for previews only.
    pub preview: bool,
}

impl Project {
    /// The project, for operators and members.
    #[must_use]
    pub fn to_wire(&self) -> projects::Project {
        let client = self.client.as_ref();
        projects::Project {
            id: self.id.to_string(),
            name: self.name.clone(),
            status: self.status,
            summary: self.summary.clone(),
            client_id: client.map(|client| client.id.to_string()),
            client_name: client.map(|client| client.name.clone()),
            client_active: client.map(|client| client.active),
            client_preview: client.map(|client| client.preview),
            created_at: wire_time(self.created_at),
            updated_at: wire_time(self.updated_at),
        }
    }
}

/// A filter by status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statuses {
    /// All except archived ones.
    Current,
    /// All.
    All,
    /// Only projects with this status.
    Only(ProjectStatus),
}

impl Statuses {
    /// The name of [`Statuses::All`].
    pub const ALL: &'static str = "all";

    /// Parses a name; without one, [`Statuses::Current`].
    #[must_use]
    pub fn parse(word: Option<&str>) -> Option<Self> {
        match word {
            None => Some(Self::Current),
            Some(Self::ALL) => Some(Self::All),
            Some(word) => ProjectStatus::parse(word).map(Self::Only),
        }
    }
}

/// A filter by member or client.
#[derive(Debug, Clone, Copy)]
pub enum Whose<'a> {
    /// No filter.
    All,
    /// Projects that have this account as a member.
    Member(&'a Id),
    /// Projects for this client.
    Client(&'a Id),
}

/// A filter for the list of projects.
#[derive(Debug, Clone, Copy)]
pub struct Filter<'a> {
    /// By member or client.
    pub whose: Whose<'a>,
    /// By status.
    pub statuses: Statuses,
    /// By text in the name of project or client, [folded](text::fold); may be empty.
    pub words: &'a str,
}

/// An update of a project, which its client reads.
#[derive(Debug, Clone)]
pub struct Update {
    /// The id.
    pub id: Id,
    /// Plain text.
    pub body: String,
    /// The name of its author at that time.
    pub author: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last edited.
    pub edited_at: Option<Timestamp>,
}

impl Update {
    /// The update, for operators and members.
    #[must_use]
    pub fn to_wire(&self) -> projects::Update {
        projects::Update {
            id: self.id.to_string(),
            body: self.body.clone(),
            author: self.author.clone(),
            created_at: wire_time(self.created_at),
            edited_at: self.edited_at.map(wire_time),
        }
    }
}

/// A member of a project.
#[derive(Debug, Clone)]
pub struct Member {
    /// The account.
    pub account: Id,
    /// The username.
    pub username: String,
    /// The display name; may be empty.
    pub name: String,
    /// When it was added.
    pub created_at: Timestamp,
}

impl Member {
    /// The member, for operators.
    #[must_use]
    pub fn to_wire(&self) -> projects::Member {
        projects::Member {
            account_id: self.account.to_string(),
            username: self.username.clone(),
            name: self.name.clone(),
            created_at: wire_time(self.created_at),
        }
    }
}

/// Normalizes the name of a project or a client; `None` if it is empty or too long.
#[must_use]
pub fn read_name(typed: &str) -> Option<String> {
    let name = text::line(typed);
    (1..=MAX_NAME).contains(&name.chars().count()).then_some(name)
}

/// Normalizes a summary; `None` if it is too long.
#[must_use]
pub fn read_summary(typed: &str) -> Option<String> {
    let summary = text::lines(typed);
    (summary.chars().count() <= MAX_SUMMARY).then_some(summary)
}

/// Normalizes an update; `None` if it is empty or too long.
#[must_use]
pub fn read_body(typed: &str) -> Option<String> {
    let body = text::lines(typed);
    (1..=MAX_BODY).contains(&body.chars().count()).then_some(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_their_lengths_in_characters() {
        assert_eq!(read_name("  ä ").as_deref(), Some("ä"));
        assert!(read_name(&"ä".repeat(MAX_NAME)).is_some() && read_name(&"ä".repeat(MAX_NAME + 1)).is_none());
        assert!(read_name(" \u{200b}\n").is_none());
        assert!(read_summary("").is_some() && read_summary(&"ä".repeat(MAX_SUMMARY + 1)).is_none());
        assert!(read_body(" \n").is_none() && read_body(&"ä".repeat(MAX_BODY)).is_some());
    }

    #[test]
    fn archived_projects_are_listed_on_request() {
        assert_eq!(Statuses::parse(None), Some(Statuses::Current));
        assert_eq!(Statuses::parse(Some("all")), Some(Statuses::All));
        assert_eq!(Statuses::parse(Some("archived")), Some(Statuses::Only(ProjectStatus::Archived)));
        assert_eq!(Statuses::parse(Some("nothing")), None);
    }
}
