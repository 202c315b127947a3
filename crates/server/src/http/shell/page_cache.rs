//! A cache of the pages that are the same for all anonymous requests. Each is rendered and compressed once.
//!
//! A page is determined by its [`Key`]; its other content comes from the configuration, which does not change while
//! the process runs.

use std::{
    collections::HashMap,
    io::Write as _,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use brotli::enc::BrotliEncoderParams;
use doorstep_contract::preferences::Theme;
use doorstep_locales::Language;
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest as _, Sha256};

use super::RenderedForm;
use crate::{assets::accepts, listen::Shared, service::sign_in::Setup};

/// Identifies a page. There are a few hundred combinations; none depends on client input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key {
    screen: Screen,
    language: &'static str,
    theme: &'static str,
}

/// The content of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Screen {
    /// The sign-in app, with one of its forms rendered or none.
    SignIn { painted: RenderedForm, setup: Setup },
    /// The portal's page for visitors without access.
    AccessRequired,
}

impl Key {
    pub(super) const fn new(screen: Screen, language: Language, theme: Theme) -> Self {
        Self { screen, language: language.tag(), theme: theme.as_str() }
    }
}

/// The cache.
#[derive(Debug, Default)]
pub struct Pages(Mutex<HashMap<Key, Arc<Page>>>);

impl Pages {
    /// The page, rendered if it is not cached; `None` when rendering fails.
    pub(super) fn get(&self, key: Key, make: impl FnOnce() -> Option<String>) -> Option<Arc<Page>> {
        if let Some(page) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Some(Arc::clone(page));
        }
        // Rendered outside of the lock; two requests may do so at the same time.
        let page = Arc::new(Page::new(Kind::HTML, make()?));
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&page));
        Some(page)
    }
}

/// A kind of cached response.
#[derive(Debug, Clone, Copy)]
pub(in crate::http) struct Kind {
    content_type: &'static str,
    /// The value of `Vary`.
    vary: &'static str,
}

impl Kind {
    pub(super) const HTML: Self =
        Self { content_type: "text/html; charset=utf-8", vary: "accept-encoding, accept-language, cookie" };
    /// JSON that does not depend on the request.
    pub(in crate::http) const JSON: Self = Self { content_type: "application/json", vary: "accept-encoding" };
}

/// A response with its compressed variants.
#[derive(Debug)]
pub(in crate::http) struct Page {
    kind: Kind,
    plain: Encoded,
    /// Ordered by preference, best first.
    compressed: Vec<Encoded>,
}

#[derive(Debug)]
struct Encoded {
    coding: Option<&'static str>,
    bytes: Bytes,
    /// The `ETag`.
    tag: HeaderValue,
}

impl Page {
    pub(in crate::http) fn new(kind: Kind, text: String) -> Self {
        let hash = hex::encode(Sha256::digest(&text).get(..12).unwrap_or_default());
        let encoded = |coding: Option<&'static str>, bytes: Vec<u8>| {
            let tag = format!("\"{hash}-{}\"", coding.unwrap_or("plain"));
            // The tag is ASCII.
            let tag = HeaderValue::try_from(tag).unwrap_or_else(|_| HeaderValue::from_static("\"\""));
            Encoded { coding, bytes: bytes.into(), tag }
        };
        let brotli = brotli(text.as_bytes()).map(|bytes| encoded(Some("br"), bytes));
        let gzip = gzip(text.as_bytes()).map(|bytes| encoded(Some("gzip"), bytes));
        let compressed = brotli.into_iter().chain(gzip).collect();
        Self { kind, compressed, plain: encoded(None, text.into_bytes()) }
    }

    /// Responds with the best accepted encoding, or 304. When the response may not be cached, it has no tag and is
    /// always sent.
    pub(in crate::http) fn answer(&self, status: StatusCode, headers: &HeaderMap, may_be_kept: bool) -> Response {
        let is_accepted = |coding| lines(headers, &header::ACCEPT_ENCODING).any(|line| accepts(line, coding));
        let best = self.compressed.iter().find(|one| one.coding.is_some_and(is_accepted));
        let encoded = best.unwrap_or(&self.plain);
        let is_there = may_be_kept && status == StatusCode::OK && is_known(headers, &encoded.tag);
        let mut response = if is_there {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let content_type = [(header::CONTENT_TYPE, self.kind.content_type)];
            let mut response = (status, content_type, encoded.bytes.clone()).into_response();
            if let Some(coding) = encoded.coding {
                response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
            }
            response.extensions_mut().insert(Shared);
            response
        };
        let answer = response.headers_mut();
        answer.insert(header::VARY, HeaderValue::from_static(self.kind.vary));
        if may_be_kept {
            answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
            answer.insert(header::ETAG, encoded.tag.clone());
        } else {
            answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        response
    }
}

/// The values of a header that are text.
fn lines<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    headers.get_all(name).iter().filter_map(|line| line.to_str().ok())
}

/// Whether `If-None-Match` contains the tag: a list, compared weakly (RFC 9110 §13.1.2).
fn is_known(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let known = lines(headers, &header::IF_NONE_MATCH).flat_map(|line| line.split(',')).map(str::trim);
    known
        .map(|known| known.strip_prefix("W/").unwrap_or(known))
        .any(|known| known == "*" || known.as_bytes() == tag.as_bytes())
}

/// At the highest level, since it is done once.
fn brotli(text: &[u8]) -> Option<Vec<u8>> {
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &*text, &mut packed, &BrotliEncoderParams::default()).ok()?;
    Some(packed)
}

fn gzip(text: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text).ok()?;
    encoder.finish().ok()
}
