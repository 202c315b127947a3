//! A server whose files can't grow, as on a full disk.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Command, Stdio},
};

use super::Installation;

/// The status of a response.
fn status(address: &str, path: &str) -> u16 {
    let mut stream = TcpStream::connect(address).expect("is accepted");
    let sent = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    stream.write_all(sent.as_bytes()).expect("is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("is read");
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("no status: {answer}"))
}

/// Limits the size of a process's files from now on.
fn bound_files(process: u32, most: &str) {
    let done = Command::new("prlimit").args(["--pid", &process.to_string(), &format!("--fsize={most}:")]).status();
    assert!(done.expect("util-linux is installed").success());
}

#[test]
fn a_server_that_can_not_write_is_not_ready_until_it_can() {
    let mut here = Installation::new();
    // A refused write is an error instead of a signal.
    let ignored = "trap '' XFSZ && exec \"$0\" \"$@\"";
    let mut command = Command::new("sh");
    command.args(["-c", ignored, env!("CARGO_BIN_EXE_doorstep"), "serve", "--listen", "127.0.0.1:0", "--data-dir"]);
    let mut server = command.arg(&here.folder).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("starts");
    let mut lines = BufReader::new(server.stdout.take().expect("is piped")).lines().map(|line| line.expect("is read"));
    let process = server.id();
    here.server = Some(server);
    let address = lines.find_map(|line| line.strip_prefix("listening on http://").map(str::to_owned));
    let address = address.expect("is stated");

    // The readiness was not checked before, so this is the first write.
    bound_files(process, "4096");
    assert_eq!((status(&address, "/readyz"), status(&address, "/healthz")), (503, 200));
    assert_eq!(status(&address, "/api/auth/setup-status"), 200, "reads still work");
    bound_files(process, "unlimited");
    assert_eq!(status(&address, "/readyz"), 200);
}
