//! The client that sent a request.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{Extensions, HeaderMap, HeaderValue, Version, header, request::Parts, uri::Authority},
};
use ipnet::IpNet;

use super::AppState;
use crate::domain::{network::is_loopback_host, session::Visitor};

const FORWARDED_FOR: &str = "x-forwarded-for";
/// Headers that proxies add.
const PROXY_HEADERS: [&str; 6] =
    [FORWARDED_FOR, "forwarded", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via"];

/// The client of a request, for rate limits, session lists and logs.
#[derive(Debug, Clone)]
pub struct Client(pub Visitor);

impl FromRequestParts<AppState> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let address = address(&parts.extensions, &parts.headers, &state.trusted_proxies);
        let user_agent = parts.headers.get(header::USER_AGENT).map(HeaderValue::as_bytes);
        Ok(Self(Visitor::new(address, &String::from_utf8_lossy(user_agent.unwrap_or_default()))))
    }
}

/// Whether the request was sent from this machine directly to this server: the peer and the requested host are
/// loopback, and no header indicates a proxy. HTTP/1.0 is refused, since several proxies speak it and add no
/// header.
#[derive(Debug, Clone, Copy)]
pub struct OnThisMachine(pub bool);

impl<S: Sync> FromRequestParts<S> for OnThisMachine {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let is_forwarded = PROXY_HEADERS.iter().any(|name| parts.headers.contains_key(*name))
            || matches!(parts.version, Version::HTTP_09 | Version::HTTP_10);
        // HTTP/2 names the host in `:authority`, and may do so in `Host` as well (RFC 9113 §8.3.1).
        let hosts = parts.headers.get_all(header::HOST).iter().map(|host| host.to_str().unwrap_or_default());
        let mut named = hosts.chain(parts.uri.authority().map(Authority::as_str)).peekable();
        let is_named_so = named.peek().is_some() && named.all(is_here);
        Ok(Self(peer(&parts.extensions).is_loopback() && is_named_so && !is_forwarded))
    }
}

/// Whether a host names this machine: `localhost`, `127.0.0.1:8080`, `[::1]`.
fn is_here(host: &str) -> bool {
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    is_loopback_host(name.map_or(host, |(name, _)| name))
}

/// The client's address, for limits and logs.
pub(super) fn address(extensions: &Extensions, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    behind_proxies(peer(extensions), headers, trusted)
}

/// The address of the other end of the connection.
fn peer(extensions: &Extensions) -> IpAddr {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)).to_canonical()
}

/// The client's address: the peer; behind a trusted proxy, the right-most untrusted address of `X-Forwarded-For`
/// (ASVS 4.1.3). The client can forge everything to the left of it.
fn behind_proxies(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address));
    let mut client = peer;
    let mut hops = headers
        .get_all(FORWARDED_FOR)
        .iter()
        .flat_map(|line| line.to_str().unwrap_or_default().split(','))
        .map(parse_hop)
        .collect::<Vec<_>>()
        .into_iter()
        .rev();
    while is_trusted(client) {
        match hops.next() {
            Some(Some(hop)) => client = hop,
            Some(None) | None => break,
        }
    }
    client
}

/// Parses an address, with or without a port: some proxies add one.
fn parse_hop(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let address = text.parse().ok().or_else(|| text.parse().ok().map(|address: SocketAddr| address.ip()));
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    address.or_else(bracketed).map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn client(peer: &str, lines: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, line.parse().expect("is a header"));
        }
        let trusted: Vec<IpNet> = trusted.iter().map(|network| network.parse().expect("is a network")).collect();
        behind_proxies(peer.parse().expect("is an address"), &headers, &trusted).to_string()
    }

    #[test]
    fn forwarded_addresses_of_untrusted_peers_are_ignored() {
        assert_eq!(client("203.0.113.9", &["198.51.100.1"], &[]), "203.0.113.9");
        assert_eq!(client("203.0.113.9", &["198.51.100.1"], &["10.0.0.0/8"]), "203.0.113.9");
    }

    #[test]
    fn behind_trusted_proxies_the_right_most_untrusted_address_is_the_client() {
        let trusted = &["10.0.0.0/8", "fd00::/8"];
        assert_eq!(client("10.0.0.1", &["198.51.100.1"], trusted), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["1.1.1.1, 198.51.100.1, 10.0.0.2"], trusted), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["1.1.1.1", "198.51.100.1", "10.0.0.2"], trusted), "198.51.100.1");
        assert_eq!(client("fd00::1", &["[2001:db8::1]:4711"], trusted), "2001:db8::1");
        assert_eq!(client("10.0.0.1", &["198.51.100.1:4711"], trusted), "198.51.100.1");
        assert_eq!(
            client(
                "::ffff:10.0.0.1".parse::<IpAddr>().expect("is valid").to_canonical().to_string().as_str(),
                &["::ffff:198.51.100.1"],
                trusted
            ),
            "198.51.100.1"
        );
    }

    #[tokio::test]
    async fn a_local_request_names_a_loopback_host_in_host_and_authority() {
        for (uri, hosts, here) in [
            ("/", &["localhost:8080"][..], true),
            ("/", &[], false),
            ("/", &["evil.example"], false),
            ("/", &["localhost", "evil.example"], false),
            ("http://127.0.0.1:8080/", &[], true),
            ("http://evil.example/", &[], false),
            ("http://evil.example/", &["localhost"], false),
        ] {
            let mut request = Request::builder().uri(uri);
            for host in hosts {
                request = request.header(header::HOST, *host);
            }
            let (mut parts, ()) = request.body(()).expect("is valid").into_parts();
            parts.extensions.insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 4711))));
            let OnThisMachine(found) =
                OnThisMachine::from_request_parts(&mut parts, &()).await.expect("can't be refused");
            assert_eq!(found, here, "{uri} {hosts:?}");
            parts.version = Version::HTTP_10;
            let OnThisMachine(found) =
                OnThisMachine::from_request_parts(&mut parts, &()).await.expect("can't be refused");
            assert!(!found, "{uri} {hosts:?}");
        }
    }

    #[test]
    fn loopback_has_many_names() {
        for host in ["localhost", "LOCALHOST:8080", "127.0.0.1", "127.0.0.1:80", "[::1]", "[::1]:8080"] {
            assert!(is_here(host), "{host}");
        }
        for host in ["login.example.org", "localhost.example.org", "192.0.2.1:80", "[2001:db8::1]", ""] {
            assert!(!is_here(host), "{host}");
        }
    }

    #[test]
    fn a_missing_or_unreadable_header_falls_back_to_the_last_known_hop() {
        let trusted = &["10.0.0.0/8"];
        assert_eq!(client("10.0.0.1", &[], trusted), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &["198.51.100.1, garbage"], trusted), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &["198.51.100.1, unknown, 10.0.0.2"], trusted), "10.0.0.2");
        assert_eq!(client("10.0.0.1", &["10.0.0.3, 10.0.0.2"], trusted), "10.0.0.3");
    }
}
