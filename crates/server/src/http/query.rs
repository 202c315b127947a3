//! Parsing query strings and forms.

use axum::http::Uri;
use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::{domain::page::Page, error::Error};

/// Parses the fields; each may occur once (RFC 6749 §3.2).
pub(super) fn fields(text: &[u8]) -> Result<Map<String, Value>, Error> {
    let mut fields = Map::new();
    for (name, value) in form_urlencoded::parse(text) {
        let twice = || Error::InvalidRequest("a field is there twice".to_owned());
        if fields.insert(name.into_owned(), Value::String(value.into_owned())).is_some() {
            return Err(twice());
        }
    }
    Ok(fields)
}

/// A query parameter; `None` when it is absent or empty (RFC 6749 §3.1).
pub(super) fn parameter(uri: &Uri, name: &str) -> Result<Option<String>, Error> {
    let mut fields = fields(uri.query().unwrap_or_default().as_bytes())?;
    Ok(match fields.remove(name) {
        Some(Value::String(value)) if !value.is_empty() => Some(value),
        _ => None,
    })
}

/// A query parameter that is a positive integer.
pub(super) fn number(uri: &Uri, name: &str, default: u32) -> Result<u32, Error> {
    let Some(text) = parameter(uri, name)? else {
        return Ok(default);
    };
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| Error::InvalidRequest(format!("`{name}` is not a number from 1")))
}

/// The requested page of a list.
pub(super) fn page(uri: &Uri) -> Result<Page, Error> {
    let page = Page { number: number(uri, "page", 1)?, limit: number(uri, "limit", Page::DEFAULT_LIMIT)? };
    if page.limit > Page::MAX_LIMIT {
        return Err(Error::InvalidRequest(format!("`limit` is over {}", Page::MAX_LIMIT)));
    }
    Ok(page)
}
