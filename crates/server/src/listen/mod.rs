//! Connections: what a client may hold of the server, and for how long, before anything of its request is believed.
//!
//! The accept loop ([`serve`]) asks [`places`] for a place: there are so many for all, and so many for one address. Who
//! takes the last one sends the connection away that has been idle longest; work that is under way is not cut for it. A
//! [`connection`] reads requests by HTTP/1 or HTTP/2, gives them to the router, and sends whole answers: bytes that it
//! shares with the files of the app, or counts. What goes on is noted in its [`activity`], which says by when something
//! has to happen next. Bytes come and go under those deadlines alone:
//!
//! | from | to | deadline |
//! |---|---|---|
//! | the connection is there, or the first byte of another request | the request's head (with HTTP/2 the preface before it) | `head` |
//! | the head | each further part of the body, and the whole | `body`, `body_total` |
//! | the answer | each part that the client takes, and the whole | `send`, `send_total` |
//! | the answer is sent | another request | `idle` |
//!
//! Between the body and the answer the server is at work; that has no deadline here.
//!
//! What is kept for all requests together is bounded in bytes, from the head until the answer is sent: where it is too much,
//! the connection that holds most is closed, and until it has gone no request but a small one is answered or read on, and
//! little is read at a time. The router
//! gets a request once its body is there, in one piece: what a handler keeps weighs more than most bodies.

mod activity;
mod answer;
mod connection;
mod descriptors;
mod heard;
mod marks;
mod places;

use std::{future::Future, io, sync::Arc, time::Duration};

use axum::Router;
use ipnet::IpNet;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    time::{Instant, sleep},
};
use tracing::{debug, error, info};

pub use descriptors::raise_limit;
pub use marks::{BODY_LIMIT, HealthOnly, Shared, TooMuchHeld};

use self::places::Places;

/// How long to wait before another connection is accepted when the system has no room for one.
const PAUSE: Duration = Duration::from_millis(100);

/// After how long without a failure to accept one is over.
const CALM: Duration = Duration::from_secs(10);

/// What clients may hold.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Connections at once.
    pub max: usize,
    /// Connections at once from one address: an IPv4 address, or an IPv6 network of 64 bits. A trusted proxy speaks for
    /// many, and has no such bound.
    pub max_per_address: usize,
    /// Requests at once on one HTTP/2 connection.
    pub http2_streams: u32,
    /// Bytes that are kept for requests, in all: their heads and bodies, and answers that were not yet sent. Files of the
    /// app do not count: they are not copied.
    pub held_bytes: usize,
    /// By when things have to happen.
    pub deadlines: Deadlines,
}

/// By when things have to happen.
#[derive(Debug, Clone, Copy)]
pub struct Deadlines {
    /// The head of a request, from its first byte; the first one from the beginning of the connection.
    pub head: Duration,
    /// The next part of a body.
    pub body: Duration,
    /// A whole body.
    pub body_total: Duration,
    /// The next request.
    pub idle: Duration,
    /// The next part of an answer is taken.
    pub send: Duration,
    /// The whole answer is taken.
    pub send_total: Duration,
}

/// Serves until `stop` is there; then lets what is under way finish. What fails for want of something is tried again.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    settings: Settings,
    trusted_proxies: Arc<[IpNet]>,
    stop: impl Future<Output = ()>,
) {
    let places = Places::new(settings, trusted_proxies);
    let (stopping, stopped) = watch::channel(());
    let mut accepting = Accepting::default();
    tokio::pin!(stop);
    loop {
        let stream = tokio::select! {
            () = &mut stop => break,
            stream = accepting.next(&listener, &places) => stream,
        };
        let Ok(peer) = stream.peer_addr() else {
            // It has gone already.
            continue;
        };
        if let Some(place) = places.take(peer.ip()) {
            let connection = connection::Connection { stream, peer, place, settings, stopped: stopped.clone() };
            tokio::spawn(connection.serve(router.clone()));
        } else {
            debug!(%peer, "a connection was turned away: none of its address could go");
        }
    }
    drop(listener);
    drop(stopped);
    // An error says that there is no connection.
    let _ = stopping.send(());
    stopping.closed().await;
}

/// The accept loop's memory of what went wrong.
#[derive(Debug, Default)]
struct Accepting {
    /// When it last did.
    failed: Option<Instant>,
}

impl Accepting {
    /// The next connection. That the system has no room for one is logged once until that is over, and what is idle longest
    /// makes some.
    async fn next(&mut self, listener: &TcpListener, places: &Places) -> TcpStream {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => {
                    // Each connection that makes room lets one in: that alone does not end it.
                    if self.failed.is_some_and(|failed| failed.elapsed() > CALM) {
                        self.failed = None;
                        info!(event = "accepting_again");
                    }
                    return stream;
                }
                Err(error) if is_of_one_connection(&error) => {}
                Err(error) => {
                    if self.failed.replace(Instant::now()).is_none() {
                        error!(event = "accept_failed", %error, "the system has no room for another connection");
                    }
                    places.send_one_away();
                    sleep(PAUSE).await;
                }
            }
        }
    }
}

/// Whether the client ended it before it began, which says nothing of the next one.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}
