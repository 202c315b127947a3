//! The sign-in form: rendered for users who have to sign in, and kept in a `<template>` otherwise. The app never
//! draws it again but adopts these elements (the app's `pages/login/account.rs`).

use doorstep_contract::{
    auth::{Provider, SetupStatus},
    paths::provider_login,
    return_url::{PARAMETER, ReturnUrl},
    route::ClientRoute,
    shell::id,
};
use doorstep_locales::{Language, fill, pages::login_form as pages, words};
use maud::{Markup, html};

use super::{frame::brand, icon::icon};

pub(super) fn title(language: Language) -> &'static str {
    language.word(words::login::TITLE)
}

/// `wanted` is the return URL; `last` the provider last used in this browser, which is listed first.
pub(super) fn screen(language: Language, status: &SetupStatus, wanted: &ReturnUrl, last: Option<&str>) -> Markup {
    use words::{credentials, login, stopped};
    let t = |word| language.word(word);
    html! {
        section id=(id::LOGIN) class="card" aria-labelledby=(id::LOGIN_HEADING) {
            (brand(&status.branding))
            h1 id=(id::LOGIN_HEADING) tabindex="-1" { (title(language)) }
            @if let Some(note) = &status.branding.public_note {
                p class="note" { (note) }
            }
            // The error precedes the fields that it may refer to.
            div id=(id::LOGIN_ALERT) class="alert" role="alert" {}
            @if !status.providers.is_empty() {
                (providers(language, &status.providers, wanted, last))
                @if status.password_login_enabled {
                    p class="or" { (language.page_word(pages::OR)) }
                }
            }
            // `method="dialog"` prevents a submit before the app runs from navigating with the password in the URL.
            form id=(id::LOGIN_FORM) class="form" method="dialog" novalidate hidden[!status.password_login_enabled] {
                // The style moves it under the field at fault.
                div id=(id::LOGIN_FIELD_ALERT) class="alert" role="alert" {}
                div class="field" {
                    label for=(id::USERNAME) { (t(credentials::USERNAME)) }
                    input id=(id::USERNAME) name=(id::USERNAME) type="text" autocomplete="username"
                        autocapitalize="none" autocorrect="off" spellcheck="false" required autofocus;
                }
                div class="field" {
                    label for=(id::PASSWORD) { (t(credentials::PASSWORD)) }
                    div class="with-toggle" {
                        input id=(id::PASSWORD) name=(id::PASSWORD) type="password"
                            autocomplete="current-password" autocapitalize="none" autocorrect="off"
                            spellcheck="false" required
                            aria-describedby=(id::CAPS_LOCK);
                        button id=(id::PASSWORD_TOGGLE) type="button" class="toggle" aria-pressed="false"
                            aria-controls=(id::PASSWORD) aria-label=(t(login::SHOW_PASSWORD))
                            title=(t(login::SHOW_PASSWORD)) { (eye()) }
                    }
                    // Shown at the end of the label's row, but after the field in tab order.
                    a id=(id::FORGOT) class="beside-label" href=(ClientRoute::ForgotPassword.path()) { (language.page_word(pages::FORGOT)) }
                    p id=(id::CAPS_LOCK) class="field-hint" role="status" {}
                }
                button id=(id::LOGIN_SUBMIT) type="submit" class="button primary" { (t(login::SUBMIT)) }
                p class="slow" { (t(stopped::SLOW)) }
            }
            @if status.temporary_login_token_enabled {
                button id=(id::USE_TOKEN) type="button" class="link app-only" { (t(words::token::TITLE)) }
            }
        }
    }
}

/// One link per provider. They work without the app.
fn providers(language: Language, providers: &[Provider], wanted: &ReturnUrl, last: Option<&str>) -> Markup {
    let (first, others): (Vec<_>, Vec<_>) = providers.iter().partition(|provider| last == Some(&provider.name));
    html! {
        div id=(id::PROVIDERS) class="form" {
            @for provider in first.into_iter().chain(others) {
                @let start = format!("{}?{PARAMETER}={}", provider_login(&provider.name), wanted.encoded());
                a class="button" rel="external" href=(start)
                    data-provider=(provider.name) {
                    (icon(provider))
                    (fill(language.word(words::login::WITH_PROVIDER), "name", &provider.display_name()))
                    @if last == Some(&provider.name) {
                        " " span class="badge" { (language.page_word(pages::LAST_USED)) }
                    }
                }
            }
        }
    }
}

/// An eye; the style strikes it through while the password is visible.
fn eye() -> Markup {
    html! {
        svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" class="icon" {
            path d="M2 12s3.6-7 10-7 10 7 10 7-3.6 7-10 7-10-7-10-7z" {}
            circle cx="12" cy="12" r="3" {}
            path class="strike" d="M4 20 20 4" {}
        }
    }
}
