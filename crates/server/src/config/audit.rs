//! `[audit]` of the configuration file: the retention of the audit log.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// The settings of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Audit {
    /// How many days events are kept; 0 for no limit.
    pub keep_days: u32,
}

impl Default for Audit {
    fn default() -> Self {
        Self { keep_days: 400 }
    }
}

impl Audit {
    /// The retention; `None` for no limit.
    pub(super) fn life(&self) -> Option<SignedDuration> {
        (self.keep_days > 0).then(|| SignedDuration::from_hours(24 * i64::from(self.keep_days)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_kept_for_more_than_a_year_unless_the_file_says_otherwise() {
        assert_eq!(Audit::default().life(), Some(SignedDuration::from_hours(400 * 24)));
        assert_eq!(Audit { keep_days: 0 }.life(), None);
        assert!(Audit { keep_days: u32::MAX }.life().is_some());
    }
}
