//! The number of instructions per request, counted by `valgrind --tool=callgrind`, which does not depend on other
//! load of the machine. Does nothing without valgrind.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpStream,
    process::{Command, Stdio},
};

use super::installation::{Installation, PASSWORD};

/// The requests, each with the maximum number of instructions: a fifth more than today.
const BUDGETS: [(&str, u64); 4] =
    [("/healthz", 63_000), ("/api/auth/me", 195_000), ("a poll that is too soon", 168_000), ("/login", 177_000)];
/// The number of requests counted together, and of such batches: the smallest batch counts, since others include
/// background work.
const REQUESTS: u64 = 40;
const BATCHES: usize = 5;

#[test]
fn a_request_takes_no_more_instructions_than_its_budget() {
    let there = Command::new("valgrind").arg("--version").stdout(Stdio::null()).status().is_ok_and(|it| it.success());
    if !there {
        return;
    }
    let Some(here) = Installation::start_by("instructions", |folder| {
        let out = format!("--callgrind-out-file={}/callgrind", folder.display());
        ["valgrind", "--tool=callgrind", "--instr-atstart=no", &out].map(str::to_owned).to_vec()
    }) else {
        return;
    };
    let cookies = here.proxied().sign_in("ada", PASSWORD, "192.0.2.1", "").expect("signs in");
    let mut connection = Connection(TcpStream::connect(here.address()).expect("is accepted"));
    let asked = post("/v1/oauth/device/code", r#"{"client_id":"difyctl"}"#);
    let answer = connection.answer(&asked);
    let code = answer.split("\"device_code\":\"").nth(1).and_then(|rest| rest.split('"').next()).expect("exists");
    let poll = post("/v1/oauth/device/token", &format!(r#"{{"client_id":"difyctl","device_code":"{code}"}}"#));
    let requests = [
        get("/healthz", ""),
        get("/api/auth/me", &format!("cookie: {cookies}\r\n")),
        poll,
        get("/login", "accept-encoding: br\r\n"),
    ];
    let mut over = Vec::new();
    for ((what, budget), request) in BUDGETS.iter().zip(&requests) {
        let taken = instructions(&here, &mut connection, request);
        println!("{what}: {taken} instructions");
        if taken > *budget {
            over.push(format!("{what} takes {taken} instructions, {} over its budget", taken - budget));
        }
    }
    assert!(over.is_empty(), "{}", over.join("\n"));
}

/// The smallest number of instructions per request.
fn instructions(here: &Installation, connection: &mut Connection, request: &str) -> u64 {
    // One-time work is done, and a device that polls without pause causes no writes any more.
    for _ in 0..10 * REQUESTS {
        connection.answer(request);
    }
    let batches = (0..BATCHES).map(|_| {
        control(here, &["-i", "on"]);
        for _ in 0..REQUESTS {
            connection.answer(request);
        }
        control(here, &["-i", "off"]);
        control(here, &["-d"]);
        dumped(here) / REQUESTS
    });
    batches.min().expect("exist")
}

fn control(here: &Installation, words: &[&str]) {
    let process = here.process().to_string();
    let mut control = Command::new("callgrind_control");
    assert!(control.args(words).arg(process).stdout(Stdio::null()).status().expect("starts").success());
}

/// The total of the last dump, which is deleted.
fn dumped(here: &Installation) -> u64 {
    let files = fs::read_dir(here.folder()).expect("is read").flatten().map(|file| file.path());
    let dumps =
        files.filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("callgrind.")));
    let mut total = 0;
    for dump in dumps {
        let text = fs::read_to_string(&dump).expect("is read");
        let totals = text.lines().filter_map(|line| line.strip_prefix("totals: "));
        total += totals.filter_map(|number| number.trim().parse::<u64>().ok()).sum::<u64>();
        fs::remove_file(dump).expect("is removed");
    }
    total
}

/// A kept-alive connection.
struct Connection(TcpStream);

impl Connection {
    fn answer(&mut self, request: &str) -> String {
        self.0.write_all(request.as_bytes()).expect("is sent");
        let mut answer = Vec::new();
        loop {
            let mut part = [0; 16_384];
            let length = self.0.read(&mut part).expect("is read");
            assert!(length > 0, "the server closed the connection");
            answer.extend_from_slice(part.get(..length).expect("was read"));
            let text = String::from_utf8_lossy(&answer);
            let Some((head, _)) = text.split_once("\r\n\r\n") else { continue };
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("is present");
            if answer.len() >= head.len() + 4 + length.parse::<usize>().expect("is a number") {
                return text.into_owned();
            }
        }
    }
}

fn get(path: &str, more: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n{more}\r\n")
}

fn post(path: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n\
         {body}"
    )
}
