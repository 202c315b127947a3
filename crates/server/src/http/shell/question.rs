//! A page that asks whether something is to be done, for what an address alone must not begin: its button posts to the same
//! address. Or it says why not.

use axum::{
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
};
use maud::html;

use super::{
    frame::{self, Choices, Look, Still},
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
    /// The button; without one there is nothing to do but to go on.
    pub(super) submit: Option<Submit<'a>>,
    /// Where else to go, and what to call that.
    pub(super) onward: (&'a str, &'a str),
}

/// The button of a page.
pub(super) struct Submit<'a> {
    pub(super) label: &'static str,
    /// What it sends; without it, nothing, to the page's own address.
    pub(super) sends: Option<Field<'a>>,
}

/// The field that a button sends.
pub(super) struct Field<'a> {
    /// The path that it is sent to.
    pub(super) to: &'static str,
    pub(super) name: &'static str,
    pub(super) value: &'a str,
}

/// The page.
pub(super) fn page(state: &AppState, headers: &HeaderMap, status: StatusCode, question: &Question<'_>) -> Response {
    let Question { id, title, text, submit, onward: (address, label) } = question;
    let main = html! {
        section id=(id) class="card" {
            (frame::brand(state.service.branding()))
            h1 { (title) }
            p { (text) }
            @if let Some(submit) = submit {
                form class="form" method="post" action=[submit.sends.as_ref().map(|field| field.to)] {
                    @if let Some(Field { name, value, .. }) = submit.sends {
                        input type="hidden" name=(name) value=(value);
                    }
                    button type="submit" class="button primary" { (submit.label) }
                }
            }
            a href=(address) class=[submit.is_none().then_some("button primary")] { (label) }
        }
    };
    let page = frame::still(&Still {
        look: Look {
            language: language::of(headers),
            theme: theme(headers),
            branding: state.service.branding(),
            choices: Choices::Nothing,
            version: None,
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
