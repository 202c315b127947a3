//! The portal's cookie.

use axum::http::{HeaderMap, HeaderValue};
use cookie::time::Duration;
use url::{Host, Url};

use crate::{
    domain::portal::LIFE,
    http::cookies::{Cookies, jar::values},
};

/// The name that the contract defines.
pub(in crate::http) const PORTAL_SESSION: &str = "portal_session";
/// Other paths under which a cookie may have been set that the browser sends on leaving the portal.
const PATHS: [&str; 6] =
    ["/portal", "/portal/", "/portal/api", "/portal/api/", "/portal/api/leave", "/portal/api/leave/"];

impl Cookies {
    /// Candidates for the portal session: one, unless another program on the host set more.
    pub(in crate::http) fn portal_sessions(self, headers: &HeaderMap) -> Vec<&str> {
        self.accompanied(headers, PORTAL_SESSION)
    }

    /// `Set-Cookie` values with the portal session.
    #[must_use]
    pub fn set_portal_session(self, sealed: &str) -> Vec<HeaderValue> {
        self.accompany(PORTAL_SESSION, sealed, &["/"], Duration::seconds(LIFE.as_secs()))
    }

    /// `Set-Cookie` values that clear the portal session. When the request has more values than this server sets,
    /// also clears those, as far as a server can: for every path and parent domain that they can have been set for.
    #[must_use]
    pub fn clear_portal_session(self, headers: &HeaderMap, public_url: &Url) -> Vec<HeaderValue> {
        let mut cleared = self.accompany(PORTAL_SESSION, "", &["/"], Duration::ZERO);
        if values(headers, PORTAL_SESSION).count() > 1 {
            let domains: Vec<_> = hosts_above(public_url).into_iter().map(Some).collect();
            let below = PATHS.into_iter().map(|path| (None, path));
            let above = domains
                .iter()
                .flat_map(|domain| ["/"].into_iter().chain(PATHS).map(move |path| (domain.clone(), path)));
            cleared.extend(below.chain(above).filter_map(|(domain, path)| {
                self.build_for(domain, PORTAL_SESSION.to_owned(), String::new(), path, Duration::ZERO)
            }));
        }
        cleared
    }
}

/// The domains that a cookie for this host can have: the host and its parents, except the last label.
fn hosts_above(public_url: &Url) -> Vec<String> {
    let Some(Host::Domain(host)) = public_url.host() else {
        return Vec::new();
    };
    let labels: Vec<&str> = host.split('.').collect();
    let whole = labels.len().saturating_sub(1).min(4);
    (0..whole).map(|first| labels.iter().skip(first).copied().collect::<Vec<_>>().join(".")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planted_cookie_is_cleared_where_it_can_be() {
        let url: Url = "https://login.example.org".parse().expect("is a URL");
        let cleared = |line: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("cookie", HeaderValue::from_static(line));
            let cleared = Cookies::new(&url).clear_portal_session(&headers, &url);
            cleared.iter().map(|header| header.to_str().expect("is ASCII").to_owned()).collect::<Vec<_>>()
        };
        let usual = cleared("portal_session=a; __Host-portal_session=a");
        let names: Vec<_> = usual.iter().filter_map(|header| header.split('=').next()).collect();
        assert_eq!(names, ["portal_session", "__Host-portal_session"]);
        let more = cleared("portal_session=planted; portal_session=a; __Host-portal_session=a");
        for part in ["Path=/portal;", "Domain=example.org; ", "Domain=login.example.org; "] {
            assert!(more.iter().any(|header| format!("{header};").contains(part)), "{part}: {more:?}");
        }
        assert!(more.iter().all(|header| header.contains("Max-Age=0")));
    }
}
