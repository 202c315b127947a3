//! `doorstep healthcheck`, as a container runs it.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    thread,
};

use super::{Installation, address};

#[test]
fn a_healthcheck_checks_the_server_of_the_configuration() {
    let mut here = Installation::new();
    let said = here.serve(&[]);
    let (_, port) = address(&said).rsplit_once(':').expect("has a port");
    let file = here.folder.join("settings.toml");
    // A server that listens on all addresses is checked on loopback.
    fs::write(&file, format!("listen = \"0.0.0.0:{port}\"\n")).expect("is written");
    let file = file.to_str().expect("is text").to_owned();
    for arguments in [
        &["healthcheck", "--listen", address(&said)][..],
        &["healthcheck", "--listen", address(&said), "--ready"],
        &["healthcheck", "--config", &file],
    ] {
        let output = here.run(arguments, "");
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!((output.status.code(), output.stdout, error), (Some(0), b"ok\n".to_vec(), String::new()));
    }
    here.stop();
    let error = here.error(&["healthcheck", "--config", &file], "");
    assert!(error.starts_with(&format!("doorstep: http://127.0.0.1:{port}/healthz does not respond: ")), "{error}");
}

#[test]
fn a_healthcheck_reports_errors_in_one_line_and_creates_no_data() {
    let here = Installation::new();
    // It accepts connections and never responds.
    let silent = TcpListener::bind("127.0.0.1:0").expect("listens");
    let unready = TcpListener::bind("127.0.0.1:0").expect("listens");
    let at = |listener: &TcpListener| listener.local_addr().expect("exists").to_string();
    let (silent_at, unready_at) = (at(&silent), at(&unready));
    let answering = thread::spawn(move || {
        let (mut stream, _) = unready.accept().expect("is queried");
        let mut head = [0; 1024];
        let length = stream.read(&mut head).expect("is read");
        stream.write_all(b"HTTP/1.1 503 x\r\ncontent-length: 12\r\n\r\nno database\n").expect("is sent");
        String::from_utf8_lossy(&head[..length]).into_owned()
    });
    let url = format!("http://{unready_at}/readyz");
    for (arguments, words) in [
        (&["--listen", &silent_at, "--timeout", "1"][..], "/healthz does not respond: timeout"),
        (&["--listen", &unready_at, "--ready"], &*format!("{url} responds 503: no database")),
        (&["--listen", "127.0.0.1:0"], "no port is configured; set --listen"),
    ] {
        let output = here.run(&[&["healthcheck"], arguments].concat(), "");
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), error.lines().count()), (Some(1), 1), "{error}");
        assert!(error.starts_with("doorstep: ") && error.contains(words), "{error}");
    }
    assert!(answering.join().expect("ends").starts_with("GET /readyz HTTP/1.1\r\n"));
    assert!(!here.folder.exists());
}
