//! Doorstep's development tasks: `cargo xtask --help` lists them.
//!
//! Nothing has to be installed first: a command finds the tools that it needs and installs missing ones ([`tools`]).
//! Output goes to `target/`. Files whose content does not change are not rewritten, so that repeated builds take
//! seconds.

mod bench;
mod command;
mod dist;
mod files;
mod project;
mod run;
mod size;
mod stage;
mod term;
mod test;
mod tidy;
mod tools;

use std::{ffi::OsString, process::ExitCode};

use anyhow::Result;
use clap::Parser;

use crate::{
    bench::Bench,
    dist::Assertions,
    project::Profile,
    test::Stage,
    tools::{Tool, Toolbox},
};

/// Doorstep's development tasks
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
enum Task {
    /// Build everything and start the server
    Run {
        /// The port to listen on
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// Start a release build of the server, which takes longer to build
        #[arg(long)]
        release: bool,
        /// Build the browser app with debug assertions, and with the page /ui that shows every component
        #[arg(long)]
        debug: bool,
        /// More arguments for `doorstep serve`
        #[arg(last = true)]
        serve: Vec<OsString>,
    },
    /// Build the release binary, target/release/doorstep, with the browser app embedded
    Build,
    /// Run every check and every test
    Test {
        /// Run only this stage, after finding its tools
        #[arg(long, value_name = "STAGE")]
        only: Option<Stage>,
    },
    /// Build the browser app into target/dist
    Dist,
    /// Show what a first visit downloads, and check it against the budget
    Size {
        /// Write the table into docs/size.md
        #[arg(long)]
        write: bool,
    },
    /// Check design rules that the compiler can't check
    Tidy,
    /// Take pictures of every screen of the last server build into docs/pictures
    Pictures,
    /// Measure the last server build relative to a minimal reference
    #[command(subcommand)]
    Bench(Bench),
}

fn main() -> ExitCode {
    match perform(Task::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            term::say(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Result<()> {
    match task {
        Task::Run { port, release, debug, serve } => {
            run::run(port, Profile::release_when(release), Assertions::when(debug), &serve)
        }
        Task::Build => run::build(Assertions::Off),
        Task::Test { only } => test::run(only),
        Task::Dist => dist::build(&Toolbox::with(Tool::FOR_THE_APP)?, Assertions::Off),
        Task::Size { write } => size::run(write),
        Task::Tidy => tidy::run(),
        Task::Pictures => test::pictures(),
        Task::Bench(bench) => bench::run(&bench),
    }
}
