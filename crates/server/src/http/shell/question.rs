//! A page that asks whether something is to be done, for what an address alone must not begin: its button posts to the same
//! address. Or it says why not.

use axum::{
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
};
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
pub(super) struct Question<'a> {
    /// Names its part of the page.
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) text: &'a str,
    /// What is on the button; without one there is nothing to do.
    pub(super) submit: Option<&'static str>,
    /// Where else to go, and what to call that.
    pub(super) onward: (&'a str, &'a str),
}

/// The page. Its button sends a form without a field to the page's own address.
pub(super) fn page(state: &AppState, headers: &HeaderMap, status: StatusCode, question: &Question<'_>) -> Response {
    let Question { id, title, text, submit, onward: (address, label) } = question;
    let main = html! {
        section id=(id) class="card" {
            (frame::brand(&state.service.branding))
            h1 { (title) }
            p { (text) }
            @if let Some(submit) = submit {
                form class="form" method="post" {
                    button type="submit" class="button primary" { (submit) }
                }
            }
            a href=(address) { (label) }
        }
    };
    let page = frame::still(&Still {
        look: Look {
            language: language::of(headers),
            theme: theme(headers),
            branding: &state.service.branding,
            footer: &state.footer,
            title: Some(title),
            below: "",
        },
        styles: state.assets.styles(App::Dashboard),
        says_origin: submit.is_some(),
        main: &main,
    });
    (status, answer(page)).into_response()
}
