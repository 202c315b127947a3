//! The language of a request.

use axum::http::{HeaderMap, HeaderValue, header};
use doorstep_contract::preferences::{KEPT_FOR, LANGUAGE_COOKIE};
use doorstep_locales::Language;

use super::cookies::jar::values;

/// The parameter of a page's address that chooses the language, where there is no app to choose it by.
pub(super) const LANGUAGE_PARAMETER: &str = "lang";

/// The cookie that keeps the user's own choice, as the app writes it (its `preferences.rs`).
pub(super) fn kept(language: Language) -> Option<HeaderValue> {
    let cookie = format!("{LANGUAGE_COOKIE}={}; Path=/; SameSite=Lax; Max-Age={KEPT_FOR}", language.tag());
    HeaderValue::from_str(&cookie).ok()
}

/// What to answer in: the person's own choice, else what the browser asks for, else English.
pub(super) fn of(headers: &HeaderMap) -> Language {
    wished(headers).unwrap_or(Language::En)
}

/// The person's own choice, else what the browser asks for; `None` when neither says anything.
pub(super) fn wished(headers: &HeaderMap) -> Option<Language> {
    let chosen = values(headers, LANGUAGE_COOKIE).find_map(Language::of_tag);
    let accept = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    chosen.or_else(|| accept.map(Language::negotiate))
}
