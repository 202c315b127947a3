//! Places for connections, and which connection is evicted for a new one.

use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use ipnet::{IpNet, Ipv6Net};
use tracing::{info, warn};

use super::{Settings, activity::Activity};

/// Additional places for health checks only, for when all others are busy.
const RESERVED: usize = 16;
/// How many of these one address may have, for when all of its own are busy.
const RESERVED_PER_ADDRESS: usize = 4;

/// All places.
#[derive(Debug)]
pub(super) struct Places {
    settings: Settings,
    trusted_proxies: Arc<[IpNet]>,
    taken: Mutex<Taken>,
    /// The bytes held for all requests.
    held: Arc<AtomicUsize>,
    /// Whether all places are taken.
    connections: Fullness,
    /// Whether too many bytes are held.
    bytes: Fullness,
}

/// Whether a resource is exhausted: reported once, until a quarter is free again.
#[derive(Debug, Default)]
struct Fullness(AtomicBool);

/// A change of that state.
enum Turn {
    Full,
    Free,
}

impl Fullness {
    fn turn(&self, used: usize, max: usize) -> Option<Turn> {
        if used >= max {
            (!self.0.swap(true, Ordering::Relaxed)).then_some(Turn::Full)
        } else if used < max - max / 4 {
            self.0.swap(false, Ordering::Relaxed).then_some(Turn::Free)
        } else {
            None
        }
    }
}

#[derive(Debug, Default)]
struct Taken {
    number: u64,
    held: BTreeMap<u64, Held>,
}

#[derive(Debug, Clone)]
struct Held {
    /// The address that it counts against; `None` for a trusted proxy.
    network: Option<IpAddr>,
    reserved: bool,
    activity: Arc<Activity>,
}

/// A place, until it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    places: Arc<Places>,
    number: u64,
    /// Whether it is reserved for health checks.
    pub(super) reserved: bool,
    /// The state of its connection.
    pub(super) activity: Arc<Activity>,
}

impl Places {
    pub(super) fn new(settings: Settings, trusted_proxies: Arc<[IpNet]>) -> Arc<Self> {
        Arc::new(Self {
            settings,
            trusted_proxies,
            taken: Mutex::default(),
            held: Arc::default(),
            connections: Fullness::default(),
            bytes: Fullness::default(),
        })
    }

    /// A place for a connection from this address, if one is free or can be freed.
    pub(super) fn take(self: &Arc<Self>, peer: IpAddr) -> Option<Place> {
        let network = self.network(peer);
        let mut taken = self.taken();
        let before = taken.count(|held| !held.reserved);
        let has_room = |reserved, per_address, max| {
            let of_it = |held: &Held| held.network == network && held.reserved == reserved;
            (network.is_none() || taken.has_room(per_address, of_it))
                && taken.has_room(max, |held| held.reserved == reserved)
        };
        let reserved = !has_room(false, self.settings.max_per_address, self.settings.max);
        if reserved && !has_room(true, RESERVED_PER_ADDRESS, RESERVED) {
            return None;
        }
        let max = self.settings.max;
        match self.connections.turn(before, max) {
            Some(Turn::Full) => warn!(event = "connections_full", max, "the longest idle connection is closed"),
            Some(Turn::Free) => info!(event = "connections_free"),
            None => {}
        }
        let activity = Arc::new(Activity::new(self.settings.deadlines, Arc::clone(&self.held)));
        taken.number += 1;
        let number = taken.number;
        taken.held.insert(number, Held { network, reserved, activity: Arc::clone(&activity) });
        Some(Place { places: Arc::clone(self), number, reserved, activity })
    }

    /// Evicts the connection that has been idle longest, from any address.
    pub(super) fn evict_one(&self) {
        self.taken().evict_one(|_| true);
    }

    /// Enforces the limit on held bytes: evicts the connections that hold most.
    fn enforce_memory_limit(&self) {
        let (held, max) = (self.held.load(Ordering::Relaxed), self.settings.held_bytes);
        match self.bytes.turn(held, max) {
            Some(Turn::Full) => warn!(event = "held_full", max, "the connection that holds most is closed"),
            Some(Turn::Free) => info!(event = "held_free"),
            None => {}
        }
        if held <= max {
            return;
        }
        let taken = self.taken();
        let staying = taken.held.values().filter_map(|held| Some((held.activity.held()?, held)));
        let mut holding: Vec<_> = staying.collect();
        holding.sort_by_key(|(bytes, _)| *bytes);
        let mut all: usize = holding.iter().map(|(bytes, _)| bytes).sum();
        while all > max
            && let Some((bytes, held)) = holding.pop()
        {
            all = all.saturating_sub(bytes);
            held.activity.evict();
        }
    }

    /// The address that a connection counts against: an IPv4 address, or an IPv6 network of 64 bits.
    fn network(&self, peer: IpAddr) -> Option<IpAddr> {
        let peer = peer.to_canonical();
        if self.trusted_proxies.iter().any(|network| network.contains(&peer)) {
            return None;
        }
        Some(match peer {
            IpAddr::V4(_) => peer,
            IpAddr::V6(address) => Ipv6Net::new(address, 64).map_or(peer, |network| IpAddr::V6(network.network())),
        })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    /// Whether there are fewer than `max`, or one of them can be evicted.
    fn has_room(&self, max: usize, which: impl Fn(&Held) -> bool) -> bool {
        self.count(&which) < max || self.evict_one(which)
    }

    fn count(&self, which: impl Fn(&Held) -> bool) -> usize {
        self.held.values().filter(|held| which(held) && !held.activity.is_evicted()).count()
    }

    fn evict_one(&self, which: impl Fn(&Held) -> bool) -> bool {
        let ranked = self.held.values().filter(|held| which(held));
        let ranked = ranked.filter_map(|held| Some((held.activity.rank()?, held)));
        let Some((_, held)) = ranked.min_by_key(|(rank, _)| *rank) else { return false };
        held.activity.evict();
        true
    }
}

impl Place {
    /// Whether more is held than allowed: evicted connections take a moment to end.
    pub(super) fn is_memory_exhausted(&self) -> bool {
        self.places.held.load(Ordering::Relaxed) > self.places.settings.held_bytes
    }

    /// Enforces the limit after bytes were added for a request of this place.
    pub(super) fn enforce_memory_limit(&self) {
        self.places.enforce_memory_limit();
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.taken().held.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::listen::Deadlines;

    fn places(max: usize, max_per_address: usize) -> Arc<Places> {
        let long = Duration::from_hours(1);
        let deadlines =
            Deadlines { head: long, body: long, body_total: long, idle: long, send: long, send_total: long };
        let settings = Settings { max, max_per_address, http2_streams: 1, held_bytes: 100, deadlines };
        Places::new(settings, ["10.0.0.0/8".parse().expect("is a network")].into())
    }

    #[track_caller]
    fn take(places: &Arc<Places>, peer: &str) -> Place {
        places.take(peer.parse().expect("is an address")).expect("there is room")
    }

    #[test]
    fn places_per_address_are_limited_and_the_longest_idle_connection_is_evicted() {
        let places = places(100, 2);
        let [first, second] = [take(&places, "192.0.2.1"), take(&places, "192.0.2.1")];
        let other = take(&places, "192.0.2.2");
        let third = take(&places, "192.0.2.1");
        assert!(first.activity.is_evicted());
        assert!(![&second, &other, &third].iter().any(|place| place.activity.is_evicted()));
    }

    #[test]
    fn an_ipv6_network_is_one_address_and_trusted_proxies_are_exempt() {
        let places = places(100, 1);
        let first = take(&places, "2001:db8:1:2::1");
        let neighbour = take(&places, "2001:db8:1:2:ffff::9");
        assert!(first.activity.is_evicted() && !neighbour.activity.is_evicted());
        take(&places, "2001:db8:1:3::1");
        assert!(!neighbour.activity.is_evicted());
        let proxied = [take(&places, "10.0.0.1"), take(&places, "10.0.0.1"), take(&places, "::ffff:10.0.0.1")];
        assert!(!proxied.iter().any(|place| place.activity.is_evicted()));
    }

    #[test]
    fn busy_connections_are_not_evicted_and_health_checks_have_reserved_places() {
        let places = places(2, 2);
        let working = [take(&places, "192.0.2.1"), take(&places, "192.0.2.2")];
        let requests: Vec<_> = working.iter().map(|place| place.activity.begin(false, 0)).collect();
        for request in &requests {
            drop(request.body());
        }
        let reserved: Vec<_> = (0..=RESERVED).map(|n| take(&places, &format!("192.0.3.{n}"))).collect();
        assert!(reserved.iter().all(|place| place.reserved));
        // Reserved places are freed for each other.
        assert!(reserved[0].activity.is_evicted());
        assert!(!working.iter().any(|place| place.activity.is_evicted()));
        drop(requests);
        assert!(!take(&places, "192.0.4.1").reserved);
    }

    #[test]
    fn a_busy_address_has_reserved_places_for_health_checks() {
        let places = places(100, 1);
        let working = take(&places, "192.0.2.1");
        let request = working.activity.begin(false, 0);
        drop(request.body());
        let checks: Vec<_> = (0..=RESERVED_PER_ADDRESS).map(|_| take(&places, "192.0.2.1")).collect();
        assert!(checks.iter().all(|place| place.reserved) && checks[0].activity.is_evicted());
        assert!(!working.activity.is_evicted() && !checks[1].activity.is_evicted());
    }

    #[test]
    fn a_new_connection_is_kept_while_older_ones_accept_nothing() {
        let places = places(100, 2);
        let stalled = take(&places, "192.0.2.1");
        let request = stalled.activity.begin(false, 0);
        request.answered(0);
        let [new, newer] = [take(&places, "192.0.2.1"), take(&places, "192.0.2.1")];
        assert!(stalled.activity.is_evicted());
        assert!(!new.activity.is_evicted() && !newer.activity.is_evicted());
    }

    #[test]
    fn heads_bodies_and_responses_share_one_limit() {
        let places = places(10, 10);
        let [greedy, modest] = [take(&places, "192.0.2.1"), take(&places, "192.0.2.2")];
        let [large, small] = [greedy.activity.begin(true, 20), modest.activity.begin(true, 30)];
        assert_eq!(large.body().keep(50), 70);
        assert_eq!(small.body().keep(5), 35);
        greedy.enforce_memory_limit();
        assert!(greedy.activity.is_evicted() && !modest.activity.is_evicted());
    }

    #[test]
    fn a_client_that_accepts_no_responses_is_evicted() {
        let places = places(10, 10);
        let [greedy, modest] = [take(&places, "192.0.2.1"), take(&places, "192.0.2.2")];
        let answers: Vec<_> = [(&greedy, 60), (&modest, 30), (&greedy, 20)]
            .into_iter()
            .map(|(place, held)| {
                let request = place.activity.begin(true, 0);
                request.answered(held);
                place.enforce_memory_limit();
                request
            })
            .collect();
        assert!(greedy.activity.is_evicted() && !modest.activity.is_evicted());
        drop(answers);
        assert_eq!(places.held.load(Ordering::Relaxed), 0);
    }
}
