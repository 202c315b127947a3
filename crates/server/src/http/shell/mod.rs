//! Shells: the HTML pages that load the app.
//!
//! A shell is in the user's language, has the installation's branding, the data of `setup-status` and `me`, and
//! forms that can be used before the app runs. Its content depends only on the path and on the user's session.

mod device;
mod frame;
mod icon;
mod link;
mod login;
pub(super) mod page_cache;
mod placeholder;
mod portal;
mod preview;
mod question;
mod revert_email;
mod unavailable;

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header, uri::PathAndQuery},
    response::{Html, IntoResponse as _, Response},
};
use doorstep_contract::{
    auth::Me,
    paths,
    preferences::{PROVIDER_COOKIE, THEME_COOKIE, Theme},
    return_url::{PARAMETER, ReturnUrl},
    route::ClientRoute,
    secret::Secret,
    shell::{ShellData, id},
};
use maud::Markup;
use tracing::error;
use url::form_urlencoded;

pub(super) use link::{leaving, link};
pub use page_cache::Pages;
pub(super) use portal::{access_required, too_many_attempts};
pub(super) use preview::{PreviewPage, preview};
pub(super) use revert_email::{Revert, revert_email};

use self::{
    frame::Choices,
    page_cache::{Key, Screen},
};
use super::{
    AppState,
    client::OnThisMachine,
    cookies::{Cookies, jar::values},
    dialect::BUSY_RETRY_AFTER,
    language, redirect,
    session::identify,
};
use crate::{assets::App, error::Error, service::sign_in::Setup};

/// The form that is rendered before the app runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum RenderedForm {
    /// The sign-in form.
    Login,
    /// The device code form.
    Device,
    /// No form: a heading and placeholders, which the app replaces (placeholder.rs).
    None,
}

impl RenderedForm {
    /// A page that needs a session shows the sign-in form in place when there is none, which saves a redirect.
    fn for_route(route: Option<ClientRoute>, query: Option<&str>, signs_in: bool) -> Self {
        match route {
            Some(ClientRoute::Device) if !device::is_outcome(query) => Self::Device,
            Some(route) if signs_in && (route == ClientRoute::Login || route.needs_session()) => Self::Login,
            _ => Self::None,
        }
    }
}

/// Handles all paths outside the APIs and assets. Paths that begin with the portal's get only pages of the portal:
/// a proxy that passes those exposes nothing of the dashboard.
pub(super) async fn serve(
    State(state): State<AppState>,
    OnThisMachine(here): OnThisMachine,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    let route = ClientRoute::parse(uri.path());
    if let Some(route) = route.filter(|route| route.address() != uri.path()) {
        return elsewhere(route, &uri);
    }
    if uri.path().starts_with(paths::PORTAL) {
        return portal::serve(&state, &uri, &headers).await;
    }
    let status = if route.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let wish = PageRequest { route, query: uri.query(), wanted: wanted(&uri, route) };
    let (private, mut response) = match make(&state, here, &headers, &wish).await {
        Ok(Rendered::Cached(page)) => return page.answer(status, &headers, true),
        Ok(Rendered::Fresh { private, page }) => (private, (status, html(page)).into_response()),
        Ok(Rendered::WithoutApp) => {
            (false, (StatusCode::SERVICE_UNAVAILABLE, html(unavailable::without_app())).into_response())
        }
        Err(error) => (false, failed(&headers, &error)),
    };
    // A page with account data is never stored; others may be cached but must be revalidated.
    let cache_control = if private { "no-store" } else { "no-cache" };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(cache_control));
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-language, cookie"));
    response
}

/// A page, or the reason why there is none.
enum Rendered {
    Cached(Arc<page_cache::Page>),
    Fresh {
        private: bool,
        page: Markup,
    },
    /// The server was built without the app.
    WithoutApp,
}

/// What an address requests.
struct PageRequest<'a> {
    route: Option<ClientRoute>,
    query: Option<&'a str>,
    /// The return URL.
    wanted: ReturnUrl,
}

impl PageRequest<'_> {
    /// The device code in a link to the device page.
    fn linked_code(&self) -> Option<device::CodeField> {
        device::CodeField::by_link(self.query.filter(|_| self.route == Some(ClientRoute::Device)))
    }
}

/// Whether the request contains nothing that a page would show: all such requests get the same page.
fn is_anonymous(state: &AppState, headers: &HeaderMap, wish: &PageRequest<'_>) -> bool {
    let cookies = Cookies::new(&state.public_url);
    wish.wanted.as_str() == ReturnUrl::parse_or_home(None).as_str()
        && wish.linked_code().is_none()
        && cookies.sessions(headers).is_empty()
        && cookies.user_code(headers).is_none()
        && values(headers, PROVIDER_COOKIE).next().is_none()
}

/// The cached page for anonymous requests, or one rendered for this request.
async fn make(state: &AppState, here: bool, headers: &HeaderMap, wish: &PageRequest<'_>) -> Result<Rendered, Error> {
    let setup = state.service.sign_in().setup(here && state.anonymous_setup).await?;
    let painted = |signs_in: bool| RenderedForm::for_route(wish.route, wish.query, signs_in && !setup.skips_sign_in);
    if is_anonymous(state, headers, wish) {
        let painted = painted(true);
        let kept =
            state.pages.get(Key::new(Screen::SignIn { painted, setup }, language::of(headers), theme(headers)), || {
                let data = data(state, headers, None, setup);
                page(state, headers, wish, painted, &data).map(Markup::into_string)
            });
        return Ok(kept.map_or(Rendered::WithoutApp, Rendered::Cached));
    }
    let me = match identify(state, headers).await? {
        Some(identity) => Some(state.service.sessions().me(&identity).await?),
        None => None,
    };
    let data = data(state, headers, me, setup);
    let private = data.me.is_some() || data.user_code.is_some() || wish.linked_code().is_some();
    let page = page(state, headers, wish, painted(data.me.is_none()), &data);
    Ok(page.map_or(Rendered::WithoutApp, |page| Rendered::Fresh { private, page }))
}

/// Redirects to the canonical path without a trailing slash (RFC 9110 §15.4.9). Browsers keep the fragment.
fn elsewhere(route: ClientRoute, uri: &Uri) -> Response {
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    redirect::permanent(&[&route.address(), query.as_str()].concat())
}

/// The page for internal errors.
pub(super) fn failed(headers: &HeaderMap, error: &Error) -> Response {
    error!(%error, "a page could not be rendered");
    let retry_after = [(header::RETRY_AFTER, BUSY_RETRY_AFTER)];
    let page = html(unavailable::without_database(language::of(headers)));
    (StatusCode::SERVICE_UNAVAILABLE, retry_after, page).into_response()
}

/// The return URL of a sign-in on this page.
fn wanted(uri: &Uri, route: Option<ClientRoute>) -> ReturnUrl {
    if route.is_some_and(ClientRoute::needs_session) {
        return ReturnUrl::parse_or_home(uri.path_and_query().map(PathAndQuery::as_str));
    }
    let query = uri.query().unwrap_or_default();
    let asked = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == PARAMETER);
    ReturnUrl::parse_or_home(asked.as_ref().map(|(_, value)| value.as_ref()))
}

fn html(markup: Markup) -> Html<Body> {
    Html(markup.into_string().into())
}

fn theme(headers: &HeaderMap) -> Theme {
    values(headers, THEME_COOKIE).find_map(Theme::parse).unwrap_or(Theme::System)
}

fn data(state: &AppState, headers: &HeaderMap, me: Option<Me>, setup: Setup) -> ShellData {
    let session = me.as_ref().map(|me| me.session.clone());
    ShellData {
        setup_status: state.service.sign_in().setup_status(session, setup),
        me,
        user_code: Cookies::new(&state.public_url).user_code(headers).map(|code| Secret::new(code.shown())),
        password_min_length: u32::try_from(state.service.policy().passwords.min_chars).unwrap_or(u32::MAX),
        origin: state.origin(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

/// The complete page; `None` when the server was built without the app.
fn page(
    state: &AppState,
    headers: &HeaderMap,
    wish: &PageRequest<'_>,
    painted: RenderedForm,
    data: &ShellData,
) -> Option<Markup> {
    let language = language::of(headers);
    let branding = &data.setup_status.branding;
    let is_there = |name: &&str| data.setup_status.providers.iter().any(|provider| provider.name == *name);
    let last = values(headers, PROVIDER_COOKIE).find(is_there);
    let login = login::screen(language, &data.setup_status, &wish.wanted, last);
    let device = device::screen(language, branding, &device::CodeField::Nothing);
    let mut templates = vec![(id::LOGIN_TEMPLATE, login.clone()), (id::DEVICE_TEMPLATE, device)];
    if painted == RenderedForm::Device {
        templates.extend(device::outcomes(language, branding));
    }
    let (title, main) = match painted {
        RenderedForm::Login => (Some(login::title(language)), Some(login)),
        RenderedForm::Device => {
            let kept = || data.user_code.as_ref().map(|code| device::CodeField::Whole(code.reveal().to_owned()));
            let brought = wish.linked_code().or_else(kept).unwrap_or(device::CodeField::Nothing);
            (Some(device::title(language)), Some(device::screen(language, branding, &brought)))
        }
        RenderedForm::None => {
            let ready = data.me.as_ref().filter(|me| !me.change_pwd_hint);
            (None, ready.and_then(|me| placeholder::outline(language, me, wish.route?)))
        }
    };
    let header = data.me.as_ref().map(|me| placeholder::header(language, branding, me, wish.route));
    // A signed-in user gets the whole app; others get the smaller sign-in app.
    let app = if data.me.is_some() { App::Dashboard } else { App::SignIn };
    Some(frame::page(&frame::Frame {
        look: frame::Look {
            language,
            theme: theme(headers),
            branding,
            footer: &state.footer,
            // Signing out does not reload the page, so both choices are needed.
            choices: Choices::LanguageAndTheme,
            version: data.me.as_ref().map(|_| env!("CARGO_PKG_VERSION")),
            title,
            below: "",
        },
        asset_tags: state.assets.head(app)?,
        words: &state.assets.words(app, language)?,
        header: header.as_ref(),
        main: main.as_ref(),
        templates: &templates,
        data,
    }))
}
