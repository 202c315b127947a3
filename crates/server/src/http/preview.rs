//! `/projects/{id}/portal-preview`: an operator goes to look at the portal as the client of a project, by a plain link.
//!
//! It lies outside the portal's own path, so a proxy that passes the portal alone hides it. A link does what the button of
//! the dashboard does only when the browser says that no other site had a hand in it; otherwise a page asks, and its
//! button posts.

use axum::{
    Router,
    extract::{Path, Request, State, rejection::PathRejection},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    middleware,
    response::{IntoResponse as _, Response},
    routing::get,
};
use doorstep_contract::{
    auth::Role,
    paths::{self, of_project},
    return_url::ReturnUrl,
    uuid::Uuid,
};
use tracing::warn;

use super::{
    AppState, body,
    client::Client,
    cookies::Cookies,
    csrf::{self, Unmarked},
    redirect,
    session::identify,
    shell::{self, Asked},
};
use crate::{
    domain::{audit::Origin, id::Id},
    error::Error,
    service::sessions::Identity,
};

/// The navigation, and the button of its page.
pub fn router() -> Router<AppState> {
    let path = format!("{}/{{id}}/{}", paths::PREVIEWED, of_project::PREVIEW);
    Router::new().route(&path, get(follow).post(press)).layer(middleware::map_response(kept_by_nobody))
}

async fn kept_by_nobody(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The link is followed.
async fn follow(
    State(state): State<AppState>,
    visitor: Client,
    id: Result<Path<String>, PathRejection>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let wanted = Wanted::new(&state, &headers, &uri, id);
    match headers.get("sec-fetch-site").map(HeaderValue::as_bytes) {
        Some(b"same-origin" | b"none") => match wanted.begin(&visitor).await {
            Ok(cookie) => redirect::found(paths::PORTAL, cookie),
            Err(response) => response,
        },
        Some(_) => wanted.page(Asked::FromElsewhere),
        None => match wanted.allowed().await {
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
    uri: Uri,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let wanted = Wanted::new(&state, &headers, &uri, id);
    if csrf::check(&Method::POST, &headers, &state.public_url, Unmarked::Refused).is_err() {
        warn!(event = "csrf_rejected");
        return wanted.page(Asked::FromElsewhere);
    }
    if let Err(error) = body::read_nothing(request).await {
        return (status(&error), "the button sends nothing\n").into_response();
    }
    match wanted.begin(&visitor).await {
        Ok(cookie) => redirect::see_other(paths::PORTAL, cookie),
        Err(response) => response,
    }
}

const fn status(error: &Error) -> StatusCode {
    match error {
        Error::PayloadTooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
        Error::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        _ => StatusCode::BAD_REQUEST,
    }
}

/// A preview that somebody wants.
struct Wanted<'a> {
    state: &'a AppState,
    headers: &'a HeaderMap,
    uri: &'a Uri,
    /// Of which project; `None` when it can't be one.
    id: Option<Uuid>,
}

impl<'a> Wanted<'a> {
    fn new(state: &'a AppState, headers: &'a HeaderMap, uri: &'a Uri, id: Result<Path<String>, PathRejection>) -> Self {
        Self { state, headers, uri, id: id.ok().and_then(|Path(id)| Uuid::parse(&id)) }
    }

    /// Begins it: the cookie, or what to answer instead.
    async fn begin(&self, Client(visitor): &Client) -> Result<Option<HeaderValue>, Response> {
        let (identity, id) = self.operator().await?;
        let origin = Origin::account(&identity.account, visitor.address);
        let begun = self.state.service.begin_preview(&origin, &id).await;
        let (_, sealed) = begun.map_err(|error| self.refused(&error))?;
        Ok(Cookies::new(&self.state.public_url).set_portal_session(&sealed))
    }

    /// Whether it may be begun, or what to answer instead.
    async fn allowed(&self) -> Result<(), Response> {
        let (identity, id) = self.operator().await?;
        let project = self.state.service.project_seen_by(&identity, &id).await;
        project.map(drop).map_err(|error| self.refused(&error))
    }

    /// The operator who asks, and for which project. Who has to sign in first, or to choose a password, comes back.
    async fn operator(&self) -> Result<(Identity, Id), Response> {
        let identity = identify(self.state, self.headers).await.map_err(|error| self.refused(&error))?;
        let Some(identity) = identity.filter(|identity| !identity.account.password_is_initial) else {
            return Err(redirect::found(&ReturnUrl::parse_or_home(Some(self.uri.path())).via_login(), None));
        };
        if identity.account.role != Role::Operator {
            return Err(self.page(Asked::Member));
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
