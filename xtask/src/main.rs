//! Doorstep's chores, one command each: `cargo xtask --help` lists them.
//!
//! Nothing has to be installed first: a command looks for the tools that it needs and gets those that are missing
//! ([`tools`]). What it builds lands in `target/`, and a file whose content stays the same is left alone, so that
//! doing something twice costs seconds.

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

/// Doorstep's chores
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
enum Task {
    /// Build everything and start the server
    Run {
        /// The port to listen on
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// Start the server as it is shipped, which takes longer to build
        #[arg(long)]
        release: bool,
        /// Build the browser app with debug assertions, and with the page /ui that shows every part
        #[arg(long)]
        debug: bool,
        /// More arguments for `doorstep serve`
        #[arg(last = true)]
        serve: Vec<OsString>,
    },
    /// Build the binary as it is shipped, target/release/doorstep, with the browser app inside
    Build,
    /// Run every check and every test
    Test {
        /// Run this stage alone, after looking for its tools
        #[arg(long, value_name = "STAGE")]
        only: Option<Stage>,
    },
    /// Build the browser app into target/dist
    Dist,
    /// Show what a first visit downloads, and hold it against the budget
    Size {
        /// Write the table into docs/size.md
        #[arg(long)]
        write: bool,
    },
    /// Check the design's rules that the compiler can't keep
    Tidy,
    /// Picture every screen of the last server build into docs/pictures
    Pictures,
    /// Measure the last server build beside something that does next to nothing
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
