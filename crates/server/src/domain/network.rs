//! Whether two addresses are in the same network: a hint for people, never a rule.

use std::net::IpAddr;

/// Whether two requests seem to come from the same place: the same 256 addresses of IPv4, the same `/48` of IPv6, which is
/// what a provider gives one customer at most (RIPE-690), or this machine. Addresses of different families are never the
/// same: a needless warning is better than a missing one.
#[must_use]
pub fn is_same(one: IpAddr, other: IpAddr) -> bool {
    match (one.to_canonical(), other.to_canonical()) {
        (one, other) if one.is_loopback() && other.is_loopback() => true,
        (IpAddr::V4(one), IpAddr::V4(other)) => one.octets().into_iter().take(3).eq(other.octets().into_iter().take(3)),
        (IpAddr::V6(one), IpAddr::V6(other)) => one.octets().into_iter().take(6).eq(other.octets().into_iter().take(6)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_in_the_same_network() {
        let same = |one: &str, other: &str| is_same(one.parse().expect("is one"), other.parse().expect("is one"));
        assert!(same("192.0.2.1", "192.0.2.200"));
        assert!(!same("192.0.2.1", "192.0.3.1"));
        assert!(same("2001:db8:1:2::1", "2001:db8:1:ffff::1"));
        assert!(!same("2001:db8:1::1", "2001:db8:2::1"));
        assert!(!same("192.0.2.1", "2001:db8::1"));
        assert!(same("192.0.2.1", "::ffff:192.0.2.9"));
        assert!(same("127.0.0.1", "::1") && !same("127.0.0.1", "192.0.2.1"));
    }
}
