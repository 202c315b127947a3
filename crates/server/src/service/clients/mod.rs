//! Clients, as operators manage them.

mod links;

use doorstep_contract::{
    account::List,
    clients::{self, ClientEdit},
};

use crate::{
    domain::{
        audit::{Entry, Event, Origin},
        client::{Client, is_slug, slug_of},
        id::Id,
        page::Page,
        project::read_name,
        text,
    },
    error::Error,
    service::core::Core,
    store::{ClientChange, ClientOutcome},
};

/// Clients, with their magic links.
#[derive(Debug, Clone, Copy)]
pub struct Clients<'a> {
    core: &'a Core,
}

impl<'a> Clients<'a> {
    pub(super) const fn new(core: &'a Core) -> Self {
        Self { core }
    }
}

impl Clients<'_> {
    /// A page of the clients, by name. `words` filters by text in the name or slug.
    pub async fn list(self, words: &str, page: Page) -> Result<List<clients::Client>, Error> {
        let words = text::fold(words.trim());
        let total = self.core.store.count_clients(&words).await?;
        let clients = self.core.store.list_clients(&words, page).await?;
        Ok(page.list(clients.iter().map(Client::to_wire).collect(), total))
    }

    /// All clients, by name.
    pub async fn all(self) -> Result<Vec<clients::Client>, Error> {
        Ok(self.core.store.list_clients("", Page::WHOLE).await?.iter().map(Client::to_wire).collect())
    }

    /// A client by its id.
    ///
    /// # Errors
    /// [`Error::NotFound`]; database errors.
    pub async fn find(self, id: &Id) -> Result<Client, Error> {
        self.core.store.find_client(id).await?.ok_or(Error::NotFound)
    }

    /// A client by its slug.
    ///
    /// # Errors
    /// [`Error::ReferenceInvalid`]; database errors.
    pub async fn by_slug(self, slug: &str) -> Result<Client, Error> {
        self.core.store.find_client_by_slug(slug).await?.ok_or(Error::ReferenceInvalid("client"))
    }

    /// Creates a client. Without a slug, one is derived from the name.
    ///
    /// # Errors
    /// [`Error::InvalidRequest`] without a name; [`Error::TitleInvalid`], [`Error::SlugInvalid`],
    /// [`Error::SlugTaken`]; database errors.
    pub async fn create(self, origin: &Origin, wanted: ClientEdit) -> Result<clients::Client, Error> {
        let name = wanted.name.ok_or_else(|| Error::InvalidRequest("`name` is missing".to_owned()))?;
        let name = read_name(&name).ok_or(Error::TitleInvalid)?;
        // An empty form field counts as absent.
        let slug = wanted.slug.filter(|slug| !slug.is_empty());
        if slug.as_ref().is_some_and(|slug| !is_slug(slug)) {
            return Err(Error::SlugInvalid);
        }
        let now = self.core.clock.now();
        let mut client = Client {
            id: Id::new(&self.core.clock, &self.core.random)?,
            slug: slug.clone().unwrap_or_else(|| slug_of(&name)),
            name,
            active: wanted.active.unwrap_or(true),
            preview_of: None,
            projects: 0,
            links: 0,
            created_at: now,
            updated_at: now,
        };
        let entry = self.client_event(Event::ClientCreated, origin, &client)?;
        if slug.is_some() {
            written(self.core.store.insert_client(&client, &entry).await?)?;
        } else {
            client.slug = self.core.store.insert_client_with_free_slug(&client, &entry).await?;
        }
        entry.log();
        Ok(client.to_wire())
    }

    /// Edits a client; absent fields stay as they are. Once deactivated, its links and portal sessions are refused
    /// from the next request on.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::TitleInvalid`], [`Error::SlugInvalid`], [`Error::SlugTaken`]; database errors.
    pub async fn edit(self, origin: &Origin, id: &Id, wanted: ClientEdit) -> Result<clients::Client, Error> {
        let client = self.find(id).await?;
        let name = wanted.name.map(|typed| read_name(&typed).ok_or(Error::TitleInvalid)).transpose()?;
        let change = ClientChange {
            name: name.filter(|name| *name != client.name),
            slug: wanted.slug.filter(|slug| *slug != client.slug),
            active: wanted.active.filter(|active| *active != client.active),
        };
        // The client of a preview is found by its slug, which must not change.
        if change.slug.as_ref().is_some_and(|slug| !is_slug(slug) || client.preview_of.is_some()) {
            return Err(Error::SlugInvalid);
        }
        let mut entries = Vec::new();
        if change.name.is_some() || change.slug.is_some() {
            let mut entry = self.client_event(Event::ClientEdited, origin, &client)?;
            for (field, value) in [("name", &change.name), ("slug", &change.slug)] {
                entry = match value {
                    Some(value) => entry.with(field, value.as_str()),
                    None => entry,
                };
            }
            entries.push(entry);
        }
        if let Some(active) = change.active {
            let event = if active { Event::ClientActivated } else { Event::ClientDeactivated };
            entries.push(self.client_event(event, origin, &client)?);
        }
        if entries.is_empty() {
            return Ok(client.to_wire());
        }
        written(self.core.store.change_client(id, &change, &entries, self.core.clock.now()).await?)?;
        for entry in entries {
            entry.log();
        }
        Ok(self.find(id).await?.to_wire())
    }

    /// An event about a client.
    pub(super) fn client_event(self, event: Event, origin: &Origin, client: &Client) -> Result<Entry, Error> {
        let entry = self.core.event(event, origin.actor.clone(), origin.address, client.name.as_str())?;
        Ok(entry.with("client_id", client.id.as_str()))
    }
}

fn written(kept: ClientOutcome) -> Result<(), Error> {
    match kept {
        ClientOutcome::Done => Ok(()),
        ClientOutcome::Gone => Err(Error::NotFound),
        ClientOutcome::SlugTaken => Err(Error::SlugTaken),
    }
}
