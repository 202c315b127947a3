//! The operator's commands, as an operator runs them: the binary on a data folder of its own.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use serde_json::Value;

/// A data folder, and the server on it while one runs.
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

    /// Starts a server and gives what it says until it is ready.
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

    /// Runs a command with a line on its standard input.
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
        // One line that says what is wrong; log lines are JSON.
        text.lines().rfind(|line| line.starts_with("doorstep: ")).unwrap_or_else(|| panic!("{text}")).to_owned()
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
fn accounts_are_made_and_changed_beside_a_running_server() {
    let mut here = Installation::new();
    here.serve(&[]);
    let add = ["user", "add", "ada", "--email", "ada@example.org", "--name", "Ada", "--role", "operator"];
    let added = here.json(&add, PASSWORD);
    assert_eq!((&added[0]["username"], &added[0]["role"]), (&"ada".into(), &"operator".into()));
    assert!(!added.to_string().contains("argon2"), "{added}");

    let suspended = here.json(&["user", "suspend", "ADA@example.org"], "");
    assert_eq!(suspended[0]["status"], "suspended");
    let active = here.json(&["user", "activate", "ada"], "");
    assert_eq!(active[0]["status"], "active");
    here.json(&["user", "password", "ada"], "another long passphrase\n");
    assert_eq!(here.json(&["sessions", "end", "--user", "ada"], "")["ended"], 0);
    let names: Vec<Value> =
        here.json(&["user", "list"], "").as_array().expect("is a list").iter().map(|a| a["username"].clone()).collect();
    assert_eq!(names, ["ada", "admin"]);
    let table = String::from_utf8(here.run(&["user", "list"], "").stdout).expect("is text");
    assert_eq!(table.lines().next(), Some("ada    ada@example.org  operator  active"), "{table}");
}

#[test]
fn what_is_wrong_with_an_account_is_told_in_one_line() {
    let mut here = Installation::new();
    here.serve(&[]);
    for (arguments, input, words) in [
        (&["user", "add", "ada", "--email", "ada@example.org"][..], "short\n", "too_short"),
        (&["user", "add", "ada", "--email", "ada@example.org"], "", "too_short"),
        (&["user", "add", "not a name", "--email", "ada@example.org"], PASSWORD, "a user name has"),
        (&["user", "add", "ada", "--email", "nowhere"], PASSWORD, "not an email"),
        (&["user", "add", "ADMIN", "--email", "x@example.org"], PASSWORD, "another account"),
        (&["user", "suspend", "nobody"], "", "there is no account"),
        (&["sessions", "end", "--user", "nobody"], "", "there is no account"),
    ] {
        let error = here.error(arguments, input);
        assert!(error.contains(words), "{arguments:?}: {error}");
    }
}

#[test]
fn a_command_makes_no_data_where_there_is_none() {
    let here = Installation::new();
    let error = here.error(&["user", "list"], "");
    assert!(error.contains("there is no data in"), "{error}");
    assert!(!here.folder.exists());
    fs::create_dir_all(&here.folder).expect("is made");
    let error = here.error(&["user", "list"], "");
    assert!(error.contains("there is no data in"), "{error}");
    assert_eq!(fs::read_dir(&here.folder).expect("is there").count(), 0, "a secret key was made");
}

#[test]
fn the_first_account_is_set_up_by_anybody_only_where_nobody_else_comes() {
    let here = Installation::new();
    fs::create_dir_all(&here.folder).expect("is made");
    let file = here.folder.join("settings.toml");
    for settings in [
        "listen = \"0.0.0.0:0\"\n",
        "public_url = \"https://login.example.org\"\n",
        "trusted_proxies = [\"127.0.0.1/32\"]\n",
    ] {
        fs::write(&file, format!("{settings}[login]\nskip_default_password_auth = true\n")).expect("is written");
        let error = here.error(&["serve", "--config", file.to_str().expect("is text")], "");
        assert!(error.contains("login.skip_default_password_auth: only for a server"), "{error}");
    }
}

#[test]
fn the_initial_password_is_printed_once_and_is_in_no_file() {
    let mut here = Installation::new();
    let said = here.serve(&[]);
    let password = said.split("shown only now: ").nth(1).and_then(|rest| rest.lines().next()).expect("is printed");
    assert_eq!(password.len(), 23, "{said}");
    for entry in fs::read_dir(&here.folder).expect("is there") {
        let path = entry.expect("is read").path();
        let content = fs::read(&path).expect("is read");
        assert!(!content.windows(password.len()).any(|window| window == password.as_bytes()), "{}", path.display());
    }
    here.stop();
    let again = here.serve(&[]);
    assert!(
        again.contains("the password of the first start is still in force") && !again.contains(password),
        "{again}"
    );
}

#[test]
fn a_wished_initial_password_is_not_repeated() {
    let mut here = Installation::new();
    let said = here.serve(&[("DOORSTEP_INITIAL_PASSWORD", "correct horse battery staple")]);
    assert!(said.contains("DOORSTEP_INITIAL_PASSWORD") && !said.contains("battery"), "{said}");
}

#[cfg(unix)]
#[test]
fn data_is_for_its_owner_alone_and_another_secret_opens_nothing() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut here = Installation::new();
    here.serve(&[]);
    let mode = |name: &str| fs::metadata(here.folder.join(name)).expect("is there").permissions().mode() & 0o777;
    assert_eq!((mode(""), mode("secret-key"), mode("doorstep.sqlite3")), (0o700, 0o600, 0o600));
    here.stop();

    let key = here.folder.join("secret-key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).expect("is changed");
    assert!(here.error(&["serve"], "").contains("others may read it"));
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).expect("is changed");
    fs::write(&key, "Zt5wXn0kBv3QyHs8MdUe6FpJiRl1AgT7\n").expect("is written");
    assert!(here.error(&["serve"], "").contains("not the one that this database was made with"));
}
