//! Pages that are the same for everybody who has nothing of their own yet: each is made once, compressed once, and kept.
//!
//! What may change such a page is its [`Key`]: whatever else it shows is of the configuration, and that of one process stays.

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

use super::Painted;
use crate::{assets::accepts, listen::Shared, service::sign_in::Setup};

/// Which page it is. There are as many as there are combinations of these, a few hundred: nothing that is typed is among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key {
    screen: Screen,
    language: &'static str,
    theme: &'static str,
}

/// What is on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Screen {
    /// The sign-in app, with one of its forms painted or none.
    SignIn { painted: Painted, setup: Setup },
    /// What is read without a way into the portal.
    AccessRequired,
}

impl Key {
    pub(super) const fn new(screen: Screen, language: Language, theme: Theme) -> Self {
        Self { screen, language: language.tag(), theme: theme.as_str() }
    }
}

/// The pages that are kept.
#[derive(Debug, Default)]
pub struct Pages(Mutex<HashMap<Key, Arc<Page>>>);

impl Pages {
    /// The page, made now if it was not before; `None` when it can't be made.
    pub(super) fn get(&self, key: Key, make: impl FnOnce() -> Option<String>) -> Option<Arc<Page>> {
        if let Some(page) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Some(Arc::clone(page));
        }
        // Others are not kept waiting; two may make it at the same time.
        let page = Arc::new(Page::new(Kind::HTML, make()?));
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&page));
        Some(page)
    }
}

/// What is kept.
#[derive(Debug, Clone, Copy)]
pub(in crate::http) struct Kind {
    content_type: &'static str,
    /// Which headers of a request it depends on.
    vary: &'static str,
}

impl Kind {
    pub(super) const HTML: Self =
        Self { content_type: "text/html; charset=utf-8", vary: "accept-encoding, accept-language, cookie" };
    /// The same for all.
    pub(in crate::http) const JSON: Self = Self { content_type: "application/json", vary: "accept-encoding" };
}

/// A page as it travels.
#[derive(Debug)]
pub(in crate::http) struct Page {
    kind: Kind,
    plain: Encoded,
    /// Best first.
    compressed: Vec<Encoded>,
}

#[derive(Debug)]
struct Encoded {
    coding: Option<&'static str>,
    bytes: Bytes,
    /// What the page is now: a browser that has this one is not sent it again (304).
    tag: HeaderValue,
}

impl Page {
    pub(in crate::http) fn new(kind: Kind, text: String) -> Self {
        let hash = hex::encode(Sha256::digest(&text).get(..12).unwrap_or_default());
        let encoded = |coding: Option<&'static str>, bytes: Vec<u8>| {
            let tag = format!("\"{hash}-{}\"", coding.unwrap_or("plain"));
            // It is made of ASCII.
            let tag = HeaderValue::try_from(tag).unwrap_or_else(|_| HeaderValue::from_static("\"\""));
            Encoded { coding, bytes: bytes.into(), tag }
        };
        let brotli = brotli(text.as_bytes()).map(|bytes| encoded(Some("br"), bytes));
        let gzip = gzip(text.as_bytes()).map(|bytes| encoded(Some("gzip"), bytes));
        let compressed = brotli.into_iter().chain(gzip).collect();
        Self { kind, compressed, plain: encoded(None, text.into_bytes()) }
    }

    /// The answer: the page in the best encoding that is accepted. What may not be kept has no tag, and is always sent.
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

/// The lines of a header that are text.
fn lines<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    headers.get_all(name).iter().filter_map(|line| line.to_str().ok())
}

/// Whether the client has what a tag stands for: `If-None-Match` is a list, compared weakly (RFC 9110 §13.1.2).
fn is_known(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let known = lines(headers, &header::IF_NONE_MATCH).flat_map(|line| line.split(',')).map(str::trim);
    known
        .map(|known| known.strip_prefix("W/").unwrap_or(known))
        .any(|known| known == "*" || known.as_bytes() == tag.as_bytes())
}

/// As small as it gets: it is done once.
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
