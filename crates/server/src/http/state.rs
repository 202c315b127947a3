//! The state shared by all handlers.

use std::sync::Arc;

use ipnet::IpNet;
use url::Url;

use super::{addresses::Addresses, shell::Pages};
use crate::{assets::Assets, config::Footer, service::Service};

/// The state shared by all handlers.
#[derive(Debug, Clone)]
pub struct AppState {
    /// The use cases.
    pub service: Arc<Service>,
    /// The browser app.
    pub assets: Arc<Assets>,
    /// The public URL: the origin that writes must come from; its scheme decides whether cookies are `Secure`.
    pub public_url: Arc<Url>,
    /// The links in the footer of every page.
    pub footer: Arc<Footer>,
    /// Whether a client on this machine may set up the first account without signing in.
    pub anonymous_setup: bool,
    /// Proxies whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Arc<[IpNet]>,
    /// The addresses other than the public URL that were logged already.
    pub addresses: Arc<Addresses>,
    /// The cache of pages for anonymous requests.
    pub pages: Arc<Pages>,
}

impl AppState {
    /// The public origin, without a slash at the end: `https://login.example.org`.
    #[must_use]
    pub fn origin(&self) -> String {
        self.public_url.origin().ascii_serialization()
    }
}
