//! The portal: who looks, what they see, and an operator's look at what a client sees.

use std::net::IpAddr;

use doorstep_contract::{
    account::List,
    auth::Role,
    paths,
    portal::{Left, PortalProject, PortalProjectDetail},
    projects::PreviewBegun,
};
use tracing::info;

use super::{Service, quotas::Whose, sessions::Identity};
use crate::{
    domain::{
        audit::{Actor, Event, Origin},
        client::LinkSecret,
        id::Id,
        page::Page,
        portal::{self, PortalSession, Preview, Viewer},
        quota::Quota,
        session::SessionToken,
    },
    error::Error,
    store::{NewPreview, PreviewOutcome},
};

/// How many updates of a project its client sees.
const UPDATES: Page = Page { number: 1, limit: 100 };
/// How many cookies of a request are looked up.
const SESSIONS_TRIED: usize = 4;

impl Service {
    /// Who is behind the cookies of the portal, or `None` when they open nothing: the link is revoked, the client
    /// deactivated, the time over. A preview counts beside a live session of an operator alone. Looked up on each request.
    pub async fn viewer(&self, cookies: &[&str], operator: &[SessionToken]) -> Result<Option<Viewer>, Error> {
        let now = self.clock.now();
        let sessions = cookies.iter().filter_map(|text| PortalSession::open(text, &self.secret_keys, now));
        for session in sessions.take(SESSIONS_TRIED) {
            let viewer = self.viewer_of(&session, operator).await?;
            if viewer.is_some() {
                return Ok(viewer);
            }
        }
        Ok(None)
    }

    async fn viewer_of(&self, session: &PortalSession, operator: &[SessionToken]) -> Result<Option<Viewer>, Error> {
        let Some(link) = self.store.find_link_in_force(&session.link).await? else {
            return Ok(None);
        };
        let preview = match link.project {
            None => None,
            Some(project) => match self.previewing(session, operator).await? {
                Some(by) => Some(Preview { by: by.account, project, ends_at: session.preview_ends_at() }),
                None => return Ok(None),
            },
        };
        Ok(Some(Viewer { link: link.id, client: link.client, client_name: link.client_name, preview }))
    }

    /// The operator beside a preview that is not over.
    async fn previewing(&self, session: &PortalSession, operator: &[SessionToken]) -> Result<Option<Identity>, Error> {
        if session.preview_is_over(self.clock.now()) {
            return Ok(None);
        }
        let identity = self.identify(operator).await?;
        Ok(identity.filter(|Identity { account, .. }| account.role == Role::Operator && !account.password_is_initial))
    }

    /// Lets the holder of a magic link in: what the cookie is to be, or `None` when the text is not the secret of one that
    /// is in force.
    ///
    /// # Errors
    /// [`Error::RateLimited`]; that of the database.
    pub async fn enter_portal(&self, secret: &str, address: IpAddr) -> Result<Option<String>, Error> {
        self.spend(Quota::PortalEnter, Whose::Address(address)).await?.keep();
        let found = match LinkSecret::parse(secret) {
            Some(secret) => self.store.find_magic_link(secret.hash()).await?,
            None => None,
        };
        let Some(link) = found else {
            info!(event = "portal_refused");
            return Ok(None);
        };
        let now = self.clock.now();
        let actor = Actor::named(&link.client_name);
        let entry = self
            .event(Event::PortalEntered, actor, Some(address), &link.client_name)?
            .with("client_id", link.client.as_str())
            .with("link_id", link.id.as_str())
            .with("label", link.label);
        if !self.store.use_magic_link(&link.id, &entry, now).await? {
            return Ok(None);
        }
        entry.log();
        Ok(Some(PortalSession { link: link.id, issued_at: now }.seal(&self.secret_keys)))
    }

    /// Begins to look at a project as its client: what to answer, and what the cookie is to be.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::PreviewClientInactive`]; that of the database.
    pub async fn begin_preview(&self, operator: &Origin, project: &Id) -> Result<(PreviewBegun, String), Error> {
        let now = self.clock.now();
        let new = NewPreview {
            project,
            client: Id::new(&self.clock, &self.random)?,
            link: Id::new(&self.clock, &self.random)?,
            // The secret is thrown away: nobody comes in with it.
            secret: LinkSecret::new(&self.random)?.hash(),
            by: &operator.called,
            entry: self.event(Event::PreviewBegun, operator.actor.clone(), operator.address, "")?,
        };
        let begun = match self.store.begin_preview(new, now).await? {
            PreviewOutcome::Begun(begun) => begun,
            PreviewOutcome::Gone => return Err(Error::NotFound),
            PreviewOutcome::ClientInactive => return Err(Error::PreviewClientInactive),
        };
        begun.entry.log();
        let answer = PreviewBegun {
            client_id: begun.client.id.to_string(),
            client_name: begun.client.name,
            redirect: paths::PORTAL.to_owned(),
        };
        Ok((answer, PortalSession { link: begun.link, issued_at: now }.seal(&self.secret_keys)))
    }

    /// A page of the projects that somebody sees.
    pub async fn portal_projects(&self, viewer: &Viewer, page: Page) -> Result<List<PortalProject>, Error> {
        let (projects, total) =
            (self.store.list_seen(viewer.sees(), page).await?, self.store.count_seen(viewer.sees()).await?);
        Ok(page.list(projects.into_iter().map(portal::project_to_wire).collect(), total))
    }

    /// A project that somebody sees, with what was written for the client.
    ///
    /// # Errors
    /// [`Error::NotFound`] when they do not see it; that of the database.
    pub async fn portal_project(&self, viewer: &Viewer, id: &str) -> Result<PortalProjectDetail, Error> {
        let id = Id::stored(id.to_owned());
        let project = self.store.find_seen(viewer.sees(), &id).await?.ok_or(Error::NotFound)?;
        let updates = self.store.list_updates(&id, UPDATES).await?;
        Ok(portal::detail_to_wire(project, updates))
    }

    /// Somebody leaves: where a preview goes back to. It is the cookie that ends.
    pub async fn leave_portal(&self, viewer: &Viewer, address: IpAddr) -> Left {
        let entry = self.event(Event::PortalLeft, viewer.actor(), Some(address), &viewer.client_name);
        let (client, link) = (viewer.client.as_str(), viewer.link.as_str());
        self.remember(entry.map(|entry| entry.with("client_id", client).with("link_id", link))).await;
        let previewed = viewer.preview.as_ref().map(|preview| &preview.project);
        Left { redirect: previewed.map(|id| [paths::PREVIEWED, "/", id.as_str()].concat()) }
    }
}
