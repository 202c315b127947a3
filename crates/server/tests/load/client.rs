//! A client that can misbehave.

use std::{
    collections::BTreeSet,
    io::{ErrorKind, Read as _, Write as _},
    net::{IpAddr, SocketAddr, TcpStream},
    sync::LazyLock,
};

use tokio::{net::TcpSocket, runtime::Runtime};

/// A runtime for connecting: the standard library can't choose the local address of a connection.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("starts"));

/// A connection.
pub(crate) struct Client(TcpStream);

impl Client {
    /// Connects from an address of this machine.
    pub(crate) fn connect(from: IpAddr, to: SocketAddr) -> Self {
        let connected = RUNTIME.block_on(async {
            let socket = TcpSocket::new_v4()?;
            socket.bind(SocketAddr::new(from, 0))?;
            socket.connect(to).await?.into_std()
        });
        let stream = connected.expect("is accepted");
        stream.set_nonblocking(false).expect("is set");
        Self(stream)
    }

    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).expect("is sent");
    }

    /// Sends data that a server which evicts the connection may not read.
    pub(crate) fn try_send(&mut self, bytes: &[u8]) {
        let _ = self.0.write_all(bytes);
    }

    /// The status of a GET.
    pub(crate) fn get(self, path: &str, cookies: &str) -> u16 {
        status(&self.answer(&request("GET", path, cookies, "")))
    }

    /// The body of a GET.
    pub(crate) fn text(self, path: &str) -> String {
        let answer = self.answer(&request("GET", path, "", ""));
        answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).expect("has a body")
    }

    /// The status of a sign-in through a proxy that states the client's address.
    pub(crate) fn try_sign_in(self, username: &str, password: &str, from: &str, cookies: &str) -> u16 {
        status(&self.answer(&sign_in(username, password, from, cookies)))
    }

    /// The cookies of a sign-in, or its status on failure.
    pub(crate) fn sign_in(self, username: &str, password: &str, from: &str, cookies: &str) -> Result<String, u16> {
        let answer = self.answer(&sign_in(username, password, from, cookies));
        let cookies = answer.lines().filter_map(|line| line.strip_prefix("set-cookie: "));
        let cookies: Vec<_> = cookies.filter_map(|cookie| cookie.split(';').next()).collect();
        if status(&answer) == 200 { Ok(cookies.join("; ")) } else { Err(status(&answer)) }
    }

    /// Reads frames until `HEADERS` or `RST_STREAM` of this many streams have arrived.
    pub(crate) fn read_frames_of_streams(&mut self, count: usize) {
        let mut streams = BTreeSet::new();
        while streams.len() < count {
            let mut head = [0; 9];
            self.0.read_exact(&mut head).expect("is read");
            let [a, b, c, kind, _, id @ ..] = head;
            let mut payload = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
            self.0.read_exact(&mut payload).expect("is read");
            assert_ne!(kind, 7, "GOAWAY");
            if [1, 3].contains(&kind) {
                streams.insert(id);
            }
        }
    }

    /// Whether the server has not closed it.
    pub(crate) fn is_open(&self) -> bool {
        self.0.set_nonblocking(true).expect("is set");
        self.0.peek(&mut [0]).is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
    }

    /// Sends the last request of the connection and reads the response, which is empty if the connection was
    /// closed.
    fn answer(mut self, request: &str) -> String {
        let mut answer = Vec::new();
        // An evicting server resets the connection with unread data.
        let _ = self.0.write_all(request.as_bytes()).and_then(|()| self.0.read_to_end(&mut answer));
        String::from_utf8_lossy(&answer).into_owned()
    }
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default()
}

fn sign_in(username: &str, password: &str, from: &str, cookies: &str) -> String {
    let body = serde_json::json!({ "username": username, "password": password }).to_string();
    let more =
        format!("x-forwarded-for: {from}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n", body.len());
    request("POST", "/api/auth/login", cookies, &more) + &body
}

fn request(method: &str, path: &str, cookies: &str, more: &str) -> String {
    format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nsec-fetch-site: same-origin\r\nconnection: close\r\ncookie: \
         {cookies}\r\n{more}\r\n"
    )
}
