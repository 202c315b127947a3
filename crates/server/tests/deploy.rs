//! The files of `deploy/`: a server with that configuration behind nginx with those examples. Only ports, paths and
//! the certificate are replaced.
//!
//! Needs Linux, nginx, openssl and a built server in `DOORSTEP_BIN`; the test of two servers also needs PostgreSQL
//! in `DOORSTEP_TEST_POSTGRES`: `cargo xtask test --only deploy`. Without them the tests do nothing.

#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "what the servers said is worth seeing when a test fails")]

#[path = "deploy/client.rs"]
mod client;
#[path = "deploy/installation.rs"]
mod installation;

use std::process::Command;

use client::{Client, Response};
use installation::{HOST, Installation, PASSWORD, file};
use serde_json::{Value, json};

/// The client's address as the proxy sees it, which is not a trusted proxy.
const CLIENT: &str = "127.0.0.2";

#[test]
fn behind_nginx_a_user_signs_in_and_the_log_has_the_client_s_address() {
    let Some(here) = Installation::start(&["upstream.conf", "doorstep.conf"], 1) else { return };
    let mut browser = here.browser(CLIENT);
    let page = browser.get("/login");
    assert_eq!((page.status, page.header("strict-transport-security")), (200, Some("max-age=63072000")), "{page:?}");
    assert_eq!((page.header("x-frame-options"), page.header("server")), (Some("DENY"), Some("nginx")));
    assert_eq!(page.headers.iter().filter(|(name, _)| name == "strict-transport-security").count(), 1);

    let answer = browser.sign_in("ada", PASSWORD);
    assert_eq!(answer.status, 200, "{answer:?}");
    let cookies: Vec<_> = answer.headers.iter().filter(|(name, _)| name == "set-cookie").collect();
    let session = cookies.iter().find(|(_, cookie)| cookie.starts_with("__Host-")).expect("is bound to the host");
    assert!(session.1.contains("; Secure") && session.1.contains("; HttpOnly"), "{session:?}");
    assert_eq!(browser.get("/api/auth/me").json()["data"]["account"]["username"], "ada");

    // Headers that the client sets itself have no effect.
    let mut liar = here.browser(CLIENT);
    liar.headers.push(("X-Forwarded-For".to_owned(), "203.0.113.9".to_owned()));
    assert_eq!(liar.sign_in("ada", "wrong").status, 401);
    let audit = browser.get("/api/audit").json();
    let entries = audit["data"]["items"].as_array().unwrap_or_else(|| panic!("{audit}"));
    for event in ["signed_in", "sign_in_failed"] {
        let entry = entries.iter().find(|entry| entry["event"] == event).unwrap_or_else(|| panic!("{event}: {audit}"));
        assert_eq!(entry["ip"], CLIENT, "{entry}");
    }
    // There was no warning about an address other than the public URL.
    assert!(!here.log().contains("opened_at_another_address"), "{}", here.log());
    assert_eq!(here.nginx_said(), "");
}

#[test]
fn behind_nginx_plain_http_is_redirected_and_large_bodies_are_refused() {
    let Some(here) = Installation::start(&["upstream.conf", "doorstep.conf"], 1) else { return };
    let moved = here.plain(CLIENT).get("/device?user_code=BCDF-GHJK");
    let to = format!("https://{HOST}/device?user_code=BCDF-GHJK");
    assert_eq!((moved.status, moved.header("location")), (301, Some(to.as_str())));
    let mut browser = here.browser(CLIENT);
    let large = json!({ "username": "x".repeat(70_000), "password": "x" });
    assert_eq!(browser.post("/api/auth/login", &large).status, 413);
    let fits = json!({ "username": "x".repeat(60_000), "password": "x" });
    assert_ne!(browser.post("/api/auth/login", &fits).status, 413);
}

#[test]
fn behind_nginx_a_device_is_authorized() {
    let Some(here) = Installation::start(&["upstream.conf", "doorstep.conf"], 1) else { return };
    let mut device = here.browser("127.0.0.3");
    let metadata = device.get("/.well-known/oauth-authorization-server").json();
    assert_eq!(metadata["issuer"], format!("https://{HOST}"), "{metadata}");
    let codes = device.post("/v1/oauth/device/code", &json!({ "client_id": "difyctl" })).json();
    let link = codes["verification_uri_complete"].as_str().expect("is a link").to_owned();
    let path = link.strip_prefix(&format!("https://{HOST}")).expect("leads to the public URL");

    let mut browser = here.browser(CLIENT);
    let page = browser.get(path);
    assert!(page.status == 200 && page.body.contains("<script"), "{page:?}");
    browser.sign_in("ada", PASSWORD);
    let context = browser.get(&format!("/console/api/oauth/device/context?user_code={}", text(&codes, "user_code")));
    assert!(context.body.contains("127.0.0.3"), "the request shows the address that nginx saw: {context:?}");
    let approved =
        browser.post("/console/api/oauth/device/approve", &json!({ "user_code": text(&codes, "user_code") }));
    assert_eq!(approved.status, 200, "{approved:?}");
    let request = json!({ "client_id": "difyctl", "device_code": text(&codes, "device_code") });
    let token = device.post("/v1/oauth/device/token", &request).json();
    assert!(text(&token, "access_token").starts_with("dfoa_"), "{token}");
}

#[test]
fn nginx_exposes_only_the_portal() {
    let Some(mut here) = Installation::start(&["upstream.conf", "portal.conf"], 1) else { return };
    here.operate(&["client", "add", "Harbour", "--slug", "harbour"], "");
    let made = here.operate(&["client", "link", "harbour", "--json"], "");
    let made: Value = serde_json::from_str(&made).expect("is JSON");
    let link = text(&made, "url");
    let path = link.strip_prefix(&format!("https://{HOST}")).expect("leads to the public URL");
    let mut browser = here.browser(CLIENT);
    let entered = browser.navigate(path);
    assert_eq!((entered.status, entered.header("location")), (302, Some("/portal?entered")), "{entered:?}");
    let page = browser.navigate("/portal?entered");
    assert_eq!(page.status, 200, "{page:?}");
    let files: Vec<_> = page.body.split('"').filter(|part| part.starts_with('/') && part.contains('.')).collect();
    assert!(!files.is_empty() && files.iter().all(|file| file.starts_with("/portal/")), "{files:?}");
    for file in files {
        assert_eq!(browser.get(file).status, 200, "{file}");
    }
    for path in ["/", "/login", "/api/auth/me", "/healthz", "/assets/x.js", "/v1/me"] {
        assert_eq!(browser.get(path).status, 404, "{path}");
    }
    // A magic link is a secret: nginx does not log it, even when it can't forward the request.
    here.kill(0);
    let secret = path.rsplit('/').next().expect("exists");
    assert_eq!(browser.navigate(path).status, 502);
    assert!(secret.len() > 40 && !here.nginx_said().contains(secret), "{}", here.nginx_said());
}

#[test]
fn one_of_two_servers_behind_nginx_may_fail() {
    let Some(mut here) = Installation::start(&["upstream-two-servers.conf", "doorstep.conf"], 2) else { return };
    let mut browser = here.browser(CLIENT);
    assert_eq!(browser.sign_in("ada", PASSWORD).status, 200);
    let me = |browser: &mut Client| (0..8).map(|_| browser.get("/api/auth/me").status).collect::<Vec<_>>();
    assert_eq!(me(&mut browser), [200; 8]);
    assert!(here.logs().iter().all(|log| log.contains("/api/auth/me")), "each of them has answered");
    here.kill(0);
    assert_eq!(me(&mut browser), [200; 8]);
    let mut other = here.browser("127.0.0.4");
    assert_eq!(other.sign_in("ada", PASSWORD).status, 200);
    // The other one may be restarted as soon as the first is back.
    here.restart(0);
    here.kill(1);
    assert_eq!(me(&mut browser), [200; 8]);
}

#[test]
fn systemd_accepts_the_unit_and_rates_its_exposure_low() {
    let Some(binary) = installation::binary() else { return };
    let analyze = |arguments: &[&str]| Command::new("systemd-analyze").args(arguments).output();
    if analyze(&["--version"]).is_err() {
        return;
    }
    let unit = file("doorstep.service");
    let started = "ExecStart=/usr/local/bin/doorstep serve --config /etc/doorstep/doorstep.toml";
    assert!(unit.contains(started));
    let folder = installation::folder("unit");
    let path = folder.join("doorstep.service");
    let binary = std::path::absolute(binary).expect("is a path");
    let here = unit.replace("/usr/local/bin/doorstep serve", &format!("{} serve", binary.display()));
    std::fs::write(&path, here).expect("is written");
    let path = path.to_str().expect("is text");
    for arguments in [&["verify", path][..], &["security", "--offline=true", "--threshold=20", "--no-pager", path]] {
        let output = analyze(arguments).expect("starts");
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
        assert!(output.status.success() && (arguments[0] != "verify" || said.is_empty()), "{said}");
    }
    std::fs::remove_dir_all(folder).expect("is removed");
}

#[test]
fn the_container_uses_existing_variables_and_commands() {
    let Some(binary) = installation::binary() else { return };
    let container = file("Containerfile");
    for line in ["HEALTHCHECK ", "USER doorstep\n", "ENTRYPOINT [\"doorstep\"]\n", "CMD [\"serve\"]\n"] {
        assert!(container.contains(line), "{line}");
    }
    // Its variables and commands are those of the server.
    let help = |command: &str| {
        let output = Command::new(&binary).args([command, "--help"]).output().expect("starts");
        assert!(output.status.success(), "{command}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let serve = help("serve");
    let variables = container.split(|letter: char| !(letter.is_ascii_uppercase() || letter == '_'));
    let settings = variables.filter(|word| word.starts_with("DOORSTEP_") && *word != "DOORSTEP_DIST");
    for variable in settings.filter(|word| !["DOORSTEP_SECRET_KEY", "DOORSTEP_INITIAL_PASSWORD"].contains(word)) {
        assert!(serve.contains(variable), "{variable}");
    }
    help("healthcheck");
    help("login-token");
}

#[track_caller]
fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("no {key}: {value}"))
}

impl Response {
    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}
