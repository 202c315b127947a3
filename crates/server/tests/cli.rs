//! The operator's commands: the binary on a data folder.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::Duration,
};

use serde_json::Value;

#[path = "cli/backup.rs"]
mod backup;
#[path = "cli/brand.rs"]
mod brand;
#[path = "cli/database.rs"]
mod database;
#[cfg(unix)]
#[path = "cli/database_url.rs"]
mod database_url;
#[cfg(target_os = "linux")]
#[path = "cli/descriptors.rs"]
mod descriptors;
#[path = "cli/device_login.rs"]
mod device_login;
#[cfg(target_os = "linux")]
#[path = "cli/full_disk.rs"]
mod full_disk;
#[path = "cli/healthcheck.rs"]
mod healthcheck;
#[path = "cli/metrics.rs"]
mod metrics;
#[path = "cli/projects.rs"]
mod projects;
#[cfg(target_os = "linux")]
#[path = "cli/secret_files.rs"]
mod secret_files;

/// A data folder, and the running server on it, if there is one.
struct Installation {
    folder: PathBuf,
    server: Option<Child>,
}

impl Installation {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("doorstep-cli-{}-{number}", std::process::id()));
        Self { folder, server: None }
    }

    /// Starts a server and returns its output until it is ready.
    fn serve(&mut self, variables: &[(&str, &str)]) -> String {
        let mut command = self.doorstep(&["serve", "--listen", "127.0.0.1:0"]);
        command.envs(variables.iter().copied()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut server = command.spawn().expect("starts");
        let mut said = String::new();
        let mut lines = BufReader::new(server.stdout.take().expect("is piped"));
        while !said.contains("listening on http://") {
            assert!(lines.read_line(&mut said).expect("is read") > 0, "the server ended: {said}");
        }
        self.server = Some(server);
        said
    }

    fn stop(&mut self) {
        if let Some(mut server) = self.server.take() {
            server.kill().expect("can be ended");
            server.wait().expect("ends");
        }
    }

    /// Runs a command with one line of standard input.
    fn run(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = self.doorstep(arguments);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
        // A command that reads nothing may have ended already.
        let _ = child.stdin.take().expect("is piped").write_all(input.as_bytes());
        child.wait_with_output().expect("ends")
    }

    #[track_caller]
    fn json(&self, arguments: &[&str], input: &str) -> Value {
        let output = self.run(&[arguments, &["--json"]].concat(), input);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("is JSON")
    }

    #[track_caller]
    fn error(&self, arguments: &[&str], input: &str) -> String {
        let output = self.run(arguments, input);
        assert!(!output.status.success());
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        // The error is one line of text; log lines are JSON.
        text.lines().rfind(|line| line.starts_with("doorstep: ")).unwrap_or_else(|| panic!("{text}")).to_owned()
    }

    /// Waits for a mail and removes it from the outbox.
    fn mail(&self) -> String {
        for _ in 0..200 {
            let files = fs::read_dir(self.folder.join("outbox")).into_iter().flatten();
            let mut paths = files.map(|file| file.expect("is read").path());
            if let Some(path) = paths.find(|path| path.extension().is_some_and(|ending| ending == "eml")) {
                let mail = fs::read_to_string(&path).expect("is text");
                fs::remove_file(&path).expect("is removed");
                return mail;
            }
            thread::sleep(Duration::from_millis(100));
        }
        panic!("no mail came");
    }

    fn doorstep(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_doorstep"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("DOORSTEP_") {
                command.env_remove(name);
            }
        }
        command.args(arguments).arg("--data-dir").arg(&self.folder);
        command
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        self.stop();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

const PASSWORD: &str = "seven clouds over lisbon\n";

#[test]
fn accounts_are_created_and_changed_beside_a_running_server() {
    let mut here = Installation::new();
    let said = here.serve(&[]);
    let add = ["user", "add", "ada", "--email", "ada@example.org", "--name", "Ada", "--role", "operator"];
    let added = here.json(&add, PASSWORD);
    assert_eq!((&added[0]["username"], &added[0]["role"]), (&"ada".into(), &"operator".into()));
    assert!(!added.to_string().contains("argon2"), "{added}");

    // A byte order mark is not part of the password, and accents may be composed or combining.
    here.json(&["user", "add", "rene\u{301}", "--email", "r@m\u{fc}.example"], &format!("\u{feff}{PASSWORD}\n"));
    let body = format!("{{\"username\":\"ren\u{e9}\",\"password\":\"{}\"}}", PASSWORD.trim_end());
    assert!(sign_in(address(&said), &body).starts_with("HTTP/1.1 200"));
    here.json(&["user", "suspend", "REN\u{c9}"], "");

    let suspended = here.json(&["user", "suspend", "ADA@example.org"], "");
    assert_eq!(suspended[0]["status"], "suspended");
    let active = here.json(&["user", "activate", "ada"], "");
    assert_eq!(active[0]["status"], "active");
    here.json(&["user", "password", "ada"], "another long passphrase\n");
    assert_eq!(here.json(&["sessions", "end", "--user", "ada"], "")["ended"], 0);
    let names: Vec<Value> =
        here.json(&["user", "list"], "").as_array().expect("is a list").iter().map(|a| a["username"].clone()).collect();
    assert_eq!(names, ["ada", "admin", "ren\u{e9}"]);
    let table = String::from_utf8(here.run(&["user", "list"], "").stdout).expect("is text");
    assert_eq!(table.lines().next(), Some("ada    ada@example.org  operator  active"), "{table}");
}

#[test]
fn a_command_prints_what_it_did_and_logs_it_on_request() {
    let mut here = Installation::new();
    here.serve(&[]);
    here.json(&["user", "add", "ada", "--email", "ada@example.org"], PASSWORD);
    let suspended = here.doorstep(&["user", "suspend", "ada"]).env_remove("RUST_LOG").output().expect("runs");
    assert_eq!(
        String::from_utf8_lossy(&suspended.stdout),
        "ada: suspended; its sessions have ended, and its devices have lost access\n"
    );
    assert_eq!(String::from_utf8_lossy(&suspended.stderr), "");
    let active = here.doorstep(&["user", "activate", "ada"]).env("RUST_LOG", "info").output().expect("runs");
    assert_eq!(String::from_utf8_lossy(&active.stdout), "ada: active\n");
    assert!(String::from_utf8_lossy(&active.stderr).contains("account_activated"));
}

#[test]
fn an_operator_s_changes_are_mailed_once_a_server_runs() {
    let mut here = Installation::new();
    let said = here.serve(&[]);
    let origin = said.lines().find_map(|line| line.strip_prefix("listening on ")).expect("is stated").to_owned();
    here.json(&["user", "add", "ada", "--email", "ada@example.org"], PASSWORD);
    here.stop();
    // `kill -9`, and no server: the mail stays queued.
    here.json(&["user", "password", "ada"], "another long passphrase\n");
    assert!(!here.folder.join("outbox").exists());
    here.serve(&[]);
    let mail = here.mail();
    assert!(mail.contains("To: ada@example.org\r\n") && mail.contains("Subject: Your Doorstep password was changed"));
    assert!(mail.contains(&format!("\r\nDoorstep: {origin}\r\n")), "it contains the server's public URL: {mail}");
    // Beside a running server it is sent within seconds.
    here.json(&["user", "password", "admin"], "another long passphrase\n");
    assert!(here.mail().contains("To: admin@localhost\r\n"));
}

#[test]
fn an_invalid_mail_server_is_reported_at_start_without_its_password() {
    let here = Installation::new();
    fs::create_dir_all(&here.folder).expect("is created");
    let file = here.folder.join("settings.toml");
    for settings in ["smtp_url = \"smtp://u:hunter2@mail.example.org\"", "smtp_url = \"smtps://u:hunter2@"] {
        fs::write(&file, format!("[mail]\n{settings}\n")).expect("is written");
        let output = here.run(&["serve", "--config", file.to_str().expect("is text")], "");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && error.contains("smtp_url") && !error.contains("hunter2"), "{error}");
    }
}

#[test]
fn errors_about_accounts_are_one_line() {
    let mut here = Installation::new();
    here.serve(&[]);
    let add = &["user", "add", "ada", "--email", "ada@example.org"][..];
    for (arguments, input, words) in [
        (add, "short\n", "the password is too short: use at least 12 characters"),
        (add, &"long ".repeat(300), "the password is too long: use at most 1024 bytes"),
        (add, "password1234\n", "the password is too common"),
        (add, "ada@example.org\n", "the password is based on the username, email, or product name"),
        (add, "", "no password was entered"),
        (&["user", "password", "admin"], "\n", "no password was entered"),
        (&["user", "add", "not a name", "--email", "ada@example.org"], PASSWORD, "a username has"),
        (&["user", "add", "ada", "--email", "nowhere"], PASSWORD, "not an email"),
        (&["user", "add", "ada", "--email", "ada@example..org"], PASSWORD, "not an email"),
        (&["user", "add", "ADMIN", "--email", "x@example.org"], PASSWORD, "another account"),
        (&["user", "suspend", "nobody"], "", "there is no account"),
        (&["sessions", "end", "--user", "nobody"], "", "there is no account"),
    ] {
        let error = here.error(arguments, input);
        assert!(error.contains(words), "{arguments:?}: {error}");
    }
}

#[test]
fn a_command_creates_no_data() {
    let here = Installation::new();
    let error = here.error(&["user", "list"], "");
    assert!(error.contains("no data found in"), "{error}");
    assert!(!here.folder.exists());
    fs::create_dir_all(&here.folder).expect("is created");
    let error = here.error(&["user", "list"], "");
    assert!(error.contains("no data found in"), "{error}");
    assert_eq!(fs::read_dir(&here.folder).expect("exists").count(), 0, "a secret key was created");
}

#[test]
fn setup_without_signing_in_is_only_possible_on_loopback() {
    let here = Installation::new();
    fs::create_dir_all(&here.folder).expect("is created");
    let file = here.folder.join("settings.toml");
    for settings in [
        "listen = \"0.0.0.0:0\"\n",
        "public_url = \"https://login.example.org\"\n",
        "trusted_proxies = [\"127.0.0.1/32\"]\n",
    ] {
        fs::write(&file, format!("{settings}[login]\nskip_default_password_auth = true\n")).expect("is written");
        let error = here.error(&["serve", "--config", file.to_str().expect("is text")], "");
        assert!(
            error.contains("login.skip_default_password_auth: allowed only if the server can be reached from this"),
            "{error}"
        );
    }
}

#[test]
fn the_initial_password_is_printed_once_and_stored_in_no_file() {
    let mut here = Installation::new();
    let said = here.serve(&[]);
    let password = said.split("shown only once: ").nth(1).and_then(|rest| rest.lines().next()).expect("is printed");
    assert_eq!(password.len(), 23, "{said}");
    for entry in fs::read_dir(&here.folder).expect("exists") {
        let path = entry.expect("is read").path();
        let content = fs::read(&path).expect("is read");
        assert!(!content.windows(password.len()).any(|window| window == password.as_bytes()), "{}", path.display());
    }
    here.stop();
    let again = here.serve(&[]);
    assert!(again.contains("the initial password is still in use") && !again.contains(password), "{again}");
}

#[test]
fn a_configured_initial_password_is_not_printed() {
    let mut here = Installation::new();
    let said = here.serve(&[("DOORSTEP_INITIAL_PASSWORD", "correct horse battery staple")]);
    assert!(said.contains("DOORSTEP_INITIAL_PASSWORD") && !said.contains("battery"), "{said}");
}

#[cfg(unix)]
#[test]
fn data_is_private_and_another_secret_key_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut here = Installation::new();
    here.serve(&[]);
    let mode = |name: &str| fs::metadata(here.folder.join(name)).expect("exists").permissions().mode() & 0o777;
    assert_eq!((mode(""), mode("secret-key"), mode("doorstep.sqlite3")), (0o700, 0o600, 0o600));
    here.stop();

    // Every command refuses a folder that other users can write to.
    fs::set_permissions(&here.folder, fs::Permissions::from_mode(0o777)).expect("is changed");
    for command in [&["serve"][..], &["user", "list"], &["login-token"]] {
        assert!(here.error(command, "").contains("every user may write to it"), "{command:?}");
    }
    fs::set_permissions(&here.folder, fs::Permissions::from_mode(0o700)).expect("is changed");

    let key = here.folder.join("secret-key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).expect("is changed");
    assert!(here.error(&["serve"], "").contains("others may read it"));
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).expect("is changed");
    fs::write(&key, "Zt5wXn0kBv3QyHs8MdUe6FpJiRl1AgT7\n").expect("is written");
    assert!(here.error(&["serve"], "").contains("this database was created with another secret key"));
}

/// Sends a sign-in to a running server, using only the standard library.
fn sign_in(address: &str, body: &str) -> String {
    use std::io::Read as _;
    let mut stream = std::net::TcpStream::connect(address).expect("answers");
    let length = body.len();
    write!(
        stream,
        "POST /api/auth/login HTTP/1.1\r\nHost: {address}\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .expect("is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("is read");
    answer
}

fn address(said: &str) -> &str {
    said.split("listening on http://").nth(1).and_then(|rest| rest.lines().next()).expect("is stated")
}

fn with_token(token: &str) -> String {
    format!(r#"{{"login_type":"temporary_token","temporary_token":"{token}"}}"#)
}

#[test]
fn a_sign_in_token_is_created_beside_a_running_server_and_printed_once() {
    let mut here = Installation::new();
    let said = here.serve(&[]);
    let made = here.json(&["login-token"], "");
    assert_eq!(made["username"], "admin");
    let token = made["token"].as_str().expect("is text");
    let answer = sign_in(address(&said), &with_token(token));
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains(r#""temporary":true"#), "{answer}");

    here.json(&["user", "add", "ada", "--email", "ada@example.org"], PASSWORD);
    let mut command = here.doorstep(&["login-token", "--user", "ada"]);
    let output = command.env("RUST_LOG", "info").output().expect("runs");
    let (said, log) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let [what, token] = said.lines().collect::<Vec<_>>()[..] else { panic!("{said}") };
    assert!(what.contains("of ada") && token.len() == 43, "{said}");
    assert!(log.contains("login_token_made") && !log.contains(token), "{log}");
    assert!(here.error(&["login-token", "--user", "nobody"], "").contains("there is no account"));
}

#[test]
fn a_sign_in_token_requested_at_start_ends_with_the_server() {
    let mut here = Installation::new();
    let said = here.serve(&[("DOORSTEP_PRINT_LOGIN_TOKEN", "1")]);
    let token = said.lines().find(|line| line.len() == 43 && !line.contains(' ')).expect("is printed").to_owned();
    assert!(said.contains("temporary sign-in token of admin"), "{said}");
    here.stop();
    let again = here.serve(&[("DOORSTEP_PRINT_LOGIN_TOKEN", "false")]);
    assert!(!again.contains("temporary sign-in token"), "{again}");
    let answer = sign_in(address(&again), &with_token(&token));
    assert!(answer.starts_with("HTTP/1.1 403") && answer.contains("temporary_login_disabled"), "{answer}");
}

#[test]
fn two_factor_authentication_is_shown_and_disabled() {
    let mut here = Installation::new();
    here.serve(&[]);
    assert_eq!(here.json(&["user", "list"], "")[0]["totp_enabled"], false);
    let reset = here.json(&["user", "reset-totp", "admin"], "");
    assert_eq!((&reset[0]["username"], &reset[0]["totp_enabled"]), (&"admin".into(), &false.into()));
    assert!(here.error(&["user", "reset-totp", "nobody"], "").contains("there is no account"));
}
