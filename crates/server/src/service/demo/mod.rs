//! Sample data for an empty database.

mod samples;

use doorstep_contract::projects::ProjectStatus;
use jiff::{SignedDuration, Timestamp};

use crate::{
    domain::{
        audit::{Actor, Entry, Event},
        client::{Client, Link, LinkSecret},
        id::Id,
        project::{LinkedClient, Project, Update},
    },
    error::Error,
    service::core::Core,
    store::Sample,
};

/// A client with its magic links, whose secrets are discarded.
struct SampleClient {
    name: &'static str,
    slug: &'static str,
    active: bool,
    /// Created this many days ago.
    days: u32,
    links: &'static [SampleLink],
}

/// A magic link. Its times are in days before now.
struct SampleLink {
    label: &'static str,
    made: u32,
    used: Option<u32>,
    revoked: Option<u32>,
}

/// A project with its updates.
struct SampleProject {
    name: &'static str,
    status: ProjectStatus,
    summary: &'static str,
    client: Option<&'static str>,
    /// Created this many days ago.
    days: u32,
    updates: &'static [SampleUpdate],
}

/// An update. Its time is in days before now.
struct SampleUpdate {
    days: u32,
    author: &'static str,
    body: &'static str,
}

/// Sample data for an empty database.
#[derive(Debug, Clone, Copy)]
pub struct Demo<'a> {
    core: &'a Core,
}

impl<'a> Demo<'a> {
    pub(super) const fn new(core: &'a Core) -> Self {
        Self { core }
    }
}

impl Demo<'_> {
    /// Adds the sample data to a database without projects and clients; `false` when there are any.
    pub async fn fill(self) -> Result<bool, Error> {
        let mut sample = Sample::default();
        for wanted in samples::CLIENTS {
            self.add_client(&mut sample, wanted)?;
        }
        for wanted in samples::PROJECTS {
            self.add_project(&mut sample, wanted)?;
        }
        Ok(self.core.store.insert_sample(&sample).await?)
    }

    fn add_client(self, sample: &mut Sample, wanted: &SampleClient) -> Result<(), Error> {
        let client = Client {
            id: Id::new(&self.core.clock, &self.core.random)?,
            name: wanted.name.to_owned(),
            slug: wanted.slug.to_owned(),
            active: wanted.active,
            preview_of: None,
            projects: 0,
            links: 0,
            created_at: self.ago(wanted.days),
            updated_at: self.ago(wanted.days),
        };
        for made in wanted.links {
            let link = Link {
                id: Id::new(&self.core.clock, &self.core.random)?,
                client: client.id.clone(),
                label: made.label.to_owned(),
                project: None,
                created_by: samples::MIRA.to_owned(),
                created_at: self.ago(made.made),
                last_used_at: made.used.map(|days| self.ago(days)),
                revoked_at: made.revoked.map(|days| self.ago(days)),
            };
            sample.entries.push(self.sample_event(Event::LinkMade, made.made, &client.name)?);
            sample.links.push((link, LinkSecret::new(&self.core.random)?.hash()));
        }
        sample.entries.push(self.sample_event(Event::ClientCreated, wanted.days, &client.name)?);
        sample.clients.push(client);
        Ok(())
    }

    fn add_project(self, sample: &mut Sample, wanted: &SampleProject) -> Result<(), Error> {
        let client = sample.clients.iter().find(|client| Some(client.slug.as_str()) == wanted.client);
        let last = wanted.updates.iter().map(|update| update.days).min().unwrap_or(wanted.days);
        let project = Project {
            id: Id::new(&self.core.clock, &self.core.random)?,
            name: wanted.name.to_owned(),
            status: wanted.status,
            summary: wanted.summary.to_owned(),
            client: client.map(|client| LinkedClient {
                id: client.id.clone(),
                name: client.name.clone(),
                active: client.active,
                preview: client.preview_of.is_some(),
            }),
            created_at: self.ago(wanted.days),
            updated_at: self.ago(last),
        };
        sample.entries.push(self.sample_event(Event::ProjectCreated, wanted.days, &project.name)?);
        for written in wanted.updates {
            let update = Update {
                id: Id::new(&self.core.clock, &self.core.random)?,
                body: written.body.to_owned(),
                author: written.author.to_owned(),
                created_at: self.ago(written.days),
                edited_at: None,
            };
            sample.entries.push(self.sample_event(Event::UpdateWritten, written.days, &project.name)?);
            sample.updates.push((project.id.clone(), update));
        }
        sample.projects.push(project);
        Ok(())
    }

    fn sample_event(self, event: Event, days: u32, subject: &str) -> Result<Entry, Error> {
        let entry = self.core.event(event, Actor::named("demo"), None, subject)?;
        Ok(Entry { at: self.ago(days), ..entry })
    }

    fn ago(self, days: u32) -> Timestamp {
        let now = self.core.clock.now();
        now.checked_sub(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(now)
    }
}
