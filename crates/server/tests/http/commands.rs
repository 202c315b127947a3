//! The operator's commands: their query plans are checked like the server's (`support/plans.rs`), when the server
//! of this test ends.

use std::{cell::RefCell, fs, path::Path};

use clap::{CommandFactory as _, Parser as _};
use doorstep_server::{
    cli::{Cli, Command},
    operate::{self, OperateError, PasswordSource},
    serve::Terminal,
};
use serde_json::Value;

use crate::support::{Server, is_postgres};

/// A terminal that records the output, and provides the password.
#[derive(Default)]
struct Typist(RefCell<String>);

impl Terminal for Typist {
    fn line(&self, text: &str) {
        self.0.borrow_mut().push_str(text);
    }
}

impl PasswordSource for Typist {
    fn new_password(&self) -> Result<String, OperateError> {
        Ok("another long passphrase".to_owned())
    }
}

/// Runs a command on the data of a server and returns its output.
async fn run(folder: &Path, database: &str, words: &[&str]) -> Value {
    let folder = folder.to_str().expect("is text");
    let words = [&["doorstep"], words, &["--data-dir", folder, "--database-url", database, "--json"]].concat();
    let typist = Typist::default();
    let done = match Cli::try_parse_from(&words).expect("is a command").command {
        Command::User(command) => operate::user(command, &typist, &typist).await,
        Command::Project(command) => operate::project(command, &typist).await,
        Command::Client(command) => operate::client(command, &typist).await,
        Command::Sessions(command) => operate::sessions(command, &typist).await,
        Command::LoginToken(command) => operate::login_token(command, &typist).await,
        Command::Backup(command) => operate::backup(command, &typist).await,
        Command::Serve(_)
        | Command::Healthcheck(_)
        | Command::Database(_)
        | Command::Openapi
        | Command::DeviceLogin(_) => {
            panic!("is no command on the data of a server")
        }
    };
    done.unwrap_or_else(|error| panic!("{words:?}: {error}"));
    serde_json::from_str(&typist.0.into_inner()).unwrap_or_default()
}

/// All commands with their arguments.
fn every_command() -> Vec<String> {
    fn below(command: &clap::Command, words: &str, all: &mut Vec<String>) {
        let mut inner = command.get_subcommands().filter(|inner| inner.get_name() != "help").peekable();
        if inner.peek().is_none() {
            all.push(words.trim_start().to_owned());
        }
        for inner in inner {
            below(inner, &[words, inner.get_name()].join(" "), all);
        }
    }
    let mut all = Vec::new();
    below(&Cli::command(), "", &mut all);
    all
}

#[tokio::test]
async fn no_command_scans_a_table_that_grows() {
    let server = Server::start().await;
    let folder = server.outbox().parent().expect("is in a folder").to_owned();
    fs::write(folder.join("secret-key"), crate::support::SECRET).expect("is written");
    #[cfg(unix)]
    fs::set_permissions(folder.join("secret-key"), std::os::unix::fs::PermissionsExt::from_mode(0o600))
        .expect("is set");
    let database = server.database().text();
    let mut tried = Vec::new();
    let mut do_it = async |words: &str| {
        tried.push(words.to_owned());
        run(&folder, &database, &words.split(' ').collect::<Vec<_>>()).await
    };
    do_it("user add ada --email ada@example.org").await;
    do_it("user list").await;
    do_it("user password ada").await;
    do_it("user suspend ada@example.org").await;
    do_it("user activate ada").await;
    do_it("user reset-totp ada").await;
    do_it("sessions end --user ada").await;
    do_it("login-token").await;
    do_it("login-token --user admin").await;
    do_it("client add Harbour --slug harbour").await;
    do_it("client list").await;
    let link = do_it("client link harbour").await;
    do_it("client links harbour").await;
    do_it(&format!("client revoke {}", link["link"]["id"].as_str().unwrap_or_else(|| panic!("{link}")))).await;
    do_it("client deactivate harbour").await;
    do_it("client activate harbour").await;
    let project = do_it("project add Quay --client harbour").await;
    do_it("project list").await;
    do_it(&format!("project link {} harbour", project[0]["id"].as_str().unwrap_or_else(|| panic!("{project}")))).await;
    // PostgreSQL has other tools.
    if !is_postgres() {
        do_it(&format!("backup {}", folder.join("copy.sqlite3").display())).await;
    }
    // These do not use the data of a running server.
    let other =
        ["serve", "database copy", "healthcheck", "openapi", "device-login", if is_postgres() { "backup" } else { "" }];
    for command in every_command() {
        let is_it = |words: &String| words.starts_with(&command);
        assert!(other.contains(&command.as_str()) || tried.iter().any(is_it), "add an example of `doorstep {command}`");
    }
}
