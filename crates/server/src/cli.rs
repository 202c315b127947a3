//! The command line: `doorstep <command>`.

use std::{convert::Infallible, net::SocketAddr, path::PathBuf};

use clap::{
    Args, Parser, Subcommand,
    builder::FalseyValueParser,
    error::{ContextKind, ContextValue},
};
use doorstep_contract::{auth::Role, secret::Secret};
use url::Url;

/// The sign-in dashboard of self-hosted systems.
#[derive(Debug, Parser)]
#[command(name = "doorstep", version, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Removes URLs from an error of the command line: a misplaced one may contain a password.
#[must_use]
pub fn without_urls(mut error: clap::Error) -> clap::Error {
    let is_url = |value: &ContextValue| matches!(value, ContextValue::String(text) if text.contains("://"));
    let kinds: Vec<ContextKind> = error.context().filter(|(_, value)| is_url(value)).map(|(kind, _)| kind).collect();
    for kind in &kinds {
        error.insert(*kind, ContextValue::String("URL".to_owned()));
    }
    // Suggestions would repeat the text.
    if !kinds.is_empty() {
        error.remove(ContextKind::Suggested);
    }
    error
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server.
    Serve(Serve),
    /// Create and manage accounts, with or without a running server.
    User(User),
    /// Create projects, list them, and link them to clients.
    Project(Project),
    /// Create and manage clients and their access links.
    Client(Client),
    /// End sessions.
    Sessions(Sessions),
    /// Create a temporary sign-in token: for one sign-in, without password or code. It replaces older ones.
    LoginToken(LoginToken),
    /// Copy the database to a new file, even while a server is using it.
    Backup(Backup),
    /// Check that the server of this configuration responds, for containers and monitoring.
    Healthcheck(Healthcheck),
    /// Move an installation from one database to another.
    Database(Database),
    /// Print the OpenAPI description of the API, as served at /openapi.json.
    Openapi,
    /// Sign in to a server from this machine, with approval in a browser.
    DeviceLogin(DeviceLogin),
}

/// `doorstep user`.
#[derive(Debug, Args)]
pub struct User {
    /// What to do.
    #[command(subcommand)]
    pub action: UserAction,
    /// Location of the data, and format of the output.
    #[command(flatten)]
    pub operation: Operation,
}

/// What to do with accounts.
#[derive(Debug, Subcommand)]
pub enum UserAction {
    /// Create an account. The password is prompted for, or read from standard input.
    Add {
        /// Username.
        username: String,
        /// Email address.
        #[arg(long)]
        email: String,
        /// Display name.
        #[arg(long, default_value = "", hide_default_value = true)]
        name: String,
        /// Role of the account.
        #[arg(long, value_parser = parse_role, default_value = "member", value_name = "operator|member")]
        role: Role,
    },
    /// List all accounts.
    List,
    /// Set a new password, prompted for or read from standard input. The sessions of the account end, and its devices lose access.
    Password {
        /// Username or email.
        user: String,
    },
    /// Suspend an account: it can no longer sign in, its sessions end, and its devices lose access.
    Suspend {
        /// Username or email.
        user: String,
    },
    /// Reactivate a suspended account.
    Activate {
        /// Username or email.
        user: String,
    },
    /// Turn off two-factor authentication of an account. All its sessions end.
    ResetTotp {
        /// Username or email.
        user: String,
    },
}

/// `doorstep project`.
#[derive(Debug, Args)]
pub struct Project {
    /// What to do.
    #[command(subcommand)]
    pub action: ProjectAction,
    /// Location of the data, and format of the output.
    #[command(flatten)]
    pub operation: Operation,
}

/// What to do with projects.
#[derive(Debug, Subcommand)]
pub enum ProjectAction {
    /// Create a project.
    Add {
        /// Name.
        name: String,
        /// Summary.
        #[arg(long, default_value = "", hide_default_value = true)]
        summary: String,
        /// Short name (slug) of the client to link it to.
        #[arg(long, value_name = "SLUG")]
        client: Option<String>,
    },
    /// List all projects, last updated first.
    List,
    /// Link a project to a client.
    Link {
        /// Project ID, from `doorstep project list`.
        #[arg(value_name = "PROJECT_ID")]
        project: String,
        /// Short name (slug) of the client, from `doorstep client list`.
        #[arg(value_name = "CLIENT_SLUG")]
        client: String,
    },
}

/// `doorstep client`.
#[derive(Debug, Args)]
pub struct Client {
    /// What to do.
    #[command(subcommand)]
    pub action: ClientAction,
    /// Location of the data, and format of the output.
    #[command(flatten)]
    pub operation: Operation,
}

/// What to do with clients.
#[derive(Debug, Subcommand)]
pub enum ClientAction {
    /// Create a client.
    Add {
        /// Name.
        name: String,
        /// Short name (slug), for scripts [default: generated from the name].
        #[arg(long)]
        slug: Option<String>,
    },
    /// List all clients by name.
    List,
    /// Create an access link. Anyone with it can view the client's portal. It is shown once.
    Link {
        /// Short name (slug) of the client.
        slug: String,
        /// Label of the link.
        #[arg(long)]
        label: Option<String>,
    },
    /// List the access links of a client, newest first.
    Links {
        /// Short name (slug) of the client.
        slug: String,
    },
    /// Revoke an access link. Portal sessions opened with it end.
    Revoke {
        /// Link ID, from `doorstep client links`.
        #[arg(value_name = "LINK_ID")]
        link: String,
    },
    /// Deactivate a client: its access links stop working, and its portal sessions end.
    Deactivate {
        /// Short name (slug) of the client.
        slug: String,
    },
    /// Reactivate a deactivated client.
    Activate {
        /// Short name (slug) of the client.
        slug: String,
    },
}

/// `doorstep login-token`.
#[derive(Debug, Args)]
pub struct LoginToken {
    /// Username or email of the account [default: the first active operator].
    #[arg(long)]
    pub user: Option<String>,
    /// Location of the data, and format of the output.
    #[command(flatten)]
    pub operation: Operation,
}

/// `doorstep sessions`.
#[derive(Debug, Args)]
pub struct Sessions {
    /// What to do.
    #[command(subcommand)]
    pub action: SessionsAction,
    /// Location of the data, and format of the output.
    #[command(flatten)]
    pub operation: Operation,
}

/// What to do with sessions.
#[derive(Debug, Subcommand)]
pub enum SessionsAction {
    /// End all sessions of an account.
    End {
        /// Username or email.
        #[arg(long)]
        user: String,
    },
}

/// `doorstep backup`.
#[derive(Debug, Args)]
pub struct Backup {
    /// File to create; it must not exist yet.
    pub file: PathBuf,
    /// Location of the data, and format of the output.
    #[command(flatten)]
    pub operation: Operation,
}

/// `doorstep healthcheck`.
#[derive(Debug, Args)]
pub struct Healthcheck {
    /// Address and port that the server listens on [default: 127.0.0.1:8080].
    #[arg(long, env = "DOORSTEP_LISTEN", value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// Also check that the server can read and write its database.
    #[arg(long)]
    pub ready: bool,
    /// How long to wait for the response.
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=300))]
    pub timeout: u64,
    /// Location of the configuration.
    #[command(flatten)]
    pub location: Location,
}

/// `doorstep database`.
#[derive(Debug, Args)]
pub struct Database {
    /// What to do.
    #[command(subcommand)]
    pub action: DatabaseAction,
}

/// What to do with databases.
#[derive(Debug, Subcommand)]
pub enum DatabaseAction {
    /// Copy everything into an empty database, from SQLite to PostgreSQL or back. Stop all servers first: a database that one uses is
    /// refused, because what it writes after the copy would be lost.
    Copy {
        /// Database to copy, `sqlite://PATH` or `postgres://…`.
        #[arg(long, env = "DOORSTEP_COPY_FROM", hide_env_values = true, value_name = "URL", value_parser = secret)]
        from: Secret,
        /// Database to copy to: empty, or a file that does not exist.
        #[arg(long, env = "DOORSTEP_COPY_TO", hide_env_values = true, value_name = "URL", value_parser = secret)]
        to: Secret,
        /// Print JSON, for scripts.
        #[arg(long)]
        json: bool,
    },
}

/// `doorstep device-login`.
#[derive(Debug, Args)]
pub struct DeviceLogin {
    /// URL of the server; https:// unless it is on this machine.
    #[arg(long, value_name = "URL")]
    pub server: Url,
    /// Client ID of the application.
    #[arg(long, value_name = "ID", default_value = "doorstep-cli")]
    pub client_id: String,
    /// Device name [default: the name of this machine].
    #[arg(long)]
    pub label: Option<String>,
    /// File to store the token in [default: doorstep/HOST.json in the configuration folder].
    #[arg(long, env = "DOORSTEP_TOKEN_FILE", value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// Print the token instead of storing it; everything else goes to standard error.
    #[arg(long)]
    pub json: bool,
}

/// Options of every operator's command.
#[derive(Debug, Clone, Default, Args)]
pub struct Operation {
    /// Location of the data.
    #[command(flatten)]
    pub location: Location,
    /// Print JSON, for scripts.
    #[arg(long, global = true)]
    pub json: bool,
}

#[expect(clippy::unnecessary_wraps, reason = "clap wants a parser that may fail")]
fn secret(text: &str) -> Result<Secret, Infallible> {
    Ok(Secret::new(text))
}

fn parse_role(word: &str) -> Result<Role, String> {
    Role::parse(word).ok_or_else(|| "operator or member".to_owned())
}

/// Location of the data. A flag wins over its environment variable, that over the file, that over the default.
#[derive(Debug, Clone, Default, Args)]
pub struct Location {
    /// Configuration file (TOML).
    #[arg(long, global = true, env = "DOORSTEP_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Folder of the database, the secret key and the outbox [default: doorstep-data].
    #[arg(long, global = true, env = "DOORSTEP_DATA_DIR", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Database, `sqlite://PATH` or `postgres://USER:PASSWORD@HOST:PORT/NAME` [default: doorstep.sqlite3 in the data folder].
    #[arg(long, global = true, env = "DOORSTEP_DATABASE_URL", hide_env_values = true, value_name = "URL", value_parser = secret)]
    pub database_url: Option<Secret>,
}

/// `doorstep serve`.
#[derive(Debug, Clone, Default, Args)]
pub struct Serve {
    /// Address and port to listen on [default: 127.0.0.1:8080].
    #[arg(long, env = "DOORSTEP_LISTEN", value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// Address and port to serve metrics on, for Prometheus [default: none].
    #[arg(long, env = "DOORSTEP_METRICS_LISTEN", value_name = "ADDRESS:PORT")]
    pub metrics_listen: Option<SocketAddr>,
    /// Public URL of this server [default: http:// and the listen address].
    #[arg(long, env = "DOORSTEP_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<Url>,
    /// Create a temporary sign-in token and print it.
    #[arg(long, env = "DOORSTEP_PRINT_LOGIN_TOKEN", value_parser = FalseyValueParser::new())]
    pub print_login_token: bool,
    /// Fill an empty database with sample clients and projects; on loopback only.
    #[arg(long, env = "DOORSTEP_DEMO", value_parser = FalseyValueParser::new())]
    pub demo: bool,
    /// Location of the data.
    #[command(flatten)]
    pub location: Location,
}
