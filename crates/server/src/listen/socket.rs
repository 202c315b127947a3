//! The socket of a connection, between the network and HTTP.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{self, Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Sleep, sleep},
};

use super::places::Place;

/// How much is read at a time while too much memory is held: a small head.
const LITTLE: u64 = 4 * 1024;
/// The pause between such reads.
const REST: Duration = Duration::from_millis(10);

/// A socket that reports received bytes.
pub(super) struct Socket {
    stream: TcpStream,
    place: Arc<Place>,
    /// The end of the pause, during which nothing is read.
    rest: Option<Pin<Box<Sleep>>>,
}

impl Socket {
    pub(super) const fn new(stream: TcpStream, place: Arc<Place>) -> Self {
        Self { stream, place, rest: None }
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let Self { stream, place, rest } = &mut *self;
        let before = buffer.filled().len();
        // HTTP/2 reads everything available before it returns the first head: on many connections at once this
        // exceeds the limit, so reading slows down until memory is freed.
        let read = if place.is_memory_exhausted() {
            if let Some(rest) = rest {
                task::ready!(rest.as_mut().poll(context));
            }
            let read = task::ready!(Pin::new(&mut stream.take(LITTLE)).poll_read(context, buffer));
            *rest = Some(Box::pin(sleep(REST)));
            read
        } else {
            *rest = None;
            task::ready!(Pin::new(stream).poll_read(context, buffer))
        };
        if buffer.filled().len() > before {
            place.activity.received_bytes();
        }
        Poll::Ready(read)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
