//! Whether the server can be reached, as the last request found it.

use std::sync::OnceLock;

use gloo_net::http::Request;
use leptos::prelude::*;
use web_sys::AbortSignal;

/// How long the answer to a probe may take, in milliseconds: less than the time to the next.
const PROBE_PATIENCE: u32 = 2_500;

/// What the last request found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Connection {
    /// Nothing to say.
    Fine,
    /// No answer came.
    Lost,
    /// An answer came, after none had.
    Back,
}

/// The connection, to be watched.
pub(crate) fn connection() -> ArcRwSignal<Connection> {
    static CONNECTION: OnceLock<ArcRwSignal<Connection>> = OnceLock::new();
    CONNECTION.get_or_init(|| ArcRwSignal::new(Connection::Fine)).clone()
}

/// Counts the answers that there is no session, to be watched: whichever request hears it first, all of the page should
/// know.
pub(crate) fn turned_away() -> ArcRwSignal<u32> {
    static TURNED_AWAY: OnceLock<ArcRwSignal<u32>> = OnceLock::new();
    TURNED_AWAY.get_or_init(|| ArcRwSignal::new(0)).clone()
}

/// Asks the server whether it is there, and takes note.
pub(crate) async fn probe() {
    let patience = AbortSignal::timeout_with_u32(PROBE_PATIENCE);
    let answer = Request::get("/healthz").abort_signal(Some(&patience)).send().await;
    note(answer.is_ok_and(|answer| answer.ok()));
}

/// Takes note of whether an answer came.
pub(super) fn note(answered: bool) {
    let connection = connection();
    let next = match (connection.get_untracked(), answered) {
        (_, false) => Connection::Lost,
        (Connection::Lost, true) => Connection::Back,
        (unchanged, true) => unchanged,
    };
    if connection.get_untracked() != next {
        connection.set(next);
    }
}
