//! What an installation works on, for whom, and what it tells them.

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
    /// Which one.
    pub id: Id,
    /// What people call it.
    pub name: String,
    /// How far it is.
    pub status: ProjectStatus,
    /// What it is about; may be empty.
    pub summary: String,
    /// Whom it is for.
    pub client: Option<LinkedClient>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it, or one of its updates, was last changed.
    pub updated_at: Timestamp,
}

/// The client of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedClient {
    /// Which one.
    pub id: Id,
    /// What people call it.
    pub name: String,
    /// Whether it may come in.
    pub active: bool,
}

impl Project {
    /// The project as those may see it who work on it.
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
            created_at: wire_time(self.created_at),
            updated_at: wire_time(self.updated_at),
        }
    }
}

/// Which projects are listed by how far they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statuses {
    /// All but those that were put away.
    Current,
    /// All.
    All,
    /// Those alone.
    Only(ProjectStatus),
}

impl Statuses {
    /// The word for all of them.
    pub const ALL: &'static str = "all";

    /// From a word; none means [`Statuses::Current`].
    #[must_use]
    pub fn parse(word: Option<&str>) -> Option<Self> {
        match word {
            None => Some(Self::Current),
            Some(Self::ALL) => Some(Self::All),
            Some(word) => ProjectStatus::parse(word).map(Self::Only),
        }
    }
}

/// Of whom projects are.
#[derive(Debug, Clone, Copy)]
pub enum Whose<'a> {
    /// All there are.
    All,
    /// Those that this account belongs to.
    Member(&'a Id),
    /// Those that are for this client.
    Client(&'a Id),
}

/// Which projects to list.
#[derive(Debug, Clone, Copy)]
pub struct Filter<'a> {
    /// Of whom they are.
    pub whose: Whose<'a>,
    /// How far they are.
    pub statuses: Statuses,
    /// What the name of project or client has in it, [folded](text::fold); may be empty.
    pub words: &'a str,
}

/// Something that the client reads.
#[derive(Debug, Clone)]
pub struct Update {
    /// Which one.
    pub id: Id,
    /// Plain text.
    pub body: String,
    /// Who wrote it, as people called them then.
    pub author: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was changed after that.
    pub edited_at: Option<Timestamp>,
}

impl Update {
    /// The update as those may see it who work on its project.
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

/// An account that sees a project.
#[derive(Debug, Clone)]
pub struct Member {
    /// The account.
    pub account: Id,
    /// Its user name.
    pub username: String,
    /// What to call the person; may be empty.
    pub name: String,
    /// Since when.
    pub created_at: Timestamp,
}

impl Member {
    /// The member as an operator may see it.
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

/// The name of a project or a client, as it is kept; `None` when it is empty or too long.
#[must_use]
pub fn read_name(typed: &str) -> Option<String> {
    let name = text::line(typed);
    (1..=MAX_NAME).contains(&name.chars().count()).then_some(name)
}

/// A summary, as it is kept; `None` when it is too long.
#[must_use]
pub fn read_summary(typed: &str) -> Option<String> {
    let summary = text::lines(typed);
    (summary.chars().count() <= MAX_SUMMARY).then_some(summary)
}

/// An update, as it is kept; `None` when it is empty or too long.
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
    fn what_was_put_away_is_listed_for_whoever_asks_for_it() {
        assert_eq!(Statuses::parse(None), Some(Statuses::Current));
        assert_eq!(Statuses::parse(Some("all")), Some(Statuses::All));
        assert_eq!(Statuses::parse(Some("archived")), Some(Statuses::Only(ProjectStatus::Archived)));
        assert_eq!(Statuses::parse(Some("nothing")), None);
    }
}
