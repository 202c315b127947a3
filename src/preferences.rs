//! The user's choices for this browser, kept in cookies, so that the server can apply them to the next page.

use doorstep_contract::{
    preferences::{KEPT_FOR, LANGUAGE_COOKIE, PROVIDER_COOKIE, THEME_ATTRIBUTE, THEME_COOKIE, Theme},
    shell::id,
};
use doorstep_locales::Language;
use leptos::prelude::*;
use web_sys::{Event, HtmlDocument, wasm_bindgen::JsCast as _};

use crate::ui::adopt::listen;

/// Listens to the selects that the server has painted in the footer.
pub(crate) fn listen_to_choices() {
    listen_to_choice(id::LANGUAGE, |tag| {
        Language::ALL.into_iter().filter(|language| language.tag() == tag).for_each(choose_language);
    });
    listen_to_choice(id::THEME, |word| Theme::parse(word).into_iter().for_each(choose_theme));
}

fn listen_to_choice(id: &str, choose: fn(&str)) {
    if let Some(select) = document().get_element_by_id(id) {
        listen(&select, "change", move |event: Event| choose(&event_target_value(&event)));
    }
}

/// The theme of the page.
pub(crate) fn theme() -> Theme {
    let root = document().document_element();
    root.and_then(|root| root.get_attribute(THEME_ATTRIBUTE))
        .and_then(|word| Theme::parse(&word))
        .unwrap_or(Theme::System)
}

/// Changes the theme, for this page and later ones.
pub(crate) fn choose_theme(theme: Theme) {
    if let Some(root) = document().document_element() {
        // The attribute's name is valid, so this can't fail.
        let _ = match theme {
            Theme::System => root.remove_attribute(THEME_ATTRIBUTE),
            Theme::Light | Theme::Dark => root.set_attribute(THEME_ATTRIBUTE, theme.as_str()),
        };
    }
    keep(THEME_COOKIE, theme.as_str());
}

/// Changes the language, and reloads the page: shell and translations come from the server.
pub(crate) fn choose_language(language: Language) {
    keep(LANGUAGE_COOKIE, language.tag());
    let _ = window().location().reload();
}

/// Stores the provider to show first the next time.
pub(crate) fn choose_provider(name: &str) {
    keep(PROVIDER_COOKIE, name);
}

fn keep(name: &str, value: &str) {
    if let Ok(document) = document().dyn_into::<HtmlDocument>() {
        let cookie = format!("{name}={value}; Path=/; SameSite=Lax; Max-Age={KEPT_FOR}");
        // If the browser refuses cookies, the choice is lost.
        let _ = document.set_cookie(&cookie);
    }
}
