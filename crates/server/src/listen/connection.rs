//! One connection: receives requests and sends whole responses, within the deadlines.

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
    markers::{BODY_LIMIT, HealthOnly, MemoryExhausted, Shared},
    places::Place,
    socket::Socket,
};

/// The largest head of an HTTP/1 request, and the write buffer, in bytes.
const HTTP1_BUFFER: usize = 64 * 1024;
/// The largest headers of an HTTP/2 request, in bytes.
const HTTP2_HEADERS: u32 = 32 * 1024;
/// How much of one HTTP/2 body a client may send before it is read: a whole one, since the size of bodies is
/// limited.
const HTTP2_STREAM_WINDOW: u32 = 64 * 1024;
/// The same for all bodies of a connection.
const HTTP2_CONNECTION_WINDOW: u32 = 128 * 1024;
/// The memory of a request beside its head and body, in bytes: that of HTTP, and of the server while it processes
/// the request.
const REQUEST: usize = 16 * 1024;
/// How many copies of a head exist at once.
const HEAD_COPIES: usize = 4;
/// The memory of a waiting response beside its body, in bytes: that of its HTTP stream.
const ANSWER: usize = 4 * 1024;
/// A request up to this size, in bytes, is processed even while too much memory is held.
const SMALL: usize = REQUEST + HEAD_COPIES * 4 * 1024;
/// The largest unframed part of an HTTP/2 response, in bytes.
const HTTP2_SEND_BUFFER: usize = 64 * 1024;

/// The response to a request with no host, or with several.
const NO_HOST: (StatusCode, &str) = (StatusCode::BAD_REQUEST, "a request names its host once\n");

/// A connection with a place.
pub(super) struct Connection {
    pub(super) stream: TcpStream,
    pub(super) peer: SocketAddr,
    pub(super) place: Place,
    pub(super) settings: Settings,
    pub(super) stopped: watch::Receiver<()>,
}

impl Connection {
    /// Serves it until either side closes it.
    pub(super) async fn serve(self, router: Router) {
        let Self { stream, peer, place, settings, mut stopped } = self;
        // Responses are complete, so small packets need not be delayed.
        let _ = stream.set_nodelay(true);
        let place = Arc::new(place);
        let activity = Arc::clone(&place.activity);
        let service = service_fn(|request: HttpRequest<Incoming>| {
            let weight = REQUEST + head_bytes(&request);
            let pending = place.activity.begin(request.version() == Version::HTTP_2, weight);
            place.enforce_memory_limit();
            let health_only = place.reserved || weight > SMALL && place.is_memory_exhausted();
            let mut request = received(request, peer, &place, &pending, settings.deadlines);
            if health_only {
                request.extensions_mut().insert(HealthOnly);
            }
            // Boxed, so that the future of the router is freed once the response is ready: a waiting stream must be
            // small.
            Box::pin(answer(router.clone(), request, pending, Arc::clone(&place)))
        });
        let builder = builder(&settings);
        let io = TokioIo::new(Socket::new(stream, Arc::clone(&place)));
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
                // An evicted connection must not send anything first.
                biased;
                () = activity.evicted() => {
                    debug!(%peer, "a connection made room");
                    return;
                }
                end = end => match end {
                    // A graceful shutdown sends a response where HTTP has one, and gives the client a moment to
                    // finish sending.
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
    // `activity` has the deadline of the head, which also covers the time before hyper parses it. A request whose
    // client has closed its sending side is still processed, so that a sign-out is not lost.
    builder.http1().timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(HTTP1_BUFFER).half_close(true);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(settings.http2_streams)
        .max_header_list_size(HTTP2_HEADERS)
        .initial_stream_window_size(HTTP2_STREAM_WINDOW)
        .initial_connection_window_size(HTTP2_CONNECTION_WINDOW)
        .max_send_buf_size(HTTP2_SEND_BUFFER)
        // A ping detects peers that are gone.
        .keep_alive_interval(settings.deadlines.idle / 2)
        .keep_alive_timeout(settings.deadlines.head);
    builder
}

/// Returns the missed deadline, once there is one. Called again whenever the connection makes progress.
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

/// The memory of a request's head, in bytes: it exists as the received frame, as text, and parsed.
fn head_bytes(request: &HttpRequest<Incoming>) -> usize {
    let headers = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len());
    let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    HEAD_COPIES * (target + headers.sum::<usize>())
}

/// The request for the handlers.
fn received(
    request: HttpRequest<Incoming>,
    peer: SocketAddr,
    place: &Arc<Place>,
    pending: &Request,
    deadlines: Deadlines,
) -> HttpRequest<body::Body> {
    let receiving = pending.body();
    let mut request = request.map(|incoming| {
        // Without a body the request is complete, so the receiving state is dropped at once.
        if incoming.is_end_stream() {
            body::Body::empty()
        } else {
            Received::body(incoming, receiving, place, deadlines)
        }
    });
    request.extensions_mut().insert(ConnectInfo(peer));
    request
}

/// The request with its body in one chunk, or with the error. Chunks may be as small as a byte, and keeping each
/// would cost many times its size. The buffer grows with the received bytes, not by the announced length, which
/// costs the client nothing. A body is cut off beyond the limit, where handlers refuse it.
async fn whole(request: HttpRequest<body::Body>) -> HttpRequest<body::Body> {
    let (parts, mut incoming) = request.into_parts();
    let mut bytes = Vec::new();
    while bytes.len() <= BODY_LIMIT
        && let Some(frame) = incoming.frame().await
    {
        match frame.map(Frame::into_data) {
            Ok(Ok(data)) => bytes.extend_from_slice(&data),
            // Trailers are ignored.
            Ok(Err(_)) => {}
            Err(error) => return HttpRequest::from_parts(parts, body::Body::new(Failed(Some(error)))),
        }
    }
    HttpRequest::from_parts(parts, bytes.into())
}

/// The whole response. The router starts once the body is complete, because its state for a request takes more
/// memory than most bodies, and a slow client would keep it. For the same reason a streamed response, such as a
/// compressed page, is collected before it is sent.
async fn answer(
    router: Router,
    request: HttpRequest<body::Body>,
    pending: Request,
    place: Arc<Place>,
) -> Result<Response<Answer>, Infallible> {
    let request = whole(request).await;
    if place.activity.is_evicted() {
        // Nothing can be sent any more.
        let bytes = Bytes::new();
        return Ok(Response::new(Answer::new(bytes, pending)));
    }
    let response = if names_its_host(&request) { router.oneshot(request).await? } else { NO_HOST.into_response() };
    let (mut parts, body) = response.into_parts();
    let bytes = match body.collect().await {
        Ok(whole) => whole.to_bytes(),
        Err(error) => {
            error!(%error, "a response could not be created");
            parts = StatusCode::INTERNAL_SERVER_ERROR.into_response().into_parts().0;
            Bytes::new()
        }
    };
    let shared = parts.extensions.remove::<Shared>().is_some();
    pending.answered(ANSWER + if shared { 0 } else { bytes.len() });
    place.enforce_memory_limit();
    Ok(Response::from_parts(parts, Answer::new(bytes, pending)))
}

/// Whether a request names its host as its version requires: HTTP/1.1 exactly once (RFC 9112 §3.2).
fn names_its_host(request: &HttpRequest<body::Body>) -> bool {
    request.version() != Version::HTTP_11 || request.headers().get_all(header::HOST).iter().count() == 1
}

/// A body being received, within its deadlines.
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
                    self.place.enforce_memory_limit();
                    if held > SMALL && self.place.is_memory_exhausted() {
                        self.receiving = None;
                        return Poll::Ready(Some(Err(MemoryExhausted.into())));
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
