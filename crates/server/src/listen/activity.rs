//! The state of a connection, and its next deadline.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{sync::Notify, time::Instant};

use super::Deadlines;

/// The state of a connection.
#[derive(Debug)]
pub(super) struct Activity {
    deadlines: Deadlines,
    /// The bytes held by all connections.
    held_by_all: Arc<AtomicUsize>,
    state: Mutex<State>,
    leave: Notify,
}

#[derive(Debug)]
struct State {
    http2: bool,
    requests: HashMap<u64, RequestState>,
    /// The bytes held for its requests.
    held: usize,
    /// The number of requests so far.
    begun: u64,
    /// Since when there is no request.
    quiet_since: Instant,
    /// When the first byte after that arrived.
    heard: Option<Instant>,
    /// The deadline for closing, once it is being closed.
    closing: Option<Instant>,
    /// Whether it was evicted.
    leaving: bool,
}

/// A request in progress.
#[derive(Debug)]
struct RequestState {
    stage: Stage,
    /// The bytes held for it: its head and the received part of its body, or the unsent part of its response.
    held: usize,
}

/// The stage of a request.
#[derive(Debug, Clone, Copy)]
enum Stage {
    /// Receiving the body, since then.
    Receiving(Instant),
    /// The server is processing it.
    Working,
    /// Sending the response.
    Sending { since: Instant, moved: Instant },
}

/// The deadline that was missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Overdue {
    /// For a head.
    Head,
    /// For another request.
    Idle,
    /// For the client to accept the response.
    Send,
    /// For the end of a connection that is being closed.
    Close,
}

/// The order in which connections are evicted to make room, smallest first. A connection whose request is being
/// processed is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// It has had no request since then.
    Idle(Instant),
    /// It has been waiting for the client to send or accept something since then.
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

    /// Bytes have arrived.
    pub(super) fn received_bytes(&self) {
        let mut state = self.state();
        if state.requests.is_empty() && state.heard.is_none() {
            state.heard = Some(Instant::now());
        }
    }

    /// A request begins: its head is complete and has this many bytes.
    pub(super) fn begin(self: &Arc<Self>, http2: bool, head: usize) -> Request {
        let mut state = self.state();
        state.http2 = http2;
        state.begun += 1;
        let id = state.begun;
        state.requests.insert(id, RequestState { stage: Stage::Receiving(Instant::now()), held: head });
        state.held += head;
        self.held_by_all.fetch_add(head, Ordering::Relaxed);
        Request { activity: Arc::clone(self), id }
    }

    /// The next deadline, or the one that was missed.
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
                // Frames that belong to no request neither extend nor shorten the life of an HTTP/2 connection.
                Some(heard) if !state.http2 && state.begun > 0 => consider(heard + head, Overdue::Head),
                _ if state.begun == 0 => consider(state.quiet_since + head, Overdue::Head),
                _ => consider(state.quiet_since + idle, Overdue::Idle),
            }
        }
        for RequestState { stage, .. } in state.requests.values() {
            if let Stage::Sending { since, moved } = stage {
                consider((*moved + send).min(*since + send_total), Overdue::Send);
            }
        }
        match first {
            Some((at, what)) if at <= now => Err(what),
            Some((at, _)) => Ok(at),
            // A request is being processed or its body received, which has its own deadlines: check again later.
            None => Ok(now + idle),
        }
    }

    /// Sets the deadline for closing. HTTP/2 needs a response of the client for that, which may never come.
    pub(super) fn close(&self) {
        let by = Instant::now() + self.deadlines.head.min(self.deadlines.idle);
        self.state().closing.get_or_insert(by);
    }

    /// Its rank for eviction; `None` while a request is being processed, or if it was evicted already.
    pub(super) fn rank(&self) -> Option<Rank> {
        let state = self.state();
        if state.leaving {
            return None;
        }
        // A new connection is about to send a request.
        let mut rank = if state.begun == 0 { Rank::Waiting } else { Rank::Idle }(state.quiet_since);
        for RequestState { stage, .. } in state.requests.values() {
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

    /// The bytes held for its requests; `None` if it was evicted.
    pub(super) fn held(&self) -> Option<usize> {
        let state = self.state();
        (!state.leaving).then_some(state.held)
    }

    /// Evicts it.
    pub(super) fn evict(&self) {
        self.state().leaving = true;
        self.leave.notify_one();
    }

    /// Whether it was evicted.
    pub(super) fn is_evicted(&self) -> bool {
        self.state().leaving
    }

    /// Waits until it is evicted.
    pub(super) async fn evicted(&self) {
        self.leave.notified().await;
    }

    /// Updates a request and the bytes held for it.
    fn change(&self, id: u64, change: impl FnOnce(&mut RequestState)) {
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

/// A request, from its head until its response was sent or the client disconnected.
#[derive(Debug)]
pub(super) struct Request {
    activity: Arc<Activity>,
    id: u64,
}

impl Request {
    /// Begins receiving the body, which may be complete before or after the handler ends.
    pub(super) fn body(&self) -> Receiving {
        Receiving { activity: Arc::clone(&self.activity), id: self.id }
    }

    /// The response is ready, and this many of its bytes are held until they are sent. Those of the request are
    /// freed.
    pub(super) fn answered(&self, held: usize) {
        let now = Instant::now();
        let sending = RequestState { stage: Stage::Sending { since: now, moved: now }, held };
        self.activity.change(self.id, |request| *request = sending);
    }

    /// The client has accepted a part of the response.
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

/// The body of a request, until it is complete or not read any more.
#[derive(Debug)]
pub(super) struct Receiving {
    activity: Arc<Activity>,
    id: u64,
}

impl Receiving {
    /// Adds received bytes of the body. Returns the bytes held for the request now.
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
