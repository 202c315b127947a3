//! Who may have a connection, and who has to go when another one comes.

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

/// Places beyond all others, where health checks are answered and nothing else is: for when the server is at work for each
/// of the others.
const RESERVED: usize = 16;

/// All places.
#[derive(Debug)]
pub(super) struct Places {
    settings: Settings,
    trusted_proxies: Arc<[IpNet]>,
    taken: Mutex<Taken>,
    /// The bytes of all answers that were not sent.
    owed: Arc<AtomicUsize>,
    /// Whether the log says that all are taken.
    full: AtomicBool,
}

#[derive(Debug, Default)]
struct Taken {
    number: u64,
    held: BTreeMap<u64, Held>,
}

#[derive(Debug, Clone)]
struct Held {
    /// Who it counts for; `None` for a trusted proxy.
    network: Option<IpAddr>,
    reserved: bool,
    activity: Arc<Activity>,
}

/// A place, until it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    places: Arc<Places>,
    number: u64,
    /// Whether it is one of those for health checks alone.
    pub(super) reserved: bool,
    /// What goes on there.
    pub(super) activity: Arc<Activity>,
}

impl Places {
    pub(super) fn new(settings: Settings, trusted_proxies: Arc<[IpNet]>) -> Arc<Self> {
        Arc::new(Self {
            settings,
            trusted_proxies,
            taken: Mutex::default(),
            owed: Arc::default(),
            full: AtomicBool::new(false),
        })
    }

    /// A place for a connection from there, if one is free or can be made free.
    pub(super) fn take(self: &Arc<Self>, peer: IpAddr) -> Option<Place> {
        let network = self.network(peer);
        let mut taken = self.taken();
        if network.is_some() && !taken.has_room(self.settings.max_per_address, |held| held.network == network) {
            return None;
        }
        let before = taken.count(|held| !held.reserved);
        let reserved = !taken.has_room(self.settings.max, |held| !held.reserved);
        if reserved && !taken.has_room(RESERVED, |held| held.reserved) {
            return None;
        }
        self.note(before);
        let activity = Arc::new(Activity::new(self.settings.deadlines, Arc::clone(&self.owed)));
        taken.number += 1;
        let number = taken.number;
        taken.held.insert(number, Held { network, reserved, activity: Arc::clone(&activity) });
        Some(Place { places: Arc::clone(self), number, reserved, activity })
    }

    /// Sends away what has been idle longest, whosever it is.
    pub(super) fn send_one_away(&self) {
        self.taken().send_one_away(|_| true);
    }

    /// Keeps within the bytes that all may have to be sent: who owes most goes first.
    fn bound_answers(&self) {
        if self.owed.load(Ordering::Relaxed) <= self.settings.answer_bytes {
            return;
        }
        let taken = self.taken();
        let mut owing: Vec<_> = taken.held.values().filter(|held| !held.activity.is_leaving()).collect();
        owing.sort_by_cached_key(|held| held.activity.owed());
        let mut owed: usize = owing.iter().map(|held| held.activity.owed()).sum();
        while owed > self.settings.answer_bytes
            && let Some(held) = owing.pop()
        {
            owed = owed.saturating_sub(held.activity.owed());
            held.activity.send_away();
            warn!(event = "answers_full", "a connection that takes no answers was closed");
        }
    }

    /// Logs once that all are taken, until there is room again.
    fn note(&self, held: usize) {
        let max = self.settings.max;
        if held >= max && !self.full.swap(true, Ordering::Relaxed) {
            warn!(event = "connections_full", max, "what is idle longest makes room");
        } else if held < max - max / 4 && self.full.swap(false, Ordering::Relaxed) {
            info!(event = "connections_free");
        }
    }

    /// Who a connection counts for: an IPv4 address, or what one customer has of IPv6.
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
    /// Whether fewer than so many are there, or one of them could be sent away.
    fn has_room(&self, max: usize, which: impl Fn(&Held) -> bool) -> bool {
        self.count(&which) < max || self.send_one_away(which)
    }

    fn count(&self, which: impl Fn(&Held) -> bool) -> usize {
        self.held.values().filter(|held| which(held) && !held.activity.is_leaving()).count()
    }

    fn send_one_away(&self, which: impl Fn(&Held) -> bool) -> bool {
        let ranked = self.held.values().filter(|held| which(held));
        let ranked = ranked.filter_map(|held| Some((held.activity.rank()?, held)));
        let Some((_, held)) = ranked.min_by_key(|(rank, _)| *rank) else { return false };
        held.activity.send_away();
        true
    }
}

impl Place {
    /// Makes room after an answer of this place was made.
    pub(super) fn bound_answers(&self) {
        self.places.bound_answers();
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
        let settings = Settings { max, max_per_address, http2_streams: 1, answer_bytes: 100, deadlines };
        Places::new(settings, ["10.0.0.0/8".parse().expect("is a network")].into())
    }

    #[track_caller]
    fn take(places: &Arc<Places>, peer: &str) -> Place {
        places.take(peer.parse().expect("is an address")).expect("there is room")
    }

    #[test]
    fn one_address_has_so_many_places_and_the_one_that_is_idle_longest_goes() {
        let places = places(100, 2);
        let [first, second] = [take(&places, "192.0.2.1"), take(&places, "192.0.2.1")];
        let other = take(&places, "192.0.2.2");
        let third = take(&places, "192.0.2.1");
        assert!(first.activity.is_leaving());
        assert!(![&second, &other, &third].iter().any(|place| place.activity.is_leaving()));
    }

    #[test]
    fn a_network_of_ipv6_is_one_address_and_a_trusted_proxy_is_many() {
        let places = places(100, 1);
        let first = take(&places, "2001:db8:1:2::1");
        let neighbour = take(&places, "2001:db8:1:2:ffff::9");
        assert!(first.activity.is_leaving() && !neighbour.activity.is_leaving());
        take(&places, "2001:db8:1:3::1");
        assert!(!neighbour.activity.is_leaving());
        let proxied = [take(&places, "10.0.0.1"), take(&places, "10.0.0.1"), take(&places, "::ffff:10.0.0.1")];
        assert!(!proxied.iter().any(|place| place.activity.is_leaving()));
    }

    #[test]
    fn what_the_server_works_for_stays_and_health_checks_have_places_of_their_own() {
        let places = places(2, 2);
        let working = [take(&places, "192.0.2.1"), take(&places, "192.0.2.2")];
        let requests: Vec<_> = working.iter().map(|place| place.activity.begin(false)).collect();
        for request in &requests {
            drop(request.body());
        }
        let reserved: Vec<_> = (0..=RESERVED).map(|n| take(&places, &format!("192.0.3.{n}"))).collect();
        assert!(reserved.iter().all(|place| place.reserved));
        // Those make room for each other.
        assert!(reserved[0].activity.is_leaving());
        assert!(!working.iter().any(|place| place.activity.is_leaving()));
        // And the address of the second has its own bound beside it.
        let second = take(&places, "192.0.2.2");
        let third = take(&places, "192.0.2.2");
        assert!(second.activity.is_leaving() && !third.activity.is_leaving());
        drop(requests);
        assert!(!take(&places, "192.0.4.1").reserved);
    }

    #[test]
    fn who_does_not_take_its_answers_makes_room_for_those_of_others() {
        let places = places(10, 10);
        let [greedy, modest] = [take(&places, "192.0.2.1"), take(&places, "192.0.2.2")];
        let answers: Vec<_> = [(&greedy, 60), (&modest, 30), (&greedy, 20)]
            .into_iter()
            .map(|(place, owed)| {
                let request = place.activity.begin(true);
                request.answered(owed);
                place.bound_answers();
                request
            })
            .collect();
        assert!(greedy.activity.is_leaving() && !modest.activity.is_leaving());
        drop(answers);
        assert_eq!(places.owed.load(Ordering::Relaxed), 0);
    }
}
