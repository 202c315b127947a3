//! `cargo xtask bench`: the performance of the last server build, relative to a minimal reference in the same run.
//!
//! Absolute times depend on the machine and its load. So everything is measured in turn with a reference, and the
//! tables have the ratios too. docs/performance.md has tables of an idle machine.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Subcommand;

use crate::{
    command, project,
    test::{
        browser,
        postgres::{Cluster, Durability},
    },
    tools::{Tool, Toolbox},
};

/// The benchmarks.
#[derive(Subcommand)]
pub(crate) enum Bench {
    /// First and second visits to pages in Chromium, also on a slow phone, relative to a static page
    Page {
        /// How often each page is visited
        #[arg(long, default_value_t = 5)]
        rounds: u32,
        /// An earlier build of the server to compare with
        #[arg(long, value_name = "PATH", env = "DOORSTEP_BENCH_BINARY")]
        binary: Option<PathBuf>,
    },
    /// Requests relative to bare axum handlers, and how they scale with the database (Linux)
    Server {
        /// How often each request is measured
        #[arg(long, default_value_t = 5)]
        rounds: u32,
        /// The numbers of rows of the databases
        #[arg(long, value_name = "COUNTS", default_value = "10,1000,100000")]
        sizes: String,
        /// Measure over a temporary PostgreSQL cluster instead of SQLite
        #[arg(long)]
        postgres: bool,
    },
}

/// Runs the benchmark and prints Markdown tables.
pub(crate) fn run(bench: &Bench) -> Result<()> {
    match bench {
        Bench::Page { rounds, binary } => page(*rounds, binary.as_ref()),
        Bench::Server { rounds, sizes, postgres } => server(*rounds, sizes, *postgres),
    }
}

fn page(rounds: u32, earlier: Option<&PathBuf>) -> Result<()> {
    let tools = Toolbox::with(Tool::FOR_THE_BROWSER)?;
    let mut npx = browser::playwright(&tools, &["playwright", "test", "--config", "bench.config.ts"])?;
    npx.env("DOORSTEP_BENCH_ROUNDS", rounds.to_string());
    if let Some(earlier) = earlier {
        let earlier = earlier.canonicalize().with_context(|| format!("there is no {}", earlier.display()))?;
        npx.env("DOORSTEP_BENCH_BINARY", earlier);
    }
    command::run(&mut npx)
}

fn server(rounds: u32, sizes: &str, over_postgres: bool) -> Result<()> {
    let cluster = if over_postgres {
        let tools = Toolbox::with(&[Tool::Postgres])?;
        Some(Cluster::start(tools.postgres()?, Durability::OnDisk)?)
    } else {
        None
    };
    let binary = project::built_server()?;
    let mut cargo = command::program("cargo");
    cargo.args(["bench", "--package", "doorstep-server", "--bench", "server"]).env("DOORSTEP_DIST", project::dist()?);
    cargo
        .env("DOORSTEP_BIN", binary)
        .env("DOORSTEP_BENCH_ROUNDS", rounds.to_string())
        .env("DOORSTEP_BENCH_SIZES", sizes);
    if let Some(cluster) = &cluster {
        cargo.env("DOORSTEP_BENCH_POSTGRES", cluster.url());
    }
    command::run(&mut cargo)
}
