//! What goes on in one connection, and by when something has to happen next.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{sync::Notify, time::Instant};

use super::Deadlines;

/// What goes on in one connection.
#[derive(Debug)]
pub(super) struct Activity {
    deadlines: Deadlines,
    /// The bytes that all connections owe.
    owed_by_all: Arc<AtomicUsize>,
    state: Mutex<State>,
    leave: Notify,
}

#[derive(Debug)]
struct State {
    http2: bool,
    requests: HashMap<u64, Stage>,
    /// How many requests there were.
    begun: u64,
    /// Since when there is no request.
    quiet_since: Instant,
    /// When the first byte came since.
    heard: Option<Instant>,
    /// It is being closed, and has to be by then.
    closing: Option<Instant>,
    /// It was sent away.
    leaving: bool,
}

/// How far a request is.
#[derive(Debug, Clone, Copy)]
enum Stage {
    /// Its body is coming, since then.
    Receiving(Instant),
    /// It is with the server.
    Working,
    /// Its answer is being sent.
    Sending { since: Instant, moved: Instant, owed: usize },
}

/// What did not happen in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Overdue {
    /// A head.
    Head,
    /// Another request.
    Idle,
    /// The client takes no answer.
    Send,
    /// The end of a connection that is being closed.
    Close,
}

/// How readily a connection is sent away to make room: the smallest first. One that the server works for is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// There is no request, since then.
    Idle(Instant),
    /// It is the client's turn to send or to take something, since then.
    Waiting(Instant),
}

impl Activity {
    pub(super) fn new(deadlines: Deadlines, owed_by_all: Arc<AtomicUsize>) -> Self {
        let state = State {
            http2: false,
            requests: HashMap::new(),
            begun: 0,
            quiet_since: Instant::now(),
            heard: None,
            closing: None,
            leaving: false,
        };
        Self { deadlines, owed_by_all, state: Mutex::new(state), leave: Notify::new() }
    }

    /// Bytes came.
    pub(super) fn heard(&self) {
        let mut state = self.state();
        if state.requests.is_empty() && state.heard.is_none() {
            state.heard = Some(Instant::now());
        }
    }

    /// A request begins: its head is whole.
    pub(super) fn begin(self: &Arc<Self>, http2: bool) -> Request {
        let mut state = self.state();
        state.http2 = http2;
        state.begun += 1;
        let id = state.begun;
        state.requests.insert(id, Stage::Receiving(Instant::now()));
        Request { activity: Arc::clone(self), id }
    }

    /// By when something has to happen, or what did not.
    pub(super) fn due(&self, now: Instant) -> Result<Instant, Overdue> {
        let state = self.state();
        let mut first = None;
        let mut consider = |at: Instant, what| {
            if first.is_none_or(|(earliest, _)| at < earliest) {
                first = Some((at, what));
            }
        };
        let Deadlines { head, idle, send, send_total, .. } = self.deadlines;
        if let Some(by) = state.closing {
            consider(by, Overdue::Close);
        } else if state.requests.is_empty() {
            match state.heard {
                // Other frames than those of a request neither prolong nor shorten the life of an HTTP/2 connection.
                Some(heard) if !state.http2 && state.begun > 0 => consider(heard + head, Overdue::Head),
                _ if state.begun == 0 => consider(state.quiet_since + head, Overdue::Head),
                _ => consider(state.quiet_since + idle, Overdue::Idle),
            }
        }
        for stage in state.requests.values() {
            if let Stage::Sending { since, moved, .. } = stage {
                consider((*moved + send).min(*since + send_total), Overdue::Send);
            }
        }
        match first {
            Some((at, what)) if at <= now => Err(what),
            Some((at, _)) => Ok(at),
            // The server is at work, or reads a body, which has deadlines of its own: look again later.
            None => Ok(now + idle),
        }
    }

    /// From now on it is being closed. With HTTP/2 that takes an answer of the client, which it may owe.
    pub(super) fn close(&self) {
        let by = Instant::now() + self.deadlines.head.min(self.deadlines.idle);
        self.state().closing.get_or_insert(by);
    }

    /// How readily it can be sent away; `None` while the server works for it, or when it was already.
    pub(super) fn rank(&self) -> Option<Rank> {
        let state = self.state();
        if state.leaving {
            return None;
        }
        let mut rank = Rank::Idle(state.quiet_since);
        for stage in state.requests.values() {
            let since = match stage {
                Stage::Working => return None,
                Stage::Receiving(since) => *since,
                Stage::Sending { moved, .. } => *moved,
            };
            rank = match rank {
                Rank::Waiting(earlier) => Rank::Waiting(earlier.min(since)),
                Rank::Idle(_) => Rank::Waiting(since),
            };
        }
        Some(rank)
    }

    /// The bytes of its answers that were not sent.
    pub(super) fn owed(&self) -> usize {
        self.state().requests.values().map(Stage::owed).sum()
    }

    /// Sends it away.
    pub(super) fn send_away(&self) {
        self.state().leaving = true;
        self.leave.notify_one();
    }

    /// Whether it was sent away.
    pub(super) fn is_leaving(&self) -> bool {
        self.state().leaving
    }

    /// Waits until it is sent away.
    pub(super) async fn sent_away(&self) {
        self.leave.notified().await;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request, from its head until its answer was sent or nobody waits for it.
#[derive(Debug)]
pub(super) struct Request {
    activity: Arc<Activity>,
    id: u64,
}

impl Request {
    /// For the body, which may be whole before or after the handler ends.
    pub(super) fn body(&self) -> Receiving {
        Receiving { activity: Arc::clone(&self.activity), id: self.id }
    }

    /// Its answer is there, and so many bytes of it have to be kept until they are sent.
    pub(super) fn answered(&self, owed: usize) {
        let now = Instant::now();
        self.put(Some(Stage::Sending { since: now, moved: now, owed }));
    }

    /// The client has taken some of the answer.
    pub(super) fn moved(&self) {
        if let Some(Stage::Sending { moved, .. }) = self.activity.state().requests.get_mut(&self.id) {
            *moved = Instant::now();
        }
    }

    fn put(&self, next: Option<Stage>) {
        let mut state = self.activity.state();
        let before = match next {
            Some(next) => state.requests.insert(self.id, next),
            None => state.requests.remove(&self.id),
        };
        self.activity.owed_by_all.fetch_add(next.as_ref().map_or(0, Stage::owed), Ordering::Relaxed);
        self.activity.owed_by_all.fetch_sub(before.as_ref().map_or(0, Stage::owed), Ordering::Relaxed);
        if state.requests.is_empty() {
            state.quiet_since = Instant::now();
            state.heard = None;
        }
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        self.put(None);
    }
}

/// The body of a request, until it is whole or nobody reads it any more.
#[derive(Debug)]
pub(super) struct Receiving {
    activity: Arc<Activity>,
    id: u64,
}

impl Drop for Receiving {
    fn drop(&mut self) {
        if let Some(stage @ Stage::Receiving(_)) = self.activity.state().requests.get_mut(&self.id) {
            *stage = Stage::Working;
        }
    }
}

impl Stage {
    const fn owed(&self) -> usize {
        match self {
            Self::Receiving(_) | Self::Working => 0,
            Self::Sending { owed, .. } => *owed,
        }
    }
}
