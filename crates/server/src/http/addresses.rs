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
use url::{Host, Url};

use crate::domain::network::is_loopback_host;

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

/// The origin shown in the browser's address bar, as far as the headers reveal it; `None` rather than a wrong one.
fn opened_at(headers: &HeaderMap, authority: Option<&str>, public_url: &Url) -> Option<String> {
    let text = |name: &str| headers.get(name)?.to_str().ok()?.split(',').next().map(str::trim);
    let origin = |scheme: &str, host: &str| {
        let url = Url::parse(&format!("{scheme}://{host}")).ok()?;
        Some(url.origin().ascii_serialization()).filter(|_| matches!(url.scheme(), "http" | "https"))
    };
    let forwarded = text("forwarded");
    let told_host = text("x-forwarded-host").or_else(|| parameter(forwarded?, "host"));
    let told_scheme = text("x-forwarded-proto").or_else(|| parameter(forwarded?, "proto"));
    let sent_host = authority.or_else(|| text("host"));
    let public = public_url.origin().ascii_serialization();
    let (public_scheme, public_host) = public.split_once("://")?;
    // On a same-origin request, `Origin` is exact; on a cross-origin one it says nothing about this server's address.
    // Browsers mark requests with their site over https only; over plain http, the host has to be one of ours.
    if let Some(said) = text("origin") {
        let (scheme, at) = said.split_once("://")?;
        let hosts = [told_host, sent_host, Some(public_host)];
        let is_ours = text("sec-fetch-site").map_or_else(
            || hosts.into_iter().flatten().any(|host| at.eq_ignore_ascii_case(host)),
            |site| site == "same-origin",
        );
        return if is_ours { origin(scheme, at) } else { None };
    }
    // Browsers send Fetch Metadata to https and to this machine alone, and ask for https in every navigation. What
    // sends neither is a program.
    let is_marked = headers.contains_key("sec-fetch-site");
    let is_plain = !is_marked && headers.contains_key("upgrade-insecure-requests");
    let sent_name = sent_host.map_or("", name_of);
    let is_local = is_loopback_host(sent_name);
    let is_forwarded = told_scheme.is_some()
        || ["x-forwarded-for", "forwarded", "via"].into_iter().any(|name| headers.contains_key(name))
        || (is_marked && !is_local);
    let host = match (told_host, sent_host) {
        (Some(host), _) => host,
        // Proxies may leave the port out.
        (None, Some(host)) if is_forwarded && host == name_of(public_host) => public_host,
        // Many proxies replace `Host` by the name or address of the server behind them.
        (None, Some(host)) if !is_forwarded || is_public_name(sent_name) => host,
        // Nor does a browser on this machine say what it opened, unless the public URL is there too.
        (None, Some(_) | None) => return None,
    };
    let is_at_home = is_local && is_loopback_host(name_of(public_host));
    match told_scheme {
        Some(scheme) => origin(scheme, host),
        None if is_plain => origin("http", host),
        None if is_marked && !is_local => origin("https", host),
        None if is_marked && is_at_home => origin(public_scheme, host),
        None => None,
    }
}

/// A parameter of the first element of `Forwarded` (RFC 7239 §4).
fn parameter<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = element.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim_matches('"'))
}

/// A host without its port.
fn name_of(host: &str) -> &str {
    host.rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()))
        .map_or(host, |(name, _)| name)
}

/// Whether a name can be that of a server on the internet: it has several labels, and is no address.
fn is_public_name(name: &str) -> bool {
    name.contains('.') && matches!(Host::parse(name), Ok(Host::Domain(_)))
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
        const HTTPS: &str = "https://login.example.org";
        const UNSAID: &str = "http://127.0.0.1:8080";
        const MARK: (&str, &str) = ("sec-fetch-site", "none");
        const SAME: (&str, &str) = ("sec-fetch-site", "same-origin");
        const PLAIN: (&str, &str) = ("upgrade-insecure-requests", "1");
        for (public_url, pairs, expected) in [
            // A browser reaches a server whose public URL is right.
            (HTTPS, &[("host", "login.example.org"), MARK][..], None),
            (HTTPS, &[("host", "login.example.org:443"), MARK], None),
            (HTTPS, &[("host", "127.0.0.1:8080"), ("x-forwarded-for", "192.0.2.1"), MARK], None),
            (HTTPS, &[("host", "127.0.0.1:8080"), ("x-forwarded-proto", "https"), MARK], None),
            (HTTPS, &[("host", "127.0.0.1:8080"), MARK], None),
            (HTTPS, &[("host", "doorstep:8080"), MARK], None),
            (HTTPS, &[("host", "127.0.0.1:8080"), ("origin", HTTPS), SAME], None),
            (HTTPS, &[("host", "x"), ("x-forwarded-host", "login.example.org"), MARK], None),
            (HTTPS, &[("host", "x"), ("forwarded", "for=192.0.2.1;host=login.example.org;proto=https"), MARK], None),
            ("https://login.example.org:8443", &[("host", "login.example.org"), ("x-forwarded-proto", "https")], None),
            (UNSAID, &[("host", "127.0.0.1:8080"), MARK], None),
            // Another host, and a program that names one.
            (HTTPS, &[("host", "other.example.org"), MARK], Some("https://other.example.org")),
            (HTTPS, &[("host", "other.example.org")], None),
            (HTTPS, &[("host", "a b"), MARK], None),
            (UNSAID, &[("host", "localhost:8080"), MARK], Some("http://localhost:8080")),
            (UNSAID, &[("host", "[::1]:8080"), MARK], Some("http://[::1]:8080")),
            (UNSAID, &[("host", "nas:8080"), PLAIN], Some("http://nas:8080")),
            (UNSAID, &[("host", "192.0.2.7:8080"), PLAIN], Some("http://192.0.2.7:8080")),
            // Plain http, although the public URL is https.
            (HTTPS, &[("host", "login.example.org"), PLAIN], Some("http://login.example.org")),
            (HTTPS, &[("host", "192.0.2.7:8080"), PLAIN], Some("http://192.0.2.7:8080")),
            (
                "https://login.example.org:8443",
                &[("host", "login.example.org:8080"), PLAIN],
                Some("http://login.example.org:8080"),
            ),
            (HTTPS, &[("host", "login.example.org"), ("x-forwarded-proto", "http")], Some("http://login.example.org")),
            (HTTPS, &[("host", "x"), ("origin", "http://login.example.org")], Some("http://login.example.org")),
            // Pages elsewhere, and what names none.
            (HTTPS, &[("host", "login.example.org"), ("origin", "https://evil.example")], None),
            (HTTPS, &[("host", "x"), ("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")], None),
            (HTTPS, &[("host", "login.example.org"), ("origin", "null"), SAME], None),
            // An https proxy in front of a server whose public URL was not configured: it passes nothing on, ...
            (UNSAID, &[("host", "127.0.0.1:8080"), ("origin", HTTPS), SAME], Some(HTTPS)),
            (UNSAID, &[("host", "doorstep:8080"), MARK], None),
            // ... `Host` alone, the scheme alone, both, and all there is.
            (UNSAID, &[("host", "login.example.org"), MARK], Some(HTTPS)),
            (UNSAID, &[("host", "doorstep:8080"), ("x-forwarded-proto", "https"), MARK], None),
            (UNSAID, &[("host", "login.example.org"), ("x-forwarded-proto", "https")], Some(HTTPS)),
            (
                UNSAID,
                &[("forwarded", "for=\"[2001:db8::1]\"; Proto=https; host=\"login.example.org\", for=x")],
                Some(HTTPS),
            ),
            (
                UNSAID,
                &[("host", "x"), ("x-forwarded-host", "login.example.org"), ("x-forwarded-proto", "https")],
                Some(HTTPS),
            ),
        ] {
            assert_eq!(opened(public_url, pairs).as_deref(), expected, "{public_url} {pairs:?}");
        }
    }

    #[test]
    fn each_address_is_logged_once_and_only_a_few_are() {
        let addresses = Addresses::default();
        let url = "https://login.example.org".parse().expect("is a URL");
        let news = |host: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("host", host.parse().expect("is a header"));
            headers.insert("sec-fetch-site", "none".parse().expect("is a header"));
            addresses.news(&headers, None, &url).is_some()
        };
        assert!(news("a.example") && !news("a.example") && !news(&"a".repeat(300)));
        assert_eq!((0..100).filter(|number| news(&format!("h{number}.example"))).count(), REMEMBERED - 1);
    }
}
