//! One connection: requests come in, whole answers go out, under the deadlines.

use std::{
    convert::Infallible,
    future::{Future, poll_fn},
    io,
    net::SocketAddr,
    pin::{Pin, pin},
    sync::Arc,
    task::{self, Context, Poll},
    time::Duration,
};

use ::http::{Request as HttpRequest, Response, StatusCode, Version, header};
use axum::{Router, body, extract::ConnectInfo, response::IntoResponse as _};
use http_body_util::BodyExt as _;
use hyper::{
    body::{Body, Bytes, Frame, Incoming, SizeHint},
    service::service_fn,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
};
use tokio::{
    net::TcpStream,
    select,
    sync::watch,
    time::{Instant, Sleep, sleep, sleep_until},
};
use tower::ServiceExt as _;
use tracing::{debug, error};

use super::{
    Deadlines, Settings,
    activity::{Activity, Overdue, Receiving, Request},
    answer::Answer,
    heard::Heard,
    marks::{BODY_LIMIT, HealthOnly, Shared, TooMuchHeld},
    places::Place,
};

/// The most that the head of an HTTP/1 request may have, and that is kept to be written.
const HTTP1_BUFFER: usize = 64 * 1024;
/// The most that the headers of an HTTP/2 request may have.
const HTTP2_HEADERS: u32 = 32 * 1024;
/// The most that a client may send of one HTTP/2 body before it is read: a whole one, as bodies are bounded.
const HTTP2_STREAM_WINDOW: u32 = 64 * 1024;
/// The same for all bodies of a connection.
const HTTP2_CONNECTION_WINDOW: u32 = 128 * 1024;
/// What a request weighs beside the bytes of its head and body: what is kept of it by HTTP, and by the server while it works.
const REQUEST: usize = 16 * 1024;
/// How often a head is there at once.
const HEAD_COPIES: usize = 4;
/// What an answer weighs beside the bytes of its body, while it waits: what HTTP keeps of its stream.
const ANSWER: usize = 4 * 1024;
/// A request that weighs no more is answered also while too much is held.
const SMALL: usize = REQUEST + HEAD_COPIES * 4 * 1024;
/// The most that waits to be framed, for each HTTP/2 answer.
const HTTP2_SEND_BUFFER: usize = 64 * 1024;

/// What is said of a request that names no host, or several.
const NO_HOST: (StatusCode, &str) = (StatusCode::BAD_REQUEST, "a request names its host once\n");

/// A connection that has a place.
pub(super) struct Connection {
    pub(super) stream: TcpStream,
    pub(super) peer: SocketAddr,
    pub(super) place: Place,
    pub(super) settings: Settings,
    pub(super) stopped: watch::Receiver<()>,
}

impl Connection {
    /// Serves it until either side has enough.
    pub(super) async fn serve(self, router: Router) {
        let Self { stream, peer, place, settings, mut stopped } = self;
        // An answer is not held back until more comes: there is no more.
        let _ = stream.set_nodelay(true);
        let place = Arc::new(place);
        let activity = Arc::clone(&place.activity);
        let service = service_fn(|request: HttpRequest<Incoming>| {
            let weight = REQUEST + head_bytes(&request);
            let pending = place.activity.begin(request.version() == Version::HTTP_2, weight);
            place.bound_held();
            let health_only = place.reserved || weight > SMALL && place.is_too_much_held();
            let mut request = received(request, peer, &place, &pending, settings.deadlines);
            if health_only {
                request.extensions_mut().insert(HealthOnly);
            }
            // In a box, which goes with the router's future once the answer is there: a stream whose answer waits is small.
            Box::pin(answer(router.clone(), request, pending, Arc::clone(&place)))
        });
        let builder = builder(&settings);
        let io = TokioIo::new(Heard::new(stream, Arc::clone(&place)));
        let mut connection = pin!(builder.serve_connection(io, service));
        let mut sleep = pin!(sleep_until(Instant::now()));
        let mut stopping = false;
        loop {
            let end = poll_fn(|context| match connection.as_mut().poll(context) {
                Poll::Ready(Ok(())) => Poll::Ready(End::Closed),
                Poll::Ready(Err(error)) => {
                    debug!(%peer, %error, "a connection failed");
                    Poll::Ready(End::Closed)
                }
                Poll::Pending => poll_overdue(&activity, sleep.as_mut(), context).map(End::Overdue),
            });
            select! {
                // Who makes room sends no more first.
                biased;
                () = activity.sent_away() => {
                    debug!(%peer, "a connection made room");
                    return;
                }
                end = end => match end {
                    // The client gets an answer, where HTTP has one, and has a moment for what it was about to send.
                    End::Overdue(Overdue::Idle) => {
                        activity.close();
                        connection.as_mut().graceful_shutdown();
                    }
                    End::Overdue(what) => {
                        debug!(%peer, ?what, "a connection was closed");
                        return;
                    }
                    End::Closed => return,
                },
                _ = stopped.changed(), if !stopping => {
                    stopping = true;
                    connection.as_mut().graceful_shutdown();
                }
            }
        }
    }
}

enum End {
    Closed,
    Overdue(Overdue),
}

fn builder(settings: &Settings) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    // The head's deadline is that of the activity, which covers what comes before hyper looks at a head as well.
    // A client that has sent its request and then closed its side still has it carried out: a log-out is not lost.
    builder.http1().timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(HTTP1_BUFFER).half_close(true);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(settings.http2_streams)
        .max_header_list_size(HTTP2_HEADERS)
        .initial_stream_window_size(HTTP2_STREAM_WINDOW)
        .initial_connection_window_size(HTTP2_CONNECTION_WINDOW)
        .max_send_buf_size(HTTP2_SEND_BUFFER)
        // A peer that has gone without a word is found while it owes an answer to a ping.
        .keep_alive_interval(settings.deadlines.idle / 2)
        .keep_alive_timeout(settings.deadlines.head);
    builder
}

/// What did not happen in time, once that is so. Looked at again after whatever moves the connection.
fn poll_overdue(activity: &Activity, mut sleep: Pin<&mut Sleep>, context: &mut Context<'_>) -> Poll<Overdue> {
    loop {
        match activity.due(Instant::now()) {
            Err(what) => return Poll::Ready(what),
            Ok(at) if at != sleep.deadline() => sleep.as_mut().reset(at),
            Ok(_) => {}
        }
        task::ready!(sleep.as_mut().poll(context));
    }
}

/// What the head of a request weighs, in bytes: it is there as the frame that it came in, as text, and as what is made of it.
fn head_bytes(request: &HttpRequest<Incoming>) -> usize {
    let headers = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len());
    let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    HEAD_COPIES * (target + headers.sum::<usize>())
}

/// A request as handlers get it.
fn received(
    request: HttpRequest<Incoming>,
    peer: SocketAddr,
    place: &Arc<Place>,
    pending: &Request,
    deadlines: Deadlines,
) -> HttpRequest<body::Body> {
    let receiving = pending.body();
    let mut request = request.map(|incoming| {
        // Without a body it is whole: what says that it is coming goes at once.
        if incoming.is_end_stream() {
            body::Body::empty()
        } else {
            Received::body(incoming, receiving, place, deadlines)
        }
    });
    request.extensions_mut().insert(ConnectInfo(peer));
    request
}

/// The request with its body in one piece, or with what went wrong. Pieces may be as small as a byte, and to keep each would
/// weigh many times what is in it. The buffer grows with what comes, and not by what is announced: that costs the client
/// nothing. What is too long is cut off beyond the limit, where handlers refuse it.
async fn whole(request: HttpRequest<body::Body>) -> HttpRequest<body::Body> {
    let (parts, mut incoming) = request.into_parts();
    let mut bytes = Vec::new();
    while bytes.len() <= BODY_LIMIT
        && let Some(frame) = incoming.frame().await
    {
        match frame.map(Frame::into_data) {
            Ok(Ok(data)) => bytes.extend_from_slice(&data),
            // Trailers say nothing here.
            Ok(Err(_)) => {}
            Err(error) => return HttpRequest::from_parts(parts, body::Body::new(Failed(Some(error)))),
        }
    }
    HttpRequest::from_parts(parts, bytes.into())
}

/// The whole answer. The router begins once the body is there, because what it keeps for a request weighs more than most
/// bodies: a client that is slow would hold that. An answer that is made while it is sent, such as a compressed page, is made to its end first, for the same reason.
async fn answer(
    router: Router,
    request: HttpRequest<body::Body>,
    pending: Request,
    place: Arc<Place>,
) -> Result<Response<Answer>, Infallible> {
    let request = whole(request).await;
    if place.activity.is_leaving() {
        // Nothing can be sent any more.
        let bytes = Bytes::new();
        return Ok(Response::new(Answer::new(bytes, pending)));
    }
    let response = if names_its_host(&request) { router.oneshot(request).await? } else { NO_HOST.into_response() };
    let (mut parts, body) = response.into_parts();
    let bytes = match body.collect().await {
        Ok(whole) => whole.to_bytes(),
        Err(error) => {
            error!(%error, "an answer could not be made");
            parts = StatusCode::INTERNAL_SERVER_ERROR.into_response().into_parts().0;
            Bytes::new()
        }
    };
    let shared = parts.extensions.remove::<Shared>().is_some();
    pending.answered(ANSWER + if shared { 0 } else { bytes.len() });
    place.bound_held();
    Ok(Response::from_parts(parts, Answer::new(bytes, pending)))
}

/// Whether a request names its host in the way that its version asks for: one of HTTP/1.1 does so once (RFC 9112 §3.2).
fn names_its_host(request: &HttpRequest<body::Body>) -> bool {
    request.version() != Version::HTTP_11 || request.headers().get_all(header::HOST).iter().count() == 1
}

/// A body that is being received, under its deadlines.
struct Received {
    incoming: Incoming,
    receiving: Option<Receiving>,
    place: Arc<Place>,
    until: Instant,
    next: Pin<Box<Sleep>>,
    pause: Duration,
}

impl Received {
    fn body(incoming: Incoming, receiving: Receiving, place: &Arc<Place>, deadlines: Deadlines) -> body::Body {
        let pause = deadlines.body.min(deadlines.body_total);
        body::Body::new(Self {
            incoming,
            receiving: Some(receiving),
            place: Arc::clone(place),
            until: Instant::now() + deadlines.body_total,
            next: Box::pin(sleep(pause)),
            pause,
        })
    }
}

impl Body for Received {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match Pin::new(&mut self.incoming).poll_frame(context) {
            Poll::Ready(frame) => {
                if let (Some(receiving), Some(Ok(frame))) = (&self.receiving, &frame)
                    && let Some(data) = frame.data_ref()
                {
                    let held = receiving.keep(data.len());
                    self.place.bound_held();
                    if held > SMALL && self.place.is_too_much_held() {
                        self.receiving = None;
                        return Poll::Ready(Some(Err(TooMuchHeld.into())));
                    }
                }
                if self.incoming.is_end_stream() || !matches!(frame, Some(Ok(_))) {
                    self.receiving = None;
                }
                let next = (Instant::now() + self.pause).min(self.until);
                self.next.as_mut().reset(next);
                Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
            }
            Poll::Pending => {
                task::ready!(self.next.as_mut().poll(context));
                self.receiving = None;
                Poll::Ready(Some(Err(io::Error::from(io::ErrorKind::TimedOut).into())))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.size_hint()
    }
}

/// A body that could not be received.
struct Failed(Option<axum::Error>);

impl Body for Failed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Poll::Ready(self.0.take().map(Err))
    }
}
