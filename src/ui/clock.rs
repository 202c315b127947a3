//! Counting down to a time by the clock: timers of a tab in the background are throttled.

use doorstep_contract::auth::Timestamp;
use web_sys::js_sys::Date;

/// A time in the future.
#[derive(Clone, Copy)]
pub(crate) struct Deadline(f64);

impl Deadline {
    /// This many seconds from now.
    pub(crate) fn after(seconds: u32) -> Self {
        Self(Date::now() + f64::from(seconds) * 1e3)
    }

    /// At a time.
    pub(crate) fn at(time: &Timestamp) -> Self {
        Self(Date::parse(time.as_str()))
    }

    /// Whole seconds left, rounded up; 0 if it is past.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what fits")]
    pub(crate) fn seconds_left(self) -> u32 {
        ((self.0 - Date::now()) / 1e3).ceil().clamp(0.0, f64::from(u32::MAX)) as u32
    }
}
