//! The body of a response being sent.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use hyper::body::{Body, Buf, Bytes, Frame, SizeHint};

use super::activity::Request;

/// The body of a response: one chunk, which tracks what the client has accepted.
pub(super) struct Answer(Option<Sending>);

impl Answer {
    /// The bytes, and the request that they answer.
    pub(super) const fn new(bytes: Bytes, pending: Request) -> Self {
        Self(Some(Sending { bytes, pending }))
    }
}

impl Body for Answer {
    type Data = Sending;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Sending>, Infallible>>> {
        Poll::Ready(self.0.take().filter(Buf::has_remaining).map(|sending| Ok(Frame::data(sending))))
    }

    fn is_end_stream(&self) -> bool {
        !self.0.as_ref().is_some_and(Buf::has_remaining)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.as_ref().map_or(0, |sending| sending.bytes.len() as u64))
    }
}

/// Bytes being sent. The request ends when they are dropped: sent, or discarded with the connection.
pub(super) struct Sending {
    bytes: Bytes,
    pending: Request,
}

impl Buf for Sending {
    fn remaining(&self) -> usize {
        self.bytes.len()
    }

    fn chunk(&self) -> &[u8] {
        &self.bytes
    }

    fn advance(&mut self, count: usize) {
        self.bytes.advance(count);
        self.pending.moved();
    }
}
