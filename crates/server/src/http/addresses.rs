//! Warns about requests that arrive under an address other than the public URL. Each such address is logged once.
//!
//! A browser discards a `Secure` cookie that arrives over plain http, and sends no cookie to another host name:
//! signing in seems to succeed, but no session follows. The app explains this on the page
//! (`src/pages/address_notice.rs`); the log explains it to the operator.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, Uri, header, uri::Authority},
    middleware::Next,
    response::Response,
};
use doorstep_contract::route::ClientRoute;
use tracing::warn;
use url::Url;

/// The number of addresses remembered. Bounded, since clients choose the `Host` header.
const REMEMBERED: usize = 8;
/// The longest address remembered, in bytes.
const LONGEST: usize = 120;

/// The addresses already logged.
#[derive(Debug, Default)]
pub struct Addresses(Mutex<Vec<String>>);

impl Addresses {
    /// The origin that a request was sent to, if it differs from the public URL and was not returned before.
    fn news(&self, headers: &HeaderMap, authority: Option<&str>, public_url: &Url) -> Option<String> {
        let opened = opened_at(headers, authority, public_url)?;
        if opened == public_url.origin().ascii_serialization() || opened.len() > LONGEST {
            return None;
        }
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED || known.contains(&opened) {
            return None;
        }
        known.push(opened.clone());
        Some(opened)
    }
}

/// Middleware: checks requests for dashboard pages, and writes sent by pages. The portal is exempt, because it may
/// have its own address.
pub(super) async fn notice(
    State((addresses, public_url)): State<(Arc<Addresses>, Arc<Url>)>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    if is_of_a_page(request.method(), request.uri(), headers) {
        let authority = request.uri().authority().map(Authority::as_str);
        if let Some(opened) = addresses.news(headers, authority, &public_url) {
            warn!(
                event = "opened_at_another_address",
                opened,
                public_url = %public_url.origin().ascii_serialization(),
                "browsers reach this server at an address that is not its public URL: signing in may not work there. Open \
                 the public URL, or say public_url; a proxy in front must pass Host and X-Forwarded-Proto on"
            );
        }
    }
    next.run(request).await
}

fn is_of_a_page(method: &Method, uri: &Uri, headers: &HeaderMap) -> bool {
    if method == Method::GET {
        return ClientRoute::parse(uri.path()).is_some_and(|route| !route.is_portal());
    }
    !method.is_safe() && headers.contains_key(header::ORIGIN) && !uri.path().starts_with("/portal")
}

/// The origin shown in the browser's address bar, as far as the headers reveal it.
fn opened_at(headers: &HeaderMap, authority: Option<&str>, public_url: &Url) -> Option<String> {
    let text = |name: &str| headers.get(name)?.to_str().ok()?.split(',').next().map(str::trim);
    let forwarded = (text("x-forwarded-host"), text("x-forwarded-proto"));
    let host = forwarded.0.or(authority).or_else(|| text("host"))?;
    let origin = |scheme: &str, host: &str| {
        let url = Url::parse(&format!("{scheme}://{host}")).ok()?;
        Some(url.origin().ascii_serialization()).filter(|_| matches!(url.scheme(), "http" | "https"))
    };
    // On a same-origin request, `Origin` is exact; on a cross-origin one it says nothing about this server's
    // address.
    if let Some(said) = text("origin") {
        let (scheme, at) = said.split_once("://")?;
        return if at.eq_ignore_ascii_case(host) { origin(scheme, at) } else { None };
    }
    let public = &public_url.origin().ascii_serialization();
    let (public_scheme, public_host) = public.split_once("://")?;
    match forwarded {
        (Some(host), scheme) => origin(scheme.unwrap_or(public_scheme), host),
        // Proxies that set `X-Forwarded-Proto` often replace `Host` by the name of the server behind them.
        (None, Some(scheme)) => origin(scheme, public_host),
        (None, None) if headers.contains_key("x-forwarded-for") || headers.contains_key(header::VIA) => None,
        (None, None) => origin(public_scheme, host),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(public_url: &str, pairs: &[(&'static str, &str)]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().expect("is a header"));
        }
        Addresses::default().news(&headers, None, &public_url.parse().expect("is a URL"))
    }

    #[test]
    fn an_address_that_is_not_the_public_one_is_named() {
        let https = "https://login.example.org";
        for (public_url, pairs, expected) in [
            (https, &[("host", "login.example.org")][..], None),
            (https, &[("host", "login.example.org:443")], None),
            (https, &[("host", "other.example.org")], Some("https://other.example.org")),
            (https, &[("host", "127.0.0.1:8080"), ("x-forwarded-for", "192.0.2.1")], None),
            (https, &[("host", "127.0.0.1:8080"), ("x-forwarded-proto", "https")], None),
            (https, &[("host", "x"), ("x-forwarded-proto", "http")], Some("http://login.example.org")),
            (https, &[("host", "x"), ("x-forwarded-host", "login.example.org")], None),
            // Plain http, although the public URL is https, as the `Origin` of a write shows.
            (
                https,
                &[("host", "login.example.org"), ("origin", "http://login.example.org")],
                Some("http://login.example.org"),
            ),
            (https, &[("host", "login.example.org"), ("origin", "https://evil.example")], None),
            (https, &[("host", "login.example.org"), ("origin", "null")], None),
            (https, &[("host", "a b")], None),
            // An https proxy in front of a server whose public URL was not configured.
            (
                "http://127.0.0.1:8080",
                &[
                    ("host", "login.example.org"),
                    ("x-forwarded-host", "login.example.org"),
                    ("x-forwarded-proto", "https"),
                ],
                Some("https://login.example.org"),
            ),
            (
                "http://127.0.0.1:8080",
                &[("host", "127.0.0.1:8080"), ("x-forwarded-proto", "https")],
                Some("https://127.0.0.1:8080"),
            ),
            ("http://127.0.0.1:8080", &[("host", "localhost:8080")], Some("http://localhost:8080")),
        ] {
            assert_eq!(opened(public_url, pairs).as_deref(), expected, "{pairs:?}");
        }
    }

    #[test]
    fn each_address_is_logged_once_and_only_a_few_are() {
        let addresses = Addresses::default();
        let url = "https://login.example.org".parse().expect("is a URL");
        let news = |host: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("host", host.parse().expect("is a header"));
            addresses.news(&headers, None, &url).is_some()
        };
        assert!(news("a.example") && !news("a.example") && !news(&"a".repeat(300)));
        assert_eq!((0..100).filter(|number| news(&format!("h{number}.example"))).count(), REMEMBERED - 1);
    }
}
