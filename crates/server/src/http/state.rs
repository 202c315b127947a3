//! What every handler can reach.

use std::sync::Arc;

use ipnet::IpNet;
use url::Url;

use super::{addresses::Addresses, shell::Pages};
use crate::{assets::Assets, config::Footer, service::Service};

/// What every handler can reach.
#[derive(Debug, Clone)]
pub struct AppState {
    /// What can be done.
    pub service: Arc<Service>,
    /// The browser app.
    pub assets: Arc<Assets>,
    /// Where people find this server: the origin that pages must come from, and whether cookies are for https alone.
    pub public_url: Arc<Url>,
    /// What stands at the foot of each page.
    pub footer: Arc<Footer>,
    /// Whether the first account may be set up without signing in, by a client on this machine.
    pub anonymous_setup: bool,
    /// Proxies whose word about the client's address is believed.
    pub trusted_proxies: Arc<[IpNet]>,
    /// The addresses that are not the public URL and that browsers reached it at.
    pub addresses: Arc<Addresses>,
    /// Pages that are the same for all who have nothing of their own yet.
    pub pages: Arc<Pages>,
}

impl AppState {
    /// Where people find this server, without a slash at the end: `https://login.example.org`.
    #[must_use]
    pub fn origin(&self) -> String {
        self.public_url.origin().ascii_serialization()
    }
}
