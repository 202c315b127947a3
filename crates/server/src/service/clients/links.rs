//! Magic links: links that open a client's portal without signing in.

use doorstep_contract::{
    account::List,
    clients::{self, LinkMade, NewLink},
    paths::PORTAL_ENTER,
    secret::Secret,
};

use super::Clients;
use crate::{
    domain::{
        audit::{Event, Origin},
        client::{Link, LinkSecret, MAX_LABEL, read_label},
        id::Id,
        page::Page,
    },
    error::Error,
    store::LinkOutcome,
};

impl Clients<'_> {
    /// A page of a client's links, newest first, including revoked ones.
    ///
    /// # Errors
    /// [`Error::NotFound`]; database errors.
    pub async fn list_links(self, client: &Id, page: Page) -> Result<List<clients::Link>, Error> {
        self.find(client).await?;
        let total = self.core.store.count_links(client).await?;
        let links = self.core.store.list_links(client, page).await?;
        Ok(page.list(links.iter().map(Link::to_wire).collect(), total))
    }

    /// All links of a client.
    pub async fn all_links(self, client: &Id) -> Result<Vec<clients::Link>, Error> {
        Ok(self.core.store.list_links(client, Page::WHOLE).await?.iter().map(Link::to_wire).collect())
    }

    /// Creates a magic link and returns its URL, which can't be retrieved again. A caller with a session must have
    /// one that [may create lasting things](crate::service::Identity::require_lasting).
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::ClientInactive`]; [`Error::TextInvalid`]; database errors.
    pub async fn make_link(self, origin: &Origin, client: &Id, wanted: &NewLink) -> Result<LinkMade, Error> {
        let client = self.find(client).await?;
        let too_long = || Error::TextInvalid(format!("a label has at most {MAX_LABEL} characters"));
        let label = read_label(wanted.label.as_deref().unwrap_or_default()).ok_or_else(too_long)?;
        let secret = LinkSecret::new(&self.core.random)?;
        let link = Link {
            id: Id::new(&self.core.clock, &self.core.random)?,
            client: client.id.clone(),
            label,
            project: None,
            created_by: origin.display_name.clone(),
            created_at: self.core.clock.now(),
            last_used_at: None,
            revoked_at: None,
        };
        let entry = self
            .client_event(Event::LinkMade, origin, &client)?
            .with("link_id", link.id.as_str())
            .with("label", link.label.as_str());
        match self.core.store.insert_link(&link, secret.hash(), &entry).await? {
            LinkOutcome::Done => {}
            LinkOutcome::ClientInactive => return Err(Error::ClientInactive),
        }
        entry.log();
        let origin = self.core.public_url.origin().ascii_serialization();
        let url = Secret::new([origin.as_str(), PORTAL_ENTER, "/", &secret.reveal()].concat());
        Ok(LinkMade { link: link.to_wire(), url })
    }

    /// Revokes a link; portal sessions that it opened end at the next request. With `client`, only if it is that
    /// client's.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it does not exist or was revoked already; database errors.
    pub async fn revoke_link(self, origin: &Origin, client: Option<&Id>, id: &Id) -> Result<Link, Error> {
        let link = self.core.store.find_link(id).await?;
        let link = link.filter(|link| client.is_none_or(|client| link.client == *client)).ok_or(Error::NotFound)?;
        let client = self.find(&link.client).await?;
        let entry = self
            .client_event(Event::LinkRevoked, origin, &client)?
            .with("link_id", link.id.as_str())
            .with("label", link.label.as_str());
        let now = self.core.clock.now();
        if !self.core.store.revoke_link(id, &entry, now).await? {
            return Err(Error::NotFound);
        }
        entry.log();
        Ok(Link { revoked_at: Some(now), ..link })
    }
}
