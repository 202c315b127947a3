//! `doorstep`: reads the command line and runs the command.

use std::{
    fmt::Display,
    io::{self, IsTerminal as _, Write as _},
    process::ExitCode,
};

use clap::Parser as _;
use doorstep_server::{
    cli::{self, Cli, Command},
    config::Config,
    device_login, healthcheck,
    http::openapi::DESCRIPTION,
    log,
    operate::{self, OperateError, PasswordSource},
    serve::{self, Terminal},
};

/// Returns unused memory to the system (docs/decisions.md).
#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::try_parse().unwrap_or_else(|error| cli::without_urls(error).exit());
    log::set_up(matches!(cli.command, Command::Serve(_)));
    match run(cli).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            // If standard error is closed, the message is lost.
            let _ = writeln!(io::stderr(), "doorstep: {problem}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<(), String> {
    match cli.command {
        Command::Serve(flags) => {
            let config = Config::load(flags).map_err(|error| format!("configuration: {error}"))?;
            serve::serve(config, &Stdout).await.map_err(|error| error.to_string())
        }
        Command::User(command) => operate::user(command, &Stdout, &Stdin).await.map_err(|error| error.to_string()),
        Command::Project(command) => operate::project(command, &Stdout).await.map_err(|error| error.to_string()),
        Command::Client(command) => operate::client(command, &Stdout).await.map_err(|error| error.to_string()),
        Command::Sessions(command) => operate::sessions(command, &Stdout).await.map_err(|error| error.to_string()),
        Command::LoginToken(command) => operate::login_token(command, &Stdout).await.map_err(|error| error.to_string()),
        Command::Backup(command) => operate::backup(command, &Stdout).await.map_err(|error| error.to_string()),
        Command::Healthcheck(command) => waiting(move || healthcheck::run(&command, &Stdout)).await,
        Command::Database(command) => operate::database(command, &Stdout).await.map_err(|error| error.to_string()),
        Command::Openapi => {
            Stdout.line(DESCRIPTION.trim_end());
            Ok(())
        }
        Command::DeviceLogin(command) => waiting(move || device_login::run(command, &Stdout, &Stderr)).await,
    }
}

/// Runs a blocking command.
async fn waiting<E: Display + Send + 'static>(
    command: impl FnOnce() -> Result<(), E> + Send + 'static,
) -> Result<(), String> {
    let ended = tokio::task::spawn_blocking(command).await;
    ended.map_err(|error| error.to_string())?.map_err(|error| error.to_string())
}

/// Prompts twice for a password on a terminal, and reads the first line of other input.
struct Stdin;

impl PasswordSource for Stdin {
    fn new_password(&self) -> Result<String, OperateError> {
        if io::stdin().is_terminal() {
            let ask = |prompt| rpassword::prompt_password(prompt).map_err(OperateError::Password);
            let password = entered(&ask("New password: ")?)?;
            if ask("Repeat password: ")? != password {
                return Err(OperateError::Mismatch);
            }
            return Ok(password);
        }
        let mut line = String::new();
        io::stdin().read_line(&mut line).map_err(OperateError::Password)?;
        // Editors and shells of Windows may begin text with a byte order mark.
        let line = line.strip_prefix('\u{feff}').unwrap_or(&line);
        entered(line.trim_end_matches(['\r', '\n']))
    }
}

fn entered(password: &str) -> Result<String, OperateError> {
    if password.is_empty() { Err(OperateError::NoPassword) } else { Ok(password.to_owned()) }
}

struct Stdout;

impl Terminal for Stdout {
    fn line(&self, text: &str) {
        let mut stdout = io::stdout().lock();
        // A closed standard output must not stop the server.
        let _ = writeln!(stdout, "{text}").and_then(|()| stdout.flush());
    }
}

struct Stderr;

impl Terminal for Stderr {
    fn line(&self, text: &str) {
        // If standard error is closed, the message is lost.
        let _ = writeln!(io::stderr(), "{text}");
    }
}
