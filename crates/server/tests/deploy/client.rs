//! A browser that reaches the public URL at a port of this machine.

use std::{
    collections::BTreeMap,
    io::{ErrorKind, Read, Write},
    net::{IpAddr, SocketAddr, TcpStream},
    sync::{Arc, LazyLock},
};

use rustls::{ClientConfig, ClientConnection, StreamOwned, pki_types::ServerName};
use serde_json::{Value, json};
use tokio::{net::TcpSocket, runtime::Runtime};

use super::installation::HOST;

/// A runtime for connecting: the standard library can't choose the local address of a connection.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("starts"));

/// A client with a cookie jar; each request uses a new connection.
pub(crate) struct Client {
    from: IpAddr,
    to: SocketAddr,
    /// The TLS configuration with its trusted certificates, if it uses TLS.
    tls: Option<Arc<ClientConfig>>,
    cookies: BTreeMap<String, String>,
    /// Header lines sent with each request.
    pub(crate) headers: Vec<(String, String)>,
}

/// A response.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// The headers, with lower-case names.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl Client {
    pub(crate) fn new(from: IpAddr, to: SocketAddr, tls: Option<Arc<ClientConfig>>) -> Self {
        Self { from, to, tls, cookies: BTreeMap::new(), headers: Vec::new() }
    }

    /// A GET as pages send it.
    pub(crate) fn get(&mut self, path: &str) -> Response {
        self.send("GET", path, &[("Sec-Fetch-Site", "same-origin")], "")
    }

    /// A navigation of the user.
    pub(crate) fn navigate(&mut self, path: &str) -> Response {
        let headers = [("Sec-Fetch-Site", "none"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document")];
        self.send("GET", path, &headers, "")
    }

    pub(crate) fn post(&mut self, path: &str, body: &Value) -> Response {
        let headers = [("Sec-Fetch-Site", "same-origin"), ("Content-Type", "application/json")];
        self.send("POST", path, &headers, &body.to_string())
    }

    pub(crate) fn sign_in(&mut self, username: &str, password: &str) -> Response {
        self.post("/api/auth/login", &json!({ "username": username, "password": password }))
    }

    fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Response {
        let own = self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let lines = headers.iter().copied().chain(own).map(|(name, value)| format!("{name}: {value}\r\n"));
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = if cookies.is_empty() { String::new() } else { format!("Cookie: {}\r\n", cookies.join("; ")) };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n{}{cookies}Content-Length: {}\r\n\r\n{body}",
            lines.collect::<String>(),
            body.len()
        );
        let response = parse(&exchange(self.connect(), self.tls.as_ref(), &request));
        for (_, cookie) in response.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let pair = cookie.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').expect("is a cookie");
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        response
    }

    fn connect(&self) -> TcpStream {
        let connected = RUNTIME.block_on(async {
            let socket = TcpSocket::new_v4()?;
            socket.bind(SocketAddr::new(self.from, 0))?;
            socket.connect(self.to).await?.into_std()
        });
        let stream = connected.expect("is accepted");
        stream.set_nonblocking(false).expect("is set");
        stream
    }
}

/// Everything received until the other side closes the connection.
fn exchange(stream: TcpStream, tls: Option<&Arc<ClientConfig>>, request: &str) -> String {
    match tls {
        Some(config) => {
            let name = ServerName::try_from(HOST).expect("is a name");
            let connection = ClientConnection::new(Arc::clone(config), name).expect("can be made");
            talk(StreamOwned::new(connection, stream), request)
        }
        None => talk(stream, request),
    }
}

fn talk(mut stream: impl Read + Write, request: &str) -> String {
    // A server that refuses a large body may not read it to the end.
    let _ = stream.write_all(request.as_bytes()).and_then(|()| stream.flush());
    let mut answer = Vec::new();
    if let Err(error) = stream.read_to_end(&mut answer) {
        let gone = [ErrorKind::UnexpectedEof, ErrorKind::ConnectionReset].contains(&error.kind());
        assert!(gone && !answer.is_empty(), "{error}");
    }
    String::from_utf8_lossy(&answer).into_owned()
}

fn parse(answer: &str) -> Response {
    let (head, body) = answer.split_once("\r\n\r\n").expect("has a head");
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).expect("has a status");
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
    Response { status, headers, body: body.to_owned() }
}
