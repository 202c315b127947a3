//! Whether the server is reachable, according to the last request.

use std::sync::OnceLock;

use gloo_net::http::Request;
use leptos::prelude::*;
use web_sys::AbortSignal;

/// The timeout of a probe, in milliseconds: shorter than the interval between probes.
const PROBE_TIMEOUT_MS: u32 = 2_500;

/// The outcome of the last request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Connection {
    /// The server answered.
    Fine,
    /// No answer.
    Lost,
    /// The server answered again after the connection was lost.
    Back,
}

/// The connection, as a signal.
pub(crate) fn connection() -> ArcRwSignal<Connection> {
    static CONNECTION: OnceLock<ArcRwSignal<Connection>> = OnceLock::new();
    CONNECTION.get_or_init(|| ArcRwSignal::new(Connection::Fine)).clone()
}

/// The number of answers so far that there is no session, as a signal: any request may be the first to learn it.
pub(crate) fn unauthenticated_count() -> ArcRwSignal<u32> {
    static UNAUTHENTICATED_COUNT: OnceLock<ArcRwSignal<u32>> = OnceLock::new();
    UNAUTHENTICATED_COUNT.get_or_init(|| ArcRwSignal::new(0)).clone()
}

/// Sends a probe and records its outcome.
pub(crate) async fn probe() {
    let timeout = AbortSignal::timeout_with_u32(PROBE_TIMEOUT_MS);
    let answer = Request::get("/healthz").abort_signal(Some(&timeout)).send().await;
    note(answer.is_ok_and(|answer| answer.ok()));
}

/// Records whether a request was answered.
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
