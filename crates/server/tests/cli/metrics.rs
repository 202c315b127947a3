//! `doorstep serve --metrics-listen`.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use super::{Installation, address};

/// The response to a GET.
fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("answers");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").expect("is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("is read");
    answer
}

/// The number of requests for unknown paths.
fn unknown(metrics: &str) -> u64 {
    let counter = "doorstep_http_requests_total{route=\"(unknown)\",method=\"GET\",status=\"404\"} ";
    let count = metrics.lines().find_map(|line| line.strip_prefix(counter));
    count.map_or(0, |count| count.parse().expect("is a number"))
}

#[test]
fn metrics_are_served_at_the_configured_address_only() {
    let mut here = Installation::new();
    let said = here.serve(&[]);
    assert!(!said.contains("metrics"), "{said}");
    assert!(!get(address(&said), "/metrics").contains("doorstep_"));
    here.stop();

    let said = here.serve(&[("DOORSTEP_METRICS_LISTEN", "127.0.0.1:0")]);
    let metrics = said.lines().find_map(|line| line.strip_prefix("metrics on http://")).expect("is stated");
    let metrics = metrics.strip_suffix("/metrics").expect("is a path");
    assert!(!get(address(&said), "/metrics").contains("doorstep_"));
    // A server built without the app responds differently to unknown pages.
    let before = unknown(&get(metrics, "/metrics"));
    get(address(&said), "/api/nothing");
    assert!(get(metrics, "/healthz").starts_with("HTTP/1.1 404"));
    let answer = get(metrics, "/metrics");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(unknown(&answer), before + 1, "requests to the metrics listener are not counted: {answer}");

    let other = Installation::new();
    let error = other.error(&["serve", "--listen", "127.0.0.1:0", "--metrics-listen", address(&said)], "");
    assert!(error.contains("can't listen on") && error.contains("choose another with --metrics-listen"), "{error}");
}
