//! `doorstep device-login`, against a running server.

use std::{
    io::{BufRead as _, BufReader, Read, Write as _},
    net::TcpStream,
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};

use super::Installation;

const INITIAL: &str = "correct horse battery staple";

/// A browser that is signed in with a chosen password.
struct Browser {
    server: String,
    cookie: String,
}

impl Browser {
    fn sign_in(server: &str) -> Self {
        let mut browser = Self { server: server.to_owned(), cookie: String::new() };
        browser.post("/api/auth/login", &json!({ "username": "admin", "password": INITIAL }));
        let password = "seven clouds over lisbon";
        let new = json!({ "username": "admin", "password": password, "confirm_password": password });
        browser.post("/api/auth/setup-authenticated", &new);
        browser
    }

    fn post(&mut self, path: &str, body: &Value) -> String {
        let headers =
            format!("sec-fetch-site: same-origin\r\ncontent-type: application/json\r\ncookie: {}", self.cookie);
        let answer = send(&self.server, &format!("POST {path}"), &headers, &body.to_string());
        let mut cookies = answer.lines().filter_map(|line| line.strip_prefix("set-cookie: "));
        if let Some(session) = cookies.rfind(|cookie| cookie.starts_with("doorstep_session=")) {
            session.split(';').next().unwrap_or_default().clone_into(&mut self.cookie);
        }
        answer
    }
}

/// Sends a minimal request and returns the whole response.
fn send(server: &str, what: &str, headers: &str, body: &str) -> String {
    let address = server.strip_prefix("http://").expect("is plain");
    let mut connection = TcpStream::connect(address).expect("is reached");
    let length = body.len();
    let request = format!(
        "{what} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{headers}\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    connection.write_all(request.as_bytes()).expect("is sent");
    let mut answer = String::new();
    connection.read_to_string(&mut answer).expect("is text");
    answer
}

fn device_login(server: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_doorstep"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("DOORSTEP_") {
            command.env_remove(name);
        }
    }
    command.args(["device-login", "--server", server]).args(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The output of a device until it waits, and its code.
fn read_code(prompts: impl Read) -> (String, String, BufReader<impl Read>) {
    let mut lines = BufReader::new(prompts);
    let mut said = String::new();
    while !said.contains("Waiting for") {
        assert!(lines.read_line(&mut said).expect("is read") > 0, "it ended: {said}");
    }
    let code = said.split("shows this code: ").nth(1).and_then(|rest| rest.lines().next()).expect("is printed");
    (said.clone(), code.to_owned(), lines)
}

fn finish(mut child: Child, mut rest: impl Read) -> (bool, String) {
    let mut said = String::new();
    rest.read_to_string(&mut said).expect("is text");
    (child.wait().expect("ends").success(), said)
}

#[test]
fn a_device_signs_in_and_stores_or_prints_its_token() {
    let mut here = Installation::new();
    let said = here.serve(&[("DOORSTEP_INITIAL_PASSWORD", INITIAL)]);
    let server = said.split("listening on ").nth(1).expect("is present").trim().to_owned();
    let mut browser = Browser::sign_in(&server);
    let file = here.folder.join("kept").join("token.json");
    let place = file.to_str().expect("is text");

    let mut keeps = device_login(&server, &["--token-file", place, "--label", "laptop"]).spawn().expect("starts");
    let (said, code, keeps_says) = read_code(keeps.stdout.take().expect("is piped"));
    assert!(said.contains(&format!("{server}/device?user_code={code}")) && said.contains('█'), "{said}");
    let mut prints = device_login(&server, &["--json", "--client-id", "difyctl"]).spawn().expect("starts");
    let printed = prints.stdout.take().expect("is piped");
    let (_, other_code, _still_open) = read_code(prints.stderr.take().expect("is piped"));
    let mut denied = device_login(&server, &["--json"]).spawn().expect("starts");
    let (_, denied_code, denied_says) = read_code(denied.stderr.take().expect("is piped"));
    for (what, code) in [("approve", &code), ("approve", &other_code), ("deny", &denied_code)] {
        let answer = browser.post(&format!("/console/api/oauth/device/{what}"), &json!({ "user_code": code }));
        assert!(answer.contains("\"status\""), "{answer}");
    }

    let (worked, said) = finish(keeps, keeps_says);
    assert!(worked && said.contains(place), "{said}");
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(&file).expect("is committed")).expect("is JSON");
    assert_eq!((&kept["server"], &kept["token"]["subject_type"]), (&json!(server), &json!("account")));
    assert!(!said.contains(kept["token"]["access_token"].as_str().expect("is text")));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&file).expect("exists").permissions().mode() & 0o777, 0o600);
    }

    let (worked, said) = finish(prints, printed);
    let token: Value = serde_json::from_str(&said).expect("is JSON");
    assert!(worked && token["access_token"].as_str().is_some_and(|text| text.starts_with("dfoa_")), "{said}");
    let bearer = format!("authorization: Bearer {}", token["access_token"].as_str().expect("is text"));
    assert!(send(&server, "GET /v1/me", &bearer, "").starts_with("HTTP/1.1 200"));

    let (worked, said) = finish(denied, denied_says);
    assert!(!worked && said.contains("doorstep: the request was denied"), "{said}");
}

#[test]
fn a_device_refuses_unencrypted_connections() {
    for (server, words) in [
        ("http://login.example.org", "plain http would expose the token"),
        ("https://login.example.org/path", "only scheme, host and port"),
        ("http://127.0.0.1:9", "the server does not respond"),
    ] {
        let output = device_login(server, &["--json"]).output().expect("runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(words), "{said}");
    }
}

#[test]
fn killing_the_server_between_approval_and_delivery_loses_nothing() {
    let mut here = Installation::new();
    let address = |said: String| said.split("listening on ").nth(1).expect("is present").trim().to_owned();
    let server = address(here.serve(&[("DOORSTEP_INITIAL_PASSWORD", INITIAL)]));
    let json = "content-type: application/json";
    let body = |answer: String| -> Value {
        serde_json::from_str(answer.split("\r\n\r\n").nth(1).expect("has a body")).expect("is JSON")
    };
    let request = json!({ "client_id": "difyctl" }).to_string();
    let codes = body(send(&server, "POST /v1/oauth/device/code", json, &request));
    let mut browser = Browser::sign_in(&server);
    browser.post("/console/api/oauth/device/approve", &json!({ "user_code": codes["user_code"] }));
    // `kill -9`.
    here.stop();
    let server = address(here.serve(&[]));
    let request = json!({ "client_id": "difyctl", "device_code": codes["device_code"] }).to_string();
    let token = body(send(&server, "POST /v1/oauth/device/token", json, &request));
    assert!(token["access_token"].as_str().is_some_and(|text| text.starts_with("dfoa_")), "{token}");
    let again = body(send(&server, "POST /v1/oauth/device/token", json, &request));
    assert_eq!(again["error"], "expired_token");
}
