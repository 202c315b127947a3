//! The command line: `doorstep <command>`.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand};
use url::Url;

/// The sign-in dashboard of self-hosted systems.
#[derive(Debug, Parser)]
#[command(name = "doorstep", version, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server.
    Serve(Serve),
}

/// Where everything is. A flag wins over its environment variable, that over the file, that over the default.
#[derive(Debug, Clone, Default, Args)]
pub struct Location {
    /// Configuration file (TOML).
    #[arg(long, env = "DOORSTEP_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Folder of the database, the secret key and the outbox [default: doorstep-data].
    #[arg(long, env = "DOORSTEP_DATA_DIR", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Database, `sqlite://PATH` [default: doorstep.sqlite3 in the data folder].
    #[arg(long, env = "DOORSTEP_DATABASE_URL", value_name = "URL")]
    pub database_url: Option<String>,
}

/// `doorstep serve`.
#[derive(Debug, Clone, Default, Args)]
pub struct Serve {
    /// Address and port to listen on [default: 127.0.0.1:8080].
    #[arg(long, env = "DOORSTEP_LISTEN", value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// Where people find this server [default: http:// and the listen address].
    #[arg(long, env = "DOORSTEP_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<Url>,
    /// Where everything is.
    #[command(flatten)]
    pub location: Location,
}
