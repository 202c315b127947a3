//! `/projects/{id}/portal-preview`: an operator goes to look at the portal as the client of a project, by a plain link.
//!
//! It lies outside the portal's own path, so a proxy that passes the portal alone hides it. A link does what the button of
//! the dashboard does only when the browser says that no other site had a hand in it; otherwise a page asks, and its
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
    csrf::{self, LedBy, Unmarked},
    followed::is_followed,
    redirect,
    routes::{Needs, Routes, Surface},
    security_headers::no_store,
    session::identify,
    shell::{self, Asked},
};
use crate::{
    domain::{audit::Origin, id::Id},
    error::Error,
    service::Identity,
};

/// The navigation, and the button of its page.
#[must_use]
pub fn routes() -> Routes {
    let path = format!("{}/{{id}}/{}", paths::PREVIEWED, of_project::PREVIEW);
    Routes::of(Surface::Pages)
        .get(&path, Needs::OPERATOR, follow)
        .post(&path, Needs::OPERATOR, press)
        .wrap(|router| router.layer(middleware::map_response(async |response: Response| no_store(response))))
}

/// The link is followed.
async fn follow(
    State(state): State<AppState>,
    visitor: Client,
    id: Result<Path<String>, PathRejection>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let wanted = Wanted::new(&state, &headers, id);
    // What its user did not go to is shown the page, which changes nothing.
    let led_by = if is_followed(&method, &headers) { LedBy::of(&headers) } else { LedBy::Unsaid };
    match led_by {
        LedBy::OurPage | LedBy::User => match wanted.begin(&visitor).await {
            Ok(cookie) => redirect::found(paths::PORTAL, cookie),
            Err(response) => response,
        },
        LedBy::Another => wanted.page(Asked::FromElsewhere),
        LedBy::Unsaid => match wanted.allowed().await {
            Ok(()) => wanted.page(Asked::Plainly),
            Err(response) => response,
        },
    }
}

/// The button is pressed.
async fn press(
    State(state): State<AppState>,
    visitor: Client,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let wanted = Wanted::new(&state, &headers, id);
    if csrf::check(&Method::POST, &headers, &state.public_url, Unmarked::Refused).is_err() {
        warn!(event = "csrf_rejected");
        return wanted.page(Asked::FromElsewhere);
    }
    if let Err(error) = body::read_nothing(request).await {
        return body::refused(&error);
    }
    match wanted.begin(&visitor).await {
        Ok(cookie) => redirect::see_other(paths::PORTAL, cookie),
        Err(response) => response,
    }
}

/// A preview that is asked for.
struct Wanted<'a> {
    state: &'a AppState,
    headers: &'a HeaderMap,
    /// Of which project; `None` when it can't be one.
    id: Option<Uuid>,
}

impl<'a> Wanted<'a> {
    fn new(state: &'a AppState, headers: &'a HeaderMap, id: Result<Path<String>, PathRejection>) -> Self {
        Self { state, headers, id: id.ok().and_then(|Path(id)| Uuid::parse(&id)) }
    }

    /// Begins it: the cookie, or what to answer instead.
    async fn begin(&self, Client(visitor): &Client) -> Result<Vec<HeaderValue>, Response> {
        let (identity, id) = self.operator().await?;
        let origin = Origin::account(&identity.account, visitor.address);
        let begun = self.state.service.portal().begin_preview(&origin, &id).await;
        let (_, sealed) = begun.map_err(|error| self.refused(&error))?;
        Ok(Cookies::new(&self.state.public_url).set_portal_session(&sealed))
    }

    /// Whether it may be begun, or what to answer instead.
    async fn allowed(&self) -> Result<(), Response> {
        let (identity, id) = self.operator().await?;
        let project = self.state.service.projects().seen_by(&identity, &id).await;
        project.map(drop).map_err(|error| self.refused(&error))
    }

    /// The operator who asks, and for which project. Who has to sign in first, or to choose a password, comes back to the
    /// project: a preview is begun by its button, never by a sign-in.
    async fn operator(&self) -> Result<(Identity, Id), Response> {
        let identity = identify(self.state, self.headers).await.map_err(|error| self.refused(&error))?;
        let Some(identity) = identity.filter(|identity| !identity.account.password_is_initial) else {
            let project = self.id.map_or(ClientRoute::Projects, ClientRoute::Project);
            return Err(redirect::found(&ReturnUrl::from(project).via_login(), None));
        };
        if identity.account.role != Role::Operator {
            return Err(self.page(Asked::Member));
        }
        if identity.require_lasting().is_err() {
            // What a preview makes outlives the session. There a password is set.
            return Err(redirect::found(ClientRoute::AccountSecurity.path(), None));
        }
        let id = self.id.ok_or_else(|| self.page(Asked::Gone))?;
        Ok((identity, Id::stored(id.as_str().to_owned())))
    }

    fn refused(&self, error: &Error) -> Response {
        match error {
            Error::NotFound => self.page(Asked::Gone),
            Error::PreviewClientInactive => self.page(Asked::ClientInactive),
            _ => shell::failed(self.headers, error),
        }
    }

    fn page(&self, asked: Asked) -> Response {
        shell::preview(self.state, self.headers, self.id, asked)
    }
}
