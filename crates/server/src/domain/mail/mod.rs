//! Mails: what they say, and how long to go on trying to deliver one.
//!
//! From what happens to the mailbox:
//!
//! 1. **Event.** The service names it, as a [`Notice`] about an [`Occasion`] (whose account, when), with who did it
//!    ([`By`]); or it asks for a letter whose link does something (`links.rs`).
//! 2. **Letter.** The words of the user's language (`crates/locales/mail/`) become a [`Letter`]: subject, text, facts, a button
//!    and why its reader gets it. Nothing in it is of a stranger's choice.
//! 3. **Mail.** [`Letter::to`] makes it into a [`Mail`]: as text (`letter.rs`), and as HTML in the installation's colour
//!    (`look.rs`), which fetches nothing.
//! 4. **Queue.** `service/core/mails.rs` seals it, and the store queues it in the transaction of what it is about.
//! 5. **Delivery.** `service/mails.rs` takes what is due, `post/message.rs` composes the message (`multipart/alternative`),
//!    and `post/smtp.rs` or `post/outbox.rs` sends it. How long that is tried is decided here ([`wait_after`]).

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
pub use notice::{AuthorizedDevice, LinkedIdentity, Notice};
pub use occasion::{By, Occasion};

/// How long the link counts that confirms an email.
pub const LINK_LIFE: SignedDuration = SignedDuration::from_hours(24);
/// How long the link counts that restores an email: over a weekend.
pub const REVERT_LIFE: SignedDuration = SignedDuration::from_hours(72);
/// How long it is remembered which email an account had: as long as a session lives at most, unless configured otherwise.
pub const EMAIL_MEMORY: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How long to go on trying. After that people have found another way, and a mail would only confuse them.
pub const GIVE_UP_AFTER: SignedDuration = SignedDuration::from_hours(24);
/// How long the second attempt waits after the first, and how long an attempt may take at most.
pub const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(60);
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(1);

/// How long to wait for the next attempt once so many were made: a minute, doubled by each, up to an hour.
#[must_use]
pub fn wait_after(attempts: u32) -> SignedDuration {
    let factor = 1_i32.checked_shl(attempts.saturating_sub(1)).filter(|factor| *factor > 0).unwrap_or(i32::MAX);
    FIRST_WAIT.checked_mul(factor).map_or(LONGEST_WAIT, |wait| wait.min(LONGEST_WAIT))
}

/// The last time that an attempt may be due: a later one was set down by a clock that was ahead, and is due now.
#[must_use]
pub fn latest_attempt(now: Timestamp) -> Timestamp {
    clock::latest(now.checked_add(LONGEST_WAIT).unwrap_or(Timestamp::MAX))
}

/// When the attempt after this many is made.
#[must_use]
pub fn next_attempt(attempts: u32, now: Timestamp) -> Timestamp {
    now.checked_add(wait_after(attempts)).unwrap_or(Timestamp::MAX)
}

/// A mail, ready to be sent. It may hold a token, so it is sealed where it waits, and is never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// Whom it goes to: an address.
    pub to: String,
    /// One line.
    pub subject: String,
    /// The same as text and as HTML.
    pub text: String,
    /// See [`Self::text`].
    pub html: String,
}

impl Letter<'_> {
    /// The letter to an address.
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
