//! A minimal HTTP/1.1 client, so that most of the machine is available to the server.

use std::{
    net::SocketAddr,
    str,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// A kept-alive connection.
pub struct Connection {
    stream: TcpStream,
    /// The last response.
    read: Vec<u8>,
}

/// A response.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("is accepted");
        stream.set_nodelay(true).expect("is set");
        Self { stream, read: Vec::with_capacity(64 * 1024) }
    }

    /// Sends a request, reads the whole response, and returns the status.
    pub async fn status(&mut self, request: &[u8]) -> u16 {
        self.exchange(request).await;
        status(&self.read)
    }

    /// The same, returning the whole response.
    pub async fn answer(&mut self, request: &[u8]) -> Answer {
        let (head, chunked) = self.exchange(request).await;
        let body = self.read.get(head..).unwrap_or_default();
        let body = if chunked { unchunked(body).expect("is whole") } else { body.to_vec() };
        let head = String::from_utf8_lossy(self.read.get(..head).unwrap_or_default()).into_owned();
        Answer { status: status(&self.read), head, body }
    }

    /// Where the body begins, and whether it is chunked.
    async fn exchange(&mut self, request: &[u8]) -> (usize, bool) {
        self.stream.write_all(request).await.expect("is sent");
        self.read.clear();
        let mut known = None;
        loop {
            assert!(
                self.stream.read_buf(&mut self.read).await.expect("is read") > 0,
                "the server closed the connection"
            );
            known = known.or_else(|| framing(&self.read));
            match known {
                Some((head, Some(length))) if self.read.len() >= head + length => return (head, false),
                Some((head, None))
                    if self.read.ends_with(b"0\r\n\r\n")
                        && unchunked(self.read.get(head..).unwrap_or_default()).is_some() =>
                {
                    return (head, true);
                }
                _ => {}
            }
        }
    }
}

/// Where the body begins, and its length if the head has one.
fn framing(read: &[u8]) -> Option<(usize, Option<usize>)> {
    let end = read.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let head = str::from_utf8(read.get(..end)?).expect("is text");
    let mut lines = head.lines().filter_map(|line| line.split_once(": "));
    let length = lines.find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length = length.map(|(_, value)| value.parse().expect("is a number"));
    let empty = [b"HTTP/1.1 204", b"HTTP/1.1 304"].iter().any(|status| read.starts_with(*status));
    Some((end, if empty { Some(0) } else { length }))
}

fn status(read: &[u8]) -> u16 {
    let digits = read.get(9..12).and_then(|digits| str::from_utf8(digits).ok());
    digits.and_then(|digits| digits.parse().ok()).expect("is a status")
}

/// The content of the chunks; `None` until the last one has arrived.
fn unchunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|window| window == b"\r\n")?;
        let length = usize::from_str_radix(str::from_utf8(rest.get(..end)?).ok()?, 16).ok()?;
        if length == 0 {
            return Some(body);
        }
        body.extend(rest.get(end + 2..end + 2 + length)?);
        rest = rest.get(end + 4 + length..)?;
    }
}

/// A request without a body.
pub fn get(path: &str, headers: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n{headers}\r\n").into_bytes()
}

/// A request with JSON, as from a page of the server's origin.
pub fn post(path: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nsec-fetch-site: same-origin\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n{headers}\r\n{body}"
    )
    .into_bytes()
}

/// The measurements of one round.
#[derive(Default, Clone)]
pub struct Sample {
    /// Requests per second.
    pub rate: f64,
    /// The latencies, sorted.
    pub took: Vec<Duration>,
    /// The CPU time of the server's process per request, in microseconds.
    pub work: f64,
}

impl Sample {
    /// The latency that this part of the requests did not exceed.
    pub fn quantile(&self, part: f64) -> Duration {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "an index"
        )]
        let index = (self.took.len() as f64 * part) as usize;
        self.took.get(index.min(self.took.len().saturating_sub(1))).copied().unwrap_or_default()
    }
}

/// The median.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// Repeats work on several connections, one request at a time on each, for this long.
pub async fn load<W: Work>(address: SocketAddr, connections: usize, length: Duration, work: &W) -> Sample {
    let mut workers = Vec::new();
    for _ in 0..connections {
        let mut worker = work.worker(Connection::open(address).await).await;
        workers.push(async move {
            let mut took = Vec::new();
            let begun = Instant::now();
            while begun.elapsed() < length {
                let start = Instant::now();
                W::once(&mut worker).await;
                took.push(start.elapsed());
            }
            took
        });
    }
    let begun = Instant::now();
    let workers: Vec<_> = workers.into_iter().map(tokio::spawn).collect();
    let mut took = Vec::new();
    for worker in workers {
        took.extend(worker.await.expect("ends"));
    }
    let seconds = begun.elapsed().as_secs_f64();
    took.sort_unstable();
    #[expect(clippy::cast_precision_loss, reason = "a count")]
    let rate = took.len() as f64 / seconds;
    Sample { rate, took, work: 0.0 }
}

/// Repeated work.
pub trait Work: Sync {
    /// Its state per connection.
    type Worker: Send + 'static;
    fn worker(&self, connection: Connection) -> impl Future<Output = Self::Worker> + Send;
    fn once(worker: &mut Self::Worker) -> impl Future<Output = ()> + Send;
}
