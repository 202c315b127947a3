//! A server on real sockets.

#[path = "../../load/frames.rs"]
mod frames;

use std::{future::pending, net::SocketAddr, time::Duration};

use axum::{Router, routing::get};
use doorstep_server::listen::{self, Deadlines, HealthOnly, Settings};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    time::sleep,
};

pub(crate) use self::frames::{closed_window, http2_get};
use super::{RequestBuilder, Server};

/// The path of a handler that never responds.
pub(crate) const AT_WORK: &str = "/at-work";

/// Deadlines and limits that no test reaches unless it changes them.
pub(crate) fn settings() -> Settings {
    let long = Duration::from_hours(1);
    Settings {
        max: 1000,
        max_per_address: 1000,
        http2_streams: 100,
        held_bytes: 1_000_000_000,
        deadlines: Deadlines { head: long, body: long, body_total: long, idle: long, send: long, send_total: long },
    }
}

/// A deadline that passes quickly.
pub(crate) const SHORT: Duration = Duration::from_millis(50);

impl Server {
    /// Listens on a port of this machine until the test ends.
    pub(crate) async fn listen(&self, settings: Settings) -> SocketAddr {
        self.listen_and_tell(settings).await.0
    }

    /// The same, and reports each request to [`AT_WORK`].
    pub(crate) async fn listen_and_tell(&self, settings: Settings) -> (SocketAddr, UnboundedReceiver<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("is free");
        let address = listener.local_addr().expect("exists");
        let (at_work, told) = unbounded_channel();
        let work = move || {
            // Most tests drop the receiver.
            let _ = at_work.send(());
            pending::<()>()
        };
        let router = self.router.clone().merge(Router::new().route(AT_WORK, get(work)));
        tokio::spawn(listen::serve(listener, router, settings, self.state.trusted_proxies.clone(), pending()));
        (address, told)
    }
}

impl RequestBuilder {
    /// Marks the request as received on a connection reserved for health checks.
    pub(crate) fn on_reserved_place(mut self) -> Self {
        self.0.extensions_mut().insert(HealthOnly);
        self
    }
}

/// Opens a connection and sends these bytes.
pub(crate) async fn connect(address: SocketAddr, sent: impl AsRef<[u8]>) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.expect("is accepted");
    stream.write_all(sent.as_ref()).await.expect("is sent");
    stream
}

/// Reads everything until the server closes the connection.
pub(crate) async fn rest(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Unread data turns the end into a reset.
    let _ = stream.read_to_end(&mut bytes).await;
    bytes
}

/// Reads until these bytes arrive; panics when the connection ends before.
pub(crate) async fn read_until(stream: &mut TcpStream, wanted: &[u8]) {
    let mut bytes = Vec::new();
    while !bytes.windows(wanted.len()).any(|window| window == wanted) {
        let count = stream.read_buf(&mut bytes).await.expect("is read");
        assert!(count > 0, "the connection ended: {}", String::from_utf8_lossy(&bytes));
    }
}

/// Sends a byte from time to time without reading, until the server closes the connection.
pub(crate) async fn send_until_closed(stream: &mut TcpStream) {
    while stream.write_all(b"x").await.is_ok() {
        sleep(Duration::from_millis(5)).await;
    }
}

/// A complete HTTP/1 request without a body.
pub(crate) fn get_request(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1:8080\r\n\r\n")
}
