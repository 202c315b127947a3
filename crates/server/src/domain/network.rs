//! Networks: groups of addresses for limits and comparisons.

use std::net::IpAddr;

use url::Url;

/// The prefix of an address, which identifies its network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network {
    bytes: [u8; 16],
    length: usize,
}

impl Network {
    /// The smallest unit that one customer has: an IPv4 address, or an IPv6 network of 64 bits.
    #[must_use]
    pub fn of_address(address: IpAddr) -> Self {
        Self::cut(address, 4, 8)
    }

    /// The largest unit that one customer usually has: the `/48` of IPv6 (RIPE-690), or the `/24` of IPv4.
    #[must_use]
    pub fn around(address: IpAddr) -> Self {
        Self::cut(address, 3, 6)
    }

    /// The `/48` around an IPv6 address, counted in addition to its `/64`. IPv4 addresses are scarce and do not
    /// need it.
    #[must_use]
    pub fn beside(address: IpAddr) -> Option<Self> {
        matches!(address.to_canonical(), IpAddr::V6(_)).then(|| Self::around(address))
    }

    /// The bytes of the prefix. Their number differs between the families.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    fn cut(address: IpAddr, of_v4: usize, of_v6: usize) -> Self {
        let mut bytes = [0; 16];
        let mut copy = |octets: &[u8], length: usize| {
            for (to, from) in bytes.iter_mut().zip(octets).take(length) {
                *to = *from;
            }
            length
        };
        let length = match address.to_canonical() {
            IpAddr::V4(address) => copy(&address.octets(), of_v4),
            IpAddr::V6(address) => copy(&address.octets(), of_v6),
        };
        Self { bytes, length }
    }
}

/// Whether two requests seem to come from the same place: the same [network](Network::around), or this machine. If
/// not, users are warned and asked for a recent proof; a match proves nothing. Addresses of different families
/// never match: an unnecessary warning is better than a missing one.
#[must_use]
pub fn is_same(one: IpAddr, other: IpAddr) -> bool {
    let (one, other) = (one.to_canonical(), other.to_canonical());
    (one.is_loopback() && other.is_loopback()) || Network::around(one) == Network::around(other)
}

/// Whether a host names this machine: `localhost`, `127.0.0.1`, `[::1]`. Names that merely resolve to it do not
/// count.
#[must_use]
pub fn is_loopback_host(host: &str) -> bool {
    let name = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    name.eq_ignore_ascii_case("localhost") || name.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

/// Whether the host of a URL is this machine.
#[must_use]
pub fn is_local(url: &Url) -> bool {
    url.host_str().is_some_and(is_loopback_host)
}

/// The wide network of an address, of which one attacker has few: the `/16` of IPv4, the `/32` of IPv6, which is
/// the allocation of a provider (RIPE-738).
#[must_use]
pub fn wide(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            format!("{first}.{second}")
        }
        IpAddr::V6(address) => {
            let [first, second, ..] = address.segments();
            format!("{first:x}:{second:x}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_hosts_name_this_machine() {
        for url in
            ["http://localhost/x", "http://LOCALHOST", "http://127.0.0.1:1", "http://[::1]:80", "smtp://127.8.8.8"]
        {
            assert!(is_local(&url.parse().expect("is a URL")), "{url}");
        }
        for url in
            ["http://127.0.0.1.evil.example", "http://localhost.example", "http://[::2]", "http://10.0.0.1", "data:x"]
        {
            assert!(!is_local(&url.parse().expect("is a URL")), "{url}");
        }
        assert!(!is_loopback_host("") && !is_loopback_host("[localhost") && is_loopback_host("::1"));
    }

    #[test]
    fn nearby_addresses_are_in_the_same_network() {
        let same = |one: &str, other: &str| is_same(one.parse().expect("is valid"), other.parse().expect("is valid"));
        assert!(same("192.0.2.1", "192.0.2.200"));
        assert!(!same("192.0.2.1", "192.0.3.1"));
        assert!(same("2001:db8:1:2::1", "2001:db8:1:ffff::1"));
        assert!(!same("2001:db8:1::1", "2001:db8:2::1"));
        assert!(!same("192.0.2.1", "2001:db8::1"));
        assert!(same("192.0.2.1", "::ffff:192.0.2.9"));
        let wide = |text: &str| wide(text.parse().expect("is valid"));
        assert_eq!([wide("192.0.2.1"), wide("::ffff:192.0.77.1")], ["192.0", "192.0"]);
        assert_eq!([wide("2001:db8:1:2::1"), wide("2001:db9::1")], ["2001:db8", "2001:db9"]);
        assert!(same("127.0.0.1", "::1") && !same("127.0.0.1", "192.0.2.1"));
    }
}
