//! The portal: its viewers, what they see, and previews for operators.

use std::net::IpAddr;

use doorstep_contract::{
    account::List,
    auth::Role,
    paths,
    portal::{Left, PortalProject, PortalProjectDetail},
    projects::PreviewBegun,
};
use tracing::info;

use crate::{
    domain::{
        audit::{Actor, Event, Origin},
        client::LinkSecret,
        id::Id,
        limits::Whose,
        page::Page,
        portal::{self, PortalSession, Preview, Viewer},
        quota::Quota,
        session::SessionToken,
    },
    error::Error,
    service::{
        core::{Core, Identity},
        sessions::Sessions,
    },
    store::{NewPreview, PreviewOutcome},
};

/// The number of updates of a project that its client sees.
const UPDATES: Page = Page { number: 1, limit: 100 };
/// How many cookies of a request are tried.
const SESSIONS_TRIED: usize = 4;

/// The portal of the clients.
#[derive(Debug, Clone, Copy)]
pub struct Portal<'a> {
    core: &'a Core,
}

impl<'a> Portal<'a> {
    pub(super) const fn new(core: &'a Core) -> Self {
        Self { core }
    }
}

impl Portal<'_> {
    /// The viewer of the portal's cookies; `None` when the link was revoked, the client deactivated, or the session
    /// expired. A preview also requires a live session of an operator. Looked up on each request.
    pub async fn viewer(self, cookies: &[&str], operator: &[SessionToken]) -> Result<Option<Viewer>, Error> {
        let now = self.core.clock.now();
        let sessions = cookies.iter().filter_map(|text| PortalSession::open(text, &self.core.secret_keys, now));
        for session in sessions.take(SESSIONS_TRIED) {
            let viewer = self.viewer_of(&session, operator).await?;
            if viewer.is_some() {
                return Ok(viewer);
            }
        }
        Ok(None)
    }

    async fn viewer_of(self, session: &PortalSession, operator: &[SessionToken]) -> Result<Option<Viewer>, Error> {
        let Some(link) = self.core.store.find_valid_link(&session.link).await? else {
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

    /// The operator of a preview that has not expired.
    async fn previewing(self, session: &PortalSession, operator: &[SessionToken]) -> Result<Option<Identity>, Error> {
        if session.preview_is_over(self.core.clock.now()) {
            return Ok(None);
        }
        let identity = Sessions::new(self.core).identify(operator).await?;
        Ok(identity.filter(|Identity { account, .. }| account.role == Role::Operator && !account.password_is_initial))
    }

    /// Opens the portal by a magic link: the value of the cookie, or `None` when the secret is not that of a valid
    /// link.
    ///
    /// # Errors
    /// [`Error::RateLimited`]; database errors.
    pub async fn enter(self, secret: &str, address: IpAddr) -> Result<Option<String>, Error> {
        self.core.spend(Quota::PortalEnter, Whose::Address(address)).await?.keep();
        let found = match LinkSecret::parse(secret) {
            Some(secret) => self.core.store.find_magic_link(secret.hash()).await?,
            None => None,
        };
        let Some(link) = found else {
            info!(event = "portal_refused");
            return Ok(None);
        };
        let now = self.core.clock.now();
        let actor = Actor::named(&link.client_name);
        let entry = self
            .core
            .event(Event::PortalEntered, actor, Some(address), &link.client_name)?
            .with("client_id", link.client.as_str())
            .with("link_id", link.id.as_str())
            .with("label", link.label);
        if !self.core.store.use_magic_link(&link.id, &entry, now).await? {
            return Ok(None);
        }
        entry.log();
        Ok(Some(PortalSession { link: link.id, issued_at: now }.seal(&self.core.secret_keys)))
    }

    /// Begins a preview of a project as its client: the response, and the value of the cookie.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::PreviewClientInactive`]; database errors.
    pub async fn begin_preview(self, operator: &Origin, project: &Id) -> Result<(PreviewBegun, String), Error> {
        let now = self.core.clock.now();
        let new = NewPreview {
            project,
            client: Id::new(&self.core.clock, &self.core.random)?,
            link: Id::new(&self.core.clock, &self.core.random)?,
            // The link of a preview has no usable secret.
            secret: LinkSecret::new(&self.core.random)?.hash(),
            by: &operator.display_name,
            entry: self.core.event(Event::PreviewBegun, operator.actor.clone(), operator.address, "")?,
        };
        let begun = match self.core.store.begin_preview(new, now).await? {
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
        Ok((answer, PortalSession { link: begun.link, issued_at: now }.seal(&self.core.secret_keys)))
    }

    /// A page of the projects that a viewer sees.
    pub async fn projects(self, viewer: &Viewer, page: Page) -> Result<List<PortalProject>, Error> {
        let (projects, total) =
            (self.core.store.list_seen(viewer.sees(), page).await?, self.core.store.count_seen(viewer.sees()).await?);
        Ok(page.list(projects.into_iter().map(portal::project_to_wire).collect(), total))
    }

    /// A project that a viewer sees, with its updates.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the viewer does not see it; database errors.
    pub async fn project(self, viewer: &Viewer, id: &str) -> Result<PortalProjectDetail, Error> {
        let id = Id::stored(id.to_owned());
        let project = self.core.store.find_seen(viewer.sees(), &id).await?.ok_or(Error::NotFound)?;
        let updates = self.core.store.list_updates(&id, UPDATES).await?;
        Ok(portal::detail_to_wire(project, updates))
    }

    /// Ends the visit: where a preview returns to. The caller clears the cookie.
    pub async fn leave(self, viewer: &Viewer, address: IpAddr) -> Left {
        let entry = self.core.event(Event::PortalLeft, viewer.actor(), Some(address), &viewer.client_name);
        let (client, link) = (viewer.client.as_str(), viewer.link.as_str());
        self.core.record_event(entry.map(|entry| entry.with("client_id", client).with("link_id", link))).await;
        let previewed = viewer.preview.as_ref().map(|preview| &preview.project);
        Left { redirect: previewed.map(|id| [paths::PREVIEWED, "/", id.as_str()].concat()) }
    }
}
