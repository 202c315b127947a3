//! The language of a request.

use axum::http::{HeaderMap, header};
use doorstep_contract::preferences::LANGUAGE_COOKIE;
use doorstep_locales::Language;

use super::cookies::jar::values;

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
