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
    /// The bytes that all connections hold.
    held_by_all: Arc<AtomicUsize>,
    state: Mutex<State>,
    leave: Notify,
}

#[derive(Debug)]
struct State {
    http2: bool,
    requests: HashMap<u64, UnderWay>,
    /// The bytes that are kept for them.
    held: usize,
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

/// A request that is under way.
#[derive(Debug)]
struct UnderWay {
    stage: Stage,
    /// The bytes that are kept for it: its head and what came of its body, or what is to be sent of its answer.
    held: usize,
}

/// How far a request is.
#[derive(Debug, Clone, Copy)]
enum Stage {
    /// Its body is coming, since then.
    Receiving(Instant),
    /// It is with the server.
    Working,
    /// Its answer is being sent.
    Sending { since: Instant, moved: Instant },
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
    pub(super) fn new(deadlines: Deadlines, held_by_all: Arc<AtomicUsize>) -> Self {
        let state = State {
            http2: false,
            requests: HashMap::new(),
            held: 0,
            begun: 0,
            quiet_since: Instant::now(),
            heard: None,
            closing: None,
            leaving: false,
        };
        Self { deadlines, held_by_all, state: Mutex::new(state), leave: Notify::new() }
    }

    /// Bytes came.
    pub(super) fn heard(&self) {
        let mut state = self.state();
        if state.requests.is_empty() && state.heard.is_none() {
            state.heard = Some(Instant::now());
        }
    }

    /// A request begins: its head is whole, and has so many bytes.
    pub(super) fn begin(self: &Arc<Self>, http2: bool, head: usize) -> Request {
        let mut state = self.state();
        state.http2 = http2;
        state.begun += 1;
        let id = state.begun;
        state.requests.insert(id, UnderWay { stage: Stage::Receiving(Instant::now()), held: head });
        state.held += head;
        self.held_by_all.fetch_add(head, Ordering::Relaxed);
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
        for UnderWay { stage, .. } in state.requests.values() {
            if let Stage::Sending { since, moved } = stage {
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
        // Who has just come is about to ask for something.
        let mut rank = if state.begun == 0 { Rank::Waiting } else { Rank::Idle }(state.quiet_since);
        for UnderWay { stage, .. } in state.requests.values() {
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

    /// The bytes that are kept for its requests; `None` when it was sent away.
    pub(super) fn held(&self) -> Option<usize> {
        let state = self.state();
        (!state.leaving).then_some(state.held)
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

    /// Changes a request and what is held for it.
    fn change(&self, id: u64, change: impl FnOnce(&mut UnderWay)) {
        let mut state = self.state();
        let State { requests, held, .. } = &mut *state;
        if let Some(request) = requests.get_mut(&id) {
            let before = request.held;
            change(request);
            *held = *held + request.held - before;
            self.held_by_all.fetch_add(request.held, Ordering::Relaxed);
            self.held_by_all.fetch_sub(before, Ordering::Relaxed);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request, from its head until its answer was sent or the client has gone.
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

    /// Its answer is there, and so many bytes of it have to be kept until they are sent. The request itself is gone.
    pub(super) fn answered(&self, held: usize) {
        let now = Instant::now();
        let sending = UnderWay { stage: Stage::Sending { since: now, moved: now }, held };
        self.activity.change(self.id, |request| *request = sending);
    }

    /// The client has taken some of the answer.
    pub(super) fn moved(&self) {
        self.activity.change(self.id, |request| {
            if let Stage::Sending { moved, .. } = &mut request.stage {
                *moved = Instant::now();
            }
        });
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        let mut state = self.activity.state();
        if let Some(request) = state.requests.remove(&self.id) {
            state.held -= request.held;
            self.activity.held_by_all.fetch_sub(request.held, Ordering::Relaxed);
        }
        if state.requests.is_empty() {
            state.quiet_since = Instant::now();
            state.heard = None;
        }
    }
}

/// The body of a request, until it is whole or is not read any more.
#[derive(Debug)]
pub(super) struct Receiving {
    activity: Arc<Activity>,
    id: u64,
}

impl Receiving {
    /// So many bytes of the body came, and are kept. Gives what is held for the request now.
    pub(super) fn keep(&self, bytes: usize) -> usize {
        let mut held = 0;
        self.activity.change(self.id, |request| {
            request.held += bytes;
            held = request.held;
        });
        held
    }
}

impl Drop for Receiving {
    fn drop(&mut self) {
        self.activity.change(self.id, |request| {
            if let Stage::Receiving(_) = request.stage {
                request.stage = Stage::Working;
            }
        });
    }
}
