//! Connections: limits on what a client may use, before its request is parsed.
//!
//! The accept loop ([`serve`]) takes a place for each connection from [`places`]; their number is limited in total
//! and per address. If none is free, the connection that has been idle longest is evicted, but never one whose
//! request is being processed. A [`connection`] reads requests by HTTP/1 or HTTP/2, passes them to the router, and
//! sends whole responses. Their bytes are counted, unless they are shared with the app's files. The [`activity`] of
//! a connection knows its next deadline:
//!
//! | from | to | deadline |
//! |---|---|---|
//! | the connection, or the first byte of another request | the request's head, with the HTTP/2 preface | `head` |
//! | the head | each further part of the body, and the whole | `body`, `body_total` |
//! | the response | each part that the client accepts, and the whole | `send`, `send_total` |
//! | the end of the response | another request | `idle` |
//!
//! Processing a request has no deadline here.
//!
//! The memory of all requests together is limited, from the head until the response is sent. Beyond the limit, the
//! connection that holds most is closed, and until it is gone only small requests are processed, and bodies are
//! read slowly. The router gets a request with its complete body in one chunk, because the state of a handler takes
//! more memory than most bodies.

mod activity;
mod answer;
mod connection;
mod descriptors;
mod markers;
mod places;
mod socket;

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
pub use markers::{BODY_LIMIT, HealthOnly, MemoryExhausted, Shared};

use self::places::Places;

/// The pause before another attempt when the system can't accept a connection.
const PAUSE: Duration = Duration::from_millis(100);

/// How long accepting must succeed before a failure counts as over.
const CALM: Duration = Duration::from_secs(10);

/// Limits on what clients may use.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Concurrent connections.
    pub max: usize,
    /// Concurrent connections from one address: an IPv4 address, or an IPv6 network of 64 bits. Trusted proxies are
    /// exempt.
    pub max_per_address: usize,
    /// Concurrent requests on one HTTP/2 connection.
    pub http2_streams: u32,
    /// The memory for all requests together, in bytes: heads, bodies, and unsent responses. The app's files do not
    /// count, because they are not copied.
    pub held_bytes: usize,
    /// Deadlines.
    pub deadlines: Deadlines,
}

/// Deadlines of a connection.
#[derive(Debug, Clone, Copy)]
pub struct Deadlines {
    /// The head of a request, from its first byte; the first one from the start of the connection.
    pub head: Duration,
    /// Each further part of a body.
    pub body: Duration,
    /// A whole body.
    pub body_total: Duration,
    /// The next request.
    pub idle: Duration,
    /// Each further part of a response that the client accepts.
    pub send: Duration,
    /// The whole response.
    pub send_total: Duration,
}

/// Serves until `stop` completes; then requests in progress may finish. Failures due to a lack of resources are
/// retried.
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
            // The connection is gone already.
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
    // An error means that there are no connections.
    let _ = stopping.send(());
    stopping.closed().await;
}

/// The failures of the accept loop.
#[derive(Debug, Default)]
struct Accepting {
    /// The last failure.
    failed: Option<Instant>,
}

impl Accepting {
    /// The next connection. A lack of resources is logged once until it is over, and idle connections are evicted
    /// meanwhile.
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
                        error!(event = "accept_failed", %error, "the system can't accept another connection");
                    }
                    places.evict_one();
                    sleep(PAUSE).await;
                }
            }
        }
    }
}

/// Whether the client aborted the connection, which does not affect the next one.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}
