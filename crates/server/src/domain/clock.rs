//! The time of day, handed in.
//!
//! Servers over one database go by its clock, so that they agree on what came first and how long ago it was: each measures
//! by how much it differs from its own ([`Clock::follow`]).

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use jiff::{SignedDuration, Timestamp};

/// How far what two servers on one database take for the time may be apart.
pub const SKEW: SignedDuration = SignedDuration::from_secs(60);
/// A difference below this is left as it is: to measure it takes about as long.
const UNNOTICED: SignedDuration = SignedDuration::from_millis(200);

/// Whether something was stored by a clock that was wrong: a time further ahead than [`SKEW`] was written before the clock
/// was corrected. It must not lock the user out until it comes: what has such a time is forgotten, or counts from now.
#[must_use]
pub fn is_ahead(time: Timestamp, now: Timestamp) -> bool {
    time.duration_since(now) > SKEW
}

/// The last time that is not [ahead](is_ahead).
#[must_use]
pub fn latest(now: Timestamp) -> Timestamp {
    now.checked_add(SKEW).unwrap_or(Timestamp::MAX)
}

/// Whether a clock was moved, by how much time has passed as it says and in truth.
#[must_use]
pub fn was_moved(says: SignedDuration, passed: SignedDuration) -> bool {
    says.saturating_sub(passed).abs() > SignedDuration::from_mins(10)
}

/// Tells the time. Handed to whatever needs it, so that a test can say what time it is.
#[derive(Clone)]
pub struct Clock {
    machine: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// By how many milliseconds the clock that it goes by is ahead of the machine's.
    ahead: Arc<AtomicI64>,
}

impl Clock {
    /// The clock of the machine.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine")]
    pub fn system() -> Self {
        Self::new(Timestamp::now)
    }

    /// A clock that shows what the function says.
    pub fn new(tell: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self { machine: Arc::new(tell), ahead: Arc::default() }
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let machine = self.machine();
        machine.checked_add(self.ahead()).unwrap_or(machine)
    }

    /// What the clock of the machine says.
    #[must_use]
    pub fn machine(&self) -> Timestamp {
        (self.machine)()
    }

    /// Goes by a clock that is ahead of the machine's by so much. Whether anything changes by that.
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
    fn a_clock_goes_by_another_unless_they_hardly_differ() {
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
    fn what_two_servers_may_differ_by_is_not_ahead() {
        let now = Timestamp::from_second(1_700_000_000).expect("is a time");
        assert!(!is_ahead(latest(now), now) && !is_ahead(now, latest(now)));
        assert!(is_ahead(latest(now).checked_add(SignedDuration::from_millis(1)).expect("is a time"), now));
    }
}
