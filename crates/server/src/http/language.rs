//! The language of a request.

use axum::http::{HeaderMap, HeaderValue, header};
use doorstep_contract::preferences::{KEPT_FOR, LANGUAGE_COOKIE};
use doorstep_locales::Language;

use super::cookies::jar::values;

/// The query parameter that selects the language on pages without the app.
pub(super) const LANGUAGE_PARAMETER: &str = "lang";

/// The cookie with the language that the user selected, as the app writes it (its `preferences.rs`).
pub(super) fn kept(language: Language) -> Option<HeaderValue> {
    let cookie = format!("{LANGUAGE_COOKIE}={}; Path=/; SameSite=Lax; Max-Age={KEPT_FOR}", language.tag());
    HeaderValue::from_str(&cookie).ok()
}

/// The language of the response: the one that the user selected, else one that the browser accepts, else English.
pub(super) fn of(headers: &HeaderMap) -> Language {
    wished(headers).unwrap_or(Language::En)
}

/// The language that the user selected, else one that the browser accepts; `None` without either.
pub(super) fn wished(headers: &HeaderMap) -> Option<Language> {
    let chosen = values(headers, LANGUAGE_COOKIE).find_map(Language::of_tag);
    let accept = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    chosen.or_else(|| accept.map(Language::negotiate))
}
