//! `doorstep`: reads the command line and runs the command.

use std::{
    io::{self, IsTerminal as _, Write as _},
    process::ExitCode,
};

use clap::Parser as _;
use doorstep_server::{
    cli::{Cli, Command},
    config::Config,
    serve::{self, Terminal},
};
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    set_up_log();
    match run(cli).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            // Nobody is left to tell when standard error is closed.
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
    }
}

/// Lines for a person on a terminal, JSON for whatever collects logs; `RUST_LOG` chooses how much.
fn set_up_log() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,doorstep_server=info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    if io::stderr().is_terminal() {
        log.compact().init();
    } else {
        log.json().init();
    }
}

struct Stdout;

impl Terminal for Stdout {
    fn line(&self, text: &str) {
        let mut stdout = io::stdout().lock();
        // A closed standard output does not keep the server from serving.
        let _ = writeln!(stdout, "{text}").and_then(|()| stdout.flush());
    }
}
