//! The headers of every response (ASVS 3.4).

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

/// Two years, subdomains left alone: they are not ours to bind.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000");

/// No inline script or style but those of the build, each by its hash; nothing from another origin, and no page may frame this one.
/// `'wasm-unsafe-eval'` lets WebAssembly be compiled, and no JavaScript be evaluated.
#[must_use]
pub fn content_security_policy(inline: &Inline) -> String {
    let and = |sources: &[String]| sources.iter().flat_map(|source| [" ", source.as_str()]).collect::<String>();
    let (scripts, styles) = (and(&inline.scripts), and(&inline.styles));
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self'{styles}; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

/// No browser and no proxy keeps it (ASVS 14.3.2).
pub(super) fn no_store(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// What every response of a server has.
pub(super) fn of(state: &AppState) -> Arc<HeaderMap> {
    let mut headers: HeaderMap = HEADERS.into_iter().collect();
    let policy = content_security_policy(state.assets.inline());
    // It is made of ASCII.
    headers.extend(HeaderValue::try_from(policy).ok().map(|policy| (header::CONTENT_SECURITY_POLICY, policy)));
    if state.public_url.scheme() == "https" {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    Arc::new(headers)
}

/// Sets them on a response, whatever made it.
pub async fn set(State(always): State<Arc<HeaderMap>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.reserve(always.len());
    for (name, value) in &*always {
        headers.insert(name, value.clone());
    }
    response
}
