//! `/projects/{id}/portal-preview`: a plain link by which an operator previews the portal as the client of a
//! project.
//!
//! The path is outside the portal's, so a proxy that passes only the portal hides it. GET begins the preview only
//! when the browser states that no other site initiated the navigation; otherwise it shows a page whose button
//! posts.
//! button posts.

use axum::{
    extract::{Path, Request, State, rejection::PathRejection},
    http::{HeaderMap, HeaderValue, Method},
    middleware,
    response::Response,
};
use doorstep_contract::{
    auth::Role,
    paths::{self, of_project},
    return_url::ReturnUrl,
    route::ClientRoute,
    uuid::Uuid,
};
use tracing::warn;

use super::{
    AppState, body,
    client::Client,
    cookies::Cookies,
    csrf::{self, Initiator, MissingOrigin},
    navigation::is_user_navigation,
    redirect,
    routes::{Needs, Routes, Surface},
    security_headers::no_store,
    session::identify,
    shell::{self, PreviewPage},
};
use crate::{
    domain::{audit::Origin, id::Id},
    error::Error,
    service::Identity,
};

/// The endpoints.
#[must_use]
pub fn routes() -> Routes {
    let path = format!("{}/{{id}}/{}", paths::PREVIEWED, of_project::PREVIEW);
    Routes::of(Surface::Pages)
        .get(&path, Needs::OPERATOR, follow)
        .post(&path, Needs::OPERATOR, press)
        .wrap(|router| router.layer(middleware::map_response(async |response: Response| no_store(response))))
}

/// GET: begins the preview, or shows the page.
async fn follow(
    State(state): State<AppState>,
    visitor: Client,
    id: Result<Path<String>, PathRejection>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let wanted = Wanted::new(&state, &headers, id);
    // A request that is not a navigation gets the page, which changes nothing.
    let initiator = if is_user_navigation(&method, &headers) { Initiator::of(&headers) } else { Initiator::Unknown };
    match initiator {
        Initiator::ThisSite | Initiator::User => match wanted.begin(&visitor).await {
            Ok(cookie) => redirect::found(paths::PORTAL, cookie),
            Err(response) => response,
        },
        Initiator::OtherSite => wanted.page(PreviewPage::FromElsewhere),
        Initiator::Unknown => match wanted.allowed().await {
            Ok(()) => wanted.page(PreviewPage::Plainly),
            Err(response) => response,
        },
    }
}

/// POST: begins the preview.
async fn press(
    State(state): State<AppState>,
    visitor: Client,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let wanted = Wanted::new(&state, &headers, id);
    if csrf::check(&Method::POST, &headers, &state.public_url, MissingOrigin::Refused).is_err() {
        warn!(event = "csrf_rejected");
        return wanted.page(PreviewPage::FromElsewhere);
    }
    if let Err(error) = body::read_nothing(request).await {
        return body::refused(&error);
    }
    match wanted.begin(&visitor).await {
        Ok(cookie) => redirect::see_other(paths::PORTAL, cookie),
        Err(response) => response,
    }
}

/// A requested preview.
struct Wanted<'a> {
    state: &'a AppState,
    headers: &'a HeaderMap,
    /// The project; `None` when the id is malformed.
    id: Option<Uuid>,
}

impl<'a> Wanted<'a> {
    fn new(state: &'a AppState, headers: &'a HeaderMap, id: Result<Path<String>, PathRejection>) -> Self {
        Self { state, headers, id: id.ok().and_then(|Path(id)| Uuid::parse(&id)) }
    }

    /// Begins the preview: the cookies to set, or the response to send instead.
    async fn begin(&self, Client(visitor): &Client) -> Result<Vec<HeaderValue>, Response> {
        let (identity, id) = self.operator().await?;
        let origin = Origin::account(&identity.account, visitor.address);
        let begun = self.state.service.portal().begin_preview(&origin, &id).await;
        let (_, sealed) = begun.map_err(|error| self.refused(&error))?;
        Ok(Cookies::new(&self.state.public_url).set_portal_session(&sealed))
    }

    /// Checks whether it may begin; otherwise the response to send.
    async fn allowed(&self) -> Result<(), Response> {
        let (identity, id) = self.operator().await?;
        let project = self.state.service.projects().seen_by(&identity, &id).await;
        project.map(drop).map_err(|error| self.refused(&error))
    }

    /// The operator and the project. A user who must first sign in or choose a password returns to the project's
    /// page, not here: signing in alone must not begin a preview.
    async fn operator(&self) -> Result<(Identity, Id), Response> {
        let identity = identify(self.state, self.headers).await.map_err(|error| self.refused(&error))?;
        let Some(identity) = identity.filter(|identity| !identity.account.password_is_initial) else {
            let project = self.id.map_or(ClientRoute::Projects, ClientRoute::Project);
            return Err(redirect::found(&ReturnUrl::from(project).via_login(), None));
        };
        if identity.account.role != Role::Operator {
            return Err(self.page(PreviewPage::Member));
        }
        if identity.require_lasting().is_err() {
            // A preview outlives the session, so a temporary session must set a password first.
            return Err(redirect::found(ClientRoute::AccountSecurity.path(), None));
        }
        let id = self.id.ok_or_else(|| self.page(PreviewPage::Gone))?;
        Ok((identity, Id::stored(id.as_str().to_owned())))
    }

    fn refused(&self, error: &Error) -> Response {
        match error {
            Error::NotFound => self.page(PreviewPage::Gone),
            Error::PreviewClientInactive => self.page(PreviewPage::ClientInactive),
            _ => shell::failed(self.headers, error),
        }
    }

    fn page(&self, asked: PreviewPage) -> Response {
        shell::preview(self.state, self.headers, self.id, asked)
    }
}
