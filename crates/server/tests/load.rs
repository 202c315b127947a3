//! A server under load: what anonymous clients can cause is limited, in numbers and bytes, while signed-in users
//! are served.
//!
//! Needs Linux and a built server in `DOORSTEP_BIN`: `cargo xtask test --only load`. Without them the tests do
//! nothing.

#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "the numbers are worth seeing")]

#[path = "load/client.rs"]
mod client;
#[path = "load/frames.rs"]
mod frames;
#[path = "load/installation.rs"]
mod installation;
#[path = "load/instructions.rs"]
mod instructions;

use std::{
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
    thread,
};

use client::Client;
use frames::{closed_window, frame, http2_get};
use installation::{Installation, PASSWORD};

/// The largest resident memory that the process may ever use, in bytes.
const MAX_RESIDENT: u64 = 250_000_000;
/// The largest resident memory after the load, in bytes.
const MAX_KEPT: u64 = 120_000_000;
/// The number of concurrent attackers: more than the server checks and queues.
const FLOOD: u32 = 400;
/// An address that is not a trusted proxy.
const STRANGER: &str = "127.0.0.2";

#[test]
fn anonymous_clients_exhaust_neither_memory_nor_connections_and_lock_nobody_out() {
    let Some(here) = Installation::start() else { return };
    let cookies = here.proxied().sign_in("ada", PASSWORD, "192.0.2.1", "").expect("signs in");
    here.report("at rest");
    windows_stay_closed(&here, &cookies);
    sockets_stay_idle(&here, &cookies);
    bodies_come_byte_by_byte(&here, &cookies);
    bodies_are_held_back(&here, &cookies, 250, 0);
    bodies_are_held_back(&here, &cookies, 1000, 7000);
    assert!(here.gives_back(MAX_KEPT), "unused memory is not returned");
    here.report("a moment without them");
    many_sign_in_at_once(&here, &cookies);
    the_owner_signs_in_during_a_flood(&here, &cookies);
    assert_works(&here, &cookies);
}

/// Asserts that a signed-in user, the health check and the memory are as they should be.
#[track_caller]
fn assert_works(here: &Installation, cookies: &str) {
    assert_eq!(here.proxied().get("/api/auth/me", cookies), 200);
    assert_eq!(here.proxied().get("/healthz", ""), 200);
    assert_eq!(here.proxied().get("/readyz", ""), 200);
    let most = here.most_resident();
    assert!(most < MAX_RESIDENT, "{most} bytes were resident");
}

/// Ten HTTP/2 connections request a file 200 times each and accept nothing.
fn windows_stay_closed(here: &Installation, cookies: &str) {
    let file = here.large_file();
    let connections: Vec<_> = (0..10)
        .map(|_| {
            let requests = (0..200).map(|number| http2_get(2 * number + 1, &file)).collect::<Vec<_>>().concat();
            let mut connection = here.proxied();
            connection.send(&[closed_window(), requests].concat());
            // Each stream gets a response, possibly a refusal.
            connection.read_frames_of_streams(200);
            connection
        })
        .collect();
    assert_works(here, cookies);
    drop(connections);
    here.report("ten closed windows of 200 streams");
}

/// One address opens 1,100 sockets, more than the server has descriptors, and sends nothing.
fn sockets_stay_idle(here: &Installation, cookies: &str) {
    let mut sockets: Vec<Client> = Vec::new();
    for number in 1..=1100 {
        sockets.push(here.from(STRANGER));
        if number % 100 == 0 {
            assert_works(here, cookies);
        }
    }
    assert_eq!(here.from(STRANGER).get("/healthz", ""), 200);
    let open = sockets.iter().filter(|socket| socket.is_open()).count();
    assert!(open <= 256, "{open} are open");
    here.report("1,100 idle sockets of one address");
}

/// Sixty bodies of 60 kB arrive in chunks of one byte each, and never end.
fn bodies_come_byte_by_byte(here: &Installation, cookies: &str) {
    let head = "POST /api/auth/login HTTP/1.1\r\nhost: 127.0.0.1:8080\r\nsec-fetch-site: same-origin\r\n\
                content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    let body = [head.to_owned(), "1\r\n \r\n".repeat(60_000)].concat();
    let connections: Vec<_> = (0..60)
        .map(|_| {
            let mut connection = here.from(STRANGER);
            connection.send(body.as_bytes());
            connection
        })
        .collect();
    assert_works(here, cookies);
    assert!(connections.iter().all(Client::is_open), "each is within the limits");
    drop(connections);
    here.report("sixty bodies in chunks of a byte");
}

/// HTTP/2 connections begin 32 bodies each at the same time, which never end, with a header of this many bytes:
/// more than the server can hold.
fn bodies_are_held_back(here: &Installation, cookies: &str, connections: usize, padding: usize) {
    let literal = |name: &str, value: &str| [vec![0], hpack_text(name), hpack_text(value)].concat();
    // `:method: POST` and `:scheme: http` of the static table.
    let head = [
        vec![0x83, 0x86],
        literal(":path", "/api/auth/login"),
        literal(":authority", "127.0.0.1:8080"),
        literal("sec-fetch-site", "same-origin"),
        literal("content-type", "application/json"),
        literal("content-length", "60000"),
        literal("x-padding", &"a".repeat(padding)),
    ]
    .concat();
    let requests = (0..32).flat_map(|number| {
        let stream = 2 * number + 1;
        [frame(1, 0x4, stream, &head), frame(0, 0, stream, &[b' '; 2000])]
    });
    let sent = [closed_window(), requests.collect::<Vec<_>>().concat()].concat();
    let mut connections: Vec<_> = (0..connections).map(|_| here.proxied()).collect();
    for connection in &mut connections {
        connection.try_send(&sent);
    }
    assert_works(here, cookies);
    let number = 32 * connections.len();
    drop(connections);
    here.report(&format!("{number} bodies that are held back, with {padding} bytes in their heads"));
}

/// An uncompressed literal of HPACK (RFC 7541 §5.2).
fn hpack_text(text: &str) -> Vec<u8> {
    const PREFIX: usize = 0x7f;
    let mut written = Vec::new();
    if let Some(mut rest) = text.len().checked_sub(PREFIX) {
        written.push(0x7f);
        while rest >= 0x80 {
            written.push(u8::try_from(rest % 0x80).expect("is less") | 0x80);
            rest /= 0x80;
        }
        written.push(u8::try_from(rest).expect("is less"));
    } else {
        written.push(u8::try_from(text.len()).expect("is short"));
    }
    written.extend_from_slice(text.as_bytes());
    written
}

/// 500 addresses sign in at once. Some are refused, all get a response.
fn many_sign_in_at_once(here: &Installation, cookies: &str) {
    let answered = AtomicU32::new(0);
    thread::scope(|scope| {
        for number in 0..500 {
            let answered = &answered;
            scope.spawn(move || {
                let address = format!("198.18.{}.{}", number / 250, number % 250);
                let status = here.proxied().try_sign_in(&format!("stranger{number}"), "wrong", &address, "");
                assert!([401, 429, 503].contains(&status), "{status}");
                answered.fetch_add(1, Ordering::Relaxed);
            });
        }
        for _ in 0..20 {
            assert_works(here, cookies);
        }
    });
    assert_eq!(answered.into_inner(), 500);
    assert_works(here, cookies);
    here.report("500 sign-ins at once");
}

/// Changing addresses guess an account's password continuously, while its user signs in from a known browser.
fn the_owner_signs_in_during_a_flood(here: &Installation, cookies: &str) {
    // Without the session cookie: a sign-in would end that session.
    let known: Vec<_> = cookies.split("; ").filter(|cookie| cookie.starts_with("doorstep_known_")).collect();
    let known = known.first().expect("the browser is known");
    let (over, tried) = (AtomicBool::new(false), AtomicU32::new(0));
    let signed_in = thread::scope(|scope| {
        let _end = AtTheEnd(&over);
        for _ in 0..FLOOD {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    let number = tried.fetch_add(1, Ordering::Relaxed);
                    let [_, a, b, c] = number.to_be_bytes();
                    // The account, whose own limit refuses most guesses, and names that were never tried before.
                    let name = if number % 4 == 0 { "ada".to_owned() } else { format!("guess{number}") };
                    here.proxied().try_sign_in(&name, "wrong", &format!("10.{a}.{b}.{c}"), "");
                }
            });
        }
        // The flood is established: each attacker has tried, and some repeatedly.
        while tried.load(Ordering::Relaxed) < 2 * FLOOD {
            assert_works(here, cookies);
        }
        let mut signed_in = Vec::new();
        for _ in 0..20 {
            assert_works(here, cookies);
            signed_in.push(here.proxied().try_sign_in("ada", PASSWORD, "192.0.2.1", known));
        }
        signed_in
    });
    here.report(&format!("{} wrong sign-ins", tried.into_inner()));
    assert_eq!(signed_in, [200; 20]);
}

/// Ends the flood, also when the test panics.
struct AtTheEnd<'a>(&'a AtomicBool);

impl Drop for AtTheEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
