//! A page that asks for confirmation of what an address alone must not do: its button posts to the same address. Or
//! it says why it is impossible.

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

/// The content of the page.
pub(super) struct Question<'a> {
    /// The element's id.
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) text: &'a str,
    /// The button; without one there is only the link.
    pub(super) submit: Option<Submit<'a>>,
    /// The address and text of another link.
    pub(super) onward: (&'a str, &'a str),
}

/// The button of the form.
pub(super) struct Submit<'a> {
    pub(super) label: &'static str,
    /// A field that it sends to another path; without it, it posts an empty form to the page's own address.
    pub(super) sends: Option<Field<'a>>,
}

/// A hidden field.
pub(super) struct Field<'a> {
    /// The form's action.
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
