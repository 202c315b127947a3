//! The page that asks before an operator looks at the portal as a client, and says why they can't.

use axum::{
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
};
use doorstep_contract::{route::ClientRoute, uuid::Uuid};
use doorstep_locales::{PageWord, pages::preview as words};
use maud::html;

use super::{
    frame::{self, Look, Still},
    html as answer, theme,
};
use crate::{
    assets::App,
    http::{AppState, language},
};

/// What the page says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum Asked {
    /// Whether they want to: the browser does not say where they come from.
    Plainly,
    /// The same, after another site led them here.
    FromElsewhere,
    /// That they are no operator.
    Member,
    /// That there is no such project.
    Gone,
    /// That the client for its previews was deactivated.
    ClientInactive,
}

impl Asked {
    const fn text(self) -> (StatusCode, PageWord) {
        match self {
            Self::Plainly => (StatusCode::OK, words::TEXT),
            Self::FromElsewhere => (StatusCode::FORBIDDEN, words::ELSEWHERE),
            Self::Member => (StatusCode::FORBIDDEN, words::MEMBERS),
            Self::Gone => (StatusCode::NOT_FOUND, words::GONE),
            Self::ClientInactive => (StatusCode::CONFLICT, words::CLIENT_INACTIVE),
        }
    }
}

/// The page. Its button sends a form without a field to the page's own address.
pub(in crate::http) fn preview(state: &AppState, headers: &HeaderMap, project: Option<Uuid>, asked: Asked) -> Response {
    let language = language::of(headers);
    let (status, text) = asked.text();
    let title = language.page_word(words::TITLE);
    let has_button = matches!(asked, Asked::Plainly | Asked::FromElsewhere);
    let main = html! {
        section id="preview" class="card" {
            (frame::brand(&state.service.branding))
            h1 { (title) }
            p { (language.page_word(text)) }
            @if has_button {
                form class="form" method="post" {
                    button type="submit" class="button primary" { (language.page_word(words::SUBMIT)) }
                }
            }
            @match project.filter(|_| asked != Asked::Gone && asked != Asked::Member) {
                Some(id) => a href=(ClientRoute::Project(id).address()) { (language.page_word(words::TO_PROJECT)) },
                None => a href=(ClientRoute::Projects.path()) { (language.page_word(words::TO_PROJECTS)) },
            }
        }
    };
    let page = frame::still(&Still {
        look: Look {
            language,
            theme: theme(headers),
            branding: &state.service.branding,
            title: Some(title),
            below: "",
        },
        styles: state.assets.styles(App::Dashboard),
        says_origin: has_button,
        main: &main,
    });
    (status, answer(page)).into_response()
}
