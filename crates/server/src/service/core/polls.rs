//! Polls of pending device requests, kept in memory as far as possible.
//!
//! A device that polls too soon gets `slow_down`, and its interval grows permanently (RFC 8628 §3.5). If each such
//! poll were written, a program that polls without pause would keep the database busy. So they are counted here,
//! and written with the next poll that is: one that came in time, or one that came too soon at least a second after
//! the last write. After a few of those, the interval of a program that never pauses exceeds the lifetime of its
//! request, and it is not written any more.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::{SignedDuration, Timestamp};

use crate::domain::{
    clock,
    device_grant::{Grant, LIFE, LONGEST_INTERVAL, Poll, Wait},
    id::Id,
};

/// How often at most a poll that came too soon is written.
const WRITE_EVERY: SignedDuration = SignedDuration::from_secs(1);

/// The last polls of pending requests.
#[derive(Debug, Clone, Default)]
pub struct Polls(Arc<Mutex<HashMap<Id, Polled>>>);

#[derive(Debug, Clone, Copy)]
struct Polled {
    at: Timestamp,
    interval: u32,
    written_at: Timestamp,
}

/// The result of a poll, and whether it must be written.
#[derive(Debug, Clone, Copy)]
pub(in crate::service) struct Judged {
    pub(in crate::service) poll: Poll,
    pub(in crate::service) write: bool,
}

impl Polls {
    /// Judges a poll by the state in the database and in memory, and records it. Of several concurrent polls, all
    /// but one came too soon.
    pub(in crate::service) fn judge(&self, grant: &Grant, client_id: &str, now: Timestamp) -> Judged {
        let mut polls = self.polls();
        let known = polls.get(&grant.id).copied();
        let times = [grant.polled_at, known.map(|known| known.at)];
        let seen = Grant {
            polled_at: times.into_iter().flatten().filter(|time| !clock::is_ahead(*time, now)).max(),
            interval: known.map_or(grant.interval, |known| grant.interval.max(known.interval)),
            ..grant.clone()
        };
        let poll = seen.poll(client_id, now);
        let Poll::Wait(Wait { too_soon, interval }) = poll else {
            return Judged { poll, write: false };
        };
        let written_at = known.map(|known| known.written_at).or(grant.polled_at);
        let write = !too_soon
            || grant.interval < LONGEST_INTERVAL
                && written_at.is_none_or(|written| now.duration_since(written).abs() >= WRITE_EVERY);
        let written_at = if write { now } else { written_at.unwrap_or(now) };
        polls.insert(grant.id.clone(), Polled { at: now, interval, written_at });
        Judged { poll, write }
    }

    /// Records the interval that another server has set.
    pub(in crate::service) fn learn(&self, grant: &Id, interval: u32) {
        if let Some(known) = self.polls().get_mut(grant) {
            known.interval = known.interval.max(interval);
        }
    }

    /// Removes requests that have expired.
    pub(in crate::service) fn prune(&self, now: Timestamp) {
        self.polls().retain(|_, polled| now.duration_since(polled.at).abs() < LIFE);
    }

    fn polls(&self) -> MutexGuard<'_, HashMap<Id, Polled>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
