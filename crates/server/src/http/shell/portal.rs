//! The pages of the portal: the app for viewers, and plain pages for visitors without access. They link only to the
//! portal.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse as _, Redirect, Response},
};
use doorstep_contract::{
    auth::Branding,
    paths,
    portal::PortalProjectDetail,
    route::ClientRoute,
    shell::{PortalShellData, id},
};
use doorstep_locales::{Language, PageWord, pages};
use maud::{Markup, html};
use url::form_urlencoded;

use super::{
    failed,
    frame::{self, Choices, Frame, Look, Still},
    html as answer,
    page_cache::{Key, Screen},
    placeholder, theme, unavailable,
};
use crate::{
    assets::App,
    domain::portal::Viewer,
    error::Error,
    http::{
        AppState, language, language::LANGUAGE_PARAMETER, security_headers::no_store, session::viewer,
        set_cookies::SetCookies,
    },
};

/// A page of the portal, or what replaces it.
pub(super) async fn serve(state: &AppState, uri: &Uri, headers: &HeaderMap) -> Response {
    let there = ClientRoute::parse(uri.path()).is_some_and(ClientRoute::is_portal);
    let response = match viewer(state, headers).await {
        Ok(Some(viewer)) => {
            let project = match project(state, &viewer, uri).await {
                Ok(project) => project,
                Err(error) => return no_store(failed(headers, &error)),
            };
            let data = PortalShellData { branding: branding(state), me: viewer.to_wire(), project };
            let status = if there { StatusCode::OK } else { StatusCode::NOT_FOUND };
            shell(state, headers, &data, there).map_or_else(
                || (StatusCode::SERVICE_UNAVAILABLE, answer(unavailable::without_app())).into_response(),
                |page| (status, answer(page)).into_response(),
            )
        }
        Ok(None) if is_entry(uri) => {
            // Neither would the browser keep a choice of language.
            let page = answer(still(state, headers, Choices::Nothing, cookie_lost_screen));
            (StatusCode::UNAUTHORIZED, page).into_response()
        }
        Ok(None) => {
            if let Some(language) = asked_language(uri) {
                return no_store(in_language(uri, language));
            }
            let status = if there { StatusCode::UNAUTHORIZED } else { StatusCode::NOT_FOUND };
            return without_access(state, headers, status);
        }
        Err(error) => failed(headers, &error),
    };
    no_store(response)
}

/// The project that a page shows; `None` when the viewer can't see it, which the app reports.
async fn project(state: &AppState, viewer: &Viewer, uri: &Uri) -> Result<Option<PortalProjectDetail>, Error> {
    let id = match (ClientRoute::parse(uri.path()), &viewer.preview) {
        (Some(ClientRoute::PortalProject(id)), _) => id.as_str().to_owned(),
        (Some(ClientRoute::Portal), Some(preview)) => preview.project.to_string(),
        _ => return Ok(None),
    };
    match state.service.portal().project(viewer, &id).await {
        Ok(project) => Ok(Some(project)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The page for visitors without access.
pub(in crate::http) fn access_required(state: &AppState, headers: &HeaderMap) -> Response {
    without_access(state, headers, StatusCode::UNAUTHORIZED)
}

/// The page itself, with this status.
fn without_access(state: &AppState, headers: &HeaderMap, status: StatusCode) -> Response {
    let key = Key::new(Screen::AccessRequired, language::of(headers), theme(headers));
    let page = state
        .pages
        .get(key, || Some(still(state, headers, Choices::LanguageByLinks, access_required_screen).into_string()));
    // Rendering it never fails.
    page.map_or_else(|| status.into_response(), |page| page.answer(status, headers, false))
}

/// The page for visitors who made too many attempts.
pub(in crate::http) fn too_many_attempts(state: &AppState, headers: &HeaderMap, seconds: u64) -> Response {
    let screen = |language: Language, branding: &Branding| {
        let text = language.page_word_counting(pages::too_often::TEXT, seconds.div_ceil(60));
        (pages::too_often::TITLE, card(None, language, branding, pages::too_often::TITLE, &text))
    };
    let page = answer(still(state, headers, Choices::Nothing, screen));
    let mut response = no_store((StatusCode::TOO_MANY_REQUESTS, page).into_response());
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// Whether the page is shown right after a link was opened.
fn is_entry(uri: &Uri) -> bool {
    uri.path_and_query().is_some_and(|shown| shown.as_str() == paths::PORTAL_ENTERED)
}

/// The language selected by a link in the page's footer.
fn asked_language(uri: &Uri) -> Option<Language> {
    let mut parameters = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    parameters.find_map(|(name, tag)| (name == LANGUAGE_PARAMETER).then(|| Language::of_tag(&tag)).flatten())
}

/// Stores the language in the cookie, as the app does, and redirects to the page without the parameter.
fn in_language(uri: &Uri, language: Language) -> Response {
    (SetCookies::of(language::kept(language)), Redirect::to(uri.path())).into_response()
}

/// A page that runs the app; `None` when the server was built without it.
fn shell(state: &AppState, headers: &HeaderMap, data: &PortalShellData, there: bool) -> Option<Markup> {
    let language = language::of(headers);
    let (_, screen) = access_required_screen(language, &data.branding);
    // A preview's banner shows the remaining time, so the app draws it.
    let is_client = data.me.preview.is_none();
    let header = is_client.then(|| placeholder::portal_header(&data.branding, &data.me.client.name));
    let main = (is_client && there).then(|| placeholder::portal_outline(language));
    Some(frame::page(&Frame {
        look: Look { choices: Choices::LanguageAndTheme, ..look(state, headers, &data.branding, None) },
        asset_tags: state.assets.head(App::Portal)?,
        words: &state.assets.words(App::Portal, language)?,
        header: header.as_ref(),
        main: main.as_ref(),
        templates: &[(id::ACCESS_REQUIRED_TEMPLATE, screen)],
        data,
    }))
}

/// A page without the app, from a title and a screen.
fn still(
    state: &AppState,
    headers: &HeaderMap,
    choices: Choices,
    screen: impl Fn(Language, &Branding) -> (PageWord, Markup),
) -> Markup {
    let branding = branding(state);
    let language = language::of(headers);
    let (title, main) = screen(language, &branding);
    frame::still(&Still {
        look: Look { choices, ..look(state, headers, &branding, Some(language.page_word(title))) },
        styles: state.assets.styles(App::Portal),
        says_origin: false,
        main: &main,
    })
}

fn access_required_screen(language: Language, branding: &Branding) -> (PageWord, Markup) {
    let text = language.page_word(pages::access_required::TEXT);
    let title = pages::access_required::TITLE;
    (title, card(Some(id::ACCESS_REQUIRED), language, branding, title, text))
}

fn cookie_lost_screen(language: Language, branding: &Branding) -> (PageWord, Markup) {
    let title = pages::cookie_lost::TITLE;
    (title, card(None, language, branding, title, language.page_word(pages::cookie_lost::TEXT)))
}

fn card(id: Option<&'static str>, language: Language, branding: &Branding, title: PageWord, text: &str) -> Markup {
    html! {
        section id=[id] class="card" {
            (frame::brand(branding))
            h1 tabindex="-1" { (language.page_word(title)) }
            p { (text) }
        }
    }
}

/// The appearance of a page without the app.
fn look<'a>(state: &'a AppState, headers: &HeaderMap, branding: &'a Branding, title: Option<&'static str>) -> Look<'a> {
    let (language, theme) = (language::of(headers), theme(headers));
    let (footer, choices) = (&state.footer, Choices::Nothing);
    Look { language, theme, branding, footer, choices, version: None, title, below: paths::PORTAL }
}

/// The installation's branding, with logos under the portal's own paths.
fn branding(state: &AppState) -> Branding {
    let branding = state.service.branding().clone();
    let below = |logo: String| [paths::PORTAL, &logo].concat();
    Branding { logo: branding.logo.map(below), logo_dark: branding.logo_dark.map(below), ..branding }
}
