//! A server without free file descriptors.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Command, Stdio},
};

use super::Installation;

/// Fewer than the server uses with the minimum number of connections.
const DESCRIPTORS: u32 = 30;

#[test]
fn without_descriptors_idle_connections_are_evicted_and_this_is_logged_once() {
    let mut here = Installation::new();
    let log = here.folder.with_extension("log");
    let limited = format!("ulimit -n {DESCRIPTORS} && exec \"$0\" \"$@\"");
    let mut command = Command::new("sh");
    command.args(["-c", &limited, env!("CARGO_BIN_EXE_doorstep"), "serve", "--listen", "127.0.0.1:0", "--data-dir"]);
    command.arg(&here.folder).stdout(Stdio::piped()).stderr(File::create(&log).expect("is created"));
    let mut server = command.spawn().expect("starts");
    let mut lines = BufReader::new(server.stdout.take().expect("is piped")).lines().map(|line| line.expect("is read"));
    here.server = Some(server);
    let address = lines.find_map(|line| line.strip_prefix("listening on http://").map(str::to_owned));
    let address = address.expect("is stated");

    let idle: Vec<_> = (0..60).map(|_| TcpStream::connect(&address).expect("is accepted")).collect();
    let mut health = TcpStream::connect(&address).expect("is accepted");
    health.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").expect("is sent");
    let mut answer = String::new();
    health.read_to_string(&mut answer).expect("is read");
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    drop(idle);

    let said = std::fs::read_to_string(&log).expect("exists");
    std::fs::remove_file(&log).expect("is removed");
    assert_eq!(said.matches("accept_failed").count(), 1, "{said}");
}
