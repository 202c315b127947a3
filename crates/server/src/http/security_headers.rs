//! The security headers of every response (ASVS 3.4).

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use super::AppState;
use crate::assets::Inline;

const PERMISSIONS_POLICY: &str = "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), \
    encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), magnetometer=(), \
    microphone=(), midi=(), payment=(), picture-in-picture=(), publickey-credentials-create=(), \
    publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()";

const HEADERS: [(HeaderName, HeaderValue); 6] = [
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("permissions-policy"), HeaderValue::from_static(PERMISSIONS_POLICY)),
];

/// Two years, without `includeSubDomains`: the operator may run other services there.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000");

/// Inline scripts and styles only from the build, by hash; no other origins; no framing. `'wasm-unsafe-eval'`
/// allows compiling WebAssembly but not evaluating JavaScript.
#[must_use]
pub fn content_security_policy(inline: &Inline) -> String {
    let and = |sources: &[String]| sources.iter().flat_map(|source| [" ", source.as_str()]).collect::<String>();
    let (scripts, styles) = (and(&inline.scripts), and(&inline.styles));
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self'{styles}; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

/// Forbids caching in browsers and proxies (ASVS 14.3.2).
pub(super) fn no_store(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The headers that every response has.
pub(super) fn of(state: &AppState) -> Arc<HeaderMap> {
    let mut headers: HeaderMap = HEADERS.into_iter().collect();
    let policy = content_security_policy(state.assets.inline());
    // The policy is ASCII.
    headers.extend(HeaderValue::try_from(policy).ok().map(|policy| (header::CONTENT_SECURITY_POLICY, policy)));
    if state.public_url.scheme() == "https" {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    Arc::new(headers)
}

/// Middleware that sets the headers on every response.
pub async fn set(State(always): State<Arc<HeaderMap>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.reserve(always.len());
    for (name, value) in &*always {
        headers.insert(name, value.clone());
    }
    response
}
