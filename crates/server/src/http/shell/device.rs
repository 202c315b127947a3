//! The device code form: rendered into its own page, and kept in a `<template>` on others. The app adopts the
//! elements, as it does with the sign-in form (the app's `pages/device/entry.rs`).
//!
//! ```text
//! ?user_code=… -> the field has the first half of the code: rendered for this request
//! cookie of a code that was looked up -> the field has the whole code: rendered for this request
//! neither -> an empty field: cached for all anonymous requests (page_cache.rs)
//! ?sso_error=…, ?sso_verified=… -> no form: the app shows the result
//! a reload after the decision -> rendered; the boot script replaces it by the result in the browser's history
//! ```

use doorstep_contract::{
    auth::Branding,
    device::{Resolution, SSO_ERROR, SSO_VERIFIED},
    mark::{CROSS, TERMINAL, TICK},
    shell::id,
    user_code::{self, PARAMETER},
};
use doorstep_locales::{Language, Word, fill, pages::device_entry as pages, words};
use maud::{Markup, html};
use url::form_urlencoded;

use super::frame::brand;

/// The initial content of the code field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CodeField {
    /// The first half of a code in a link.
    Half(String),
    /// The whole code, which was looked up in this browser before.
    Whole(String),
    /// Nothing.
    Nothing,
}

impl CodeField {
    /// The code in the page's address, if there is one.
    pub(super) fn by_link(query: Option<&str>) -> Option<Self> {
        let (_, code) = parameters(query).find(|(name, _)| name == PARAMETER)?;
        Some(Self::Half(user_code::first_half(&user_code::typed(&code)).to_owned()))
    }

    fn code(&self) -> Option<&str> {
        match self {
            Self::Half(code) | Self::Whole(code) => Some(code),
            Self::Nothing => None,
        }
    }
}

/// Whether the address has the result of an SSO flow.
pub(super) fn is_outcome(query: Option<&str>) -> bool {
    parameters(query).any(|(name, _)| name == SSO_ERROR || name == SSO_VERIFIED)
}

fn parameters(query: Option<&str>) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes())
}

pub(super) fn title(language: Language) -> &'static str {
    language.word(words::device::TITLE)
}

/// The form. The field has the canonical form of the code, not the text of the address.
pub(super) fn screen(language: Language, branding: &Branding, brought: &CodeField) -> Markup {
    use words::{device, stopped};
    let t = |word| language.word(word);
    let p = |word| language.page_word(word);
    let named = |word| fill(p(word), "name", &branding.name);
    let is_half = matches!(brought, CodeField::Half(_));
    html! {
        section id=(id::DEVICE) class="card device" {
            (brand(branding))
            (heading(None, TERMINAL, title(language)))
            // The style hides the second text while the first is shown.
            div id=(id::USER_CODE_TEXT) class="note" {
                p id=(id::USER_CODE_HALF) hidden[!is_half] { (named(pages::COMPARE)) }
                p { (named(pages::TEXT)) }
            }
            // `method="dialog"`, as in the sign-in form.
            form id=(id::DEVICE_FORM) class="form" method="dialog" novalidate {
                div id=(id::DEVICE_ALERT) class="alert" role="alert" {}
                div class="field code-field" {
                    label for=(id::USER_CODE) { (p(pages::CODE)) }
                    // The only field to fill in, so it gets the focus, unless it already has the whole code.
                    input id=(id::USER_CODE) name=(id::USER_CODE) type="text" autocomplete="off"
                        autocapitalize="characters" autocorrect="off" spellcheck="false"
                        autofocus[!matches!(brought, CodeField::Whole(_))] value=[brought.code()]
                        aria-describedby=(id::USER_CODE_TEXT);
                }
                button id=(id::DEVICE_SUBMIT) type="submit" class="button primary" { (t(device::CONTINUE)) }
                p class="slow" { (t(stopped::SLOW)) }
            }
        }
    }
}

/// The possible results, each in a template of that name: after a reload, the boot script shows the one that the
/// browser's history records, without waiting for the app.
pub(super) fn outcomes(language: Language, branding: &Branding) -> [(&'static str, Markup); 2] {
    use words::device::{DENIED_TEXT, DENIED_TITLE, DONE_TEXT, DONE_TITLE, REPORT_TEXT};
    let card = |tone: &str, picture: &str, title, texts: &[Word]| {
        html! {
            section id=(id::DEVICE_OUTCOME) class="card device" {
                (brand(branding))
                (heading(Some(tone), picture, language.word(title)))
                @for text in texts { p { (language.word(*text)) } }
            }
        }
    };
    [
        (Resolution::Approved.as_str(), card("ok", TICK, DONE_TITLE, &[DONE_TEXT])),
        (Resolution::Denied.as_str(), card("idle", CROSS, DENIED_TITLE, &[DENIED_TEXT, REPORT_TEXT])),
    ]
}

/// An icon and a heading, as the app draws them too (its `pages/device/card.rs`).
fn heading(tone: Option<&str>, picture: &str, title: &str) -> Markup {
    html! {
        div class="device-title" {
            span class="tile" data-tone=[tone] {
                svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" { path d=(picture) {} }
            }
            h1 tabindex="-1" { (title) }
        }
    }
}
