//! The clock, passed as a parameter.
//!
//! Servers that share a database use its clock, so that they agree on the order and age of events: each measures
//! the difference to its own clock ([`Clock::follow`]).

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use jiff::{SignedDuration, Timestamp};

/// The largest expected difference between the clocks of two servers on one database.
pub const SKEW: SignedDuration = SignedDuration::from_secs(60);
/// A smaller difference is ignored: measuring takes about as long.
const UNNOTICED: SignedDuration = SignedDuration::from_millis(200);

/// Whether a stored time comes from a wrong clock: it is further ahead than [`SKEW`], so it was written before the
/// clock was corrected. Waiting for it would lock the user out; such a time is ignored, or treated as now.
#[must_use]
pub fn is_ahead(time: Timestamp, now: Timestamp) -> bool {
    time.duration_since(now) > SKEW
}

/// The latest time that is not [ahead](is_ahead).
#[must_use]
pub fn latest(now: Timestamp) -> Timestamp {
    now.checked_add(SKEW).unwrap_or(Timestamp::MAX)
}

/// Whether the clock was set, given the elapsed time by this clock and by a monotonic one.
#[must_use]
pub fn was_moved(says: SignedDuration, passed: SignedDuration) -> bool {
    says.saturating_sub(passed).abs() > SignedDuration::from_mins(10)
}

/// A clock. Passed to everything that needs the time, so that tests can control it.
#[derive(Clone)]
pub struct Clock {
    machine: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// How many milliseconds to add to the machine's clock.
    ahead: Arc<AtomicI64>,
}

impl Clock {
    /// The clock of this machine.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the only access to the system clock")]
    pub fn system() -> Self {
        Self::new(Timestamp::now)
    }

    /// A clock that calls a function.
    pub fn new(tell: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self { machine: Arc::new(tell), ahead: Arc::default() }
    }

    /// The current time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let machine = self.machine();
        machine.checked_add(self.ahead()).unwrap_or(machine)
    }

    /// The time by the machine's clock, without the correction.
    #[must_use]
    pub fn machine(&self) -> Timestamp {
        (self.machine)()
    }

    /// Sets the correction of the machine's clock. Returns whether it changed.
    #[must_use]
    pub fn follow(&self, ahead: SignedDuration) -> bool {
        if ahead.saturating_sub(self.ahead()).abs() < UNNOTICED {
            return false;
        }
        self.ahead.store(i64::try_from(ahead.as_millis()).unwrap_or_default(), Ordering::Relaxed);
        true
    }

    fn ahead(&self) -> SignedDuration {
        SignedDuration::from_millis(self.ahead.load(Ordering::Relaxed))
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_was_moved_is_noticed() {
        let hours = SignedDuration::from_hours;
        assert!(!was_moved(hours(1), hours(1)) && !was_moved(hours(1) + SKEW, hours(1)));
        assert!(was_moved(hours(9), hours(1)) && was_moved(-hours(7), hours(1)));
    }

    #[test]
    fn small_differences_between_clocks_are_ignored() {
        let machine = Timestamp::from_second(1_700_000_000).expect("is a time");
        let clock = Clock::new(move || machine);
        let millis = SignedDuration::from_millis;
        for (measured, changes, ahead) in [
            (millis(199), false, millis(0)),
            (millis(-4_000), true, millis(-4_000)),
            (millis(-4_100), false, millis(-4_000)),
            (millis(12_000), true, millis(12_000)),
            (millis(10), true, millis(10)),
            (millis(-150), false, millis(10)),
        ] {
            assert_eq!(clock.clone().follow(measured), changes, "{measured}");
            assert_eq!((clock.now().duration_since(machine), clock.machine()), (ahead, machine), "{measured}");
        }
    }

    #[test]
    fn the_expected_skew_between_servers_is_not_ahead() {
        let now = Timestamp::from_second(1_700_000_000).expect("is a time");
        assert!(!is_ahead(latest(now), now) && !is_ahead(now, latest(now)));
        assert!(is_ahead(latest(now).checked_add(SignedDuration::from_millis(1)).expect("is a time"), now));
    }
}
