//! The time of day, handed in.

use std::{fmt, sync::Arc};

use jiff::{SignedDuration, Timestamp};

/// How far the clocks of two servers on one database may be apart.
pub const SKEW: SignedDuration = SignedDuration::from_secs(60);

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
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The clock of the machine.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine")]
    pub fn system() -> Self {
        Self(Arc::new(Timestamp::now))
    }

    /// A clock that shows what the function says.
    pub fn new(tell: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.0)()
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
    fn what_two_servers_may_differ_by_is_not_ahead() {
        let now = Timestamp::from_second(1_700_000_000).expect("is a time");
        assert!(!is_ahead(latest(now), now) && !is_ahead(now, latest(now)));
        assert!(is_ahead(latest(now).checked_add(SignedDuration::from_millis(1)).expect("is a time"), now));
    }
}
