//! Mails: their content, and how long their delivery is attempted.
//!
//! From an event to the mailbox:
//!
//! 1. **Event.** The service names it as a [`Notice`] about an [`Occasion`] (account and time), with its author
//!    ([`By`]); or it creates a letter with a link that acts (`links.rs`).
//! 2. **Letter.** The texts in the user's language (`[mail]` of `crates/locales/languages/`) become a [`Letter`]: subject, text,
//!    facts, a button, and why the recipient gets it. Nothing in it can be chosen by other people.
//! 3. **Mail.** [`Letter::to`] renders it as a [`Mail`]: as text (`letter.rs`), and as HTML in the installation's
//!    colour (`look.rs`) without external resources.
//! 4. **Queue.** `service/core/mails.rs` seals it, and the store queues it in the transaction of the change that it
//!    reports.
//! 5. **Delivery.** `service/mails.rs` takes due mails from the queue, `post/message.rs` composes the message
//!    (`multipart/alternative`), and `post/smtp.rs` or `post/outbox.rs` sends it. The times of the attempts are
//!    defined here ([`wait_after`]).

mod letter;
mod links;
mod look;
mod notice;
mod occasion;
#[cfg(test)]
mod samples;

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::clock;

pub use letter::{Letter, Letterhead, Part};
pub use links::{confirm_email, reset_password};
pub use notice::{AuthorizedDevice, EndedSessions, LinkedIdentity, Notice};
pub use occasion::{By, Occasion};

/// Lifetime of the link that confirms an email.
pub const LINK_LIFE: SignedDuration = SignedDuration::from_hours(24);
/// Lifetime of the link that restores an email: long enough for a weekend.
pub const REVERT_LIFE: SignedDuration = SignedDuration::from_hours(72);
/// How long the previous emails of an account are remembered: the default maximum lifetime of a session.
pub const EMAIL_MEMORY: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How long delivery is attempted. After that users have found another way, and a late mail would confuse them.
pub const GIVE_UP_AFTER: SignedDuration = SignedDuration::from_hours(24);
/// The wait before the second attempt, and the longest wait.
pub const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(60);
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(1);

/// The wait after this many attempts: a minute, doubled by each, up to an hour.
#[must_use]
pub fn wait_after(attempts: u32) -> SignedDuration {
    let factor = 1_i32.checked_shl(attempts.saturating_sub(1)).filter(|factor| *factor > 0).unwrap_or(i32::MAX);
    FIRST_WAIT.checked_mul(factor).map_or(LONGEST_WAIT, |wait| wait.min(LONGEST_WAIT))
}

/// The latest plausible time of an attempt: a later one was stored by a clock that was ahead, and is due now.
#[must_use]
pub fn latest_attempt(now: Timestamp) -> Timestamp {
    clock::latest(now.checked_add(LONGEST_WAIT).unwrap_or(Timestamp::MAX))
}

/// The time of the next attempt, after this many.
#[must_use]
pub fn next_attempt(attempts: u32, now: Timestamp) -> Timestamp {
    now.checked_add(wait_after(attempts)).unwrap_or(Timestamp::MAX)
}

/// A mail, ready to be sent. It may contain a token, so it is sealed in the queue and never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// The recipient's address.
    pub to: String,
    /// The subject, in one line.
    pub subject: String,
    /// The content as text.
    pub text: String,
    /// The content as HTML.
    pub html: String,
}

impl Letter<'_> {
    /// Renders the letter for an address.
    #[must_use]
    pub fn to(&self, address: &str) -> Mail {
        Mail {
            to: address.to_owned(),
            subject: self.subject.clone(),
            text: self.text(),
            html: look::html(self).into_string(),
        }
    }
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mail([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_an_hour() {
        let minutes: Vec<i64> = (1..9).map(|attempts| wait_after(attempts).as_mins()).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(wait_after(0), FIRST_WAIT);
        assert_eq!(wait_after(u32::MAX), LONGEST_WAIT);
    }
}
