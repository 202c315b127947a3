//! `cargo xtask test`: all checks and tests.

mod api;
pub(crate) mod browser;
mod deny;
mod deploy;
mod device_clients;
pub(crate) mod postgres;

use std::process::Command;

use anyhow::{Error, Result};
use clap::ValueEnum;

use crate::{
    command, dist, project,
    run::build_server,
    size,
    stage::Stages,
    term, tidy,
    tools::{Tool, Toolbox},
};

/// The stages in order: fast ones first, those that need the build of others later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Stage {
    /// The tools of all other stages are installed
    Tools,
    /// The code is formatted
    Format,
    /// Design rules that the compiler can't check
    Tidy,
    /// The browser app builds
    App,
    /// Clippy has no warnings
    Clippy,
    /// The documentation builds without warnings
    Docs,
    /// Unit and integration tests
    Tests,
    /// The HTTP tests, over PostgreSQL
    Postgres,
    /// Licences, sources and advisories of the dependencies
    Deny,
    /// The server builds, with the app embedded
    Server,
    /// The app stays within its budget
    Size,
    /// The server's answers match the API description
    Api,
    /// Unauthenticated load neither exhausts the server nor locks the owner out
    Load,
    /// The files of deploy/ work
    Deploy,
    /// The tests in a real browser
    Browser,
}

/// Runs all stages, or the tools and one more, up to the first failure.
pub(crate) fn run(only: Option<Stage>) -> Result<()> {
    let chosen = |stage: &Stage| *stage != Stage::Tools && only.is_none_or(|only| only == *stage);
    let chosen: Vec<_> = Stage::value_variants().iter().copied().filter(chosen).collect();

    let mut stages = Stages::new(chosen.len() + 1);
    let needed = only.unwrap_or(Stage::Tools).needs();
    let tools = stages.run(Stage::Tools.title(), || Toolbox::with(needed));
    let tools = tools.map_err(|error| Stage::Tools.failed(error))?;
    for stage in chosen {
        let result = stages.run(stage.title(), || stage.work(&tools));
        result.map_err(|error| stage.failed(error))?;
    }
    term::say(&format!("\n{}\nall passed", stages.table()));
    Ok(())
}

/// Takes pictures of every screen of the last server build, for the documentation.
pub(crate) fn pictures() -> Result<()> {
    browser::pictures(&Toolbox::with(Tool::FOR_THE_BROWSER)?)
}

impl Stage {
    fn title(self) -> &'static str {
        match self {
            Self::Tools => "tools",
            Self::Format => "format",
            Self::Tidy => "tidy",
            Self::App => "browser app",
            Self::Clippy => "clippy",
            Self::Docs => "docs",
            Self::Tests => "unit and integration tests",
            Self::Postgres => "HTTP tests on PostgreSQL",
            Self::Deny => "deny",
            Self::Server => "server",
            Self::Size => "size",
            Self::Api => "API description",
            Self::Load => "load",
            Self::Deploy => "deployment",
            Self::Browser => "browser tests",
        }
    }

    fn needs(self) -> &'static [Tool] {
        match self {
            Self::Tools => Tool::ALL,
            Self::App => Tool::FOR_THE_APP,
            Self::Clippy | Self::Docs | Self::Tests | Self::Server | Self::Load => Tool::FOR_THE_SERVER,
            Self::Postgres => &[Tool::Make, Tool::Postgres],
            Self::Deny => &[Tool::CargoDeny],
            Self::Api => &[Tool::Python],
            Self::Deploy => &[Tool::Make, Tool::Postgres, Tool::Nginx],
            Self::Browser => Tool::FOR_THE_BROWSER_TESTS,
            _ => &[],
        }
    }

    fn work(self, tools: &Toolbox) -> Result<()> {
        match self {
            Self::Tools => Ok(()),
            Self::Format => cargo(tools, "fmt --all --check"),
            Self::Tidy => tidy::run(),
            Self::App => dist::build(tools, dist::Assertions::Off),
            Self::Clippy => cargo(tools, "clippy --workspace --all-targets -- -D warnings"),
            Self::Docs => cargo(tools, "doc --workspace --no-deps --document-private-items"),
            Self::Tests => cargo(tools, "test --workspace"),
            Self::Postgres => postgres::test(tools),
            Self::Deny => deny::check(tools),
            Self::Server => build_server(tools),
            Self::Size => size::check(),
            Self::Api => api::test(tools),
            Self::Load => load(tools),
            Self::Deploy => deploy::test(tools),
            Self::Browser => browser::test(tools),
        }
    }

    /// Adds the failed stage and how to repeat it to an error.
    fn failed(self, error: Error) -> Error {
        let name = self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned());
        error.context(format!("{} failed (to repeat it: cargo xtask test --only {name})", self.title()))
    }
}

/// Runs cargo with warnings of rustdoc denied, and with the browser app if it is built.
///
/// All cargo stages have the same environment and the features of the whole workspace: otherwise each would rebuild.
fn cargo(tools: &Toolbox, arguments: &str) -> Result<()> {
    command::run(&mut cargo_command(tools, arguments)?)
}

/// Runs the load tests against the release build.
fn load(tools: &Toolbox) -> Result<()> {
    let server = project::built_server()?;
    let mut cargo = cargo_command(tools, "test --workspace --test load -- --nocapture")?;
    command::run(cargo.env("DOORSTEP_BIN", server))
}

fn cargo_command(tools: &Toolbox, arguments: &str) -> Result<Command> {
    let mut cargo = tools.command("cargo")?;
    cargo.args(arguments.split(' ')).env("RUSTDOCFLAGS", "-D warnings");
    if let Ok(dist) = project::dist() {
        cargo.env("DOORSTEP_DIST", dist);
    }
    Ok(cargo)
}
